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


class Turns:
    """The places that one transaction gives out. The clocks move on when it is committed and `keep` is called: what is
    refused after all costs its account nothing."""

    def __init__(self) -> None:
        self._advances: dict[tuple[UUID, int], float] = {}

    def ranks(self, account_id: UUID, lane: int, segments: Sequence[int], *, share: int) -> list[float]:
        """The ranks of an account's next messages, as seconds since 1970, ascending.

        `segments` per message; `share` is how many segments per second the account may queue before others go first.
        """
        step = 1.0 / max(1, share)
        with _lock:
            clock = _clock(account_id, lane)
        answer = []
        given = self._advances.get((account_id, lane), 0.0)
        for count in segments:
            answer.append(clock + given)
            given += count * step
        self._advances[account_id, lane] = given
        return answer

    def keep(self) -> None:
        """Let the accounts' next messages come after these."""
        with _lock:
            if len(_clocks) > MOST_CLOCKS:
                _clocks.clear()
            for (account_id, lane), given in self._advances.items():
                _clocks[account_id, lane] = _clock(account_id, lane) + given
        self._advances = {}


def _clock(account_id: UUID, lane: int) -> float:
    now = time.time()
    return min(max(now, _clocks.get((account_id, lane), 0.0)), now + MOST_LEAD_SECONDS)
