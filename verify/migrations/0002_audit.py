"""The audit view of one-time codes."""

from django.db import migrations

VIEW = """
CREATE VIEW audit.otp AS
  SELECT id, account_id, CASE WHEN state = 'pending' AND expires_at <= statement_timestamp() THEN 'expired' ELSE state END AS state,
         attempts, max_attempts, expires_at, verified_at
    FROM verify_session;
"""


class Migration(migrations.Migration):
    dependencies = [("verify", "0001_initial"), ("accounts", "0002_append_only_and_audit_schema")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW audit.otp")]
