"""The statistics of accounts as tallies: fold what transactions added, make them anew from the messages, compare both.
`sending/tally.py` adds, `analytics.py` reads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from django.db import connection, transaction

from messaging.sending.tally import HOUR, LATENCY, REASON, REFUNDABLE

MOST_AT_ONCE = 20_000
MOST_SHOWN = 20
LOCK = "hashtext('messaging.tally')"
KEY = "account_id, mode, dimension, hour, value"
SUMS = (
    "messages, segments, price_mad, price_eur, refunded_mad, refunded_eur,"
    " delivered, undeliverable, failed, expired, cancelled"
)
SUMMED = ", ".join(f"sum({name})" for name in SUMS.split(", "))
ADDED = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in SUMS.split(", "))
# One row of facts seen from every side. A side without a value is left out.
SIDES = """
CROSS JOIN LATERAL (VALUES ('all', ''), ('channel', channel), ('country', country), ('sender', sender),
  ('key', coalesce(api_key_id::text, '')), ('campaign', campaign_id::text),
  ('reason', CASE WHEN failures THEN coalesce(reason, '') END), ('latency', latency::text)) AS side(dimension, value)
"""
# Of the messages seen from the sides `reason` and `latency` only how they ended is counted.
SPREAD = f"""
SELECT account_id, mode, dimension, hour, value, {SUMMED}
  FROM (SELECT account_id, mode, dimension, hour, value,
               CASE WHEN ends THEN 0 ELSE messages END AS messages, CASE WHEN ends THEN 0 ELSE segments END AS segments,
               CASE WHEN ends THEN 0 ELSE price_mad END AS price_mad, CASE WHEN ends THEN 0 ELSE price_eur END AS price_eur,
               refunded_mad, refunded_eur, delivered, undeliverable, failed, expired, cancelled
          FROM {{facts}} {SIDES} CROSS JOIN LATERAL (SELECT dimension IN ('reason', 'latency') AS ends) AS kind
         WHERE value IS NOT NULL) AS seen
 GROUP BY 1, 2, 3, 4, 5
"""
# A change either accepts messages or ends them.
CHANGES = """
SELECT account_id, mode, hour, channel, country, sender, api_key_id, campaign_id, reason, latency,
       status NOT IN ('', 'delivered') AS failures,
       CASE WHEN status = '' THEN messages ELSE 0 END AS messages, segments,
       CASE WHEN status = '' THEN price_mad ELSE 0 END AS price_mad,
       CASE WHEN status = '' THEN price_eur ELSE 0 END AS price_eur,
       CASE WHEN status = '' THEN 0 ELSE price_mad END AS refunded_mad,
       CASE WHEN status = '' THEN 0 ELSE price_eur END AS refunded_eur,
       CASE WHEN status = 'delivered' THEN messages ELSE 0 END AS delivered,
       CASE WHEN status = 'undeliverable' THEN messages ELSE 0 END AS undeliverable,
       CASE WHEN status = 'failed' THEN messages ELSE 0 END AS failed,
       CASE WHEN status = 'expired' THEN messages ELSE 0 END AS expired,
       CASE WHEN status = 'cancelled' THEN messages ELSE 0 END AS cancelled
  FROM {source}
"""
FOLD = f"""
WITH taken AS (
  DELETE FROM messaging_tallychange
   WHERE id IN (SELECT id FROM messaging_tallychange ORDER BY id LIMIT %s) RETURNING *),
added AS ({SPREAD.format(facts=f"({CHANGES.format(source='taken')}) AS facts")} ORDER BY 1, 2, 3, 4, 5),
folded AS (
  INSERT INTO messaging_tally AS t ({KEY}, {SUMS}) SELECT * FROM added
  ON CONFLICT ({KEY}) DO UPDATE SET {ADDED})
