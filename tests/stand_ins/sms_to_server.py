"""Plays SMS.to on loopback: a real HTTP server with fault modes, which posts receipts to the callback address
it is given.

A bare asyncio protocol (keep-alive, TCP_NODELAY), so that in a benchmark the product is the slow part and not
this. In a test: `with running(mode="429") as server:`; as a process, with what it saw under `GET /_stats`:
`python -m tests.stand_ins.sms_to_server --port N --receipts`."""

import argparse
import asyncio
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import orjson

from tests.stand_ins.receipt_poster import ReceiptPoster

NAMED_MODES = frozenset(
    {
        "ok",
        "refuse",
        "no_id",
        "garbage",
        "nonsense",
        "silent",
        "close",
        "reset",
        "half",
        "drip",
        "big",
        "slow_refuse",
    }
)
REMEMBERED = 200_000
BIG_BODY = b'{"success":true,"message_id":"' + b"x" * 2_000_000 + b'"}'


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came in. `reference` is the product's, from the callback address; `message_id` is
    ours."""

    to: str
    reference: str
    sender: str
    text: str
    message_id: str
    api_key: str


@dataclass
class SmsToServer:
    """What the server does and what it saw. `mode` may be changed while it runs; `script` holds modes that
    the next requests use up first. A mode is a name of `NAMED_MODES` or a status such as `429`, answered
    after reading."""

    mode: str = "ok"
    latency_seconds: float = 0.0
    retry_after: str = ""
    api_key: str = ""
    balance: float = 100.0
    statuses: Sequence[str] = ("DELIVERED",)
    script: deque[str] = field(default_factory=deque)
    received: deque[Received] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    by_reference: Counter[str] = field(default_factory=Counter)
    total: int = 0
    connections: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    poster: ReceiptPoster | None = None
    port: int = 0

    @property
    def base_url(self) -> str:
        """The address to give as the carrier's `base_url`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def doubled(self) -> list[str]:
        """The references that came more than once."""
        return [reference for reference, count in self.by_reference.items() if count > 1]

    def next_mode(self) -> str:
        """The mode of the request that just came."""
        return self.script.popleft() if self.script else self.mode

    def wait_for(self, total: int, *, timeout_seconds: float = 10.0) -> None:
        """Wait until `total` messages came in. Raises `TimeoutError`."""
        end = time.monotonic() + timeout_seconds
        while self.total < total:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.total} of {total} messages came in")
            time.sleep(0.002)

    def take(self, fields: dict[str, str], api_key: str) -> Received:
        """Remember a message; its callback address's `ref` is its reference."""
        self.total += 1
        reference = parse_qs(urlsplit(fields.get("callback_url", "")).query).get("ref", [""])[0]
        message = Received(
            fields.get("to", ""),
            reference,
            fields.get("sender_id", ""),
            fields.get("message", ""),
            f"smsto-{self.total}",
            api_key,
        )
        self.received.append(message)
        if reference and len(self.by_reference) < 5 * REMEMBERED:
            self.by_reference[reference] += 1
        return message

    def stats(self) -> dict[str, object]:
        """Counts, for a look from another process."""
        return {
            "total": self.total,
            "references": len(self.by_reference),
            "doubled": self.doubled[:100],
            "most_in_flight": self.most_in_flight,
            "receipts": self.poster.posted if self.poster else 0,
        }


