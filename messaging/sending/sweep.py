"""Sweeps: what time alone makes due. Leases that ran out, waits that ended, lost answers, validity and deadlines. Each is
idempotent, safe in parallel, and bounded; beat runs them every second."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from accounts.ids import floor_of
from messaging.carriers import registry
from messaging.models.carrier import Carrier
from messaging.models.message import RANK, Lane, Status
from messaging.sending import final, route
from messaging.sending.final import Finality

log = structlog.get_logger()
LIMIT = 5000
MOST_RESENDS = 5
BEGINNING = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
_looked_at: dict[tuple[int, int], tuple[datetime, UUID]] = {}

WAITS_OVER = """
UPDATE messaging_queuerow SET state = 'ready' WHERE message_id IN (
  SELECT message_id FROM messaging_queuerow WHERE state = 'waiting' AND visible_at <= now()
   ORDER BY visible_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING message_id
"""
NO_LONGER_SCHEDULED = f"""
UPDATE messaging_message SET status = 'queued', rank = {RANK[Status.QUEUED]}
 WHERE id = ANY(%s::uuid[]) AND rank = {RANK[Status.SCHEDULED]}
"""
LEASES_OVER = """
UPDATE messaging_queuerow SET state = 'ready', lease_owner = NULL, lease_until = NULL WHERE message_id IN (
  SELECT message_id FROM messaging_queuerow WHERE state = 'leased' AND lease_until < now()
   ORDER BY message_id LIMIT %s FOR UPDATE SKIP LOCKED)
"""
LOST = """
WITH d AS (
  UPDATE messaging_queuerow q SET state = 'uncertain', lease_owner = NULL, lease_until = NULL,
         visible_at = now() + make_interval(secs => CASE WHEN q.lane = 1 THEN 20 ELSE %s END)
   WHERE q.message_id IN (SELECT message_id FROM messaging_queuerow WHERE state = 'inflight' AND lease_until < now()
                           ORDER BY message_id LIMIT %s FOR UPDATE SKIP LOCKED)
  RETURNING q.message_id, q.attempt, q.carrier_id)
UPDATE messaging_attempt a SET outcome = 'unknown', code = 'WORKER_LOST'
  FROM d WHERE a.message_id = d.message_id AND a.number = d.attempt AND a.outcome = 'started'
RETURNING a.message_id, d.carrier_id
"""
BECOME_UNCERTAIN = f"""
UPDATE messaging_message SET status = 'uncertain', rank = {RANK[Status.UNCERTAIN]},
       submitted_at = coalesce(submitted_at, now()), attempts = attempts + 1
 WHERE id = ANY(%s::uuid[]) AND rank < {RANK[Status.UNCERTAIN]}
"""
UNCERTAIN_DUE = """
SELECT q.message_id, q.lane, q.attempt, q.carrier_id, m.expires_at > now(), a.on_uncertain = 'resend',
       coalesce(m.submitted_at, m.created_at)
  FROM messaging_queuerow q JOIN messaging_message m ON m.id = q.message_id JOIN accounts_account a ON a.id = q.account_id
 WHERE q.state = 'uncertain' AND q.visible_at <= now()
 ORDER BY q.visible_at LIMIT %s FOR UPDATE OF q SKIP LOCKED
"""
RESEND = (
    "UPDATE messaging_queuerow SET state = 'ready', visible_at = now() WHERE message_id = ANY(%s::uuid[])"
)
LOOK_LATER = """
UPDATE messaging_queuerow q SET visible_at = coalesce(m.submitted_at, m.created_at) + make_interval(secs => %s)
  FROM messaging_message m WHERE m.id = q.message_id AND q.message_id = ANY(%s::uuid[]) AND m.id = ANY(%s::uuid[])
"""
EXPIRED = """
SELECT q.message_id, m.rank FROM messaging_queuerow q JOIN messaging_message m ON m.id = q.message_id
 WHERE q.expires_at <= now() AND q.state IN ('waiting', 'ready') ORDER BY q.expires_at LIMIT %s FOR UPDATE OF q SKIP LOCKED
"""
BACK_TO_UNCERTAIN = """
UPDATE messaging_queuerow SET state = 'uncertain', visible_at = now()
 WHERE message_id = ANY(%s::uuid[])
"""
NO_RECEIPT = f"""
SELECT id FROM messaging_message
 WHERE final_at IS NULL AND id < %s AND rank = {RANK[Status.SENT]} AND sent_at < %s
 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
# What was reported and is not applied yet: by the carrier's reference of an attempt, or by ours.
REPORTED = """
SELECT r.message_id FROM messaging_receiptrecord r
 WHERE r.message_id = ANY(%(ids)s::uuid[]) AND r.state IN ('new', 'orphan') AND r.received_at <= statement_timestamp()
UNION
SELECT a.message_id FROM messaging_attempt a JOIN messaging_receiptrecord r
    ON r.carrier_id = a.carrier_id AND r.reference = a.reference
 WHERE a.message_id = ANY(%(ids)s::uuid[]) AND a.reference IS NOT NULL
   AND r.state IN ('new', 'orphan') AND r.received_at <= statement_timestamp()
"""
DUE = """
SELECT c.id, l.lane FROM messaging_carrier c CROSS JOIN (VALUES (1), (2), (3)) AS l(lane)
 WHERE (c.enabled OR c.kind = 'simulator') AND c.paused_at IS NULL AND EXISTS (
   SELECT FROM messaging_queuerow q WHERE q.carrier_id = c.id AND q.lane = l.lane AND q.state = 'ready')
"""
# From where the last look at each carrier and lane ended: so every row is looked at in turn, however many come first
# that nobody else takes.
STRANDED = """
SELECT q.message_id, q.account_id, m.channel, m."to", m.mode, p.carrier_id, p.lane, q.rank_at
  FROM unnest(%s::int[], %s::smallint[], %s::timestamptz[], %s::uuid[]) AS p(carrier_id, lane, rank_at, message_id)
 CROSS JOIN LATERAL (
   SELECT r.message_id, r.account_id, r.rank_at FROM messaging_queuerow r
    WHERE r.state = 'ready' AND r.carrier_id = p.carrier_id AND r.lane = p.lane
      AND r.rank_at >= p.rank_at AND (r.rank_at, r.message_id) > (p.rank_at, p.message_id)
    ORDER BY r.rank_at, r.message_id LIMIT %s FOR UPDATE OF r SKIP LOCKED) q
  JOIN messaging_message m ON m.id = q.message_id
 ORDER BY q.rank_at, q.message_id
"""
MOVE = """
UPDATE messaging_queuerow q SET carrier_id = r.carrier_id
  FROM unnest(%s::uuid[], %s::int[]) AS r(id, carrier_id) WHERE q.message_id = r.id
"""


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return list(cursor.fetchall()) if cursor.description else []


def all_due() -> None:
    """Run every sweep once. One that fails is tried again in a second, and keeps none of the others from their work."""
    for sweep in (waits_over, leases_over, answers_lost, uncertain, expired, without_receipt, stranded):
        try:
            sweep()
        except Exception:
            log.exception("sweep failed", sweep=sweep.__name__)
            if not connection.is_usable():
                raise


def waits_over() -> int:
    """Retries and scheduled messages whose time has come are ready."""
    with transaction.atomic():
        ready = [row[0] for row in _rows(WAITS_OVER, [LIMIT])]
        if ready:
            _rows(NO_LONGER_SCHEDULED, [ready])
    return len(ready)


def leases_over() -> None:
    """A lease without an intent that ran out: nothing was sent, the row is ready again."""
    _rows(LEASES_OVER, [LIMIT])


def answers_lost() -> int:
    """An intent without a result whose lease ran out: the message may have been sent (promise P6)."""
    with transaction.atomic():
        lost = [row[0] for row in _rows(LOST, [settings.UNKNOWN_GRACE_SECONDS, LIMIT])]
        if lost:
            _rows(final.LOCK, [lost])
            _rows(BECOME_UNCERTAIN, [lost])
    return len(lost)


def uncertain() -> int:
    """Settle lost answers by the rule of docs/promises.md: resend where that is safe or wanted, else wait for a receipt
    until the horizon, then fail and refund. A receipt that is stored and has yet to be applied is waited for."""
    horizon = timedelta(seconds=settings.RECEIPT_HORIZON_SECONDS)
    now = datetime.now(UTC)
    resend: list[UUID] = []
    wait: list[UUID] = []
    fail: list[UUID] = []
    with transaction.atomic():
        rows = _rows(UNCERTAIN_DUE, [LIMIT])
        safe = _deduplicating({row[3] for row in rows})
        reported = _reported([row[0] for row in rows])
        for message_id, lane, attempt, carrier_id, valid, wants_resend, submitted_at in rows:
            if message_id in reported:
                continue
            if submitted_at + horizon <= now:
                fail.append(message_id)
            elif valid and attempt < _most_attempts(lane, carrier_id in safe, wants_resend):
                resend.append(message_id)
            else:
                wait.append(message_id)
        if resend:
            _rows(RESEND, [resend])
        if wait:
            _rows(LOOK_LATER, [settings.RECEIPT_HORIZON_SECONDS, wait, wait])
        final.settle(
            [Finality(message_id, Status.FAILED, "SUBMIT_UNCONFIRMED") for message_id in fail],
            most_rank=RANK[Status.UNCERTAIN],
        )
    return len(rows)


def _most_attempts(lane: int, deduplicated: bool, wants_resend: bool) -> int:
    """How many attempts a message with a lost answer may have in all."""
    if deduplicated:
        return MOST_RESENDS
    if lane == Lane.URGENT or (wants_resend and lane == Lane.NORMAL):
        return 2
    return 0


def _deduplicating(carrier_ids: set[int]) -> set[int]:
    rows = (
        Carrier.objects.filter(pk__in=carrier_ids).values_list("pk", "kind", "settings")
        if carrier_ids
        else ()
    )
    return {pk for pk, kind, settings in rows if registry.deduplicates(kind, settings)}


def expired() -> int:
    """Messages that no carrier took within their validity: expired and refunded. One whose answer was lost stays open."""
    with transaction.atomic():
        rows = _rows(EXPIRED, [LIMIT])
        lost = [message_id for message_id, rank in rows if rank == RANK[Status.UNCERTAIN]]
        if lost:
            _rows(BACK_TO_UNCERTAIN, [lost])
        final.settle(
            [
                Finality(message_id, Status.EXPIRED, "EXPIRED_BEFORE_SUBMIT")
                for message_id, rank in rows
                if rank < RANK[Status.UNCERTAIN]
            ]
        )
    return len(rows)


def without_receipt() -> int:
    """Messages a carrier took and never reported on: expired at the horizon, not refunded (the carrier took them). What it
    did report is applied first, however late that is."""
    before = datetime.now(UTC) - timedelta(seconds=settings.RECEIPT_HORIZON_SECONDS)
    with transaction.atomic():
        ids = [row[0] for row in _rows(NO_RECEIPT, [floor_of(before), before, LIMIT])]
        reported = _reported(ids)
        silent = [message_id for message_id in ids if message_id not in reported]
        final.settle([Finality(message_id, Status.EXPIRED, "NO_DLR") for message_id in silent])
    return len(silent)


def _reported(message_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the messages that a stored receipt is about which has yet to be applied."""
    if not message_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(REPORTED, {"ids": list(message_ids)})
        return {row[0] for row in cursor.fetchall()}


def stranded(limit: int = LIMIT) -> int:
    """Messages that wait for a disabled or paused carrier go to another that takes them, if there is one.

    At most `limit` rows are looked at, each carrier and lane in its turn; the next call goes on where this one ended, and
    begins anew where it came to the end.
    """
    closed = list(
        Carrier.objects.exclude(enabled=True, paused_at__isnull=True)
        .exclude(kind="simulator")
        .values_list("pk", flat=True)
    )
    lines = [(carrier_id, int(lane)) for carrier_id in closed for lane in Lane]
    if not lines:
        _looked_at.clear()
        return 0
    each = max(1, limit // len(lines))
    with transaction.atomic():
        places = [_looked_at.get(line, BEGINNING) for line in lines]
        columns = [
            [line[0] for line in lines],
            [line[1] for line in lines],
            [p[0] for p in places],
            [p[1] for p in places],
        ]
        rows = _rows(STRANDED, [*columns, each])
        moves = []
        for message_id, account_id, channel, to, mode, carrier_id, _, _ in rows:
            found = route.candidates(account_id, channel, to, mode=mode)
            if found and not found[0].paused and found[0].carrier_id != carrier_id:
                moves.append((message_id, found[0].carrier_id))
        if moves:
            _rows(MOVE, [[m[0] for m in moves], [m[1] for m in moves]])
    _remember(rows, each)
    return len(moves)


def _remember(rows: Sequence[tuple[Any, ...]], each: int) -> None:
    """Where the next look at each carrier and lane begins. Only in this process: forgotten, it begins anew."""
    _looked_at.clear()
    counts = Counter((row[5], row[6]) for row in rows)
    for row in rows:
        if counts[row[5], row[6]] == each:
            _looked_at[row[5], row[6]] = (row[7], row[0])


def due() -> list[tuple[int, int]]:
    """The (carrier, lane) pairs that have something ready."""
    return [(row[0], row[1]) for row in _rows(DUE, [])]
