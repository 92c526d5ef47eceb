"""A customer of a running stack: holds a key, speaks JSON over HTTP, waits for what was promised. Each has an
address of its own on loopback, so that limits per address do not mix tests."""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from http.client import HTTPConnection, HTTPException
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID

from tests.stand_ins.waiting import until

T = TypeVar("T")
FINAL = ("delivered", "undeliverable", "failed", "expired", "cancelled")
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; header names in lower case. `seconds` is how long it took."""

    status: int
    headers: Mapping[str, str]
    raw: bytes
    seconds: float = 0.0

    @property
    def body(self) -> Any:
        """The JSON of the answer, amounts as exact decimals."""
        assert self.headers["content-type"] == "application/json; charset=utf-8", (
            self.status,
            self.raw[:200],
        )
        return json.loads(self.raw, parse_float=Decimal)

    @property
    def error(self) -> dict[str, Any]:
        """The error of a refused request, in the one envelope that all refusals have."""
        body = self.body
        assert set(body) == {"success", "error"}, body
        assert body["success"] is False
        error: dict[str, Any] = body["error"]
        assert {"code", "message", "docs", "request_id"} <= set(error), body
        assert error["message"], body
        assert error["docs"].endswith("#" + error["code"].lower()), body
        assert error["request_id"] == self.headers["x-request-id"]
        return error

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code of a refusal."""
        return self.status, self.error["code"]


def own_address() -> str:
    """A loopback address that nobody else is likely to call from."""
    return f"127.{random.randint(1, 254)}.{random.randint(0, 254)}.{random.randint(1, 254)}"


@dataclass
class Customer:
    """Who calls with one key of one account."""

    port: int
    key: str
    account_id: UUID
    key_id: UUID
    callback_secret: str = ""
    address: str = field(default_factory=own_address)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One request. `body` is sent as JSON, bytes as they are; header names with `_` for `-`, and an empty
        value leaves a header out."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {self.key}"}
        if data is not None:
            sent["content-type"] = "application/json"
        sent |= {name.lower().replace("_", "-"): value for name, value in headers.items()}
        began = time.monotonic()
        connection = HTTPConnection(
            "127.0.0.1", self.port, timeout=TIMEOUT_SECONDS, source_address=(self.address, 0)
        )
        try:
            connection.request(method, path, data, {name: value for name, value in sent.items() if value})
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        got = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, got, raw, time.monotonic() - began)

    def get(self, path: str, **headers: str) -> Answer:
        """GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        """POST."""
        return self.call("POST", path, body, **headers)

    def try_send(self, to: str = "+212612345678", message: str = "Bonjour", **fields: object) -> Answer:
        """`POST /v1/messages`, whatever comes of it."""
        return self.post("/v1/messages", {"to": to, "message": message, **fields})

    def send(self, to: str = "+212612345678", message: str = "Bonjour", **fields: object) -> dict[str, Any]:
        """`POST /v1/messages`, which must be accepted."""
        answer = self.try_send(to, message, **fields)
        assert answer.status == 202, answer.raw
        body: dict[str, Any] = answer.body
        return body

    def message(self, message_id: str) -> dict[str, Any]:
        """A message as it is now."""
        answer = self.get(f"/v1/messages/{message_id}")
        assert answer.status == 200, answer.raw
        body: dict[str, Any] = answer.body
        return body

    def wait_for(self, message_id: str, *statuses: str, seconds: float = 20.0) -> dict[str, Any]:
        """The message as soon as it is final, or has one of `statuses`. Raises AssertionError."""
        wanted = statuses or FINAL
        seen: dict[str, Any] = {}

        def there() -> bool:
            seen.update(self.message(message_id))
            return seen["status"] in wanted

        until(there, seconds=seconds, what=f"{message_id} is {' or '.join(wanted)}")
        return seen

    def balance(self) -> Decimal:
        """What the account has, in MAD."""
        answer = self.get("/v1/balance")
        assert answer.status == 200, answer.raw
        return Decimal(answer.body["balance_mad"])

    def transactions(self) -> list[dict[str, Any]]:
        """All ledger entries, oldest first."""
        rows: list[dict[str, Any]] = []
        while True:
            page = self.get(f"/v1/billing/transactions?limit=200&offset={len(rows)}").body
            rows += page["data"]
            if len(rows) >= page["total"]:
                return rows[::-1]

    def is_owed_nothing_more(self) -> Decimal:
        """Add the books up as a customer can (promise P17): gapless numbers, running balance. Returns it."""
        running = Decimal(0)
        rows = self.transactions()
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
        for row in rows:
            running += Decimal(row["amount_mad"])
            assert Decimal(row["balance_after"]) == running, row
        assert running == self.balance()
        return running


def together(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Make all calls at the same moment, each in a thread of its own; their results in order."""
    gate = Barrier(len(calls))

    def one(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(partial(one), calls))


def or_none(call: Callable[[], Answer]) -> Answer | None:
    """The answer, or None when the connection broke."""
    try:
        return call()
    except (OSError, HTTPException):
        return None
