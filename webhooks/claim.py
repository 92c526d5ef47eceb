"""Taking deliveries that are due, for a time (a lease), and giving back what was not sent. Per endpoint, so
that a dead one with a hundred thousand deliveries costs one probe and delays nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import floor_of

LEASE_SECONDS = 60
# A delivery lives as long as its tries and the replays of thirty days; the bound spares the search older
# partitions.
OLDEST = timedelta(days=35)

# Every endpoint's first delivery comes before anybody's second. `allowance` is what this worker may take
# more of an endpoint it already works for; while the breaker is open that is one, for all workers together
# (`CLOSE_TO_OTHERS`).
DUE = """
WITH p AS (
  SELECT e.id, e.failing_since IS NOT NULL AS probing, b.allowance
    FROM webhooks_endpoint e
    LEFT JOIN unnest(%(known)s::uuid[], %(allowances)s::int[]) AS b(id, allowance) ON b.id = e.id
   WHERE e.active AND (e.not_before IS NULL OR e.not_before <= now()))
SELECT d.event_id, d.endpoint_id, p.probing
  FROM p CROSS JOIN LATERAL (
    SELECT l.event_id, l.endpoint_id, l.next_at, row_number() OVER (ORDER BY l.next_at) AS place
      FROM (SELECT event_id, endpoint_id, next_at FROM webhooks_delivery
             WHERE endpoint_id = p.id AND state = 'pending' AND next_at <= now()
               AND event_id >= %(oldest)s AND event_id < %(newest)s
             ORDER BY next_at
             LIMIT CASE WHEN p.probing THEN least(coalesce(p.allowance, 1), 1)
                        ELSE coalesce(p.allowance, %(each)s) END
               FOR UPDATE SKIP LOCKED) l) d
 ORDER BY d.place, d.next_at LIMIT %(most)s"""
ANY_DUE = """
SELECT EXISTS (
  SELECT FROM webhooks_endpoint e
   WHERE e.active AND (e.not_before IS NULL OR e.not_before <= now())
     AND EXISTS (SELECT FROM webhooks_delivery d
                  WHERE d.endpoint_id = e.id AND d.state = 'pending' AND d.next_at <= now()
                    AND d.event_id >= %(oldest)s AND d.event_id < %(newest)s))"""
LEASE_THEM = """
UPDATE webhooks_delivery d SET lease_owner = %(owner)s, next_at = now() + %(lease)s * interval '1 second'
  FROM unnest(%(events)s::uuid[], %(endpoints)s::uuid[]) AS c(event_id, endpoint_id)
 WHERE d.event_id = ANY(%(events)s::uuid[]) AND d.event_id = c.event_id AND d.endpoint_id = c.endpoint_id
RETURNING d.event_id, d.endpoint_id, d.subject_id, d.type, d.url, d.attempts, now()"""
CLOSE_TO_OTHERS = """
UPDATE webhooks_endpoint SET not_before = now() + %(lease)s * interval '1 second'
 WHERE id = ANY(%(probed)s::uuid[])"""
GIVE_BACK = """
UPDATE webhooks_delivery d SET lease_owner = NULL, next_at = now()
  FROM unnest(%(events)s::uuid[], %(endpoints)s::uuid[]) AS c(event_id, endpoint_id)
 WHERE d.event_id = ANY(%(events)s::uuid[]) AND d.event_id = c.event_id AND d.endpoint_id = c.endpoint_id
   AND d.lease_owner = %(owner)s AND d.state = 'pending'"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease runs out. `attempts` counts the tries so far, `claimed_at` is
    the database's time."""

    event_id: UUID
    endpoint_id: UUID
    subject_id: UUID
    type: str
    url: str
    attempts: int
    claimed_at: datetime


def _bounds() -> dict[str, UUID]:
    now = datetime.now(UTC)
    return {"oldest": floor_of(now - OLDEST), "newest": floor_of(now + timedelta(days=1))}


def any_due() -> bool:
    """Whether there is anything to deliver: one cheap question, asked every second."""
    with connection.cursor() as cursor:
        cursor.execute(ANY_DUE, _bounds())
        return bool(cursor.fetchone()[0])


def due(owner: UUID, *, most: int, each: int, allowances: Mapping[UUID, int]) -> list[Claimed]:
    """Lease at most `most` deliveries that are due: `each` of one endpoint, or what `allowances` says of
    it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            DUE,
            {
                **_bounds(),
                "known": list(allowances),
                "allowances": list(allowances.values()),
                "each": each,
                "most": most,
            },
        )
        found = cursor.fetchall()
        if not found:
            return []
        cursor.execute(
            LEASE_THEM,
            {
                "owner": owner,
                "lease": LEASE_SECONDS,
                "events": [row[0] for row in found],
                "endpoints": [row[1] for row in found],
            },
        )
        leased = {(row[0], row[1]): Claimed(*row) for row in cursor.fetchall()}
        if probed := [row[1] for row in found if row[2]]:
            cursor.execute(CLOSE_TO_OTHERS, {"lease": LEASE_SECONDS, "probed": sorted(probed)})
    return [leased[row[0], row[1]] for row in found]


def give_back(owner: UUID, unsent: Iterable[tuple[UUID, UUID]]) -> None:
    """Make leased deliveries (event, endpoint) that were not sent due again at once."""
    pairs = list(unsent)
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            GIVE_BACK,
            {"owner": owner, "events": [pair[0] for pair in pairs], "endpoints": [pair[1] for pair in pairs]},
        )
