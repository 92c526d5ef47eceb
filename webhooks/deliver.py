"""Delivering: claim what is due, post it, store what came of it, until nothing is due. Claims, posts and
results run side by side, so that a receiver that hangs holds its own few places and nobody else's time."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import OperationalError, close_old_connections

from accounts.ids import new_id
from webhooks import claim, outcome, prepare
from webhooks.addresses import is_public, parse_networks
from webhooks.courier import Courier, Result
from webhooks.egress import Egress
from webhooks.farewell import Farewell
from webhooks.outcome import Stored
from webhooks.pace import AHEAD, FIRST_WINDOW, SLOTS, Pace

log = structlog.get_logger()
CLAIM_AT_ONCE = 512
LOW_WATER = 128
POLL_SECONDS = 0.1
STORE_TRIES = 4
STORE_PAUSE_SECONDS = 0.5


def due(limit: int | None = None, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Post every delivery that is due, and return how many posts were made.

    Ends when nothing is due and nothing is under way; after `limit` posts or once `stopping()` it claims no
    more, gives back what it has not begun and lets the rest end. Any number of workers may run it at once.
    """
    if not claim.any_due():
        return 0
    timeout_seconds, pace = settings.WEBHOOK_TIMEOUT_SECONDS, Pace()
    courier = Courier(_egress(), pace, brand=settings.BRAND_HEADER, timeout_seconds=timeout_seconds)
    with courier, Farewell() as farewell:
        return _Run(courier, pace, farewell, limit, stopping).work()


def _egress() -> Egress:
    private = settings.WEBHOOK_ALLOW_PRIVATE
    own = parse_networks(tuple(getattr(settings, "WEBHOOK_OWN_NETWORKS", ())))
    return Egress(
        allow_private=private,
        connections=2 * SLOTS,
        user_agent=f"{settings.BRAND_HEADER}-Webhooks/{settings.API_VERSION}",
        permits=None if private else partial(is_public, own=own),
    )


class _Run:
    """One run of `due`: whose leases it holds, and when it last looked for more."""

    def __init__(
        self,
        courier: Courier,
        pace: Pace,
        farewell: Farewell,
        limit: int | None,
        stopping: Callable[[], bool],
    ) -> None:
        self._courier = courier
        self._pace = pace
        self._farewell = farewell
        self._limit = limit
        self._stopping = stopping
        self._owner = new_id()
        self._looked_at = 0.0
        self._found_some = True
        self._stored_since = False

    def work(self) -> int:
        while True:
            if self._ending():
                self._give_back(self._pace.drop_all())
            elif self._may_look():
                self._look()
            idle = self._pace.idle
            results = self._courier.collect(0 if idle else POLL_SECONDS)
            if results:
                self._keep(results)
            elif idle and (self._ending() or self._nothing_due()):
                self._give_back(self._pace.drop_all())
                return self._pace.begun
            else:
                self._give_back(self._pace.drop(()))

    def _ending(self) -> bool:
        return self._stopping() or (self._limit is not None and self._pace.begun >= self._limit)

    def _nothing_due(self) -> bool:
        """Whether the last look found nothing and nothing was stored since: a retry may be due at once."""
        return not self._found_some and not self._stored_since

    def _may_look(self) -> bool:
        low = self._pace.waiting <= LOW_WATER and self._found_some
        return low or self._pace.idle or time.monotonic() - self._looked_at >= POLL_SECONDS

    def _look(self) -> None:
        """Lease more of what is due."""
        most = CLAIM_AT_ONCE
        if self._limit is not None:
            most = min(most, self._limit - self._pace.begun - self._pace.waiting)
        self._found_some = self._stored_since = False
        if most > 0:
            each, allowances = FIRST_WINDOW * AHEAD, self._pace.allowances()
            claimed = claim.due(self._owner, most=most, each=each, allowances=allowances)
            self._found_some = bool(claimed)
            self._pace.add(prepare.jobs(claimed))
            self._courier.wake()
        self._looked_at = time.monotonic()

    def _keep(self, results: list[Result]) -> None:
        stored = _store(self._owner, results)
        self._stored_since = True
        self._give_back(self._pace.drop(stored.closed))
        for one in stored.switched_off:
            outcome.bury(one.endpoint_id, reason=f"The endpoint was switched off: {one.reason}")
            self._farewell.tell(one)

    def _give_back(self, unsent: list[prepare.Job]) -> None:
        claim.give_back(self._owner, [job.key for job in unsent])


def _store(owner: UUID, results: Sequence[Result]) -> Stored:
    """`outcome.record`, tried again when the database went away or chose us in a deadlock: a result that is
    not stored would be posted again."""
    for remaining in reversed(range(STORE_TRIES)):
        try:
            return outcome.record(owner, results)
        except OperationalError as error:
            if not remaining:
                raise
            log.warning("webhook results not stored yet", error=str(error), results=len(results))
            time.sleep(STORE_PAUSE_SECONDS)
            close_old_connections()
    raise AssertionError("unreachable")
