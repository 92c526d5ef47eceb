"""Contacts, their lists, and the keys they are found by."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models


def key():
    return models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)


def account(**more):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="accounts.account", **more
    )


def now():
    return models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only_and_audit_schema"), ("contacts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", key()),
                ("phone", models.CharField(max_length=20)),
                ("name", models.CharField(blank=True, max_length=200, null=True)),
                ("email", models.CharField(blank=True, max_length=254, null=True)),
                ("custom1", models.CharField(blank=True, max_length=255, null=True)),
                ("custom2", models.CharField(blank=True, max_length=255, null=True)),
                ("custom3", models.CharField(blank=True, max_length=255, null=True)),
                ("created_at", now()),
                ("account", account()),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-id"], name="contact_newest")],
                "constraints": [models.UniqueConstraint(fields=("account", "phone"), name="contact_once")],
            },
        ),
        migrations.CreateModel(
            name="ContactList",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=120)),
                ("description", models.CharField(blank=True, default="", max_length=500)),
                ("count", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", now()),
                ("account", account()),
            ],
            options={
                "verbose_name": "contact list",
                "indexes": [models.Index(fields=["account", "-id"], name="contact_list_newest")],
            },
        ),
        migrations.CreateModel(
            name="ListMember",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "list_id", "contact_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="contacts.contact",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="contacts.contactlist",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contact_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(db_collation="C", max_length=60)),
                ("account", account(db_constraint=False)),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_keys",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["account", "key", "contact"], name="contact_search")]},
        ),
    ]
