"""A small cache of what is read often and changes seldom: entries live a few seconds in the process, never longer."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Fresh(Generic[K, V]):
    """Values by key, read again by `load` once they are `seconds` old. Bounded to `most` keys; safe among threads.

    An exception of `load` is not kept.
    """

    def __init__(self, load: Callable[[K], V], *, seconds: float, most: int = 10_000) -> None:
        self._load = load
        self._seconds = seconds
        self._most = most
        self._kept: dict[K, tuple[float, V]] = {}
        self._lock = threading.Lock()

    def get(self, key: K) -> V:
        """The value, at most `seconds` old."""
        kept = self._kept.get(key)
        now = time.monotonic()
        if kept is not None and now - kept[0] < self._seconds:
            return kept[1]
        value = self._load(key)
        with self._lock:
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = (now, value)
        return value

    def forget(self) -> None:
        """Drop everything: the next `get` reads anew."""
        with self._lock:
            self._kept.clear()
