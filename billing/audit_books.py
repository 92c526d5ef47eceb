"""Adds the books up again: every invariant of `docs/promises.md` that SQL can check, each a named query whose rows are
the offenders. Reads the views of the schema `audit`, as an outside auditor would, in one snapshot. Set-based: tens of seconds
for a million messages."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts import partitions
from billing.money import number

MOST_ROWS = 20
SLACK_SECONDS = 60
"""How late a sweep may be before a message past its deadline counts as forgotten."""


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: what must be true (`promise` is its number), and the query of the rows for which it is not."""

    name: str
    promise: str
    says: str
    offenders: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken invariant and up to `MOST_ROWS` of the rows that break it."""

    check: Check
    rows: list[dict[str, object]]


# Messages and events leave by partition after their retention, the ledger never does: what is older than the oldest
# month kept cannot be compared with messages any more. Ids are UUIDv7, so their order is that of time.
# `UNIQUE (kind, reference)` of the ledger spares a sum over the entries of one reference.
PREPARE = """
CREATE TEMP TABLE walk ON COMMIT DROP AS
  SELECT account_id, seq, wallet_after, held_after,
         row_number() OVER w AS expected_seq,
         sum(CASE 'wallet' WHEN credit THEN amount WHEN debit THEN -amount ELSE 0 END) OVER w AS wallet,
         sum(CASE 'held' WHEN credit THEN amount WHEN debit THEN -amount ELSE 0 END) OVER w AS held
    FROM audit.transfer WINDOW w AS (PARTITION BY account_id ORDER BY seq);
CREATE TEMP TABLE owed ON COMMIT DROP AS
  SELECT charge_ref, account_id, sum(price) AS amount, count(*) AS messages
    FROM audit.message WHERE mode = 'live' AND price > 0 GROUP BY charge_ref, account_id;
CREATE TEMP TABLE charged ON COMMIT DROP AS
  SELECT ref_id, account_id, amount FROM audit.transfer WHERE kind = 'charge';
CREATE TEMP TABLE charged_from_hold ON COMMIT DROP AS
  SELECT ref_id, account_id, amount FROM audit.transfer WHERE kind = 'hold_charge';
CREATE TEMP TABLE refunded ON COMMIT DROP AS
  SELECT ref_id, account_id, amount FROM audit.transfer WHERE kind = 'refund';
CREATE TEMP TABLE refundable ON COMMIT DROP AS
  SELECT id, account_id, price FROM audit.message WHERE mode = 'live' AND price > 0 AND refundable;
CREATE TEMP TABLE told ON COMMIT DROP AS
  SELECT subject_id, count(*) AS times FROM audit.event WHERE sequence = 90 GROUP BY subject_id;
