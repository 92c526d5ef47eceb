"""A request that waits for PostgreSQL longer than any statement may take is cut loose: its connection is shut
down from outside, the wait ends in an OperationalError and the client gets its 503 (a server that hangs
enforces no time-outs)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

log = structlog.get_logger(__name__)

GRACE_SECONDS = 1.0
"""Beyond the statement time-out that PostgreSQL enforces itself while it is well."""


class _Watch:
    """Requests in flight by thread; one daemon thread looks them over every half second while there are
    any."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[float, BaseDatabaseWrapper]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def enter(self, wrapper: BaseDatabaseWrapper) -> int:
        thread = threading.get_ident()
        self._running[thread] = (time.monotonic(), wrapper)
        if self._thread is None:
            self._start()
        return thread

    def leave(self, thread: int) -> None:
        self._running.pop(thread, None)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="deadline", daemon=True)
                self._thread.start()

    def _look(self) -> None:
        while True:
            time.sleep(0.5)
            limit = time.monotonic() - settings.STATEMENT_TIMEOUT_SECONDS - GRACE_SECONDS
            for thread, (since, wrapper) in list(self._running.items()):
                if since < limit and self._running.pop(thread, None) is not None:
                    _shut(wrapper)


def _shut(wrapper: BaseDatabaseWrapper) -> None:
    """End the wait of the thread that uses this connection. The descriptor is copied, so that closing ours
    does not close one that was given anew in between."""
    raw = wrapper.connection
    if raw is None:
        return
    with suppress(Exception):
        copy = socket.socket(fileno=socket.dup(raw.pgconn.socket))
        with copy:
            copy.shutdown(socket.SHUT_RDWR)
        log.warning("database_wait_cut", seconds=settings.STATEMENT_TIMEOUT_SECONDS + GRACE_SECONDS)


_watch = _Watch()


@contextmanager
def within_deadline() -> Iterator[None]:
    """Cut the database connection of this thread if what is inside takes longer than a statement may."""
    thread = _watch.enter(connections[connection.alias])
    try:
        yield
    finally:
        _watch.leave(thread)
