"""The SIM gateway's adapter: what it sends, what answers mean, which SIMs are at fault, and forged callbacks."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from messaging.carriers import registry
from messaging.carriers.contract import (
    Accepted,
    BadCallback,
    Callback,
    Receipt,
    Rejected,
    Result,
    SimLine,
    TryLater,
    Unknown,
)
from messaging.carriers.reasons import Reason
from messaging.carriers.sim_gateway import SimGateway
from tests.carriers.rows import CALLBACK, MESSAGE, config, submission
from tests.stand_ins import http_provider, sim_gateway

SIM = SimLine(1, "+22366603716", 8, 2)


def asked(
    base_url: str, question: Callable[[SimGateway], Coroutine[Any, Any, Any]], key: str = "a-key"
) -> Any:
    """The answer of an adapter to one question."""

    async def once() -> Any:
        row = config(
            "sim_gateway", settings={"base_url": base_url}, secrets={"api_key": key}, timeout_seconds=0.5
        )
        carrier = registry.build(row)
        assert isinstance(carrier, SimGateway)
        try:
            return await question(carrier)
        finally:
            await carrier.close()

    return asyncio.run(once())


def submitted(base_url: str, **what: Any) -> Result:
    sent: Result = asked(
        base_url, lambda carrier: carrier.submit(replace(submission(), **({"sim": SIM} | what)))
    )
    return sent


def test_a_message_by_a_sim() -> None:
    with sim_gateway.running() as gateway:
        assert submitted(gateway.base_url) == Accepted("17617592690000")
        (task,) = gateway.tasks.values()
        assert (task.port, task.slot, task.to, task.text) == (8, 2, "+212612345678", "Bonjour")
        assert (task.reference, task.callback_url) == (MESSAGE.hex, CALLBACK)
        without = submitted(gateway.base_url, sim=None)
        assert isinstance(without, TryLater)
        assert without.code == "NO_SIM"
        assert len(gateway.provider.received) == 1


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        (
            http_provider.json(result="error", code="no_network", message="m"),
            TryLater("SIM_NO_NETWORK", "queue_full", "m", 30.0),
        ),
        (
            http_provider.json(result="error", code="sim_barred"),
            TryLater("SIM_BARRED", "queue_full", "", 30.0),
        ),
        (
            http_provider.json(409, result="error", code="port_busy"),
            TryLater("PORT_BUSY", "queue_full", "", 5.0),
        ),
        (
            http_provider.json(400, result="error", code="invalid_number"),
            Rejected("INVALID_NUMBER", Reason.INVALID_NUMBER),
        ),
        (
            http_provider.json(result="error", code="E77", message="odd"),
            Rejected("E77", Reason.UNKNOWN, "odd"),
        ),
        (http_provider.json(401), TryLater("HTTP_401", "denied")),
        (http_provider.json(429), TryLater("HTTP_429", "throttled")),
        (http_provider.json(500), Unknown("HTTP_500")),
        (http_provider.json(400), Rejected("HTTP_400", Reason.CARRIER_REFUSED)),
        (http_provider.json(), Unknown("GARBLED", "HTTP 200 that says neither yes nor no")),
        (http_provider.Reply(200, b"<html>"), Unknown("GARBLED", "HTTP 200 that says neither yes nor no")),
    ],
)
def test_answers(reply: http_provider.Reply, result: Result) -> None:
    with http_provider.running(reply) as provider:
        assert submitted(provider.base_url) == result


@pytest.mark.parametrize("fault", ["silent", "close", "half", "nonsense"])
def test_a_lost_answer_is_unknown(fault: str) -> None:
    with http_provider.running() as provider:
        provider.say(http_provider.fault(fault))
        assert isinstance(submitted(provider.base_url), Unknown)
        assert len(provider.received) == 1


def test_probes() -> None:
    with sim_gateway.running() as gateway:
        assert asked(gateway.base_url, lambda carrier: carrier.probe()) == Accepted("")
        assert isinstance(asked(gateway.base_url, lambda carrier: carrier.probe(), "wrong"), TryLater)
        assert asked(gateway.base_url, lambda carrier: carrier.probe_sim(SIM)) == Accepted("")
        gateway.states[8, 2] = "no_network"
        found = asked(gateway.base_url, lambda carrier: carrier.probe_sim(SIM))
        assert isinstance(found, TryLater)
        assert found.code == "SIM_NO_NETWORK"


def test_polling_believes_only_what_was_asked_for() -> None:
    with sim_gateway.running() as gateway:
        submitted(gateway.base_url)
        submitted(gateway.base_url)
        first, second = gateway.tasks.values()
        first.status, second.status, second.code = "delivered", "failed", "invalid_number"
        ids = [first.task_id, second.task_id, "another"]
        assert asked(gateway.base_url, lambda carrier: carrier.poll(ids)) == [
            Receipt(first.task_id, "delivered", "delivered"),
            Receipt(second.task_id, "failed", "failed:invalid_number", "INVALID_NUMBER"),
        ]
        gateway.provider.say(http_provider.json(result="success", tasks=[sim_gateway.told(first), 7]))
        assert asked(gateway.base_url, lambda carrier: carrier.poll(["x"])) == []


def receipts(body: bytes, secret: str) -> list[Receipt]:
    row = config(
        "sim_gateway",
        settings={"base_url": "http://x"},
        secrets={"api_key": "k", "callback_secret": "s3cret"},
    )
    return list(SimGateway.receipts(row, Callback("POST", {}, {"x-gateway-secret": secret}, body)))


def test_receipts() -> None:
    assert receipts(
        b'{"tasks":[{"task_id":17,"status":"DELIVERED"},{"task_id":"18","status":"odd"}]}', "s3cret"
    ) == [
        Receipt("17", "delivered", "delivered"),
        Receipt("18", "buffered", "odd", "UNKNOWN"),
    ]


@pytest.mark.parametrize(
    ("body", "secret"),
    [
        (b'{"task_id":"1","status":"delivered"}', "s3cre"),
        (b'{"task_id":"1","status":"delivered"}', ""),
        (b'{"status":"delivered"}', "s3cret"),
        (b'{"task_id":"1"}', "s3cret"),
        (b'{"tasks":[]}', "s3cret"),
        (b"[]", "s3cret"),
        (b"task_id=1&status=delivered", "s3cret"),
        (b'{"a":"' + b"x" * 70_000 + b'"}', "s3cret"),
    ],
)
def test_a_forged_or_strange_callback_is_refused(body: bytes, secret: str) -> None:
    with pytest.raises(BadCallback):
        receipts(body, secret)


def test_a_wrong_configuration_is_named() -> None:
    assert registry.check("sim_gateway", {"base_url": "ftp://x", "polls": "x", "y": "z"}, {"pin": "1"}) == [
        "y is not a setting of a SIM gateway.",
        "pin is not a credential of a SIM gateway.",
        "base_url must be an http or https address without query, fragment or password.",
        "polls is one of yes, no.",
        "api_key must be printable ASCII without spaces.",
    ]
