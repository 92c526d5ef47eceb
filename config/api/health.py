"""Whether we are well: `/health` for people and monitors (document A), `/livez` for the process, `/readyz`
for load balancers, `/metrics` for Prometheus. None of them needs a key; `/metrics` answers only the machine
itself or a token."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.api.lean import by_method
from accounts.api.rendering import answer
from accounts.refusals import Code, Refused

QUEUE = """
    SELECT count(*) FILTER (WHERE state = 'ready'), count(*) FILTER (WHERE state = 'uncertain'),
           coalesce(extract(epoch FROM now() - min(visible_at) FILTER (WHERE state = 'ready')), 0)
      FROM (SELECT state, visible_at FROM messaging_queuerow
             WHERE state IN ('ready', 'uncertain') LIMIT 100001) waiting
"""
"""What waits, counted to 100,000: a look at the health of a full queue must stay cheap."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits: rows ready to be sent, rows whose outcome is uncertain, seconds that the oldest ready one
    waits."""

    ready: int
    uncertain: int
    oldest_seconds: float


def queue_now() -> Queue | None:
    """The queue's state, None if PostgreSQL does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(QUEUE)
            ready, uncertain, oldest = cursor.fetchone()
    except Error:
        return None
    return Queue(ready, uncertain, max(0.0, round(float(oldest), 3)))


def redis_answers() -> bool:
    """Whether Redis answers within its time-out."""
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=settings.REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=settings.REDIS_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        with client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def _health(request: HttpRequest) -> HttpResponse:
    """Document A's figures and what they rest on: 503 without PostgreSQL; Redis away is `degraded`, since
    everything goes on but speed limits (promise P13)."""
    queue = queue_now()
    with_redis = redis_answers()
    status = "down" if queue is None else "ok" if with_redis else "degraded"
    facts: dict[str, object] = {
        "status": status,
        "service": f"{settings.BRAND_NAME.lower().replace(' ', '-')}-api",
        "version": settings.SERVICE_VERSION,
        "time": datetime.now(UTC),
        "database": "ok" if queue else "down",
        "redis": "ok" if with_redis else "down",
    }
    if queue is not None:
        facts["queue"] = {
            "ready": queue.ready,
            "uncertain": queue.uncertain,
            "oldest_seconds": queue.oldest_seconds,
        }
    response = answer(facts, status=200 if queue else 503)
    if queue is None:
        response["Retry-After"] = "5"
    return response


def _livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return answer({"status": "ok"})


def _readyz(request: HttpRequest) -> HttpResponse:
    """Whether to send requests here: PostgreSQL answers.

    Raises `Refused(SERVICE_UNAVAILABLE)`.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        raise Refused(Code.SERVICE_UNAVAILABLE, "The database does not answer.") from None
    return answer({"status": "ok"})


def _metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text. Raises `Refused(NOT_FOUND)` for whoever has no business here."""
    if not _may_measure(request):
        raise Refused(Code.NOT_FOUND)
    began = time.perf_counter()
    queue = queue_now()
    lines = [f"risala_database_up {int(queue is not None)}", f"risala_redis_up {int(redis_answers())}"]
    if queue is not None:
        lines += [
            f"risala_queue_ready {queue.ready}",
            f"risala_queue_uncertain {queue.uncertain}",
            f"risala_queue_oldest_seconds {queue.oldest_seconds}",
        ]
    lines.append(f"risala_metrics_seconds {time.perf_counter() - began:.6f}")
    text = generate_latest(REGISTRY) + ("\n".join(lines) + "\n").encode()
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: HttpRequest) -> bool:
    """The bearer of METRICS_TOKEN, or a process of this machine that came through no proxy."""
    token: str = getattr(settings, "METRICS_TOKEN", "")
    given = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if request.META.get("HTTP_X_FORWARDED_FOR") or request.META.get("HTTP_FORWARDED"):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


health = by_method(get=_health)
livez = by_method(get=_livez)
readyz = by_method(get=_readyz)
metrics = by_method(get=_metrics)
