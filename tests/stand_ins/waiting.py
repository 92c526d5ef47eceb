"""Waiting for a condition instead of sleeping: asked again and again, for a bounded time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE_SECONDS = 0.05


def until(check: Callable[[], T], *, seconds: float = 20.0, what: str = "") -> T:
    """The first true value of `check`. Raises AssertionError, with the last value, when there is none."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        assert time.monotonic() < deadline, f"not so after {seconds} s: {what or 'the condition'} ({value!r})"
        time.sleep(PAUSE_SECONDS)
