"""Which post goes next: how many each endpoint may have under way, and a turn for everybody. A pure data
structure; the numbers keep receivers that hang or answer slowly from taking the places of those that do
not."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from webhooks.prepare import Job

SLOTS = 64
SLOW_SLOTS = 32
MAX_WINDOW = 8
FIRST_WINDOW = 2
AHEAD = 8  # leased for each place of a window: enough for one trip to the database, done well within a lease
QUICK_MS = 1000
MAX_REMEMBERED = 1000


@dataclass(slots=True)
class _Lane:
    waiting: deque[Job] = field(default_factory=deque)
    flying: int = 0
    window: int = FIRST_WINDOW
    slow: bool = False


class Pace:
    """The posts of one worker: waiting, and under way. An endpoint begins with two posts at once, gains one
    with every quick success up to eight, and falls back to one when it fails or is slow; slow ones share
    half of the places."""

    def __init__(self) -> None:
        self._lanes: dict[UUID, _Lane] = {}
        self.waiting = 0
        self.flying = 0
        self._slow_flying = 0

    @property
    def idle(self) -> bool:
        return not self.waiting and not self.flying

    def add(self, jobs: Iterable[Job]) -> None:
        """Take jobs in, in their order."""
        if len(self._lanes) > MAX_REMEMBERED:
            self._lanes = {key: lane for key, lane in self._lanes.items() if lane.waiting or lane.flying}
        for job in jobs:
            lane = self._lanes.setdefault(job.claimed.endpoint_id, _Lane())
            if job.failing and not lane.flying:
                lane.window, lane.slow = 1, True
            lane.waiting.append(job)
            self.waiting += 1

    def next(self) -> list[Job]:
        """The posts to begin now, one of each endpoint in turn as long as there are places."""
        chosen: list[Job] = []
        progress = True
        while progress and self.flying < SLOTS:
            progress = False
            for endpoint_id, lane in list(self._lanes.items()):
                if self.flying >= SLOTS:
                    break
                if self._may_fly(lane):
                    chosen.append(self._launch(lane))
                    progress = True
                    # To the end of the line, so that the next call begins with somebody else.
                    self._lanes[endpoint_id] = self._lanes.pop(endpoint_id)
        return chosen

    def _may_fly(self, lane: _Lane) -> bool:
        if not lane.waiting or lane.flying >= lane.window:
            return False
        return not lane.slow or self._slow_flying < SLOW_SLOTS

    def _launch(self, lane: _Lane) -> Job:
        lane.flying += 1
        self.flying += 1
        self.waiting -= 1
        self._slow_flying += lane.slow
        return lane.waiting.popleft()

    def landed(self, endpoint_id: UUID, *, taken: bool, latency_ms: int) -> None:
        """A post of an endpoint has ended."""
        lane = self._lanes[endpoint_id]
        self._slow_flying -= lane.slow * lane.flying
        lane.flying -= 1
        self.flying -= 1
        quick = latency_ms <= QUICK_MS
        lane.slow = not (taken and quick)
        lane.window = min(lane.window + 1, MAX_WINDOW) if not lane.slow else 1
        self._slow_flying += lane.slow * lane.flying

    def drop(self, endpoint_ids: Iterable[UUID]) -> list[Job]:
        """Take back what waits for these endpoints, and forget those with nothing under way."""
        dropped: list[Job] = []
        for endpoint_id in endpoint_ids:
            if lane := self._lanes.get(endpoint_id):
                dropped += lane.waiting
                self.waiting -= len(lane.waiting)
                lane.waiting.clear()
                if not lane.flying:
                    del self._lanes[endpoint_id]
        return dropped

    def drop_all(self) -> list[Job]:
        """Take back everything that waits."""
        return self.drop(list(self._lanes))

    def allowances(self) -> dict[UUID, int]:
        """How many more deliveries to lease for each endpoint at work."""
        return {
            endpoint_id: max(0, lane.window * AHEAD - lane.flying - len(lane.waiting))
            for endpoint_id, lane in self._lanes.items()
        }
