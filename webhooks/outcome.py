"""What posts came to, stored for a whole batch in a few statements and one transaction: the deliveries,
their attempts, and the health of their endpoints."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts.ids import show
from accounts.models import AuditEntry
from webhooks import breaker
from webhooks.breaker import Health, Limits, Post
from webhooks.courier import Result

JITTER = 0.2
MAX_RETRY_AFTER_STEPS = 2.0
ACTOR = "webhooks"

LOCK_ENDPOINTS = """
SELECT id, consecutive_failures, failing_since, not_before, active, account_id, url
  FROM webhooks_endpoint WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE"""
# A delivery whose lease went to somebody else (or that was replayed meanwhile) keeps what that somebody
# writes.
SETTLE = """
UPDATE webhooks_delivery d
   SET state = r.state, attempts = d.attempts + 1, lease_owner = NULL, last_status = r.status, last_error =
   r.error, next_at = CASE WHEN r.state = 'pending' THEN now() + r.wait * interval '1 second' ELSE d.next_at
   END, done_at = CASE WHEN r.state = 'pending' THEN NULL ELSE now() END FROM unnest(%(events)s::uuid[],
   %(endpoints)s::uuid[], %(states)s::text[], %(waits)s::float8[], %(statuses)s::smallint[],
   %(errors)s::text[]) AS r(event_id, endpoint_id, state, wait, status, error) WHERE d.event_id =
   ANY(%(events)s::uuid[]) AND d.event_id = r.event_id AND d.endpoint_id = r.endpoint_id AND d.state =
   'pending' AND d.lease_owner = %(owner)s"""
LOG = """
INSERT INTO webhooks_deliveryattempt
       (event_id, endpoint_id, number, started_at, latency_milliseconds, status, error, answer)
SELECT r.event_id, r.endpoint_id,
       coalesce((SELECT max(number) FROM webhooks_deliveryattempt a
                  WHERE a.event_id = r.event_id AND a.endpoint_id = r.endpoint_id), 0) + 1,
       r.started_at, r.latency, r.status, r.error, r.answer
  FROM unnest(%(events)s::uuid[], %(endpoints)s::uuid[], %(starts)s::timestamptz[], %(latencies)s::int[],
              %(statuses)s::smallint[], %(errors)s::text[], %(answers)s::text[])
       AS r(event_id, endpoint_id, started_at, latency, status, error, answer)
ON CONFLICT DO NOTHING"""
HEALTH = """
UPDATE webhooks_endpoint e
   SET consecutive_failures = h.failures, failing_since = h.failing_since, not_before = h.not_before,
       active = h.active, disabled_reason = CASE WHEN h.reason = '' THEN e.disabled_reason ELSE h.reason END,
       last_triggered_at = now(), last_status = h.status
  FROM unnest(%(ids)s::uuid[], %(failures)s::int[], %(since)s::timestamptz[], %(not_before)s::timestamptz[],
              %(active)s::bool[], %(reasons)s::text[], %(statuses)s::smallint[])
       AS h(id, failures, failing_since, not_before, active, reason, status)
 WHERE e.id = h.id"""
BURY = """
UPDATE webhooks_delivery SET state = 'dead', lease_owner = NULL, done_at = now(), last_error = %(error)s
 WHERE (event_id, endpoint_id) IN (
       SELECT event_id, endpoint_id FROM webhooks_delivery
        WHERE endpoint_id = %(endpoint)s AND state = 'pending' ORDER BY next_at LIMIT %(most)s)"""
BURY_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """An endpoint that these results disabled: whom to tell, and why."""

    endpoint_id: UUID
    account_id: UUID
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What followed from a batch of results: the endpoints that nothing more may go to now, and those among
    them that were switched off."""

    closed: frozenset[UUID]
    switched_off: tuple[SwitchedOff, ...]


@dataclass(frozen=True, slots=True)
class _Endpoint:
    health: Health
    account_id: UUID
    url: str