class Connection(asyncio.Protocol):
    """One client connection: parses requests, one at a time, and answers by mode."""

    def __init__(self, server: SmsToServer, everyone: set["Connection"]) -> None:
        self.server = server
        self.everyone = everyone
        self.loop = asyncio.get_running_loop()
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio sets TCP_NODELAY by itself."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.everyone.add(self)
        self.server.connections += 1

    def connection_lost(self, exc: Exception | None) -> None:
        """Answers that are still due are dropped."""
        self.everyone.discard(self)
        self.transport = None

    def data_received(self, data: bytes) -> None:
        """Handle every whole request in the buffer."""
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            lines = bytes(self.buffer[:end]).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            size = end + 4 + int(headers.get("content-length", "0"))
            if len(self.buffer) < size:
                return
            body = bytes(self.buffer[end + 4 : size])
            del self.buffer[:size]
            key = next((line[22:] for line in lines if line.lower().startswith("authorization: bearer ")), "")
            self.request(lines[0].split(" ")[1], body, key)

    def request(self, path: str, body: bytes, api_key: str) -> None:
        """Route one request."""
        server = self.server
        if server.api_key and api_key != server.api_key:
            self.send(401, b'{"success":false,"message":"Invalid API Key or Token","data":[]}')
        elif path == "/sms/send":
            self.message(body, api_key)
        elif path == "/api/balance":
            mode = server.next_mode()
            code = int(mode) if mode.isdigit() else 200
            self.send(code, orjson.dumps({"balance": server.balance, "currency": "EUR"}))
        elif path == "/_stats":
            self.send(200, orjson.dumps(server.stats()))
        elif path.startswith("/_mode/"):
            server.mode = _valid(path.removeprefix("/_mode/"))
            self.send(200, b"{}")
        else:
            self.send(404, b'{"success":false,"message":"Not found"}')

    def message(self, body: bytes, api_key: str) -> None:
        """Remember the message, then answer, at once or after the latency."""
        server = self.server
        fields = orjson.loads(body)
        message = server.take(fields, api_key)
        mode = server.next_mode()
        if mode == "ok" and server.poster is not None and "callback_url" in fields:
            server.poster.plan(fields["callback_url"], message.message_id, message.to, server.statuses)
        server.in_flight += 1
        server.most_in_flight = max(server.most_in_flight, server.in_flight)
        if server.latency_seconds:
            self.loop.call_later(server.latency_seconds, self.answer, mode, message.message_id)
        else:
            self.answer(mode, message.message_id)

    def answer(self, mode: str, message_id: str) -> None:
        """What the mode says."""
        self.server.in_flight -= 1
        if mode == "ok":
            text = b'{"message":"Message is queued","success":true,"message_id":"%b"}'
            self.send(200, text % message_id.encode())
        elif mode.isdigit():
            self.send(int(mode), b'{"success":false,"message":"refused by mode","data":[]}')
        else:
            self.fault(mode)

    PLAIN: ClassVar[dict[str, tuple[int, bytes]]] = {
        "refuse": (200, b'{"success":false,"message":"Not possible","errors":{"to":["wrong"]}}'),
        "no_id": (200, b'{"success":true,"message":"queued"}'),
        "garbage": (200, b"<html>it works</html>"),
        "big": (200, BIG_BODY),
    }

    def fault(self, mode: str) -> None:
        """The modes that are not a plain status."""
        if mode in self.PLAIN:
            self.send(*self.PLAIN[mode])
        elif mode == "nonsense":
            self.write(b"this is not HTTP\r\n\r\n")
        elif mode == "close":
            self.close()
        elif mode == "reset":
            self.reset()
        elif mode == "half":
            self.write(_head(200, 100) + b'{"success":tr')
            self.close()
        elif mode in ("drip", "slow_refuse"):
            self.write(_head(200 if mode == "drip" else 400, 100_000))
            self.drip()

    def reset(self) -> None:
        """Break the connection with RST instead of FIN."""
        if self.transport:
            linger_none = struct.pack("ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, linger_none
            )
            self.transport.abort()

    def drip(self) -> None:
        """A byte every 20 ms, for as long as the client listens."""
        if self.transport and not self.transport.is_closing():
            self.write(b" ")
            self.loop.call_later(0.02, self.drip)

    def send(self, status: int, body: bytes) -> None:
        """A whole answer."""
        retry = f"Retry-After: {self.server.retry_after}\r\n" if self.server.retry_after else ""
        self.write(_head(status, len(body), retry) + body)

    def write(self, data: bytes) -> None:
        """Write, unless the client has gone."""
        if self.transport:
            self.transport.write(data)

    def close(self) -> None:
        """Close after what is written."""
        if self.transport:
            self.transport.close()


def _head(status: int, length: int, extra: str = "") -> bytes:
    extra += "Location: http://127.0.0.1:9/\r\n" if 300 <= status < 400 else ""
    head = f"HTTP/1.1 {status} As Asked\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
    return f"{head}{extra}\r\n".encode()


def _valid(mode: str) -> str:
    if mode in NAMED_MODES or (mode.isdigit() and len(mode) == 3):
        return mode
    raise ValueError(f"{mode!r} is neither a status nor one of {', '.join(sorted(NAMED_MODES))}")


async def serve(server: SmsToServer, port: int, started: threading.Event, stop: asyncio.Event) -> None:
    """Serve on loopback until `stop`; `started` is set when the port is bound."""
    loop = asyncio.get_running_loop()
    connections: set[Connection] = set()
    listener = await loop.create_server(
        lambda: Connection(server, connections), "127.0.0.1", port, backlog=1024
    )
    server.port = listener.sockets[0].getsockname()[1]
    if server.poster is not None:
        server.poster.start()
    started.set()
    await stop.wait()
    listener.close()
    for connection in tuple(connections):
        connection.close()
    if server.poster is not None:
        await server.poster.stop()


@contextmanager
def running(
    *,
    mode: str = "ok",
    port: int = 0,
    receipts: bool = False,
    receipt_delay_seconds: float = 0.0,
    statuses: Sequence[str] = ("DELIVERED",),
    latency_seconds: float = 0.0,
    retry_after: str = "",
    api_key: str = "",
    balance: float = 100.0,
) -> Iterator[SmsToServer]:
    """A server in a thread of its own, on a free port unless one is given."""
    poster = ReceiptPoster(delay_seconds=receipt_delay_seconds) if receipts else None
    server = SmsToServer(
        _valid(mode), latency_seconds, retry_after, api_key, balance, statuses, poster=poster
    )
    started, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(serve(server, port, started, stop),), daemon=True
    )
    thread.start()
    if not started.wait(10):
        raise RuntimeError("the stand-in for SMS.to did not start")
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def main() -> None:
    """Run until interrupted."""
    parser = argparse.ArgumentParser(description="Plays SMS.to on loopback.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mode", type=_valid, default="ok")
    parser.add_argument("--receipts", action="store_true", help="post receipts to the callback addresses")
    parser.add_argument("--receipt-delay", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument(
        "--status", action="append", default=[], help="a receipt's status, in order; may be repeated"
    )
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--api-key", default="", help="refuse every other key with 401")
    chosen = parser.parse_args()
    poster = ReceiptPoster(delay_seconds=chosen.receipt_delay) if chosen.receipts else None
    statuses = tuple(chosen.status) or ("DELIVERED",)
    server = SmsToServer(chosen.mode, chosen.latency, "", chosen.api_key, 100.0, statuses, poster=poster)
    sys.stdout.write(f"SMS.to is played on http://127.0.0.1:{chosen.port}\n")
    sys.stdout.flush()
    try:
        asyncio.run(serve(server, chosen.port, threading.Event(), asyncio.Event()))
    except KeyboardInterrupt:
        sys.stdout.write(orjson.dumps(server.stats()).decode() + "\n")


if __name__ == "__main__":
    main()
