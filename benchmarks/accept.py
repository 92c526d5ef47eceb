"""How fast `POST /v1/messages` accepts single messages: authenticated, rate-limited in Redis, idempotent, charged, durable,
over 32 kept-alive connections, for a hundred accounts and for one."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection

from benchmarks import load
from benchmarks.customers import Customer, customers, only_carrier
from benchmarks.peers import kannel, postgres, urls
from benchmarks.processes import granian
from benchmarks.table import Row, median

CONNECTIONS = 32
ROUNDS = 3
SECONDS = 1.5
BODY = '{"to":"+212{n}","message":"Your order 4711 has left our shop today. Thank you for your trust."}'
LOGS = Path(os.environ["BENCHMARK_LOGS"])


def heads(path: str, made: Sequence[Customer], *, idempotent: bool) -> list[str]:
    """The request heads of these customers."""
    extra = "\r\nIdempotency-Key: order-{n}" if idempotent else ""
    return [
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {customer.key_text}{extra}"
        for customer in made
    ]


class Numbers:
    """Gives every run numbers of its own, so that no recipient and no idempotency key comes twice."""

    def __init__(self) -> None:
        self.next = load.FIRST_NUMBER

    def plan(self, port: int, chosen: list[str], body: str = BODY) -> load.Plan:
        """A plan of the usual length."""
        first, self.next = self.next, self.next + 1_000_000
        return load.Plan(
            port, CONNECTIONS, seconds=SECONDS, heads=chosen, body=body, warm_seconds=0.7, first=first
        )


def _rate(name: str, plan: load.Plan, found: dict[str, list[float]]) -> None:
    result = load.run(plan)
    others = {status: count for status, count in result.statuses.items() if not status.startswith("2")}
    note = f" answers that are no success: {others} {result.sample!r}" if others else ""
    sys.stderr.write(
        f"  {name}: {result.per_second:,.0f}/s, p50 {result.p50_ms:.1f} ms, p95 {result.p95_ms:.1f} ms, "
        f"generator {result.cpu_share:.0%} of a core{note}\n"
    )
    found[name].append(result.per_second)


def measure() -> Iterator[Row]:
    """The rows of the goals for accepting."""
    only_carrier("accept", "http://127.0.0.1:9", window=50)
    with connection.cursor() as cursor:
        cursor.execute(urls.TABLE)
    made = customers(100)
    found: dict[str, list[float]] = defaultdict(list)
    numbers = Numbers()
    quiet = {"RISALA_ROLE": "web", "LOG_LEVEL": "ERROR"}
    with (
        granian("config.wsgi:application", log=LOGS / "web.log", env=quiet, path="/livez") as ours,
        granian(
            "benchmarks.peers.wsgi:application", log=LOGS / "peer.log", env=quiet, path="/static"
        ) as peer,
        kannel.spooling(LOGS / "kannel") as spool,
    ):
        for _ in range(ROUNDS):
            _round(found, numbers, made, ours, peer, spool)
    return rows({name: median(rates) for name, rates in found.items()})


def _round(
    found: dict[str, list[float]],
    numbers: Numbers,
    made: Sequence[Customer],
    ours: int,
    peer: int,
    spool: int | None,
) -> None:
    static = ["GET /static HTTP/1.1\r\nHost: 127.0.0.1"]
    _rate("static", numbers.plan(peer, static, body=""), found)
    _rate("hundred", numbers.plan(ours, heads("/v1/messages", made, idempotent=True)), found)
    _rate("one", numbers.plan(ours, heads("/v1/messages", made[:1], idempotent=True)), found)
    _rate("plain", numbers.plan(peer, heads("/plain", made, idempotent=False)), found)
    if spool:
        _rate("kannel", numbers.plan(spool, [kannel.HEAD], body=""), found)
    found["commits"].append(postgres.commits_per_second(CONNECTIONS, 2))


def rows(found: dict[str, float]) -> Iterator[Row]:
    """The figures against their limits."""
    ours = found["hundred"]
    what = "accept, 100 accounts"
    if "kannel" in found:
        yield Row(what, ours, "/s", found["kannel"], "Kannel, spool, accepted", 1.0)
    yield Row(what, ours, "/s", found["plain"], "DRF view, SELECT, INSERT, commit", 2.0)
    yield Row("accept, 1 account", found["one"], "/s", ours, what, 0.9)
    yield Row(what, ours, "/s", found["static"], "a static view through the same server and generator")
    if found["commits"]:
        yield Row(what, ours, "/s", found["commits"], "PostgreSQL, durable INSERTs, 32 connections")
