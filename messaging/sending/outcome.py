"""Outcome: record what carriers answered, for a whole batch in a few statements. The only place where a status changes
after acceptance (with `final.py`, its last step): attempt, status, event, deliveries, queue row and refund together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from messaging.carriers.contract import (
    Accepted,
    PlannedReceipt,
    Rejected,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from messaging.models import ReceiptRecord
from messaging.models.message import RANK, Status
from messaging.sending import codes, facts, final, health, route
from messaging.sending.final import Finality
from webhooks import publish

log = structlog.get_logger()
QUEUE_FULL_SECONDS = 180.0
DENIED_SECONDS = 30.0
DEDUPLICATED_CHECK_SECONDS = 5.0
URGENT_CHECK_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Settled:
    """One submission and its answer; `planned` are receipts that are known already (simulator)."""

    submission: Submission
    result: Result
    planned: Sequence[PlannedReceipt] = ()


END_ATTEMPTS = """
UPDATE messaging_attempt a SET outcome = r.outcome, reference = nullif(r.reference, ''), code = left(r.code, 60),
       detail = left(r.detail, 200), ended_at = now()
  FROM unnest(%(ids)s::uuid[], %(numbers)s::smallint[], %(outcomes)s::text[], %(references)s::text[], %(codes)s::text[],
              %(details)s::text[]) AS r(id, number, outcome, reference, code, detail)
 WHERE a.message_id = r.id AND a.number = r.number AND a.message_id = ANY(%(ids)s::uuid[])
   AND a.outcome IN ('started', 'unknown')
"""
LOCK = final.LOCK
SENT = f"""
UPDATE messaging_message m SET status = 'sent', rank = {RANK[Status.SENT]}, sent_at = now(), submitted_at = now(),
       carrier_id = %(carrier)s, attempts = greatest(m.attempts, r.number), sealed_text = NULL
  FROM unnest(%(ids)s::uuid[], %(numbers)s::smallint[]) AS r(id, number)
 WHERE m.id = r.id AND m.id = ANY(%(ids)s::uuid[]) AND m.rank < {RANK[Status.SENT]}
RETURNING {facts.COLUMNS}
"""
UNCERTAIN = f"""
UPDATE messaging_message m SET status = 'uncertain', rank = {RANK[Status.UNCERTAIN]}, submitted_at = now(),
       carrier_id = %(carrier)s, attempts = m.attempts + 1
 WHERE m.id = ANY(%(ids)s::uuid[]) AND m.rank < {RANK[Status.UNCERTAIN]}
"""
# An answer that comes late (its lease ran out, or it is recorded a second time because COMMIT was not answered) may find
# the row with another worker: then it is that worker's.
STILL_OURS = "q.attempt = r.number AND q.state IN ('inflight', 'uncertain')"
KEEP_UNCERTAIN = f"""
UPDATE messaging_queuerow q SET state = 'uncertain', lease_owner = NULL, lease_until = NULL,
       visible_at = now() + make_interval(secs => CASE WHEN %(soon)s THEN %(soon_seconds)s
                                                   WHEN q.lane = 1 THEN %(urgent_seconds)s ELSE %(grace)s END)
  FROM unnest(%(ids)s::uuid[], %(numbers)s::smallint[]) AS r(id, number)
 WHERE q.message_id = r.id AND q.message_id = ANY(%(ids)s::uuid[]) AND {STILL_OURS}
"""
WAIT = f"""
UPDATE messaging_queuerow q SET state = 'waiting', lease_owner = NULL, lease_until = NULL, carrier_id = r.carrier_id,
       visible_at = now() + make_interval(secs => r.seconds), retries = q.retries + r.counted
  FROM unnest(%(ids)s::uuid[], %(numbers)s::smallint[], %(carriers)s::int[], %(seconds)s::float8[],
              %(counted)s::smallint[]) AS r(id, number, carrier_id, seconds, counted)
 WHERE q.message_id = r.id AND q.message_id = ANY(%(ids)s::uuid[]) AND {STILL_OURS}
"""
RETRIES = """
SELECT q.message_id, q.retries, q.account_id, m.mode FROM messaging_queuerow q JOIN messaging_message m ON m.id = q.message_id
 WHERE q.message_id = ANY(%s::uuid[])
