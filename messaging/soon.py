"""What became of a message within a moment, for doors that answer only when a carrier has it (document D).

Whoever waits holds no database connection, and few wait at once: the rest are told at once that it is pending."""

import threading
import time
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from messaging.models import Attempt, Message, Status

MOST_WAITING = 12
"""Requests of one process; it has 32 threads."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 0.1
STILL_OURS = frozenset({Status.SCHEDULED.value, Status.QUEUED.value})
_places = threading.BoundedSemaphore(MOST_WAITING)


@dataclass(frozen=True, slots=True)
class Fate:
    """A message's status and failure, and the carrier's reference if it gave one."""

    status: str
    error_code: str | None = None
    reference: str | None = None


def look(message_id: UUID) -> Fate:
    """As it is now. Raises `Message.DoesNotExist`."""
    status, error_code = Message.objects.values_list("status", "error_code").get(pk=message_id)
    reference = None
    if status not in STILL_OURS:
        attempts = Attempt.objects.filter(message_id=message_id, outcome=Attempt.Outcome.ACCEPTED)
        reference = attempts.order_by("-number").values_list("reference", flat=True).first()
    return Fate(status, error_code, reference)


def wait(message_id: UUID, *, seconds: float) -> Fate:
    """As it is as soon as a carrier has answered for it, or after `seconds` (by the process's clock)."""
    fate = look(message_id)
    if fate.status not in STILL_OURS or not _places.acquire(blocking=False):
        return fate
    try:
        until = time.monotonic() + seconds
        pause = FIRST_PAUSE_SECONDS
        while fate.status in STILL_OURS and time.monotonic() + pause < until:
            if not connection.in_atomic_block:
                connection.close()
            time.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 1.5)
            fate = look(message_id)
        return fate
    finally:
        _places.release()