ANALYZE walk; ANALYZE owed; ANALYZE charged; ANALYZE charged_from_hold; ANALYZE refunded; ANALYZE refundable; ANALYZE told;
"""

KEPT = "CREATE TEMP TABLE oldest ON COMMIT DROP AS SELECT %s::uuid AS message_id, %s::uuid AS subject_id"

CHECKS = (
    Check(
        "running_balance",
        "P17",
        "The balance after each entry is the sum of the entries up to it.",
        "SELECT account_id, seq, wallet_after, wallet AS expected FROM walk"
        " WHERE wallet_after <> wallet OR held_after <> held",
    ),
    Check(
        "gapless_seq",
        "P17",
        "Entries are numbered 1, 2, 3 … per account.",
        "SELECT account_id, seq, expected_seq FROM walk WHERE seq <> expected_seq",
    ),
    Check(
        "ledger_is_last_entry",
        "P17",
        "The balance of an account is the sum of its entries.",
        """SELECT account_id, w.balance, t.balance AS expected, w.held, t.held AS expected_held
             FROM (SELECT account_id, balance, held FROM audit.wallet) w
             FULL JOIN (SELECT DISTINCT ON (account_id) account_id, wallet AS balance, held
                          FROM walk ORDER BY account_id, seq DESC) t USING (account_id)
            WHERE w.account_id IS NULL OR w.balance <> coalesce(t.balance, 0) OR w.held <> coalesce(t.held, 0)""",
    ),
    Check(
        "ledger_counts_entries",
        "P17",
        "The ledger knows the number of its last entry.",
        """SELECT l.account_id, l.seq, coalesce(t.seq, 0) AS last_seq FROM billing_ledger l
             LEFT JOIN (SELECT account_id, max(seq) AS seq FROM walk GROUP BY account_id) t USING (account_id)
            WHERE l.seq <> coalesce(t.seq, 0)""",
    ),
    Check(
        "one_currency",
        "P17",
        "Every entry is in the currency of its ledger.",
        """SELECT e.account_id, e.seq, e.currency, l.currency AS expected
             FROM billing_entry e JOIN billing_ledger l USING (account_id) WHERE e.currency <> l.currency""",
    ),
    Check(
        "balance_within_credit",
        "P4",
        "No balance is below its credit limit.",
        "SELECT account_id, balance, credit_limit FROM audit.wallet WHERE balance < -credit_limit OR held < 0",
    ),
    Check(
        "held_is_open_holds",
        "P17",
        "What an account has held is what is left of its holds.",
        """SELECT w.account_id, w.held, coalesce(h.open, 0) AS expected FROM audit.wallet w
             LEFT JOIN (SELECT account_id, sum(amount - used - released) AS open FROM billing_hold GROUP BY account_id) h
               USING (account_id) WHERE w.held <> coalesce(h.open, 0)""",
    ),
    Check(
        "hold_is_its_entries",
        "P17",
        "What a hold set aside, used and released is the sum of its entries of each kind.",
        """SELECT h.id AS hold_id, h.account_id, h.amount, h.used, h.released, e.held, e.charged, e.freed FROM billing_hold h
             LEFT JOIN (SELECT hold_id, account_id, sum(amount) FILTER (WHERE kind = 'hold') AS held,
                               sum(amount) FILTER (WHERE kind = 'hold_charge') AS charged,
                               sum(amount) FILTER (WHERE kind = 'hold_release') AS freed
                          FROM billing_entry WHERE hold_id IS NOT NULL GROUP BY hold_id, account_id) e
               ON e.hold_id = h.id AND e.account_id = h.account_id
            WHERE (h.amount, h.used, h.released)
                  IS DISTINCT FROM (coalesce(e.held, 0), coalesce(e.charged, 0), coalesce(e.freed, 0))""",
    ),
    Check(
        "hold_entry_has_hold",
        "P17",
        "Every entry of held money names its hold.",
        """SELECT e.account_id, e.seq, e.kind FROM billing_entry e
            WHERE e.kind IN ('hold', 'hold_charge', 'hold_release')
              AND NOT EXISTS (SELECT FROM billing_hold h WHERE h.id = e.hold_id AND h.account_id = e.account_id)""",
    ),
    Check(
        "charged_once",
        "P2",
        "What was accepted together is charged by exactly one entry of exactly its sum.",
        """SELECT o.charge_ref, o.account_id, o.messages, o.amount AS owed,
                  coalesce(c.amount, 0) + coalesce(h.amount, 0) AS charged
             FROM owed o
             LEFT JOIN charged c ON c.ref_id = o.charge_ref AND c.account_id = o.account_id
             LEFT JOIN charged_from_hold h ON h.ref_id = o.charge_ref AND h.account_id = o.account_id
            WHERE coalesce(c.amount, 0) + coalesce(h.amount, 0) <> o.amount
              AND (o.charge_ref >= (SELECT message_id FROM oldest) OR coalesce(c.amount, h.amount) IS NULL)""",
    ),
    Check(
        "no_charge_without_message",
        "P2",
        "Nothing is charged that was not accepted (test keys included: they never cost money).",
        """SELECT c.ref_id, c.account_id, c.amount
             FROM (SELECT * FROM charged UNION ALL SELECT * FROM charged_from_hold) c
            WHERE c.ref_id >= (SELECT message_id FROM oldest)
              AND NOT EXISTS (SELECT FROM owed o WHERE o.charge_ref = c.ref_id AND o.account_id = c.account_id)""",
    ),
    Check(
        "refunded_once",
        "P3",
        "Every final message that the carrier did not take is refunded by exactly one entry of its price.",
        """SELECT m.id, m.account_id, m.price, r.amount AS refunded FROM refundable m
             LEFT JOIN refunded r ON r.ref_id = m.id AND r.account_id = m.account_id
            WHERE r.amount IS DISTINCT FROM m.price""",
    ),
    Check(
        "no_refund_without_reason",
        "P3",
        "Nothing else is refunded.",
        """SELECT r.ref_id, r.account_id, r.amount FROM refunded r
            WHERE r.ref_id >= (SELECT message_id FROM oldest)
              AND NOT EXISTS (SELECT FROM refundable m WHERE m.id = r.ref_id AND m.account_id = r.account_id)""",
    ),
    Check(
        "open_message_is_queued",
        "P1",
        "A message that has still to be sent has a place in the queue.",
        """SELECT m.id, m.account_id, m.status FROM audit.message m
            WHERE m.final_at IS NULL AND m.status IN ('scheduled', 'queued', 'uncertain')
              AND NOT EXISTS (SELECT FROM audit.queue q WHERE q.message_id = m.id)""",
    ),
    Check(
        "settled_message_is_not_queued",
        "P6",
        "A message that was sent or is final has left the queue: it cannot be sent again.",
        """SELECT m.id, m.account_id, m.status, q.state FROM audit.queue q JOIN audit.message m ON m.id = q.message_id
            WHERE m.final_at IS NOT NULL OR m.status = 'sent'""",
    ),
    Check(
        "queue_row_has_message",
        "P1",
        "Nothing is in the queue but messages.",
        """SELECT q.message_id, q.carrier_id, q.state FROM audit.queue q
            WHERE NOT EXISTS (SELECT FROM audit.message m WHERE m.id = q.message_id)""",
    ),
    Check(
        "final_in_time",
        "P1",
        "Every message is final by its validity and the horizon for receipts.",
        """SELECT id, account_id, status, expires_at FROM audit.message
            WHERE final_at IS NULL AND expires_at < now() - %(late)s * interval '1 second'""",
    ),
    Check(
        "final_is_told",
        "P8",
        "Every final message has an event that says so.",
        """SELECT m.id, m.account_id, m.status FROM audit.message m
            WHERE m.final_at IS NOT NULL AND m.id >= (SELECT subject_id FROM oldest)
              AND NOT EXISTS (SELECT FROM told t WHERE t.subject_id = m.id)""",
    ),
    Check(
        "final_is_told_once",
        "P7",
        "No message became final twice.",
        "SELECT subject_id, times FROM told WHERE times > 1",
    ),
)
DEFAULT_PARTITIONS = """
SELECT partdefid::regclass::text FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
 WHERE c.relnamespace = 'public'::regnamespace AND partdefid <> 0 ORDER BY 1"""
SELECT_STRAYS = "SELECT '{table}' AS partition FROM {table}"
EMPTY_DEFAULTS = Check("default_partitions_empty", "P1", "Every row lies in the partition of its month.", "")


def findings() -> list[Finding]:
    """Every broken invariant, empty when the books are in order. Reads one snapshot and leaves nothing behind.

    Raises `django.db.DatabaseError` when the database does not answer in time.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if outermost:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET LOCAL statement_timeout = '10min'")
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute(PREPARE)
            kept = [partitions.first_id("messaging_message"), partitions.first_id("webhooks_event")]
            cursor.execute(KEPT, kept)
        late = settings.RECEIPT_HORIZON_SECONDS + SLACK_SECONDS
        found = [Finding(check, rows) for check in CHECKS if (rows := _rows(check.offenders, {"late": late}))]
        strays = _strays()
        transaction.set_rollback(True)
    return [*found, Finding(EMPTY_DEFAULTS, strays)] if strays else found


def _rows(query: str, parameters: dict[str, int]) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{query} LIMIT {MOST_ROWS}", parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]


def _strays() -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(DEFAULT_PARTITIONS)
        tables = [row[0] for row in cursor.fetchall()]
    rows = (row for table in tables for row in _rows(SELECT_STRAYS.format(table=table), {}))
    return list(islice(rows, MOST_ROWS))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
