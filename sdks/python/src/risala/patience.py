"""When a call is made again, and after how long.

Again: when no connection came about; when the answer was lost, if repeating does no harm; on 429 for speed, on 503, and
on 409 while the first request under the same Idempotency-Key still runs. Nothing else."""

from __future__ import annotations

import random
from typing import Optional

from risala.errors import ApiError, ConnectionFailedError, RisalaError

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 8.0
FOR_SPEED = frozenset({"RATE_LIMITED", "RATE_LIMIT_EXCEEDED"})
STILL_RUNNING = "IDEMPOTENCY_IN_PROGRESS"


def worth_repeating(error: RisalaError, *, repeatable: bool) -> bool:
    """Whether the same request may do better a little later. `repeatable`: doing it twice does no harm."""
    if isinstance(error, ConnectionFailedError):
        return repeatable or not error.answer_lost
    if not isinstance(error, ApiError):
        return False
    code = error.code.upper()
    if error.status == 429:
        return code in FOR_SPEED
    return error.status == 503 or (error.status == 409 and code == STILL_RUNNING)


def pause_seconds(error: RisalaError, *, attempt: int) -> float:
    """How long to wait before the next attempt; `attempt` counts from 0. A Retry-After is the least; else the pause
    doubles, and chance spreads those that failed together."""
    told: Optional[float] = getattr(error, "retry_after_seconds", None)
    if told is not None:
        return told + random.uniform(0, min(1.0, told / 4))
    longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**attempt)
    return random.uniform(longest / 2, longest)