def record(owner: UUID, results: Sequence[Result]) -> Stored:
    """Store results of deliveries leased by `owner`: one transaction, six statements whatever their
    number."""
    by_endpoint: defaultdict[UUID, list[Result]] = defaultdict(list)
    for result in results:
        by_endpoint[result.job.claimed.endpoint_id].append(result)
    with transaction.atomic():
        known, now = _lock(list(by_endpoint))
        after = {
            endpoint_id: _health(known[endpoint_id].health, by_endpoint[endpoint_id], now)
            for endpoint_id in known
        }
        _settle(owner, [result for result in results if result.job.claimed.endpoint_id in known])
        _store_health(after, by_endpoint)
        switched_off = tuple(
            SwitchedOff(
                endpoint_id, known[endpoint_id].account_id, known[endpoint_id].url, health.disabled_reason
            )
            for endpoint_id, health in after.items()
            if health.disabled_reason
        )
        AuditEntry.objects.bulk_create([_audit(one) for one in switched_off])
    closed = frozenset(
        endpoint_id
        for endpoint_id, health in after.items()
        if not health.active or (health.not_before is not None and health.not_before > now)
    )
    return Stored(closed, switched_off)


def _lock(endpoint_ids: list[UUID]) -> tuple[dict[UUID, _Endpoint], datetime]:
    """The endpoints, locked in the order of their ids, and the database's time."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_ENDPOINTS, {"ids": endpoint_ids})
        known = {row[0]: _Endpoint(Health(*row[1:5]), row[5], row[6]) for row in cursor.fetchall()}
        cursor.execute("SELECT now()")
        return known, cursor.fetchone()[0]


def _health(health: Health, results: Sequence[Result], now: datetime) -> Health:
    posts = [Post(one.answer.taken, one.answer.status, one.job.claimed.claimed_at) for one in results]
    limits = Limits(settings.WEBHOOK_SCHEDULE, timedelta(seconds=settings.WEBHOOK_DISABLE_AFTER_SECONDS))
    return breaker.after(health, posts, now=now, limits=limits)


def verdict(result: Result, schedule: Sequence[float]) -> tuple[str, float]:
    """The state of a delivery after a result, and the seconds until its next try.

    The n-th failure waits for the n-th step of `schedule` and a fifth more or less, so that a burst does
    not come back as a burst; a receiver's Retry-After may stretch that to twice the step. After the last
    step it is dead.
    """
    if result.answer.taken:
        return "done", 0.0
    tried = result.job.claimed.attempts + 1
    if result.job.lost or result.answer.status == breaker.GONE or tried >= len(schedule):
        return "dead", 0.0
    step = schedule[tried]
    wait = step * random.uniform(1 - JITTER, 1 + JITTER)
    wished = min(result.answer.retry_after_seconds or 0.0, MAX_RETRY_AFTER_STEPS * step)
    return "pending", max(wait, wished)


def _settle(owner: UUID, results: Sequence[Result]) -> None:
    verdicts = [verdict(result, settings.WEBHOOK_SCHEDULE) for result in results]
    parameters: dict[str, UUID | list[Any]] = {
        "owner": owner,
        "events": [result.job.claimed.event_id for result in results],
        "endpoints": [result.job.claimed.endpoint_id for result in results],
        "states": [state for state, _ in verdicts],
        "waits": [wait for _, wait in verdicts],
        "statuses": [result.answer.status for result in results],
        "errors": [result.answer.error or "" for result in results],
        "answers": [result.answer.body_excerpt for result in results],
        "latencies": [result.answer.latency_ms for result in results],
        "starts": [result.started_at for result in results],
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, parameters)
        cursor.execute(LOG, parameters)


def _store_health(after: dict[UUID, Health], by_endpoint: dict[UUID, list[Result]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            HEALTH,
            {
                "ids": list(after),
                "failures": [health.consecutive_failures for health in after.values()],
                "since": [health.failing_since for health in after.values()],
                "not_before": [health.not_before for health in after.values()],
                "active": [health.active for health in after.values()],
                "reasons": [health.disabled_reason for health in after.values()],
                "statuses": [by_endpoint[endpoint_id][-1].answer.status for endpoint_id in after],
            },
        )


def _audit(one: SwitchedOff) -> AuditEntry:
    return AuditEntry(
        account_id=one.account_id,
        actor=ACTOR,
        action="endpoint.disabled",
        subject=show("endpoint", one.endpoint_id),
        detail={"reason": one.reason, "url": one.url},
    )


def bury(endpoint_id: UUID, *, reason: str) -> int:
    """Give up what is still owed to an endpoint that is gone, in small statements; it stays listed and
    replayable. Returns how many deliveries that were."""
    buried = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(BURY, {"endpoint": endpoint_id, "error": reason, "most": BURY_AT_ONCE})
            done: int = cursor.rowcount
        buried += done
        if done < BURY_AT_ONCE:
            return buried
