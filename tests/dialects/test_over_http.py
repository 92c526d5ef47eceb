"""Both dialects over HTTP on the running stack: a carrier's answer is waited for, limits hold among parallel requests. The
programs that document D prints are run in tests/contract."""

import random
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import Account
from messaging import sim_pool
from tests.conftest import NewAccount
from tests.stand_ins.customer import Answer, Customer, together
from tests.stand_ins.operator import Operator
from tests.stand_ins.waiting import until

BODY = {"recipient": "+22370123456", "message": "Bonjour"}


@dataclass
class Mali:
    """A customer in Mali with a SIM of its own."""

    customer: Customer
    number: str

    def send(self, **headers: str) -> Answer:
        """`POST /api/sms/send` of a body that is always the same."""
        return self.customer.post("/api/sms/send", BODY, **headers)


@pytest.fixture
def mali(new_account: NewAccount, operator: Operator) -> Mali:
    customer = new_account(country="ML", compat="prosendi", credit="10")
    number = f"+2236{random.randint(0, 9_999_999):07d}"
    with operator.at_work():
        account = Account.objects.get(pk=customer.account_id)
        sim_pool.add(
            number,
            {"carrier": "simulator", "name": "Own", "account": account, "daily_limit": 5},
            actor="test",
        )
    return Mali(customer, number)


def is_documented(body: Any, number: str) -> str:
    """Check the documented answer; its sms_id."""
    data = body["data"]
    assert (body["success"], body["message"], data["status"]) == (True, "SMS envoyé avec succès", "sent")
    assert set(data) == {"sms_id", "task_id", "sim_number", "recipient", "status"}
    assert (data["sim_number"], data["recipient"]) == (number, "+22370123456")
    sms_id: str = data["sms_id"]
    return sms_id


def test_a_message_is_sent_then_delivered_and_shown(mali: Mali) -> None:
    sms_id = is_documented(mali.send().body, mali.number)

    def shown() -> Any:
        return mali.customer.get(f"/api/sms/status/{sms_id}").body["data"]

    until(lambda: shown()["status"] == "delivered", seconds=20, what="the message is delivered")
    data = shown()
    assert (data["sender"], data["failure_reason"], data["retry_count"]) == (mali.number, None, 0)
    assert data["sent_at"].endswith("Z")
    assert len(data["delivered_at"]) == 27


def test_a_limit_holds_among_parallel_requests(mali: Mali) -> None:
    answers = together([mali.send] * 12)
    assert sorted(answer.status for answer in answers) == [200] * 5 + [400] * 7
    assert {answer.body["error"] for answer in answers if answer.status == 400} == {"sim_unavailable"}
    sims = mali.customer.get("/api/sms/sims/available").body["data"]
    assert sims["assigned_sim"]["can_send_sms"] is False
    assert (
        mali.customer.balance()
        == 10 - 5 * mali.customer.get("/api/sms/status/" + sent(answers)).body["data"]["cost"]
    )


def sent(answers: list[Answer]) -> str:
    """The id of any that was sent."""
    found: str = next(answer.body["data"]["sms_id"] for answer in answers if answer.status == 200)
    return found


def test_a_repeated_key_waits_for_the_first_answer(mali: Mali) -> None:
    answers = together([lambda: mali.send(idempotency_key="once")] * 6)
    assert {answer.status for answer in answers} <= {200, 409}
    bodies = {answer.raw for answer in answers if answer.status == 200}
    assert len(bodies) == 1
    for answer in answers:
        if answer.status == 409:
            assert (answer.body["error"], answer.headers["retry-after"]) == ("idempotency_in_progress", "1")
    again = mali.send(idempotency_key="once")
    assert (again.status, {again.raw}, again.headers["idempotent-replayed"]) == (200, bodies, "true")
    assert mali.customer.get("/v1/messages").body["total"] == 1


def test_document_e_sends_and_is_delivered(new_account: NewAccount) -> None:
    customer = new_account(mode="test", compat="massejli")
    told = customer.post(
        "/api/v1/send", {"to": "+961123456789", "message": "Hello"}, authorization="", x_api_key=customer.key
    )
    assert (told.status, told.body["message"], told.body["data"]["message_id"]) == (
        201,
        "SMS sent successfully",
        1,
    )
    assert told.headers["x-ratelimit-limit"] == "1000000"

    def delivered() -> bool:
        rows = customer.get("/api/v1/logs?status=delivered").body["data"]["logs"]
        return [row["message_id"] for row in rows] == [1]

    until(delivered, seconds=20, what="the message is delivered")
    refused = customer.get("/api/v1/nothing")
    assert (refused.status, refused.body["error"]["code"]) == (404, "not_found")
