"""Promise P8 over real sockets: what was subscribed to is posted, again until it is taken; a dead receiver delays nobody else
(P9). That the documents' own programs verify the posts is shown in tests/contract/test_signatures.py."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import Account
from tests.conftest import NewAccount
from tests.stand_ins import receiver
from tests.stand_ins.customer import Customer, together
from tests.stand_ins.operator import Operator
from tests.stand_ins.receiver import DROP, FAIL, HANG, OK, Receiver
from tests.stand_ins.waiting import until
from webhooks.models import Endpoint


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver.running() as running:
        yield running


def subscribe(customer: Customer, url: str, **more: object) -> dict[str, Any]:
    answer = customer.post("/v1/webhooks", {"url": url, **more})
    assert answer.status == 201, answer.raw
    body: dict[str, Any] = answer.body
    return body


def test_every_state_is_told_once_in_a_sequence(new_account: NewAccount, receiving: Receiver) -> None:
    customer = new_account()
    subscribe(customer, receiving.url + "/")
    message_id = customer.send()["id"]
    told = [json.loads(request.body) for request in receiving.wait_for(2)]
    told.sort(key=lambda body: body["sequence"])
    assert [body["event"] for body in told] == ["message.sent", "message.delivered"]
    assert {body["message_id"] for body in told} == {message_id}
    cancelled = customer.send(scheduled_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())["id"]
    customer.post(f"/v1/messages/{cancelled}/cancel")
    last = json.loads(receiving.wait_for(3)[2].body)
    assert (last["event"], last["message_id"]) == ("message.cancelled", cancelled)


def test_within_five_seconds(new_account: NewAccount, receiving: Receiver) -> None:
    customer = new_account()
    subscribe(customer, receiving.url + "/", events=["message.delivered"])
    ids = [customer.send(message=f"nr {n}")["id"] for n in range(20)]
    requests = receiving.wait_for(20, timeout_seconds=30)
    taken = []
    for request in requests:
        body = json.loads(request.body)
        at = datetime.fromisoformat(body["created_at"]).timestamp()
        taken.append(request.at + time.time() - time.monotonic() - at)
    assert {json.loads(request.body)["message_id"] for request in requests} == set(ids)
    assert sorted(taken)[18] < 5.0


def test_it_is_posted_again_until_it_is_taken_under_one_id(
    new_account: NewAccount, receiving: Receiver
) -> None:
    customer = new_account()
    subscribe(customer, receiving.url + "/", events=["message.delivered"])
    receiving.answer(FAIL, DROP, OK)
    customer.send()
    tries = receiving.wait_for(3, timeout_seconds=20)
    assert len({request.headers["webhook-id"] for request in tries}) == 1
    assert len({request.body for request in tries}) == 1
    customer.send()
    assert receiving.wait_for(4)[3].headers["webhook-id"] != tries[0].headers["webhook-id"]


def test_a_dead_receiver_delays_no_other(new_account: NewAccount, receiving: Receiver) -> None:
    broken, well = new_account(), new_account()
    receiving.answer_at("/dead", HANG)
    subscribe(broken, receiving.url + "/dead", events=["message.delivered"])
    for n in range(30):
        broken.send(message=f"nr {n}")
    subscribe(well, receiving.url + "/well", events=["message.delivered"])
    began = time.monotonic()
    well.send()
    receiving.wait_for(1, path="/well")
    assert time.monotonic() - began < 5.0 + 2.0


def test_a_callback_address_of_one_message(new_account: NewAccount, receiving: Receiver) -> None:
    customer = new_account(compat="smsprovider", plan="standard")
    message_id = customer.send(callback_url=receiving.url + "/status?for=A-17")["message_id"]
    customer.send()
    requests = receiving.wait_for(2, path="/status?for=A-17")
    assert {json.loads(request.body)["message_id"] for request in requests} == {message_id}
    assert all("webhook-signature" in request.headers for request in requests)
    told = {json.loads(request.body)["status"] for request in requests}
    assert told == {"sent", "delivered"}


def test_a_test_post_and_a_switched_off_endpoint(new_account: NewAccount, receiving: Receiver) -> None:
    customer = new_account()
    endpoint = subscribe(customer, receiving.url + "/")
    assert customer.post(f"/v1/webhooks/{endpoint['id']}/test").status in (200, 202)
    assert json.loads(receiving.wait_for(1)[0].body)["event"] == "message.test"
    assert customer.call("PATCH", f"/v1/webhooks/{endpoint['id']}", {"active": False}).status == 200
    customer.wait_for(customer.send()["id"])
    later = subscribe(customer, receiving.url + "/later", events=["message.delivered"])
    customer.send()
    receiving.wait_for(1, path="/later")
    assert later["active"] is True
    assert len(receiving.at("/")) == 1


def test_an_endpoint_of_another_account_is_unknown(new_account: NewAccount, receiving: Receiver) -> None:
    owner, stranger = new_account(), new_account()
    endpoint = subscribe(owner, receiving.url + "/")["id"]
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("GET", "/deliveries"),
    ):
        answer = stranger.call(method, f"/v1/webhooks/{endpoint}{path}", {} if method == "PATCH" else None)
        assert answer.refusal == (404, "NOT_FOUND"), (method, path)
    assert stranger.get("/v1/webhooks").body["data"] == []
    stranger.wait_for(stranger.send()["id"])
    owner.send()
    assert until(lambda: len(receiving.requests) == 2)
    ids = {json.loads(request.body)["message_id"] for request in receiving.requests}
    assert ids == {one["id"] for one in owner.get("/v1/messages").body["data"]}


def test_the_hundredth_webhook_is_the_last_however_many_ask_at_once(
    new_account: NewAccount, operator: Operator
) -> None:
    customer = new_account()
    with operator.at_work():
        account = Account.objects.get(id=customer.account_id)
        rows = [Endpoint(account=account, url="https://example.com/hook", active=False) for _ in range(97)]
        Endpoint.objects.bulk_create(rows)
    wish = {"url": "https://example.com/hook", "active": False}
    answers = together([partial(customer.post, "/v1/webhooks", wish) for _ in range(12)])
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 9
    assert {a.refusal for a in answers if a.status != 201} == {(409, "INVALID_STATE")}
    with operator.at_work():
        assert Endpoint.objects.filter(account_id=customer.account_id).count() == 100
