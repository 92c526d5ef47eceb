"""The loop that moves messages: claim → submit → outcome, for one carrier and lane, until nothing is due or the time slice
is over. Run by Celery workers; carrier sessions run the same steps inside their own loop."""

import time
from collections.abc import Callable
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from accounts.ids import new_id
from messaging.carriers.contract import Accepted, Submission
from messaging.models.message import Lane
from messaging.sending import by_sim, claim, outcome, pace, receipt, submit

log = structlog.get_logger()

SLICE_SECONDS = 1.0


def run(carrier_id: int, lane: int, *, slice_seconds: float = SLICE_SECONDS) -> bool:
    """Move due messages. Returns whether more may be due (the slice ended first), so that the caller wakes again."""
    owner = new_id()
    until = time.monotonic() + slice_seconds
    while time.monotonic() < until:
        held = submit.line(carrier_id)
        if held is None or not held.usable:
            return False
        if not once(carrier_id, lane, owner, held):
            return False
    return True


def once(carrier_id: int, lane: int, owner: UUID, held: submit.Line) -> bool:
    """One batch of at most the carrier's window. Returns whether there was anything to do."""
    allowed = held.config.window
    if held.speed:
        allowed = pace.take(carrier_id, speed=held.speed, wanted=allowed, bulk=lane == Lane.BULK)
    elif pace.take(carrier_id, speed=0, wanted=1) == 0:
        return False
    if allowed == 0:
        return False
    claimed = claim.due(carrier_id, lane, owner, allowed)
    _settle_speed(carrier_id, held, allowed, claimed.submissions)
    if claimed.submissions:
        by_gateway = held.config.kind in by_sim.GATEWAYS
        submissions = _with_sims(carrier_id, claimed.submissions) if by_gateway else claimed.submissions
        settled, deduplicates = submit.batch(held, submissions)
        early = [
            planned.receipt
            for s in settled
            if isinstance(s.result, Accepted)
            for planned in s.planned
            if planned.before_answer
        ]
        if early:
            _patiently(partial(receipt.store, [(carrier_id, found, None) for found in early]))
        _patiently(partial(outcome.record, carrier_id, settled, deduplicates=deduplicates))
        if by_gateway:
            by_sim.note(settled)
    # After the wire: what is claimed and not submitted would have to be taken for lost if this failed.
    if claimed.opted_out:
        _patiently(partial(outcome.refuse_opted_out, carrier_id, claimed.opted_out))
    return bool(claimed)


def _with_sims(carrier_id: int, submissions: list[Submission]) -> list[Submission]:
    """The submissions with their SIMs. Without the database they have none, so the adapter sends none: what is claimed and
    has no answer would have to be taken for lost."""
    try:
        return by_sim.give(carrier_id, submissions)
    except (OperationalError, InterfaceError) as error:
        log.warning("no SIM can be given; the messages wait", reason=str(error))
        connection.close()
        return submissions


def _patiently(record: Callable[[], object]) -> None:
    """Record what came of a batch, waiting for a database that restarts: what is forgotten makes messages uncertain."""
    until = time.monotonic() + settings.LEASE_SECONDS
    pause = 0.1
    while True:
        try:
            record()
            return
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() > until:
                raise
            log.warning("the outcome is not recorded yet; trying again", reason=str(error))
            connection.close()
            time.sleep(pause)
            pause = min(2.0, pause * 2)


def _settle_speed(carrier_id: int, held: submit.Line, taken: int, submissions: list[Submission]) -> None:
    if held.speed:
        pace.spend(carrier_id, sum(s.segments for s in submissions) - taken)
