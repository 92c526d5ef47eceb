"""Plays any HTTP provider on loopback: a real server that keeps what it got and answers as it is told, faults included.

In a test: `with running() as provider:`, then `provider.say(…)` for the next answers. `answer` may be any function of the
request, for a provider with a mind of its own (`sim_gateway.py`)."""

import asyncio
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import orjson

FAULTS = frozenset({"silent", "close", "reset", "half", "nonsense", "big", "drip"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came. Header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    def query(self, charset: str = "utf-8") -> dict[str, str]:
        """The query's parameters."""
        return _flat(urlsplit(self.target).query, charset)

    def form(self, charset: str = "utf-8") -> dict[str, str]:
        """The body's fields."""
        return _flat(self.body.decode("ascii"), charset)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or a fault by its name."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def json(status: int = 200, /, **fields: object) -> Reply:
    """An answer in JSON."""
    return Reply(status, orjson.dumps(fields), {"Content-Type": "application/json"})


def fault(name: str) -> Reply:
    """A fault: `silent`, `close`, `reset`, `half`, `nonsense`, `big` or `drip`."""
    if name not in FAULTS:
        raise ValueError(name)
    return Reply(fault=name)


@dataclass
class HttpProvider:
    """What the server does and what it saw. Answers come from `script` first, then from `answer`."""

    answer: Callable[[Request], Reply]
    script: deque[Reply] = field(default_factory=deque)
    received: list[Request] = field(default_factory=list)
    port: int = 0

    @property
    def base_url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def say(self, *replies: Reply) -> None:
        """The next answers, in order."""
        self.script.extend(replies)

    def take(self, request: Request) -> Reply:
        """Keep a request, and say what it is answered with."""
        self.received.append(request)
        return self.script.popleft() if self.script else self.answer(request)

    def wait_for(self, count: int, *, timeout_seconds: float = 10.0) -> list[Request]:
        """The requests as soon as there are `count`. Raises `TimeoutError`."""
        end = time.monotonic() + timeout_seconds
        while len(self.received) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.received)} of {count} requests came in")
            time.sleep(0.005)
        return list(self.received)


async def _serve(provider: HttpProvider, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if ": " in line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, target, _ = head[0].split(" ")
            reply = provider.take(Request(method, target, headers, body))
            if reply.fault:
                await _break(reply.fault, writer)
            else:
                writer.write(_whole(reply))
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass  # the client or the test is done
    finally:
        writer.close()


async def _break(name: str, writer: asyncio.StreamWriter) -> None:
    if name == "nonsense":
        writer.write(b"this is not HTTP\r\n\r\n")
    elif name == "half":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b'{"id":"1')
    elif name == "big":
        writer.write(_whole(Reply(200, b'{"id":"' + b"x" * 1_000_000 + b'"}')))
    elif name == "reset":
        linger_none = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)
        writer.transport.abort()
    elif name == "drip":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)
    elif name == "silent":
        await asyncio.sleep(60)
    await asyncio.sleep(0)
    raise ConnectionResetError


def _whole(reply: Reply) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
    head = f"HTTP/1.1 {reply.status} As Told\r\nContent-Length: {len(reply.body)}\r\n{headers}\r\n"
    return head.encode() + reply.body


def _flat(text: str, charset: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, True, encoding=charset).items()}


async def _end(tasks: set["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def running(answer: Callable[[Request], Reply] | Reply | None = None) -> Iterator[HttpProvider]:
    """A provider in a thread of its own, on a free port; without `answer` it says `{}` to everything."""
    fixed = answer if isinstance(answer, Reply) else Reply()
    provider = HttpProvider(answer if callable(answer) else lambda _: fixed)
    started, loop = threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        server = await asyncio.start_server(lambda r, w: _serve(provider, r, w), "127.0.0.1", 0)
        provider.port = server.sockets[0].getsockname()[1]
        started.set()

    def run() -> None:
        loop.create_task(serve())
        loop.run_forever()
        loop.run_until_complete(_end(asyncio.all_tasks(loop)))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not started.wait(10):
        raise RuntimeError("the provider did not start")
    try:
        yield provider
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def fields(request: Request) -> dict[str, object]:
    """The fields of a body in JSON."""
    found: dict[str, object] = orjson.loads(request.body)
    return found
