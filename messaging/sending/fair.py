"""Fairness inside a lane: each account's next place in time. A row's rank is later the more its account just queued, so a
bulk of one account interleaves with a single message of another (virtual clock, after L. Zhang, SIGCOMM 1990).

Kept per process, not in the database: ranks only order what waits, so a restart costs fairness for a moment, and the
hot rows of busy accounts are spared a lock (decision 0004)."""

import threading
import time
from collections.abc import Sequence
from uuid import UUID

MOST_CLOCKS = 50_000
MOST_LEAD_SECONDS = 6 * 3600.0

_clocks: dict[tuple[UUID, int], float] = {}
_lock = threading.Lock()


def ranks(account_id: UUID, lane: int, segments: Sequence[int], *, share: int) -> list[float]:
    """The ranks of an account's next messages, as seconds since 1970, ascending.

    `segments` per message; `share` is how many segments per second the account may queue before others go first.
    """
    now = time.time()
    step = 1.0 / max(1, share)
    with _lock:
        if len(_clocks) > MOST_CLOCKS:
            _clocks.clear()
        clock = min(max(now, _clocks.get((account_id, lane), 0.0)), now + MOST_LEAD_SECONDS)
        answer = []
        for count in segments:
            answer.append(clock)
            clock += count * step
        _clocks[account_id, lane] = clock
    return answer
