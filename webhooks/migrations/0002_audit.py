"""The audit views of webhooks."""

from django.db import migrations

VIEWS = """
CREATE VIEW audit.event AS
  SELECT id, account_id, subject_id, type, sequence, created_at FROM webhooks_event;
CREATE VIEW audit.endpoint AS
  SELECT id, account_id, events, active, created_at, active_since FROM webhooks_endpoint;
CREATE VIEW audit.delivery AS
  SELECT event_id, endpoint_id, state, attempts FROM webhooks_delivery;
"""


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial"), ("accounts", "0002_append_only_and_audit_schema")]
    operations = [
        migrations.RunSQL(VIEWS, "DROP VIEW audit.event; DROP VIEW audit.endpoint; DROP VIEW audit.delivery;")
    ]
