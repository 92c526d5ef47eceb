"""The load generator: a process of its own that keeps raw sockets busy, one request after the other on each, and counts
answers. No HTTP library: it must be faster than whatever it measures, and every run says how fast it is by itself.

The order is one line of JSON on standard input, the answer one line of JSON on standard output."""

import json
import re
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.processes import Helper

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"transfer-encoding: *chunked", re.IGNORECASE)
LAST_CHUNK = b"\r\n0\r\n\r\n"
UNKNOWN = 1 << 40
FIRST_NUMBER = 600_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send. In `heads` (one per customer, taken in turn, without the blank line) and in `body`, `{n}` becomes nine
    digits that never repeat, and in `body` `{k}` the last three of them. `least` ends the run after so many answers, if
    that is sooner than `seconds`."""

    port: int
    connections: int
    seconds: float
    heads: list[str]
    body: str = ""
    warm_seconds: float = 0.0
    least: int = 0
    first: int = FIRST_NUMBER


@dataclass(frozen=True, slots=True)
class Found:
    """What came back: answers per second, by status, and the milliseconds that half and 95 % of them took at most."""

    per_second: float
    statuses: dict[str, int]
    p50_ms: float
    p95_ms: float
    cpu_share: float
    sample: str = ""


def run(plan: Plan) -> Found:
    """Run the plan in a process of its own."""
    helper = Helper("benchmarks.load")
    helper.go(json.dumps({name: getattr(plan, name) for name in plan.__dataclass_fields__}))
    return Found(**json.loads(helper.result()))


@dataclass(slots=True)
class _Connection:
    """One socket, and the answer that is under way on it."""

    socket: socket.socket
    sent_at: float = 0.0
    buffer: bytes = b""
    due: int = 0


@dataclass(slots=True)
class _Generator:
    """The run itself."""

    plan: Plan
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    number: int = 0
    sample: str = ""

    def request(self) -> bytes:
        """The next request."""
        plan = self.plan
        number = str(plan.first + self.number)
        head = plan.heads[self.number % len(plan.heads)].replace("{n}", number)
        self.number += 1
        if not plan.body:
            return f"{head}\r\n\r\n".encode()
        body = plan.body.replace("{n}", number).replace("{k}", number[-3:]).encode()
        return f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def work(self) -> Found:
        """Keep all connections busy until the time is over."""
        plan = self.plan
        selector = selectors.DefaultSelector()
        for _ in range(plan.connections):
            made = socket.create_connection(("127.0.0.1", plan.port))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(made)
            selector.register(made, selectors.EVENT_READ, connection)
            self.send(connection)
        began = time.perf_counter()
        if plan.warm_seconds:
            self.drive(selector, began + plan.warm_seconds, 0)
            self.statuses.clear()
            self.latencies.clear()
            began = time.perf_counter()
        busy = time.process_time()
        self.drive(selector, began + plan.seconds, plan.least)
        took = time.perf_counter() - began
        busy = time.process_time() - busy
        for key in list(selector.get_map().values()):
            key.data.socket.close()
        return self.found(took, busy)

    def drive(self, selector: selectors.BaseSelector, until: float, least: int) -> None:
        """Answers in, requests out."""
        while time.perf_counter() < until and not (least and len(self.latencies) >= least):
            for key, _ in selector.select(0.2):
                self.receive(key.data)

    def send(self, connection: _Connection) -> None:
        connection.sent_at = time.perf_counter()
        connection.socket.sendall(self.request())

    def receive(self, connection: _Connection) -> None:
        """Take what came; when an answer is whole, count it and send the next request."""
        came = connection.socket.recv(65536)
        if not came:
            raise ConnectionError("the server closed a kept-alive connection")
        connection.buffer = connection.buffer + came if connection.buffer else came
        if not connection.due:
            end = connection.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            connection.due = _whole(connection.buffer, end)
        if len(connection.buffer) < connection.due and not (
            connection.due == UNKNOWN and connection.buffer.endswith(LAST_CHUNK)
        ):
            return
        self.latencies.append(time.perf_counter() - connection.sent_at)
        self.statuses[connection.buffer[9:12].decode()] += 1
        if not connection.buffer.startswith(b"HTTP/1.1 2") and not self.sample:
            self.sample = connection.buffer[-300:].decode(errors="replace")
        connection.buffer, connection.due = b"", 0
        self.send(connection)

    def found(self, took: float, busy: float) -> Found:
        ordered = sorted(self.latencies) or [0.0]
        good = sum(count for status, count in self.statuses.items() if status.startswith("2"))
        return Found(
            per_second=good / took,
            statuses=dict(self.statuses),
            p50_ms=ordered[len(ordered) // 2] * 1000,
            p95_ms=ordered[int(len(ordered) * 0.95)] * 1000,
            cpu_share=busy / took,
            sample=self.sample,
        )


def _whole(buffer: bytes, end: int) -> int:
    """How many bytes the whole answer has, `UNKNOWN` for one in chunks, whose head ends at `end`."""
    length = LENGTH.search(buffer, 0, end)
    if length:
        return end + 4 + int(length.group(1))
    return UNKNOWN if CHUNKED.search(buffer, 0, end) else end + 4


def main() -> None:
    """One run, ordered on standard input."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    order = sys.stdin.readline()
    if order:
        found = _Generator(Plan(**json.loads(order))).work()
        sys.stdout.write(
            json.dumps({name: getattr(found, name) for name in found.__dataclass_fields__}) + "\n"
        )


if __name__ == "__main__":
    main()
