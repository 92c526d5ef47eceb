"""Group commit: requests of one process that wait at the same moment are accepted in one transaction. The first to come
leads: it commits its own order with those that queued up behind it, then hands the lead to the next in line."""

import threading
from collections import deque

from django.db import connection

from messaging.sending import accept

MOST_ORDERS = 64
MOST_LEADERS = 2


class _Slot:
    """One waiting request."""

    __slots__ = ("answer", "done", "error", "order", "promoted", "turn")

    def __init__(self, order: accept.Order) -> None:
        self.order = order
        self.turn = threading.Event()
        self.done = threading.Event()
        self.promoted = False
        self.answer: accept.Answer | None = None
        self.error: Exception | None = None


class Group:
    """The waiting requests of this process. At most `MOST_LEADERS` transactions run at once, so that one gathers while
    another waits for the disk."""

    def __init__(self) -> None:
        self._waiting: deque[_Slot] = deque()
        self._leaders = 0
        self._lock = threading.Lock()

    def accept(self, order: accept.Order) -> accept.Answer:
        """Accept one order, together with whatever else waits. Raises what `accept.batch` raises."""
        slot = _Slot(order)
        with self._lock:
            self._waiting.append(slot)
            leads = self._leaders < MOST_LEADERS
            if leads:
                self._leaders += 1
        if not leads:
            # Those who wait hold no connection: the pool is smaller than the crowd, and who leads needs one of it.
            connection.close()
            slot.turn.wait()
        if leads or slot.promoted:
            self._lead()
        slot.done.wait()
        if slot.error is not None:
            raise slot.error
        if slot.answer is None:
            raise RuntimeError("a slot was released without an answer")
        return slot.answer

    def _take(self) -> list[_Slot]:
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(MOST_ORDERS, len(self._waiting)))]

    def _lead(self) -> None:
        slots = self._take()
        try:
            if slots:
                _settle(slots)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                if following is None:
                    self._leaders -= 1
                else:
                    following.promoted = True
            if following is not None:
                following.turn.set()


def _settle(slots: list[_Slot]) -> None:
    try:
        for slot, answer in zip(slots, accept.batch([slot.order for slot in slots]), strict=True):
            slot.answer = answer
    except Exception as error:  # noqa: BLE001 - every waiting request has to be told
        for slot in slots:
            slot.error = error
    finally:
        for slot in slots:
            slot.done.set()
            slot.turn.set()


_group = Group()


def message(order: accept.Order) -> accept.Answer:
    """Accept one small order through the process's group; inside a transaction of the caller's, directly."""
    if connection.in_atomic_block:
        return accept.batch([order])[0]
    return _group.accept(order)
