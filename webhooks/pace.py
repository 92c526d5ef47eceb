"""Which post goes next: how many each endpoint may have under way, and a turn for everybody. A data structure
without I/O, safe among threads; its numbers keep receivers that hang or answer slowly from taking the places
of those that do not."""

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from webhooks.breaker import FAILURES_TO_OPEN, GONE
from webhooks.prepare import Job

SLOTS = 64
SLOW_SLOTS = 32
MAX_WINDOW = 8
FIRST_WINDOW = 2
# Leased for each place of a window: enough to be busy while the next are fetched, done well within a lease.
AHEAD = 8
AHEAD_WHEN_PROVEN = 32
QUICK_MS = 1000
MAX_WAIT_SECONDS = 40.0  # of a lease of sixty; what waited longer goes back
MAX_REMEMBERED = 1000


@dataclass(slots=True)
class _Lane:
    """One endpoint: its jobs and when they were leased (monotonic seconds), and what it has earned so far."""

    waiting: deque[tuple[Job, float]] = field(default_factory=deque)
    flying: int = 0
    window: int = FIRST_WINDOW
    slow: bool = False
    failures: int = 0

    @property
    def braked(self) -> bool:
        return self.failures >= FAILURES_TO_OPEN


class Pace:
    """The posts of one worker: waiting, and under way. An endpoint begins with two posts at once, gains one
    with every quick success up to eight, and falls back to one when it fails or is slow; slow ones share
    half of the places. After as many failures in a row as open the breaker an endpoint waits for the
    database's word."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lanes: dict[UUID, _Lane] = {}
        self._stale: list[Job] = []
        self._slow_flying = 0
        self.waiting = 0
        self.flying = 0
        self.begun = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is under way and nothing waits that could be."""
        with self._lock:
            return not self.flying and not self.waiting

    def add(self, jobs: Iterable[Job]) -> None:
        """Take jobs in, in their order."""
        now = time.monotonic()
        with self._lock:
            if len(self._lanes) > MAX_REMEMBERED:
                self._lanes = {key: lane for key, lane in self._lanes.items() if lane.waiting or lane.flying}
            for job in jobs:
                lane = self._lanes.setdefault(job.claimed.endpoint_id, _Lane())
                if job.failing and not lane.flying:
                    lane.window, lane.slow = 1, True
                lane.waiting.append((job, now))
                self.waiting += 1

    def next(self) -> list[Job]:
        """The posts to begin now, one of each endpoint in turn as long as there are places."""
        chosen: list[Job] = []
        with self._lock:
            oldest = time.monotonic() - MAX_WAIT_SECONDS
            progress = True
            while progress and self.flying < SLOTS:
                progress = False
                for endpoint_id, lane in list(self._lanes.items()):
                    if self.flying < SLOTS and self._may_fly(lane):
                        progress = True
                        self._launch(lane, oldest, chosen)
                        # To the end of the line, so that the next call begins with somebody else.
                        self._lanes[endpoint_id] = self._lanes.pop(endpoint_id)
        return chosen

    def _may_fly(self, lane: _Lane) -> bool:
        if not lane.waiting or lane.flying >= lane.window or lane.braked:
            return False
        return not lane.slow or self._slow_flying < SLOW_SLOTS

    def _launch(self, lane: _Lane, oldest: float, chosen: list[Job]) -> None:
        job, leased_at = lane.waiting.popleft()
        self.waiting -= 1
        if leased_at < oldest:
            self._stale.append(job)
            return
        chosen.append(job)
        lane.flying += 1
        self.flying += 1
        self.begun += 1
        self._slow_flying += lane.slow

    def landed(self, endpoint_id: UUID, *, taken: bool, status: int | None, latency_ms: int) -> None:
        """A post of an endpoint has ended; `latency_ms` in milliseconds."""
        with self._lock:
            lane = self._lanes[endpoint_id]
            self._slow_flying -= lane.slow * lane.flying
            lane.flying -= 1
            self.flying -= 1
            lane.slow = not taken or latency_ms > QUICK_MS
            lane.window = 1 if lane.slow else min(lane.window + 1, MAX_WINDOW)
            lane.failures = 0 if taken else lane.failures + (FAILURES_TO_OPEN if status == GONE else 1)
            self._slow_flying += lane.slow * lane.flying

    def drop(self, endpoint_ids: Iterable[UUID]) -> list[Job]:
        """Take back what waits for these endpoints and for the braked, and what waited too long; begin anew
        with those that have nothing under way."""
        with self._lock:
            braked = {endpoint_id for endpoint_id, lane in self._lanes.items() if lane.braked}
            dropped, self._stale = self._stale, []
            for endpoint_id in braked.union(endpoint_ids) & self._lanes.keys():
                lane = self._lanes[endpoint_id]
                dropped += [job for job, _ in lane.waiting]
                self.waiting -= len(lane.waiting)
                lane.waiting.clear()
                if not lane.flying:
                    del self._lanes[endpoint_id]
        return dropped

    def drop_all(self) -> list[Job]:
        """Take back everything that waits."""
        with self._lock:
            everything = list(self._lanes)
        return self.drop(everything)

    def allowances(self) -> dict[UUID, int]:
        """How many more deliveries to lease for each endpoint at work."""
        with self._lock:
            return {endpoint_id: _allowance(lane) for endpoint_id, lane in self._lanes.items()}


def _allowance(lane: _Lane) -> int:
    if lane.braked:
        return 0
    ahead = AHEAD_WHEN_PROVEN if lane.window == MAX_WINDOW else AHEAD
    return max(0, lane.window * ahead - lane.flying - len(lane.waiting))
