"""The one crossing from rules to Celery: tell the workers of a lane that a carrier has something due. Coalesced (at most
one queued wake-up per carrier and lane), never raises, never waits long; beat wakes every second anyway."""

import time
from collections.abc import Iterable

import redis
import structlog
from celery import current_app
from django.conf import settings

from messaging.models.message import Lane

log = structlog.get_logger()
MARK_SECONDS = 5
SILENCE_SECONDS = 5.0
QUEUES = {Lane.URGENT: "urgent", Lane.NORMAL: "normal", Lane.BULK: "bulk"}

_redis = redis.Redis.from_url(
    settings.REDIS_URL, socket_timeout=0.1, socket_connect_timeout=0.1, retry_on_timeout=False
)
_silent_until = 0.0


def _once(mark: str) -> bool:
    """Whether no wake-up under this mark is queued already."""
    return bool(_redis.set(f"wake:{mark}", 1, nx=True, ex=MARK_SECONDS))


def send(mark: str, task: str, arguments: tuple[object, ...], queue: str) -> None:
    """Wake up a task of any app; at most one is queued under a mark."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        if _once(mark):
            current_app.send_task(
                task, args=arguments, queue=queue, expires=30, retry=False, ignore_result=True
            )
    except Exception as error:  # noqa: BLE001 - a wake-up may never break what woke
        _silent_until = time.monotonic() + SILENCE_SECONDS
        log.warning("wake-up not sent; beat will find the work", error=str(error))


def started(mark: str) -> None:
    """The task of a mark has begun: the next wake-up is a new one."""
    try:
        _redis.delete(f"wake:{mark}")
    except redis.RedisError:
        return


def up(due: Iterable[tuple[int, int]]) -> None:
    """Wake the workers of each (carrier, lane). Call on commit."""
    for carrier_id, lane in set(due):
        send(f"{carrier_id}:{lane}", "messaging.tasks.dispatch", (carrier_id, lane), QUEUES[Lane(lane)])


def receipts() -> None:
    """Wake the worker that applies stored receipts."""
    send("receipts", "messaging.tasks.apply_receipts", (), "default")


def inbound() -> None:
    """Wake the worker that makes inbound messages of stored texts."""
    send("inbound", "messaging.tasks.apply_inbound", (), "default")
