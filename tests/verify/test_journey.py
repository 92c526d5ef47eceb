"""A code on the running stack, workers and all: sent, delivered, checked; and the message tells nobody."""

from decimal import Decimal

from tests.conftest import NewAccount
from tests.stand_ins.customer import together


def test_a_code_is_sent_delivered_and_verified(new_account: NewAccount) -> None:
    customer = new_account(mode="test")
    sent = customer.post("/v1/verify/send", {"to": "+212661888801", "brand": "MonApp", "code_length": 8})
    assert sent.status == 202
    delivered = customer.wait_for(sent.body["message_id"])
    assert delivered["status"] == "delivered"
    assert "********" in delivered["body"]
    assert sent.body["sandbox_code"] not in str(delivered)
    body = {"session_id": sent.body["session_id"], "code": sent.body["sandbox_code"]}
    assert customer.post("/v1/verify/check", body).body["verified"] is True
    assert customer.post("/v1/verify/check", body).refusal == (404, "SESSION_NOT_FOUND")


def test_sixty_guesses_at_once_over_http_get_three_tries(new_account: NewAccount) -> None:
    customer = new_account(mode="test")
    sent = customer.post("/v1/verify/send", {"to": "+212661888802", "code_length": 8}).body
    wrong = str(10**8 + int(sent["sandbox_code"]) + 1)[1:]
    body = {"session_id": sent["session_id"], "code": wrong}
    said = [answer.refusal for answer in together([lambda: customer.post("/v1/verify/check", body)] * 60)]
    assert said.count((422, "INVALID_CODE")) == 3
    assert said.count((429, "MAX_ATTEMPTS")) == 57
    body["code"] = sent["sandbox_code"]
    assert customer.post("/v1/verify/check", body).refusal == (429, "MAX_ATTEMPTS")


def test_a_live_code_is_charged_once_and_delivered(new_account: NewAccount) -> None:
    customer = new_account(plan="starter", credit="100")
    sent = customer.post("/v1/verify/send", {"to": "+212661888803"})
    assert "sandbox_code" not in sent.body
    assert customer.wait_for(sent.body["message_id"])["status"] == "delivered"
    assert customer.post("/v1/verify/send", {"to": "+212661888803"}).refusal == (429, "RESEND_COOLDOWN")
    assert customer.is_owed_nothing_more() == Decimal("97.58")
