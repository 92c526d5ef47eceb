"""Claim: take due queue rows of one carrier and lane, and commit the intent to submit them (attempt rows) before the wire.

In the same short transaction, what changed since acceptance is looked at once more (promise P15): a recipient who opted
out is refused (but for one-time codes, which the recipient asks for, unless the account forbids that), messages of a
suspended account or of a campaign that stands still wait. A sealed text is opened here, for the carrier; one that cannot be
opened waits for its key until it expires."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import orjson
import structlog
from django.conf import settings
from django.db import connection, transaction

from accounts import vault
from contacts import optouts
from messaging.carriers.contract import ProviderTemplate, Submission
from messaging.models.message import Lane

log = structlog.get_logger()

TAKE = """
UPDATE messaging_queuerow q SET state = 'inflight', attempt = attempt + 1, lease_owner = %(owner)s,
       lease_until = now() + make_interval(secs => %(lease)s)
  FROM (SELECT message_id FROM messaging_queuerow
         WHERE carrier_id = %(carrier)s AND lane = %(lane)s AND state = 'ready' AND expires_at > now()
         ORDER BY rank_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) c
 WHERE q.message_id = c.message_id
RETURNING q.message_id, q.attempt
"""
READ = """
SELECT m.id, m.account_id, m."to", m.sender, m.text, m.encoding, m.segments, m.channel, m.expires_at, m.metadata,
       a.status = 'active' AND NOT EXISTS (SELECT FROM messaging_standstill s WHERE s.campaign_id = m.campaign_id),
       m.rank, m.sealed_text, a.codes_to_opted_out, m.buttons, m.provider_template
  FROM messaging_message m JOIN accounts_account a ON a.id = m.account_id
 WHERE m.id = ANY(%s::uuid[])
"""
INTEND = """
INSERT INTO messaging_attempt (message_id, number, carrier_id, owner)
SELECT id, number, %s, %s FROM unnest(%s::uuid[], %s::smallint[]) AS c(id, number)
"""
PUT_BACK = """
UPDATE messaging_queuerow SET state = 'waiting', attempt = attempt - 1, lease_owner = NULL, lease_until = NULL,
       visible_at = now() + interval '30 s'
 WHERE message_id = ANY(%s::uuid[])
"""
DROP = "DELETE FROM messaging_queuerow WHERE message_id = ANY(%s::uuid[])"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one claim took: `submissions` to hand over now; `opted_out` to refuse, as (message id, attempt number)."""

    submissions: list[Submission]
    opted_out: list[tuple[UUID, int]]

    def __bool__(self) -> bool:
        return bool(self.submissions or self.opted_out)


def due(carrier_id: int, lane: int, owner: UUID, limit: int) -> Claimed:
    """Take up to `limit` due messages, in fair order, with the intent committed. Safe among any number of workers."""
    with transaction.atomic(), connection.cursor() as cursor:
        lease = settings.LEASE_SECONDS + settings.CARRIER_TIMEOUT_SECONDS
        cursor.execute(
            TAKE, {"carrier": carrier_id, "lane": lane, "owner": owner, "limit": limit, "lease": lease}
        )
        numbers: dict[UUID, int] = dict(cursor.fetchall())
        if not numbers:
            return Claimed([], [])
        cursor.execute(READ, [sorted(numbers)])
        rows = cursor.fetchall()
        opted_out = _opted_out(rows, lane)
        texts = {row[0]: _text(row) for row in rows}
        waiting = {row[0] for row in rows if not row[10] or texts[row[0]] is None} - opted_out
        settled = {row[0] for row in rows if row[11] >= 30} | (set(numbers) - {row[0] for row in rows})
        if waiting - settled:
            cursor.execute(PUT_BACK, [list(waiting - settled)])
        if settled:
            cursor.execute(DROP, [list(settled)])
        sendable = [row for row in rows if row[0] not in waiting | settled]
        ids = [row[0] for row in sendable]
        cursor.execute(INTEND, [carrier_id, owner, ids, [numbers[message_id] for message_id in ids]])
    return Claimed(
        [_submission(row, numbers[row[0]], texts[row[0]]) for row in sendable if row[0] not in opted_out],
        [(message_id, numbers[message_id]) for message_id in ids if message_id in opted_out],
    )


def _opted_out(rows: Sequence[Sequence[Any]], lane: int) -> set[UUID]:
    """The messages whose recipients have opted out by now. One-time codes are exempt where the account lets them be."""
    exempt = lane == Lane.URGENT and settings.OTP_TO_OPTED_OUT
    asked = [row for row in rows if not (exempt and row[13])]
    gone = optouts.among([(row[1], row[2]) for row in asked])
    return {row[0] for row in asked if (row[1], row[2]) in gone}


def _text(row: Sequence[Any]) -> str | None:
    """The text for the carrier; None if it is sealed under a key that is not known any more."""
    if row[12] is None:
        return cast(str, row[4])
    try:
        return vault.unseal(row[12])
    except ValueError:
        log.error("a sealed text cannot be opened; it waits", message_id=str(row[0]))
        return None


def _submission(row: Sequence[Any], number: int, text: str | None) -> Submission:
    metadata, kept = row[9], _loaded(row[15])
    return Submission(
        id=row[0],
        attempt=number,
        to=row[2],
        sender=row[3],
        text=text or "",
        encoding=row[5],
        segments=row[6],
        channel=row[7],
        expires_at=row[8],
        metadata=_loaded(metadata),
        secret=row[12] is not None,
        buttons=_buttons(row[14]),
        template=_template(kept),
        code=_code(kept, text or ""),
    )


def _template(kept: Mapping[str, Any]) -> ProviderTemplate | None:
    if "name" not in kept:
        return None
    return ProviderTemplate(kept["name"], kept["language"], tuple(kept["values"]), kept["one_time_code"])


def _code(kept: Mapping[str, Any], text: str) -> str:
    """The one-time code, from its place in the text."""
    start, end = kept.get("code", (0, 0))
    return text[start:end]


def _buttons(kept: object) -> tuple[Mapping[str, object], ...]:
    """The buttons, from JSON or its text, depending on the connection."""
    return tuple(
        orjson.loads(kept) if isinstance(kept, str) else cast(list[Mapping[str, object]], kept or [])
    )


def _loaded(metadata: object) -> dict[str, object]:
    if metadata is None:
        return {}
    if isinstance(metadata, str):
        return cast(dict[str, object], orjson.loads(metadata))
    return cast(dict[str, object], metadata)
