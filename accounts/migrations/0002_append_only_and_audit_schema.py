"""The audit trail becomes append-only, and the schema `audit` opens: read-only views for the role `auditor`.
Each app adds its own views in its own migration. Needs no extension, and no more than CREATEROLE."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END$$;
CREATE TRIGGER accounts_auditentry_no_change BEFORE UPDATE OR DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_auditentry_no_truncate BEFORE TRUNCATE ON accounts_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO_APPEND_ONLY = """
DROP TRIGGER accounts_auditentry_no_change ON accounts_auditentry;
DROP TRIGGER accounts_auditentry_no_truncate ON accounts_auditentry;
DROP FUNCTION refuse_change();
"""
AUDIT_SCHEMA = """
CREATE SCHEMA audit;
DO $$BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'auditor') THEN
    CREATE ROLE auditor LOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE WARNING 'May not create the role auditor: have an administrator run CREATE ROLE auditor LOGIN, '
                  'then GRANT USAGE ON SCHEMA audit TO auditor and GRANT SELECT ON ALL TABLES IN SCHEMA audit TO auditor.';
END$$;
DO $$BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'auditor') THEN
    GRANT USAGE ON SCHEMA audit TO auditor;
    ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO auditor;
  END IF;
END$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
        migrations.RunSQL(AUDIT_SCHEMA, "DROP SCHEMA audit CASCADE"),
    ]
