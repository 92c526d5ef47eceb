"""A view through which the admin can list the idempotency keys: it needs a key of one column."""

from django.db import migrations, models

VIEW = """
CREATE VIEW accounts_idempotencykeypage AS
  SELECT account_id::text || ' ' || mode || ' ' || key AS id, account_id, mode, key, status, created_at
    FROM accounts_idempotencykey
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_retention")]
    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW accounts_idempotencykeypage"),
        migrations.CreateModel(
            name="IdempotencyKeyPage",
            fields=[("id", models.TextField(primary_key=True, serialize=False))],
            options={"managed": False, "db_table": "accounts_idempotencykeypage", "verbose_name": "idempotency key"},
        ),
    ]
