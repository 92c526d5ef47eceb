"""While PostgreSQL cannot be reached, requests are refused at once instead of waiting one by one for the
pool's time-out: otherwise those waiting would soon occupy every thread, and the answer 503 would come
late."""

from __future__ import annotations

import threading
import time

import psycopg
import structlog
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg_pool import ConnectionPool, PoolTimeout

from accounts.refusals import Code, Refused

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0


class Outage:
    """Opens when the pool could not make a connection; one request per second then tries whether it can
    again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._renewed_at = 0.0

    def check(self) -> None:
        """Raises `Refused(SERVICE_UNAVAILABLE)` during an outage, but for the one request that tries."""
        if not self._until:
            return
        with self._lock:
            now = time.monotonic()
            if self._until > now:
                raise Refused(Code.SERVICE_UNAVAILABLE)
            self._until = now + PAUSE_SECONDS

    def note(self, error: BaseException) -> None:
        """Learn from a failed request: a pool that timed out because it could make no connection opens the
        outage. One that timed out because all its connections were busy does not."""
        pool = getattr(connections[DEFAULT_DB_ALIAS], "pool", None)
        if not isinstance(error.__cause__, PoolTimeout):
            if pool is not None and _is_lost(error.__cause__):
                self._renew(pool)
            return
        failures = pool.get_stats().get("connections_errors", 0) if pool else 0
        with self._lock:
            if failures > self._failures:
                self._failures = failures
                self._until = time.monotonic() + PAUSE_SECONDS
                log.warning("database_away", pause_seconds=PAUSE_SECONDS)

    def _renew(self, pool: ConnectionPool) -> None:
        """A connection broke, so PostgreSQL was restarted and all that wait in the pool are dead, too: replace
        them now, or each would cost a request of its own. (The pool's own check before each use waits a second
        after every dead one, longer than a request may.)"""
        now = time.monotonic()
        with self._lock:
            if now - self._renewed_at < PAUSE_SECONDS:
                return
            self._renewed_at = now
        log.warning("database_connections_renewed")
        pool.drain()

    def over(self) -> None:
        """A request that needed PostgreSQL went through: the outage, if there was one, is over."""
        if self._until:
            self._until = 0.0


def _is_lost(cause: BaseException | None) -> bool:
    """Whether an error of psycopg means that the connection is gone: the server said so (class 57P), or nothing."""
    if not isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError)):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith("57P")


outage = Outage()
"""That of this process."""
