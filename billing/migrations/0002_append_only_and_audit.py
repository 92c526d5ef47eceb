"""Ledger entries become append-only; the audit views of money."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER billing_entry_no_change BEFORE UPDATE OR DELETE ON billing_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER billing_entry_no_truncate BEFORE TRUNCATE ON billing_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = "DROP TRIGGER billing_entry_no_change ON billing_entry; DROP TRIGGER billing_entry_no_truncate ON billing_entry;"
VIEWS = """
CREATE VIEW audit.wallet AS
  SELECT account_id, currency, balance, held, credit_limit FROM billing_ledger;
CREATE VIEW audit.transfer AS
  SELECT account_id, seq, kind, debit, credit, amount, reference AS ref_id,
         balance_after AS wallet_after, held_after, created_at FROM billing_entry;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("accounts", "0002_append_only_and_audit_schema")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, UNDO),
        migrations.RunSQL(VIEWS, "DROP VIEW audit.wallet; DROP VIEW audit.transfer;"),
    ]
