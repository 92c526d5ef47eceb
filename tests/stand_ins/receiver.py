"""A customer's webhook receiver: a real HTTP/1.1 server on loopback that answers as the test programs it
and records every request byte for byte. It speaks on a thread of its own, so that the code under test may
block or not."""

import asyncio
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Reply:
    """How to answer one request. `delay_seconds` is before the first byte, `drip_seconds` between single
    bytes of the whole answer; `hang` never answers; `drop` closes without a byte; `raw` replaces the whole
    answer."""

    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0
    drip_body_only: bool = False
    hang: bool = False
    drop: bool = False
    close: bool = False
    raw: bytes | None = None

    def head(self) -> bytes:
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Odd"
        lines = [f"HTTP/1.1 {self.status} {phrase}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += ["Connection: close"] if self.close else []
        return "\r\n".join(lines).encode("latin-1") + HEAD_END


OK = Reply()
FAIL = Reply(status=500, body=b"broken")
GONE = Reply(status=410, body=b"gone")
HANG = Reply(hang=True)
DROP = Reply(drop=True)


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers=(("Location", to),), body=b"")


def slow(seconds: float) -> Reply:
    return Reply(delay_seconds=seconds)


def drip(seconds_per_byte: float, *, body_only: bool = False, body: bytes = b"drip" * 4096) -> Reply:
    return Reply(drip_seconds=seconds_per_byte, drip_body_only=body_only, body=body)


def huge(size_bytes: int) -> Reply:
    return Reply(body=b"x" * size_bytes)


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire. `connection` counts the connections of the receiver from 1."""

    method: str
    path: str
    header_lines: tuple[tuple[str, str], ...]
    body: bytes
    at: float
    connection: int

    @property
    def headers(self) -> dict[str, str]:
        """Names in lower case; a repeated header keeps its last value."""
        return {name.lower(): value for name, value in self.header_lines}


@dataclass
class Receiver:
    """What a test holds: where to post, what came, and how to answer. `answer(...)` replies in turn, the
    last one for ever; `answer_at(path, ...)` does so for one path; `decide` may replace both with a
    function of the request."""

    host: str
    port: int = 0
    scheme: str = "http"
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    decide: Callable[[Request], Reply] | None = None
    server_names: list[str | None] = field(default_factory=list)
    _replies: dict[str, deque[Reply]] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def answer(self, *replies: Reply) -> None:
        self.answer_at("", *replies)

    def answer_at(self, path: str, *replies: Reply) -> None:
        self._replies[path] = deque(replies)

    def at(self, path: str) -> list[Request]:
        """The requests to one path, in order."""
        return [request for request in list(self.requests) if request.path == path]

    def wait_for(self, count: int, *, path: str = "", timeout_seconds: float = 10.0) -> list[Request]:
        """Block until `count` requests came (to `path`, if given); raises AssertionError when they do not."""

        def came() -> list[Request]:
            return self.at(path) if path else list(self.requests)

        with self._changed:
            if not self._changed.wait_for(lambda: len(came()) >= count, timeout_seconds):
                raise AssertionError(f"{len(came())} of {count} requests came within {timeout_seconds} s")
        return came()

    def record(self, request: Request) -> Reply:
        """Called by the server for each request."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        if self.decide is not None:
            return self.decide(request)
        replies = self._replies.get(request.path) or self._replies.get("") or deque([OK])
        return replies[0] if len(replies) == 1 else replies.popleft()


class _Connection(asyncio.Protocol):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._buffer = b""
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._receiver.connections += 1
        self._number = self._receiver.connections

    def connection_lost(self, exc: Exception | None) -> None:
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._next()) is not None:
            reply = self._receiver.record(request)
            if reply == OK:
                self._transport.write(reply.head() + reply.body)
            else:
                self._task = asyncio.get_running_loop().create_task(self._play(reply))

    def _next(self) -> Request | None:
        head, end, rest = self._buffer.partition(HEAD_END)
        if not end:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = int(next((value for name, value in pairs if name.lower() == "content-length"), "0"))
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        method, path, _ = first.split(" ", 2)
        return Request(method, path, pairs, rest[:length], time.monotonic(), self._number)

    async def _play(self, reply: Reply) -> None:
        if reply.hang:
            return
        if reply.drop:
            self._transport.abort()
            return
        await asyncio.sleep(reply.delay_seconds)
        if reply.drip_seconds:
            await self._drip(reply)
        else:
            self._transport.write(reply.head() + reply.body if reply.raw is None else reply.raw)
        if reply.close or reply.raw is not None:
            self._transport.close()

    async def _drip(self, reply: Reply) -> None:
        slowly = reply.head() + reply.body
        if reply.drip_body_only:
            self._transport.write(reply.head())
            slowly = reply.body
        for byte in slowly:
            self._transport.write(bytes([byte]))
            await asyncio.sleep(reply.drip_seconds)


@contextmanager
def running(
    host: str = "127.0.0.1", *, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """A receiver that listens from here to the end of the block. With `tls` it speaks https and notes each
    SNI name."""
    receiver = Receiver(host=host, scheme="https" if tls else "http")
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: receiver.server_names.append(name)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: _Connection(receiver), host, port, ssl=tls, backlog=1024)
    )
    receiver.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="receiver", daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