SELECT count(*) FROM taken
"""
MESSAGES = f"""
SELECT account_id, mode, {HOUR} AS hour, channel, country, sender, api_key_id, campaign_id, {REASON} AS reason,
       final_at IS NOT NULL AND status <> 'delivered' AS failures, {LATENCY} AS latency,
       count(*) AS messages, sum(segments) AS segments, sum(price_mad) AS price_mad, sum(price_eur) AS price_eur,
       coalesce(sum(price_mad) FILTER (WHERE {REFUNDABLE}), 0) AS refunded_mad,
       coalesce(sum(price_eur) FILTER (WHERE {REFUNDABLE}), 0) AS refunded_eur,
       count(*) FILTER (WHERE status = 'delivered') AS delivered,
       count(*) FILTER (WHERE status = 'undeliverable') AS undeliverable,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       count(*) FILTER (WHERE status = 'expired') AS expired,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled
  FROM messaging_message AS m
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""
COUNTED = SPREAD.format(facts=f"({MESSAGES}) AS facts")
# Messages leave by the month: of a month that has some, all hours can be counted; of one that has none, the tallies are all
# that is left.
COUNT = f"CREATE TEMP TABLE counted ({KEY}, {SUMS}) ON COMMIT DROP AS {COUNTED}"
MONTHS = "(SELECT DISTINCT date_trunc('month', hour, 'UTC') FROM counted)"
FORGET_CHANGES = "DELETE FROM messaging_tallychange"
FORGET = f"DELETE FROM messaging_tally WHERE date_trunc('month', hour, 'UTC') IN {MONTHS}"
REBUILD = f"INSERT INTO messaging_tally ({KEY}, {SUMS}) TABLE counted"
COMPARE = f"""
WITH counted({KEY}, {SUMS}) AS ({COUNTED}),
kept AS (
  SELECT {KEY}, {SUMMED} FROM (
    SELECT {KEY}, {SUMS} FROM messaging_tally
    UNION ALL
    SELECT * FROM ({SPREAD.format(facts=f"({CHANGES.format(source='messaging_tallychange')}) AS facts")}) AS coming) AS together
   WHERE date_trunc('month', hour, 'UTC') IN {MONTHS} GROUP BY {KEY})
SELECT account_id::text, mode, dimension, hour::text, value, to_jsonb(c) - %(key)s::text[] AS counted,
       to_jsonb(k) - %(key)s::text[] AS kept
  FROM counted AS c FULL JOIN kept AS k({KEY}, {SUMS}) USING ({KEY})
 WHERE to_jsonb(c) - %(key)s::text[] IS DISTINCT FROM to_jsonb(k) - %(key)s::text[]
 ORDER BY 1, 2, 3, 4, 5 LIMIT {MOST_SHOWN}
"""


def fold(limit: int = MOST_AT_ONCE) -> int:
    """Fold up to `limit` changes into the tallies, in one statement: a process that dies in it has done nothing. Returns how
    many there were, 0 while another process folds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLD, [limit])
        found: int = cursor.fetchone()[0]
    return found


def fold_due(*, seconds: float = 1.0) -> int:
    """Fold what there is, for at most so many seconds. Returns how many changes there were."""
    until, done = time.monotonic() + seconds, 0
    while True:
        folded = fold()
        done += folded
        if folded < MOST_AT_ONCE or time.monotonic() > until:
            return done


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody folds meanwhile. Taken before the snapshot of a transaction, so that the snapshot sees whole folds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({LOCK})")
        try:
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({LOCK})")


@contextmanager
def _snapshot() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def rebuild() -> int:
    """Make the tallies anew from the messages, while messages go on. Returns how many rows there are.

    One snapshot: changes that it sees are in the messages that it sees, and go; later ones are folded later.
    """
    while fold():
        pass
    with _alone(), _snapshot(), connection.cursor() as cursor:
        for statement in (COUNT, FORGET_CHANGES, FORGET, REBUILD):
            cursor.execute(statement)
        rows = int(cursor.rowcount)
        cursor.execute("DROP TABLE counted")
    return rows


def differences() -> list[dict[str, object]]:
    """The first rows in which the tallies, with the changes to come, differ from a count over all messages; empty when they
    are right. Scans every message."""
    with _snapshot(), connection.cursor() as cursor:
        cursor.execute(COMPARE, {"key": KEY.split(", ")})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row | {side: orjson.loads(row[side] or "null") for side in ("counted", "kept")} for row in rows]
