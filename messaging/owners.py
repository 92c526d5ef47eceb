"""Whose an inbound text is: the account its number was given to, else the account that last wrote to its sender from it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.ids import floor_of

REMEMBERED = timedelta(days=30)
"""How long an answer may take: which account wrote last is looked for no further back."""
Pair = tuple[str, str]
"""Who wrote, and to which of our numbers."""

# The first that knows the number decides, even where it says that the number is everybody's. A sender id that several
# accounts share is nobody's own.
GIVEN = """
SELECT DISTINCT ON (number) number, account_id FROM (
  SELECT number, account_id, 1 AS place FROM messaging_inboundnumber WHERE number = ANY(%(numbers)s::text[])
   UNION ALL
  SELECT number, account_id, 2 FROM messaging_sim WHERE number = ANY(%(numbers)s::text[])
   UNION ALL
  SELECT n.number, min(s.account_id::text)::uuid, 3
    FROM unnest(%(numbers)s::text[]) AS n(number)
    JOIN messaging_senderid s ON s.name IN (n.number, ltrim(n.number, '+')) AND s.status = 'approved'
   GROUP BY n.number HAVING count(DISTINCT s.account_id) = 1) AS known
 ORDER BY number, place
"""
# By account, as the index of recipients goes.
LAST_WRITER = """
SELECT DISTINCT ON (p.sender, p."to") p.sender, p."to", m.account_id
  FROM unnest(%s::text[], %s::text[]) AS p(sender, "to") CROSS JOIN accounts_account a
 CROSS JOIN LATERAL (
   SELECT m.account_id, m.id FROM messaging_message m
    WHERE m.account_id = a.id AND m."to" = p.sender AND m.id >= %s AND m.mode = 'live'
      AND m.sender IN (p."to", ltrim(p."to", '+')) AND m.submitted_at IS NOT NULL
    ORDER BY m.id DESC LIMIT 1) m
 ORDER BY p.sender, p."to", m.id DESC
"""
LAST_MESSAGE = """
SELECT p.account_id, p.mode, p.sender, m.id
  FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS p(account_id, mode, sender)
 CROSS JOIN LATERAL (
   SELECT m.id FROM messaging_message m
    WHERE m.account_id = p.account_id AND m."to" = p.sender AND m.mode = p.mode AND m.id >= %s
      AND m.submitted_at IS NOT NULL
    ORDER BY m.id DESC LIMIT 1) m
"""


def among(pairs: Iterable[Pair]) -> dict[Pair, UUID]:
    """The account of each (sender, our number) pair; a pair is left out if nobody's account can be told."""
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, {"numbers": sorted({to for _, to in wanted})})
        given: dict[str, UUID | None] = dict(cursor.fetchall())
        found = {pair: account for pair in wanted if (account := given.get(pair[1])) is not None}
        open_yet = [pair for pair in wanted if pair not in found]
        if open_yet:
            cursor.execute(LAST_WRITER, [*_columns(open_yet, 2), _oldest()])
            found |= {(row[0], row[1]): row[2] for row in cursor.fetchall()}
    return found


Asked = tuple[UUID, str, str]
"""Account, mode, and who wrote to it."""


def last_messages(asked: Iterable[Asked]) -> dict[Asked, UUID]:
    """The message that each account sent last to each sender, which the sender probably answers."""
    wanted = sorted(set(asked), key=str)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LAST_MESSAGE, [*_columns(wanted, 3), _oldest()])
        return {(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()}


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[place] for row in rows] for place in range(width)]


def _oldest() -> UUID:
    return floor_of(datetime.now(UTC) - REMEMBERED)
