"""Accounts may have texts and numbers forgotten sooner than others; how far the forgetting has come."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_known_addresses")]
    operations = [
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("job", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("position", models.UUIDField()),
            ],
        ),
        migrations.AddField(
            "account",
            "text_days",
            models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(7)],
                help_text="Wipe texts after so many days, where that is sooner than for everybody.",
            ),
        ),
        migrations.AddField(
            "account",
            "number_days",
            models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(7)],
                help_text="Make numbers unreadable after so many days, where that is sooner than for everybody.",
            ),
        ),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=models.Q(text_days__isnull=True) | models.Q(text_days__gte=7),
                name="account_text_days_after_the_end",
            ),
        ),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=models.Q(number_days__isnull=True) | models.Q(number_days__gte=7),
                name="account_number_days_after_the_end",
            ),
        ),
    ]
