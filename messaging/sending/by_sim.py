"""By which SIM a claimed message goes, for carriers that are gateways: the one it was accepted for, else one of the pool in
turn. Noted before the wire; a SIM that fails several times in a row is set aside and comes back by a probe."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import F

from accounts import audit
from accounts.ids import floor_of
from messaging.carriers.contract import Accepted, SimLine, Submission, TryLater
from messaging.models.sim import Sim
from messaging.sending import sim_room
from messaging.sending.outcome import Settled

log = structlog.get_logger()
GATEWAYS = frozenset({"sim_gateway"})
"""Kinds whose messages go by a SIM."""
MOST_FAILURES = 3
MOST_FAILED = 5
PROBE_SECONDS = 60
GIVEN = """
SELECT m.id, m.account_id, m.sender, u.sim_id
  FROM messaging_message m LEFT JOIN messaging_simuse u ON u.message_id = m.id AND u.message_id = ANY(%(ids)s::uuid[])
 WHERE m.id = ANY(%(ids)s::uuid[])
"""
NOTE = """
INSERT INTO messaging_simuse (message_id, sim_id) SELECT * FROM unnest(%s::uuid[], %s::int[])
ON CONFLICT (message_id) DO UPDATE SET sim_id = excluded.sim_id
"""
# SIMs of gateways whose last messages all failed, and why is not known: after their return, of the last day.
ALL_FAILED = """
SELECT s.id FROM messaging_sim s JOIN messaging_carrier c ON c.id = s.carrier_id AND c.kind = ANY(%(kinds)s)
 CROSS JOIN LATERAL (
   SELECT m.status, m.error_code FROM messaging_simuse u JOIN messaging_message m ON m.id = u.message_id
    WHERE u.sim_id = s.id AND u.message_id >= %(since)s AND m.id >= %(since)s AND m.final_at IS NOT NULL
      AND (s.returned_at IS NULL OR m.final_at > s.returned_at)
    ORDER BY u.message_id DESC LIMIT %(most)s) l
 WHERE s.enabled AND s.aside_at IS NULL
 GROUP BY s.id
HAVING count(*) = %(most)s AND bool_and(l.status = 'failed' AND l.error_code IN ('UNKNOWN', 'CARRIER_REFUSED'))
"""


def give(carrier_id: int, submissions: Sequence[Submission]) -> list[Submission]:
    """The submissions, each with its SIM; one for which no SIM has room or works goes without, and waits."""
    ids = [s.id for s in submissions]
    with transaction.atomic():
        pool = {sim.id: sim for sim in Sim.objects.filter(carrier_id=carrier_id, enabled=True)}
        with connection.cursor() as cursor:
            cursor.execute(GIVEN, {"ids": ids})
            known = {row[0]: row[1:] for row in cursor.fetchall()}
        kept: dict[UUID, Sim] = {}
        wanting: list[tuple[UUID, UUID]] = []
        for message_id in ids:
            account_id, sender, sim_id = known[message_id]
            sim = pool.get(sim_id) if sim_id is not None else None
            if sim is not None and sim.aside_at is None:
                kept[message_id] = sim
            elif sim is None or sender != sim.number:  # a SIM that was asked for by its number is waited for
                wanting.append((message_id, account_id))
        kept |= _rotated(pool.values(), wanting)
    return [replace(s, sim=_line(kept[s.id])) if s.id in kept else s for s in submissions]


def _rotated(pool: Iterable[Sim], wanting: Sequence[tuple[UUID, UUID]]) -> dict[UUID, Sim]:
    """A SIM for each (message, account): the account's own before everybody's, the least used of them first."""
    if not wanting:
        return {}
    working = [sim for sim in pool if sim.aside_at is None]
    left = {sim.id: sim_room.room(sim) for sim in working}
    load = {sim.id: sim_room.used(sim).today for sim in working}
    chosen: dict[UUID, Sim] = {}
    for message_id, account_id in wanting:
        fitting = [s for s in working if left[s.id] and s.account_id in (None, account_id)]
        if fitting:
            sim = min(fitting, key=lambda s: (s.account_id is None, load[s.id], s.id))
            chosen[message_id] = sim
            left[sim.id] -= 1
            load[sim.id] += 1
    short = sim_room.take(Counter(sim.id for sim in chosen.values()))
    chosen = {message_id: sim for message_id, sim in chosen.items() if sim.id not in short}
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [list(chosen), [sim.id for sim in chosen.values()]])
    return chosen


def _line(sim: Sim) -> SimLine:
    return SimLine(sim.id, sim.number, sim.port, sim.slot)


def note(settled: Sequence[Settled]) -> None:
    """Count failures in a row of each SIM by the answers of one batch; enough of them set it aside."""
    failed: Counter[int] = Counter()
    worked: set[int] = set()
    for s in settled:
        if s.submission.sim is None:
            continue
        if isinstance(s.result, Accepted):
            worked.add(s.submission.sim.id)
        elif isinstance(s.result, TryLater) and s.result.code.startswith("SIM_"):
            failed[s.submission.sim.id] += 1
    if worked:
        Sim.objects.filter(pk__in=worked, failures__gt=0).update(failures=0)
    for sim_id in sorted(failed.keys() - worked):
        Sim.objects.filter(pk=sim_id).update(failures=F("failures") + min(failed[sim_id], 100))
        if Sim.objects.filter(pk=sim_id, failures__gte=MOST_FAILURES).exists():
            set_aside(sim_id, f"{MOST_FAILURES} submits in a row failed")


def set_aside(sim_id: int, reason: str) -> bool:
    """Give a SIM no messages until a probe finds it ready. Returns whether it was in use."""
    now = datetime.now(UTC)
    done = Sim.objects.filter(pk=sim_id, aside_at__isnull=True).update(
        aside_at=now, aside_reason=reason[:200], probe_after=now + timedelta(seconds=PROBE_SECONDS)
    )
    if done:
        log.error("SIM set aside", sim_id=sim_id, reason=reason)
        audit.record(
            None, actor="system", action="sim.set_aside", subject=f"SIM {sim_id}", detail={"reason": reason}
        )
    return bool(done)


def take_back(sim_id: int, *, actor: str) -> bool:
    """Use a SIM again. Returns whether it was set aside."""
    done = Sim.objects.filter(pk=sim_id, aside_at__isnull=False).update(
        aside_at=None, aside_reason="", probe_after=None, failures=0, returned_at=datetime.now(UTC)
    )
    if done:
        audit.record(None, actor=actor, action="sim.taken_back", subject=f"SIM {sim_id}", detail={})
    return bool(done)


def look() -> int:
    """Set aside the SIMs whose last messages all failed by their receipts. Returns how many were."""
    since = floor_of(datetime.now(UTC) - timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(ALL_FAILED, {"kinds": sorted(GATEWAYS), "since": since, "most": MOST_FAILED})
        found = [row[0] for row in cursor.fetchall()]
    return sum(set_aside(sim_id, f"the last {MOST_FAILED} messages failed") for sim_id in found)


def due_for_probe() -> list[tuple[int, SimLine]]:
    """(carrier, SIM) of those set aside whose probe is due; it is put off at once, so only one worker makes it."""
    now = datetime.now(UTC)
    due = Sim.objects.filter(enabled=True, aside_at__isnull=False, probe_after__lte=now)[:100]
    later = now + timedelta(seconds=PROBE_SECONDS)
    return [
        (sim.carrier_id, _line(sim))
        for sim in due
        if Sim.objects.filter(pk=sim.pk, probe_after__lte=now).update(probe_after=later)
    ]
