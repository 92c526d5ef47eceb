"""Marks what looks like the same message sent twice: same account, recipient, sender and text within a minute. It is
accepted all the same, and says `duplicate_suspected`; nothing is dropped silently. Sealed texts are never alike."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.ids import floor_of
from messaging.sending.draft import Ready

WITHIN = timedelta(seconds=60)
AHEAD = timedelta(seconds=60)  # of clocks; the bound spares the search the partitions of the months to come
SAME = """
SELECT DISTINCT m.account_id, m."to", m.sender, m.text FROM messaging_message m
 WHERE m.id >= %s AND m.id < %s AND m.account_id = ANY(%s::uuid[]) AND m."to" = ANY(%s::text[])
"""


def flag(asked: Sequence[tuple[UUID, Ready]]) -> None:
    """Set `duplicate_suspected` on each that repeats a stored message or an earlier one of the same list; one query."""
    if not asked:
        return
    now = datetime.now(UTC)
    floor, ceiling = floor_of(now - WITHIN), floor_of(now + AHEAD)
    with connection.cursor() as cursor:
        accounts = list({account for account, _ in asked})
        cursor.execute(SAME, [floor, ceiling, accounts, list({ready.to for _, ready in asked})])
        seen = set(cursor.fetchall())
    for account, ready in asked:
        mark = (account, ready.to, ready.sender, ready.text)
        ready.duplicate_suspected = mark in seen and ready.sealed_text is None
        seen.add(mark)
