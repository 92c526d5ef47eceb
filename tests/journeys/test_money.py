"""Promises P2, P3, P4 and P17: charged once and exactly, never below zero, refunded once, books that add up."""

from collections import Counter
from decimal import Decimal
from functools import partial

from tests.conftest import NewAccount
from tests.stand_ins.customer import together
from tests.stand_ins.waiting import until


def test_segments_times_price(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    costs = {text: customer.send(message=text) for text in ("a" * 160, "a" * 161, "ç" * 70, "ç" * 71)}
    assert [body["segments"] for body in costs.values()] == [1, 2, 1, 2]
    assert [body["cost"]["mad"] for body in costs.values()] == [Decimal(c) for c in ("0.28", "0.56") * 2]
    assert customer.is_owed_nothing_more() == Decimal("8.32")


def test_sixty_at_once_with_money_for_ten(new_account: NewAccount) -> None:
    customer = new_account(credit="2.81")
    answers = together([partial(customer.try_send, message=f"nr {n}") for n in range(60)])
    assert Counter(answer.status for answer in answers) == {202: 10, 402: 50}
    assert {a.error["code"] for a in answers if a.status == 402} == {"INSUFFICIENT_BALANCE"}
    assert customer.is_owed_nothing_more() == Decimal("0.01")
    listed = customer.get("/v1/messages?limit=200").body
    assert (listed["total"], len(listed["data"])) == (10, 10)


def test_bulks_at_once_take_all_or_nothing(new_account: NewAccount) -> None:
    customer = new_account(credit="10")  # enough for three of the eight
    bulk = {"messages": [{"to": "+212612345678", "message": f"nr {n}"} for n in range(10)]}
    answers = together([partial(customer.post, "/v1/messages/bulk", bulk) for _ in range(8)])
    assert Counter(answer.status for answer in answers) == {202: 3, 402: 5}
    assert customer.is_owed_nothing_more() == Decimal("1.60")
    assert customer.get("/v1/messages").body["total"] == 30


def test_a_bulk_short_by_one_coin_books_and_queues_nothing(new_account: NewAccount) -> None:
    customer = new_account(credit="2.79")
    bulk = {"messages": [{"to": "+212612345678", "message": f"nr {n}"} for n in range(10)]}
    answer = customer.post("/v1/messages/bulk", bulk)
    assert answer.refusal == (402, "INSUFFICIENT_BALANCE")
    assert customer.balance() == Decimal("2.79")
    assert customer.get("/v1/messages").body["total"] == 0
    assert [row["type"] for row in customer.transactions()] == ["top-up"]


def test_a_failure_is_refunded_once_and_an_undeliverable_is_not(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    failed = customer.send("+212600000001", "a" * 200)
    undeliverable = customer.send("+212600000002")
    assert customer.balance() in (Decimal("9.16"), Decimal("9.72"))
    assert customer.wait_for(failed["id"])["status"] == "failed"
    assert customer.wait_for(undeliverable["id"])["status"] == "undeliverable"
    rows = customer.transactions()
    refunds = [row for row in rows if row["type"] == "refund"]
    assert [(row["message_id"], row["amount_mad"]) for row in refunds] == [(failed["id"], Decimal("0.56"))]
    assert customer.is_owed_nothing_more() == Decimal("9.72")


def test_a_batch_refunds_what_failed_of_it(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    to = ["+212600000000", "+212600000001", "+212600000002", "+212600000001"]
    items = [{"to": number, "message": f"nr {n}"} for n, number in enumerate(to)]
    body = customer.post("/v1/messages/bulk", {"messages": items}).body
    assert body["estimated_cost"]["mad"] == Decimal("1.12")
    ends = [customer.wait_for(item["id"])["status"] for item in body["messages"]]
    assert ends == ["delivered", "failed", "undeliverable", "failed"]
    assert customer.is_owed_nothing_more() == Decimal("9.44")


def test_test_keys_cost_nothing(new_account: NewAccount) -> None:
    customer = new_account(mode="test", credit="0")
    one = customer.send("+1234567890", "x" * 1600)
    assert one["cost"] == {"eur": 0, "mad": 0}
    assert customer.wait_for(one["id"])["status"] == "delivered"
    assert customer.wait_for(customer.send("+212600000001")["id"])["status"] == "failed"
    assert customer.transactions() == []
    assert customer.balance() == 0


def test_an_account_in_euros_is_booked_in_euros(new_account: NewAccount) -> None:
    customer = new_account(plan="starter", currency="EUR", credit="45.45")
    customer.send()
    body = customer.get("/v1/balance").body
    assert body == {
        "balance_eur": Decimal("45.23"),
        "balance_mad": Decimal("497.53"),
        "currency": "EUR",
        "plan": "starter",
    }


def test_refused_requests_cost_nothing(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    assert customer.try_send("+33612345678").refusal == (403, "COUNTRY_NOT_ALLOWED")
    assert customer.try_send("+212522123456").refusal == (400, "INVALID_PHONE")
    assert customer.try_send(channel="telegram").refusal[1] == "CHANNEL_NOT_CONFIGURED"
    assert customer.try_send(channel="whatsapp").refusal == (403, "CHANNEL_NOT_ALLOWED")
    assert customer.try_send(**{"from": "Inwi"}).refusal == (403, "SENDER_NOT_APPROVED")
    assert customer.get("/v1/messages").body["total"] == 0
    until(lambda: customer.is_owed_nothing_more() == 10, seconds=1)
