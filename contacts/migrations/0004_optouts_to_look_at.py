"""A view through which the admin can list the opt-outs: it needs a key of one column."""

from django.db import migrations, models

VIEW = """
CREATE VIEW contacts_optoutpage AS SELECT id, account_id, phone, source, created_at FROM contacts_optout
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_optout_order"), ("accounts", "0005_retention")]
    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW contacts_optoutpage"),
        migrations.CreateModel(
            name="OptOutPage",
            fields=[("id", models.UUIDField(primary_key=True, serialize=False))],
            options={"managed": False, "db_table": "contacts_optoutpage", "verbose_name": "opt-out"},
        ),
    ]
