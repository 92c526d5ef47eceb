"""A message never moves backward and is final once, by trigger; the queue is vacuumed eagerly; the audit views."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION refuse_backward_message() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'message % may not go from % to %', OLD.id, OLD.status, NEW.status; END$$;
CREATE TRIGGER messaging_message_forward_only BEFORE UPDATE ON messaging_message FOR EACH ROW
  WHEN ((NEW.rank < OLD.rank AND NOT (OLD.rank = 20 AND NEW.rank = 10) AND NOT (OLD.rank = 25 AND NEW.rank IN (10, 20)))
        OR (OLD.final_at IS NOT NULL AND (NEW.final_at IS DISTINCT FROM OLD.final_at OR NEW.status <> OLD.status)))
  EXECUTE FUNCTION refuse_backward_message();
ALTER TABLE messaging_queuerow SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 2000);
ALTER TABLE billing_ledger SET (fillfactor = 50);
"""
UNDO = """
DROP TRIGGER messaging_message_forward_only ON messaging_message;
DROP FUNCTION refuse_backward_message();
"""
VIEWS = """
CREATE VIEW audit.message AS
  SELECT id, account_id, charge_reference AS charge_ref, mode,
         CASE lane WHEN 1 THEN 'urgent' WHEN 2 THEN 'normal' ELSE 'bulk' END AS lane,
         status, error_code, price, segments, created_at, expires_at, final_at,
         (final_at IS NOT NULL AND (status IN ('failed', 'cancelled')
           OR (status = 'expired' AND error_code = 'EXPIRED_BEFORE_SUBMIT')
           OR (status = 'undeliverable' AND refund_undeliverable))) AS refundable
    FROM messaging_message;
CREATE VIEW audit.queue AS
  SELECT message_id, carrier_id, state, visible_at, lease_until FROM messaging_queuerow;
CREATE VIEW audit.attempt AS
  SELECT message_id, number AS n, carrier_id, outcome, reference AS carrier_ref, started_at, ended_at
    FROM messaging_attempt;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_initial"),
        ("billing", "0001_initial"),
        ("accounts", "0002_append_only_and_audit_schema"),
    ]
    operations = [
        migrations.RunSQL(GUARDS, UNDO),
        migrations.RunSQL(VIEWS, "DROP VIEW audit.message; DROP VIEW audit.queue; DROP VIEW audit.attempt;"),
    ]
