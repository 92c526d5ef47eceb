from django.db import migrations

KNOWN = """
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
SELECT u.id, u.email, true, true FROM accounts_user u
 WHERE NOT EXISTS (SELECT FROM account_emailaddress e WHERE e.user_id = u.id)
"""


class Migration(migrations.Migration):
    """The people that operators made before are known by their address."""

    dependencies = [("accounts", "0003_codes_to_opted_out"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
