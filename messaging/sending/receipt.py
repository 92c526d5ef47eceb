"""Receipts: delivery reports are stored raw first and answered, then applied from the table. They only ever move a message
forward; early, late, double, contradicting and unknown ones are kept and change nothing (promise P7)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from accounts.ids import new_id
from messaging.carriers.contract import Receipt
from messaging.models.message import RANK, Status
from messaging.sending import codes, facts, final, wake
from messaging.sending.final import Finality
from webhooks import publish

log = structlog.get_logger()
MOST_AT_ONCE = 500
ENDS = {
    "delivered": Status.DELIVERED,
    "undeliverable": Status.UNDELIVERABLE,
    "failed": Status.FAILED,
    "expired": Status.EXPIRED,
}
DEFAULT_REASONS = {"undeliverable": "UNREACHABLE", "failed": "CARRIER_REFUSED", "expired": "HANDSET_EXPIRED"}

KEEP = """
INSERT INTO messaging_receiptrecord (id, carrier_id, message_id, reference, status, code, reason, raw, raw_id)
SELECT * FROM unnest(%s::uuid[], %s::int[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::uuid[])
"""
TAKE = """
SELECT id, carrier_id, message_id, reference, status, code, reason, tries, received_at FROM messaging_receiptrecord
 WHERE state IN ('new', 'orphan') AND next_at <= now() ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
BY_REFERENCE = """
SELECT DISTINCT ON (a.carrier_id, a.reference) a.carrier_id, a.reference, a.message_id
  FROM messaging_attempt a JOIN unnest(%(carriers)s::int[], %(references)s::text[]) AS r(carrier_id, reference)
    ON a.carrier_id = r.carrier_id AND a.reference = r.reference
 WHERE a.carrier_id = ANY(%(carriers)s::int[]) AND a.reference = ANY(%(references)s::text[])
 ORDER BY a.carrier_id, a.reference, a.message_id DESC
"""
BY_OUR_ID = """
SELECT DISTINCT a.carrier_id, a.message_id FROM messaging_attempt a
 WHERE a.message_id = ANY(%s::uuid[])
"""
MARK = """
UPDATE messaging_receiptrecord r SET state = c.state, message_id = coalesce(c.message_id, r.message_id), tries = r.tries + 1,
       next_at = now() + make_interval(secs => c.seconds)
  FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(messages)s::uuid[], %(seconds)s::float8[])
       AS c(id, state, message_id, seconds)
 WHERE r.id = c.id AND r.id = ANY(%(ids)s::uuid[])
"""
CONFIRM = f"""
UPDATE messaging_message m SET status = 'sent', rank = {RANK[Status.SENT]}, sent_at = now(), sealed_text = NULL
 WHERE m.id = ANY(%s::uuid[]) AND m.rank < {RANK[Status.SENT]} AND m.rank >= {RANK[Status.QUEUED]}
RETURNING {facts.COLUMNS}
"""


class Stored(NamedTuple):
    """A stored receipt that is due."""

    id: UUID
    carrier_id: int
    message_id: UUID | None
    reference: str
    status: str
    code: str
    reason: str
    tries: int
    received_at: datetime


Arrived = tuple[int, Receipt, bytes | None]
"""A carrier's id, one receipt of it, and the bytes it came in."""


def store(arrived: Sequence[Arrived]) -> list[None]:
    """Keep receipts as they came, in one transaction; the carriers may be answered once this returns. What several came in is
    kept once, with the first of them."""
    ids = [new_id() for _ in arrived]
    keepers: dict[tuple[int, bytes], UUID] = {}
    for receipt_id, (carrier_id, _, raw) in zip(ids, arrived, strict=True):
        if raw is not None:
            keepers.setdefault((carrier_id, raw), receipt_id)
    kept_by = [None if raw is None else keepers[carrier_id, raw] for carrier_id, _, raw in arrived]
    own = [receipt_id == keeper for receipt_id, keeper in zip(ids, kept_by, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP,
            [
                ids,
                [carrier_id for carrier_id, _, _ in arrived],
                [receipt.our_id for _, receipt, _ in arrived],
                [receipt.reference[:120] for _, receipt, _ in arrived],
                [receipt.status for _, receipt, _ in arrived],
                [receipt.code[:60] for _, receipt, _ in arrived],
                [str(receipt.reason)[:40] for _, receipt, _ in arrived],
                [raw if mine else None for (_, _, raw), mine in zip(arrived, own, strict=True)],
                [None if mine else keeper for keeper, mine in zip(kept_by, own, strict=True)],
            ],
        )
    transaction.on_commit(wake.receipts)
    return [None] * len(arrived)


def apply_due(limit: int = MOST_AT_ONCE) -> int:
    """Apply stored receipts that are due, one transaction for all. Returns how many were looked at."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [limit])
            due = [Stored(*row) for row in cursor.fetchall()]
        if not due:
            return 0
        matched = _match(due)
        applied = _apply(due, matched)
        _mark(due, matched, applied)
    codes.note(
        [codes.Seen(r.carrier_id, r.code, _reason(r), matched[r.id]) for r in due if _is_odd(r, matched)]
    )
    return len(due)


def _is_odd(r: Stored, matched: dict[UUID, UUID]) -> bool:
    """Whether a receipt of a known message says that something went wrong, or a word that its adapter does not know."""
    return r.id in matched and (r.status in DEFAULT_REASONS or r.reason == "UNKNOWN")


def _reason(r: Stored) -> str:
    """Our reason for a receipt: by the operator's table of codes, else by its adapter."""
    return codes.reason(r.carrier_id, r.code, r.reason or DEFAULT_REASONS.get(r.status, ""))


def _match(due: Sequence[Stored]) -> dict[UUID, UUID]:
    """receipt id → message id, by the carrier's reference, else by ours if that carrier was given that message."""
    with connection.cursor() as cursor:
        pairs = sorted({(r.carrier_id, r.reference) for r in due if r.reference})
        columns: dict[str, list[int] | list[str]] = {
            "carriers": [p[0] for p in pairs],
            "references": [p[1] for p in pairs],
        }
        cursor.execute(BY_REFERENCE, columns)
        by_reference = {(row[0], row[1]): row[2] for row in cursor.fetchall()}
        cursor.execute(BY_OUR_ID, [[r.message_id for r in due if r.message_id]])
        tried = set(cursor.fetchall())
    found = {}
    for r in due:
        message_id = by_reference.get((r.carrier_id, r.reference)) if r.reference else None
        if message_id is None and r.message_id is not None and (r.carrier_id, r.message_id) in tried:
            message_id = r.message_id
        if message_id is not None:
            found[r.id] = message_id
    return found


def _apply(due: Sequence[Stored], matched: dict[UUID, UUID]) -> set[UUID]:
    """Move the messages. The first final receipt of a message wins, in the order they came. Returns the receipts that moved one."""
    ends: dict[UUID, tuple[UUID, Finality]] = {}
    confirms: dict[UUID, UUID] = {}
    for r in sorted(due, key=lambda r: (r.received_at, r.id)):
        message_id = matched.get(r.id)
        if message_id is None:
            continue
        status = ENDS.get(r.status)
        if status is not None and message_id not in ends:
            reason = None if status == Status.DELIVERED else _reason(r)
            ends[message_id] = (r.id, Finality(message_id, status, reason, r.code or None))
        elif r.status == "sent":
            confirms.setdefault(message_id, r.id)
    confirmed = _confirm([m for m in confirms if m not in ends])
    ended = set(final.settle([end for _, end in sorted(ends.values(), key=lambda e: e[1].message_id)]))
    return {receipt_id for m, (receipt_id, _) in ends.items() if m in ended} | {
        confirms[m] for m in confirmed
    }


def _confirm(message_ids: Sequence[UUID]) -> list[UUID]:
    """A carrier says it has a message whose submit answer was lost: it is `sent` after all."""
    if not message_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(final.LOCK, [list(message_ids)])
        cursor.execute(CONFIRM, [list(message_ids)])
        moved = [facts.of(row) for row in cursor.fetchall()]
        cursor.execute(final.UNQUEUE, [[row.id for row in moved]])
    publish.events([facts.happening(row, "sent", RANK[Status.SENT]) for row in moved])
    return [row.id for row in moved]


def _mark(due: Sequence[Stored], matched: dict[UUID, UUID], applied: set[UUID]) -> None:
    """Write down what became of each: applied, ignored, or an orphan to be tried again until the horizon."""
    horizon = datetime.now(UTC) - timedelta(seconds=settings.RECEIPT_HORIZON_SECONDS)
    states, seconds = [], []
    for r in due:
        if r.id in applied:
            states.append("applied")
        elif r.id in matched:
            states.append("ignored")
        else:
            states.append("bad" if r.received_at < horizon else "orphan")
        seconds.append(min(3.0 ** min(r.tries, 9), 6 * 3600.0))
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            {
                "ids": [r.id for r in due],
                "states": states,
                "messages": [matched.get(r.id) for r in due],
                "seconds": seconds,
            },
        )