"""
# Another attempt of the same message that a carrier may have taken. A former one that the refusing carrier would have known
# by our reference, it did not take.
MAY_HAVE_TAKEN = """
SELECT a.message_id FROM messaging_attempt a JOIN unnest(%(ids)s::uuid[], %(numbers)s::smallint[]) AS r(id, number)
    ON a.message_id = r.id AND a.number <> r.number
 WHERE a.message_id = ANY(%(ids)s::uuid[])
   AND (a.outcome = 'started' OR a.outcome = 'unknown' AND (a.carrier_id IS DISTINCT FROM %(knows)s OR a.number > r.number))
"""
WAKE_ORPHANS = """
UPDATE messaging_receiptrecord SET next_at = now()
 WHERE state = 'orphan' AND carrier_id = %s AND reference = ANY(%s::text[])
"""


def record(carrier_id: int, settled: Sequence[Settled], *, deduplicates: bool = False) -> None:
    """Record the answers of one carrier to one batch, all in one transaction."""
    accepted = [s for s in settled if isinstance(s.result, Accepted)]
    rejected = [s for s in settled if isinstance(s.result, Rejected)]
    later = [s for s in settled if isinstance(s.result, TryLater)]
    unknown = [s for s in settled if isinstance(s.result, Unknown)]
    with transaction.atomic():
        _end_attempts(settled)
        _lock([s.submission.id for s in settled])
        _accepted(carrier_id, accepted)
        _unknown(carrier_id, unknown, deduplicates=deduplicates)
        _later(carrier_id, later)
        _refused(
            carrier_id,
            [(s.submission.attempt, _failure(carrier_id, s)) for s in rejected],
            deduplicates=deduplicates,
        )
    health.note(carrier_id, [s.result for s in settled])
    codes.note([codes.of_result(carrier_id, s.result, s.submission.id) for s in settled])


def refuse_opted_out(carrier_id: int, taken: Sequence[tuple[UUID, int]]) -> None:
    """End messages whose recipient opted out after acceptance: never sent, refunded (promise P15)."""
    if not taken:
        return
    with transaction.atomic():
        _write_attempts(
            [(message_id, number, "not_sent", "", "OPTED_OUT", "") for message_id, number in taken]
        )
        _lock([message_id for message_id, _ in taken])
        ends = [(number, Finality(message_id, Status.FAILED, "OPTED_OUT")) for message_id, number in taken]
        _refused(carrier_id, ends, deduplicates=False)


def _refused(carrier_id: int, ends: Sequence[tuple[int, Finality]], *, deduplicates: bool) -> None:
    """End what an attempt was refused for, unless another attempt of it was taken (then it is `sent`), or may have been:
    then it stays uncertain, and a receipt or the horizon settles it."""
    if not ends:
        return
    marks = [(end.message_id, number) for number, end in ends]
    with connection.cursor() as cursor:
        cursor.execute(
            MAY_HAVE_TAKEN,
            {
                "ids": [mark[0] for mark in marks],
                "numbers": [mark[1] for mark in marks],
                "knows": carrier_id if deduplicates else None,
            },
        )
        still_open = {row[0] for row in cursor.fetchall()}
    if still_open:
        _stay_uncertain(carrier_id, [mark for mark in marks if mark[0] in still_open], soon=False)
    final.settle(
        [end for _, end in ends if end.message_id not in still_open], most_rank=RANK[Status.UNCERTAIN]
    )


def _lock(ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(ids)])


def _end_attempts(settled: Sequence[Settled]) -> None:
    rows = []
    for s in settled:
        result = s.result
        outcome, reference, code, detail = "unknown", "", "", ""
        if isinstance(result, Accepted):
            outcome, reference = "accepted", result.reference
        else:
            code, detail = result.code, _detail(s)
            outcome = {Rejected: "rejected", TryLater: "retry", Unknown: "unknown"}[type(result)]
        rows.append((s.submission.id, s.submission.attempt, outcome, reference, code, detail))
    _write_attempts(rows)


def _write_attempts(rows: Sequence[tuple[UUID, int, str, str, str, str]]) -> None:
    if not rows:
        return
    names = ("ids", "numbers", "outcomes", "references", "codes", "details")
    with connection.cursor() as cursor:
        cursor.execute(END_ATTEMPTS, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _accepted(carrier_id: int, settled: Sequence[Settled]) -> None:
    if not settled:
        return
    ids = [s.submission.id for s in settled]
    with connection.cursor() as cursor:
        cursor.execute(
            SENT, {"ids": ids, "numbers": [s.submission.attempt for s in settled], "carrier": carrier_id}
        )
        moved = [facts.of(row) for row in cursor.fetchall()]
        cursor.execute(final.UNQUEUE, [ids])
        references = [
            s.result.reference for s in settled if isinstance(s.result, Accepted) and s.result.reference
        ]
        cursor.execute(WAKE_ORPHANS, [carrier_id, references])
    publish.events([facts.happening(row, "sent", RANK[Status.SENT]) for row in moved])
    _plan_receipts(carrier_id, settled)


def _plan_receipts(carrier_id: int, settled: Sequence[Settled]) -> None:
    """Keep the receipts that the carrier will have, due in time: stored with the outcome, so a crash loses none."""
    now = datetime.now(UTC)
    ReceiptRecord.objects.bulk_create(
        [
            ReceiptRecord(
                carrier_id=carrier_id,
                message_id=s.submission.id,
                reference=planned.receipt.reference,
                status=planned.receipt.status,
                code=planned.receipt.code,
                reason=planned.receipt.reason,
                next_at=now + timedelta(seconds=planned.delay_seconds),
                received_at=now + timedelta(seconds=planned.delay_seconds),
            )
            for s in settled
            for planned in s.planned
            if not planned.before_answer
        ]
    )


def _unknown(carrier_id: int, settled: Sequence[Settled], *, deduplicates: bool) -> None:
    if not settled:
        return
    _stay_uncertain(carrier_id, [(s.submission.id, s.submission.attempt) for s in settled], soon=deduplicates)


def _stay_uncertain(carrier_id: int, marks: Sequence[tuple[UUID, int]], *, soon: bool) -> None:
    """Leave messages, as (id, attempt number), to the sweep that settles lost answers."""
    ids = [mark[0] for mark in marks]
    with connection.cursor() as cursor:
        cursor.execute(UNCERTAIN, {"ids": ids, "carrier": carrier_id})
        cursor.execute(
            KEEP_UNCERTAIN,
            {
                "ids": ids,
                "numbers": [mark[1] for mark in marks],
                "soon": soon,
                "soon_seconds": DEDUPLICATED_CHECK_SECONDS,
                "urgent_seconds": URGENT_CHECK_SECONDS,
                "grace": settings.UNKNOWN_GRACE_SECONDS,
            },
        )


def _later(carrier_id: int, settled: Sequence[Settled]) -> None:
    """Put back what was certainly not taken: on another carrier if one fits, else after the step of the schedule."""
    if not settled:
        return
    with connection.cursor() as cursor:
        cursor.execute(RETRIES, [[s.submission.id for s in settled]])
        known = {row[0]: row[1:] for row in cursor.fetchall()}
    rows = []
    for s in settled:
        if s.submission.id in known and isinstance(s.result, TryLater):
            retries, account_id, mode = known[s.submission.id]
            rows.append(
                (
                    s.submission.id,
                    s.submission.attempt,
                    *_next_try(carrier_id, s.submission, s.result, retries, account_id, mode),
                )
            )
    if rows:
        names = ("ids", "numbers", "carriers", "seconds", "counted")
        with connection.cursor() as cursor:
            cursor.execute(WAIT, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _next_try(
    carrier_id: int, submission: Submission, result: TryLater, retries: int, account_id: UUID, mode: str
) -> tuple[int, float, int]:
    """(carrier, seconds to wait, 1 if this refusal counts)."""
    if result.cause == "throttled":
        return carrier_id, max(0.1, result.after_seconds or 1.0), 0
    if result.cause == "queue_full":
        return carrier_id, result.after_seconds or QUEUE_FULL_SECONDS, 1
    found = route.candidates(account_id, submission.channel, submission.to, mode=mode)
    others = [
        candidate.carrier_id
        for candidate in found
        if candidate.carrier_id != carrier_id and not candidate.paused
    ]
    if others and retries < 2 * len(found):
        return others[retries % len(others)], 0.0, 1
    if result.cause == "denied":
        return carrier_id, DENIED_SECONDS, 1
    steps = settings.RETRY_SCHEDULE
    return carrier_id, steps[min(retries + 1, len(steps) - 1)], 1


def _failure(carrier_id: int, settled: Settled) -> Finality:
    result = settled.result
    if not isinstance(result, Rejected):
        raise TypeError(f"{result} does not end a message")
    reason = codes.reason(carrier_id, result.code, str(result.reason))
    return Finality(settled.submission.id, Status.FAILED, reason, _detail(settled) or result.code)


def _detail(settled: Settled) -> str:
    """The carrier's words, unless the text is a secret: they might quote it."""
    result = settled.result
    return "" if settled.submission.secret or isinstance(result, Accepted) else result.detail
