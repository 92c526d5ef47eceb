"""HTTP with the standard library alone. A connection per thread is kept open for calls that may be repeated; a call that
may not gets a fresh one, since a kept connection can die under it and leave unknown whether it was done."""

from __future__ import annotations

import http.client
import os
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional, Protocol
from urllib.parse import urlsplit

from risala.errors import ConnectionFailedError


@dataclass(frozen=True)
class Request:
    """What goes out. `path` includes the query; `repeatable`: doing it twice does no harm."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Optional[bytes]
    repeatable: bool


@dataclass(frozen=True)
class Response:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Sends one request to the server, once. Raises ConnectionFailedError when no answer came."""

    def send(self, request: Request) -> Response: ...


class HttpTransport:
    """The usual transport. `timeout_seconds` bounds the connecting and every wait for bytes."""

    def __init__(
        self, base_url: str, *, timeout_seconds: float, tls: Optional[ssl.SSLContext] = None
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"base_url must begin with https://, not {base_url!r}")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout_seconds
        self._tls = (tls or ssl.create_default_context()) if self._secure else None
        self._kept = threading.local()

    def send(self, request: Request) -> Response:
        """Raises ConnectionFailedError."""
        connection = self._take() if request.repeatable else None
        if connection is not None:
            try:
                return self._exchange(connection, request)
            except ConnectionFailedError:
                pass  # it had been closed meanwhile: once more on a fresh one
        return self._exchange(self._connected(), request)

    def _take(self) -> Optional[http.client.HTTPConnection]:
        """The connection this thread kept, taken out; None also in a forked process, which must not share one."""
        owner, connection = getattr(self._kept, "held", (0, None))
        self._kept.held = (0, None)
        return connection if owner == os.getpid() else None

    def _connected(self) -> http.client.HTTPConnection:
        connection = (
            http.client.HTTPSConnection(
                self._host, self._port, timeout=self._timeout, context=self._tls
            )
            if self._secure
            else http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        )
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise ConnectionFailedError(
                f"no connection to {self._host}: {error}", answer_lost=False
            ) from error
        return connection

    def _exchange(self, connection: http.client.HTTPConnection, request: Request) -> Response:
        try:
            connection.request(
                request.method, self._prefix + request.path, request.body, dict(request.headers)
            )
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise ConnectionFailedError(
                f"no answer from {self._host}: {error!r}", answer_lost=True
            ) from error
        if response.will_close:
            connection.close()
        else:
            self._keep(connection)
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Response(response.status, headers, body)

    def _keep(self, connection: http.client.HTTPConnection) -> None:
        former = self._take()
        if former is not None:
            former.close()
        self._kept.held = (os.getpid(), connection)
