"""What keeps messages moving while Redis is away (promise P13). Celery gets no task without its broker, so a thread of the
urgent worker looks at Redis every second, and does the work of all lanes itself for as long as it does not answer."""

import threading
import time
from collections.abc import Callable

import redis
import structlog
from django.conf import settings
from django.db import close_old_connections

from campaigns import advance
from messaging import tally
from messaging.sending import dispatch, receipt, sweep
from webhooks import deliver

log = structlog.get_logger()
LOOK_SECONDS = 1.0
IDLE_SECONDS = 0.25
SLICE_SECONDS = 0.3
WEBHOOK_SECONDS = 5.0
RETURN_SECONDS = 15.0


def start() -> None:
    """Start the threads, one for messages and one for webhooks, so that a slow receiver delays no message; they end with
    the process."""
    for name, work in (("standby-messages", move_messages), ("standby-webhooks", post_webhooks)):
        threading.Thread(target=_forever, args=(work,), name=name, daemon=True).start()


def _answers(server: redis.Redis) -> bool:
    try:
        return bool(server.ping())
    except redis.RedisError:
        return False


def _forever(work: Callable[[], bool]) -> None:
    server = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3)
    away, works_until = False, 0.0
    while True:
        answers = _answers(server)
        if away == answers:
            away = not answers
            log.warning("Redis is away: the standby does the work" if away else "Redis is back")
        if away:
            works_until = time.monotonic() + RETURN_SECONDS  # the workers need a while to find it again
        if time.monotonic() >= works_until:
            time.sleep(LOOK_SECONDS)
            continue
        try:
            close_old_connections()
            busy = work()
        except Exception:
            log.exception("standby round failed")
            busy = False
        if not busy:
            time.sleep(IDLE_SECONDS)


def move_messages() -> bool:
    """One round over everything that the tasks of messaging would do. Returns whether there was work."""
    sweep.all_due()
    advance.everything(slice_seconds=SLICE_SECONDS)
    due = sweep.due()
    for carrier_id, lane in due:
        dispatch.run(carrier_id, lane, slice_seconds=SLICE_SECONDS)
    tally.fold()
    return receipt.apply_due() > 0 or bool(due)


def post_webhooks() -> bool:
    """Post webhooks that are due. Returns whether there were any."""
    until = time.monotonic() + WEBHOOK_SECONDS
    return deliver.due(stopping=lambda: time.monotonic() > until) > 0
