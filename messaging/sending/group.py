"""Group commit: requests of one process that wait at the same moment are written in one transaction. The first to come
leads: it commits its own with those that queued up behind it, goes on for a moment while more keep coming, then hands the
lead to the next in line."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import connection

W = TypeVar("W")
A = TypeVar("A")
MOST_AT_ONCE = 64
LEAD_SECONDS = 0.03
MOST_LEADERS = 4
STUCK_SECONDS = 0.05


class _Slot(Generic[W, A]):
    """One waiting request."""

    __slots__ = ("answers", "done", "error", "promoted", "turn", "wish")

    def __init__(self, wish: W) -> None:
        self.wish = wish
        self.turn = threading.Event()
        self.done = threading.Event()
        self.promoted = False
        self.answers: list[A] = []
        self.error: Exception | None = None


class Group(Generic[W, A]):
    """The waiting requests of this process for one kind of work; `work` takes many wishes and answers each in its place.

    One leads at a time: while it waits for the disk, the others queue up to a larger group. Where it waits for longer (a
    row that somebody holds), those who are not in its transaction go ahead without it.
    """

    def __init__(self, work: Callable[[Sequence[W]], Sequence[A]]) -> None:
        self._work = work
        self._waiting: deque[_Slot[W, A]] = deque()
        self._leaders = 0
        self._lock = threading.Lock()

    def ask(self, wish: W) -> A:
        """Have one wish worked off together with whatever else waits; inside a transaction of the caller's, alone.

        Raises what the work raises.
        """
        if connection.in_atomic_block:
            return self._work([wish])[0]
        slot: _Slot[W, A] = _Slot(wish)
        with self._lock:
            self._waiting.append(slot)
            leads = self._leaders == 0
            self._leaders += leads
        if not leads:
            # Those who wait hold no connection: the pool is smaller than the crowd, and who leads needs one of it.
            connection.close()
            while not leads and not slot.turn.wait(STUCK_SECONDS):
                leads = self._may_lead(slot)
        if leads or slot.promoted:
            self._lead()
        slot.done.wait()
        if slot.error is not None:
            raise slot.error
        return slot.answers[0]

    def _may_lead(self, slot: _Slot[W, A]) -> bool:
        """Whether one that waited long leads now: it is still in line, and not too many lead already."""
        with self._lock:
            if slot.promoted or slot not in self._waiting or self._leaders >= MOST_LEADERS:
                return False
            self._leaders += 1
            return True

    def _take(self) -> list[_Slot[W, A]]:
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(self._waiting)))]

    def _lead(self) -> None:
        """Work off groups, the leader's own first, until nothing waits or the moment is over; then hand over."""
        until = time.monotonic() + LEAD_SECONDS
        try:
            slots = self._take()
            while slots:
                self._settle(slots)
                slots = self._take() if time.monotonic() < until else []
        finally:
            with self._lock:
                following = next((slot for slot in self._waiting if not slot.promoted), None)
                if following is None:
                    self._leaders -= 1
                else:
                    following.promoted = True
            if following is not None:
                following.turn.set()

    def _settle(self, slots: list[_Slot[W, A]]) -> None:
        try:
            for slot, answer in zip(slots, self._work([slot.wish for slot in slots]), strict=True):
                slot.answers.append(answer)
        except Exception as error:  # noqa: BLE001 - every waiting request has to be told
            for slot in slots:
                slot.error = error
        finally:
            for slot in slots:
                slot.done.set()
                slot.turn.set()
