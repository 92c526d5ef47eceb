"""A proxy on loopback before a running stack, that harms answers as a test wants: drops them after the server has
given them, or gives one of its own instead of asking the server. Records every request."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


@dataclass(frozen=True)
class Own:
    """An answer of the proxy's own."""

    status: int
    body: bytes = b'{"success":false,"error":{"code":"SERVICE_UNAVAILABLE","message":"Later."}}'
    headers: tuple[tuple[str, str], ...] = ()


DROP = "drop"  # the server gets the request and answers, the client never hears of it
Harm = Own | str


@dataclass(frozen=True)
class Seen:
    """A request that came. Header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Proxy:
    """`harm` is what happens to the next answers, in turn; the rest pass."""

    port: int
    harm: deque[Harm] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running(behind: int) -> Iterator[Proxy]:
    """A proxy before the server on the port `behind`, until the end of the block."""

    class Handler(_Handler):
        target = behind

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = Proxy(server.server_address[1])
    Handler.proxy = proxy
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    target: ClassVar[int]
    proxy: ClassVar[Proxy]

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.proxy.seen.append(Seen(self.command, self.path, headers, body))
        harm = self.proxy.harm.popleft() if self.proxy.harm else None
        if isinstance(harm, Own):
            self.reply(harm.status, (("Content-Type", "application/json"), *harm.headers), harm.body)
            return
        status, got, answer = self.ask(headers, body)
        if harm == DROP:
            self.close_connection = True
            return
        self.reply(status, got, answer)

    def ask(self, headers: dict[str, str], body: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        connection = HTTPConnection("127.0.0.1", self.target, timeout=30)
        try:
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        hop = ("connection", "transfer-encoding", "content-length", "keep-alive")
        kept = tuple((name, value) for name, value in response.getheaders() if name.lower() not in hop)
        return response.status, kept, answer

    def reply(self, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_any
