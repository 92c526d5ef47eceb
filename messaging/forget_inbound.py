"""Forgetting what people wrote: texts are wiped and numbers made unreadable when their days are over, the account's own
where those are fewer. Old months go with their partitions (`config/retention.py`)."""

import time

from django.conf import settings
from django.db import connection, transaction

from messaging.forget import hidden

SLICE = 1000
WIPE = """
UPDATE messaging_inbound SET text = '' WHERE id IN (
  SELECT i.id FROM messaging_inbound i LEFT JOIN accounts_account a ON a.id = i.account_id
   WHERE i.text <> '' AND i.received_at < now() - make_interval(days => least(%s, a.text_days)) LIMIT %s) RETURNING id
"""
# What a text came in, and as: no account's days are known of it until somebody has it.
WIPE_RECORDS = """
UPDATE messaging_inboundrecord SET text = '', raw = NULL, sender = '' WHERE id IN (
  SELECT r.id FROM messaging_inboundrecord r
    LEFT JOIN messaging_inbound i ON i.id = r.inbound_id LEFT JOIN accounts_account a ON a.id = i.account_id
   WHERE r.state = 'done' AND r.sender <> ''
     AND r.received_at < now() - make_interval(days => least(%s, a.text_days, a.number_days)) LIMIT %s) RETURNING id
"""
NUMBERED = """
SELECT i.id, i.sender FROM messaging_inbound i LEFT JOIN accounts_account a ON a.id = i.account_id
 WHERE i.sender NOT LIKE '#%%' AND i.received_at < now() - make_interval(days => least(%s, a.number_days))
 LIMIT %s FOR UPDATE OF i
"""
HIDE = """
UPDATE messaging_inbound i SET sender = h.hidden FROM unnest(%s::uuid[], %s::text[]) AS h(id, hidden) WHERE i.id = h.id
"""


def run(*, until: float) -> int:
    """Forget what is due, until `until` (of `time.monotonic()`) at the latest. Returns how many rows were changed."""
    changed = 0
    for job in (_wipe, _wipe_records, _hide):
        done = SLICE
        while done == SLICE and time.monotonic() < until:
            done = job()
            changed += done
    return changed


def _wipe() -> int:
    return _changed(WIPE)


def _wipe_records() -> int:
    return _changed(WIPE_RECORDS)


def _changed(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [settings.TEXT_DAYS, SLICE])
        return len(cursor.fetchall())


def _hide() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NUMBERED, [settings.NUMBER_DAYS, SLICE])
        rows = cursor.fetchall()
        if rows:
            cursor.execute(HIDE, [[row[0] for row in rows], [hidden(row[1]) for row in rows]])
    return len(rows)
