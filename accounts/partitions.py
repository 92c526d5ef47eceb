"""Tables partitioned by month on a UUIDv7 key, so that retention is the drop of a partition, never a DELETE.
`CreatePartitionedModel` stands in a migration where `CreateModel` would; `ensure` makes the months to come."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from accounts.ids import floor_of

MONTHS_BEHIND = 1
MONTHS_AHEAD = 3


class CreatePartitionedModel(migrations.CreateModel):
    """`CreateModel` whose table is `PARTITION BY RANGE (partition_column)`, with a DEFAULT partition that must stay empty.

    The primary key of the model has to contain `partition_column` (a rule of PostgreSQL).
    """

    partition_column = "id"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE ({self.partition_column})"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        for statement in month_statements(table, datetime.now(UTC)):
            schema_editor.execute(statement)


class CreateModelPartitionedByMessage(CreatePartitionedModel):
    """The same for tables keyed by a message's id."""

    partition_column = "message_id"


class CreateModelPartitionedBySubject(CreatePartitionedModel):
    """The same for tables keyed by the id of what an event is about."""

    partition_column = "subject_id"


class CreateModelPartitionedByEvent(CreatePartitionedModel):
    """The same for tables keyed by an event's id."""

    partition_column = "event_id"


def _month(start: datetime, offset: int) -> datetime:
    index = start.year * 12 + start.month - 1 + offset
    return datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC)


def month_statements(table: str, now: datetime) -> list[str]:
    """The CREATE TABLE statements for the months around `now`; harmless to run again."""
    statements = []
    for offset in range(-MONTHS_BEHIND, MONTHS_AHEAD + 1):
        first, following = _month(now, offset), _month(now, offset + 1)
        statements.append(
            f"CREATE TABLE IF NOT EXISTS {table}_{first:%Y%m} PARTITION OF {table} "
            f"FOR VALUES FROM ('{floor_of(first)}') TO ('{floor_of(following)}')"
        )
    return statements


MONTHS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
 WHERE i.inhparent = %s::regclass AND c.relname ~ '_[0-9]{6}$' ORDER BY 1"""
LOCK_TIMEOUT = "SET LOCAL lock_timeout = '500ms'"


def ended(table: str, before: datetime) -> list[str]:
    """The partitions of a table whose months ended before an instant, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [table])
        names = [row[0] for row in cursor.fetchall()]
    return [name for name in names if following(month_of(name)) <= before]


def month_of(partition: str) -> datetime:
    """The first instant of the month of a partition."""
    return datetime.strptime(partition[-6:], "%Y%m").replace(tzinfo=UTC)


def first_id(table: str) -> UUID:
    """The smallest id that the oldest month of a table can hold: what is older was dropped."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [table])
        found = cursor.fetchone()
    return floor_of(month_of(found[0])) if found else UUID(int=0)


def following(month: datetime) -> datetime:
    """The first instant of the month after."""
    return _month(month, 1)


def drop(table: str, partition: str) -> None:
    """Take a partition off its table and drop it. The table is locked for a moment; who waits for it gives up after half a
    second, and nothing has happened (`OperationalError`)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK_TIMEOUT)
        # Not CONCURRENTLY: PostgreSQL does not do that beside a default partition.
        cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {partition}")
        cursor.execute(f"DROP TABLE {partition}")


PARTITIONED_TABLES = """
SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
 WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1"""


def ensure(now: datetime | None = None) -> int:
    """Make the partitions of the months ahead, for every partitioned table. Returns how many tables there are."""
    with connection.cursor() as cursor:
        cursor.execute(PARTITIONED_TABLES)
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            for statement in month_statements(table, now or datetime.now(UTC)):
                cursor.execute(statement)
    return len(tables)
