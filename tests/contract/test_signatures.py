"""What is posted to an endpoint made with each document's key, byte for byte as a receiver gets it, and what the documents' own
programs say of it. D and E have no webhooks of their own."""

import json
import re
import time
from typing import Any

import pytest

from tests.contract import printed
from tests.contract.conftest import NewWorld
from tests.contract.example import World
from tests.contract.likeness import unlike
from tests.contract.verification import WRONG_LENGTH, Post, by_document_b, by_document_c, needs_node
from tests.stand_ins.customer import Customer
from tests.stand_ins.receiver import Request

EVENTS = ["message.delivered", "message.failed"]


def subscribe(world: World, customer: Customer, **more: Any) -> str:
    """A new endpoint at the world's receiver; its secret."""
    answer = customer.post("/v1/webhooks", {"url": world.receiver.url + "/hook", **more})
    assert answer.status == 201, answer.raw
    secret: str = answer.body["secret"]
    return secret


def post(request: Request, header: str, secret: str) -> Post:
    return Post(request.body, request.headers[header], secret)


def told(request: Request) -> Any:
    return json.loads(request.body)


def forged(good: Post) -> Post:
    return good._replace(body=good.body.replace(b"delivered", b"delivereD"))


@needs_node
def test_sent_and_delivered_are_told_and_document_b_verifies_them(world: NewWorld) -> None:
    asked = world("b")
    customer = asked.account()
    secret = subscribe(asked, customer)
    assert secret.startswith("whsec_")
    metadata = {"order": "A-17", "10": "é", "2": 0.5}
    message_id = customer.send("+212600000000", metadata=metadata)["id"]
    (request,) = asked.receiver.wait_for(1)
    body = told(request)
    assert (body["event"], body["message_id"], body["status"]) == (
        "message.delivered",
        message_id,
        "delivered",
    )
    assert body["metadata"] == metadata
    good = post(request, "x-envoisms.ma-signature", secret)
    bare = good._replace(signature=good.signature.removeprefix("sha256="))
    assert by_document_b([good, forged(good), bare]) == [True, False, WRONG_LENGTH]
    assert request.headers["x-envoisms-signature"] == good.signature
    assert abs(time.time() - int(request.headers["webhook-timestamp"])) < 60


@needs_node
def test_document_c_verifies_its_own(world: NewWorld) -> None:
    asked = world("c")
    customer = asked.account()
    secret = subscribe(asked, customer, events=EVENTS)
    ids = [customer.send(f"+21260000000{digit}")["message_id"] for digit in (0, 1, 2)]
    requests = asked.receiver.wait_for(3)
    by_id = {told(request)["message_id"]: told(request) for request in requests}
    assert [by_id[one]["event"] for one in ids] == ["message.delivered", "message.failed", "message.failed"]
    state = {"to": "+212600000000", "timestamp": by_id[ids[0]]["timestamp"]}
    shown = printed.answer("c", "Webhook Payload Example")
    assert list(by_id[ids[0]]) == list(shown)
    assert list(unlike(shown, by_id[ids[0]], state)) == []
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", by_id[ids[0]]["delivered_at"])
    assert abs(time.time() - by_id[ids[0]]["timestamp"]) < 60
    good = [post(request, "x-smsprovider-signature", secret) for request in requests]
    prefixed = good[0]._replace(signature="sha256=" + good[0].signature)
    assert by_document_c([*good, good[0]._replace(body=good[1].body), prefixed]) == [
        *[True] * 3,
        False,
        WRONG_LENGTH,
    ]


@needs_node
def test_document_a_s_header_has_the_form_of_b_s_over_the_same_bytes(world: NewWorld) -> None:
    """A names the headers and not what is in them; the secret is the one of its own curl."""
    asked = world("a")
    customer = asked.account()
    secret = subscribe(asked, customer, secret="whsec_keep_this_private")
    assert secret == "whsec_keep_this_private"
    customer.send("+212600000000")
    (request,) = asked.receiver.wait_for(1)
    assert request.headers["x-smsmaroc-event"] == told(request)["event"] == "message.delivered"
    assert request.headers["content-type"] == "application/json"
    good = post(request, "x-smsmaroc-signature", secret)
    assert by_document_b([good, forged(good)]) == [True, False]


@needs_node
def test_a_native_endpoint_is_signed_so_too(world: NewWorld) -> None:
    asked = world("a")
    customer = asked.account(compat="native")
    secret = subscribe(asked, customer, events=["message.delivered"])
    customer.send("+212600000000")
    (request,) = asked.receiver.wait_for(1)
    assert by_document_b([post(request, "x-risala-signature", secret)]) == [True]


# By document: the last digit of the simulator's number, and the events told of it when all are subscribed to.
CHAINS = {
    "a": {
        "0": ["message.sent", "message.delivered"],
        "1": ["message.failed"],
        "2": ["message.sent", "message.undeliverable"],
        "3": ["message.sent", "message.undeliverable"],
    },
    "b": {
        "0": ["message.delivered"],
        "1": ["message.failed"],
        "2": ["message.failed"],
        "3": ["message.expired"],
    },
    "c": {
        "0": ["message.sent", "message.delivered"],
        "1": ["message.failed"],
        "2": ["message.sent", "message.failed"],
        "3": ["message.sent", "message.expired"],
    },
}
ALL = {"a": ["message.*"], "b": None, "c": None}


@pytest.mark.parametrize("document", CHAINS)
def test_each_state_is_told_by_the_document_s_name(world: NewWorld, document: str) -> None:
    asked = world(document)
    customer = asked.account()
    subscribe(asked, customer, **({"events": ALL[document]} if ALL[document] else {}))
    ids = {customer.send(f"+21260000000{digit}")["id"]: digit for digit in CHAINS[document]}
    count = sum(len(names) for names in CHAINS[document].values())
    posts = [told(request) for request in asked.receiver.wait_for(count, timeout_seconds=20)]
    for message_id in ids:
        customer.wait_for(message_id)
    names = {
        digit: sorted(one["event"] for one in posts if one["message_id"] == message_id)
        for message_id, digit in ids.items()
    }
    assert names == {digit: sorted(expected) for digit, expected in CHAINS[document].items()}
    assert len(asked.receiver.requests) == count


def test_a_right_code_is_told_to_document_b(world: NewWorld) -> None:
    asked = world("b")
    customer = asked.account(mode="test")
    subscribe(asked, customer, events=["verify.success"])
    sent = customer.post("/v1/verify/send", {"to": "+212612345678"}).body
    wrong = {"session_id": sent["session_id"], "code": "0" * 7}
    assert customer.post("/v1/verify/check", wrong).status == 422
    assert customer.post("/v1/verify/check", wrong | {"code": sent["sandbox_code"]}).status == 200
    (request,) = asked.receiver.wait_for(1)
    body = told(request)
    assert (body["event"], body["session_id"]) == ("verify.success", sent["session_id"])
    assert sent["sandbox_code"].encode() not in request.body


@pytest.mark.parametrize(
    ("document", "events"),
    [
        ("a", ["message.delivered", "message.failed"]),
        ("b", ["message.delivered", "message.failed", "message.expired", "verify.success"]),
    ],
)
def test_events_that_are_not_named_are_the_document_s(
    world: NewWorld, document: str, events: list[str]
) -> None:
    customer = world(document).account()
    assert customer.post("/v1/webhooks", {"url": "https://example.com/hook"}).body["events"] == events
