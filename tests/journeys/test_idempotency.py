"""Promise P5: the same Idempotency-Key gives the same answer and never a second message."""

from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

from tests.conftest import NewAccount
from tests.stand_ins.customer import Answer, Customer, together

SEND = "/v1/messages"
ONE = {"to": "+212612345678", "message": "Votre code est 483921"}


def with_key(customer: Customer, body: Any, key: str, path: str = SEND) -> Answer:
    """Ask, and again while the first request is still running, as a client would."""
    while True:
        answer = customer.post(path, body, idempotency_key=key)
        if answer.status != 409 or answer.error["code"] != "IDEMPOTENCY_IN_PROGRESS":
            return answer
        assert answer.headers["retry-after"] == "1"


def test_fifty_at_once_are_one_message(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    answers = together([partial(with_key, customer, ONE, "order-1") for _ in range(50)])
    assert {answer.status for answer in answers} == {202}
    assert len({answer.raw for answer in answers}) == 1
    replays = Counter(answer.headers.get("idempotent-replayed") for answer in answers)
    assert replays == {"true": 49, None: 1}
    assert customer.get(SEND).body["total"] == 1
    assert customer.is_owed_nothing_more() == Decimal("9.72")


def test_another_body_under_the_same_key_is_a_conflict(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    first = with_key(customer, ONE, "k")
    other = with_key(customer, ONE | {"message": "Other"}, "k")
    assert other.refusal == (409, "IDEMPOTENCY_CONFLICT")
    bulk = with_key(customer, {"messages": [ONE]}, "k", "/v1/messages/bulk")
    assert bulk.refusal == (409, "IDEMPOTENCY_CONFLICT")
    again = with_key(customer, ONE, "k")
    assert (again.raw, again.headers["idempotent-replayed"]) == (first.raw, "true")
    assert customer.balance() == Decimal("9.72")


def test_a_slash_at_the_end_makes_no_other_request(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    contacts = {"contacts": [{"phone": "+212612345678", "name": "Amal"}]}
    for path, body in ((SEND, ONE), ("/v1/contacts/import", contacts)):
        first = with_key(customer, body, path, path)
        again = with_key(customer, body, path, path + "/")
        assert (again.status, again.raw) == (first.status, first.raw)
        assert again.headers["idempotent-replayed"] == "true"
    assert customer.balance() == Decimal("9.72")


def test_spaces_and_order_make_no_other_body(new_account: NewAccount) -> None:
    customer = new_account()
    first = with_key(customer, ONE, "k")
    shuffled = b'{ "message" : "Votre code est 483921" ,\n "to":"+212612345678"}'
    assert with_key(customer, shuffled, "k").raw == first.raw


def test_a_refused_request_does_not_use_its_key_up(new_account: NewAccount) -> None:
    poor = new_account(credit="0.20")
    assert with_key(poor, ONE, "k").refusal == (402, "INSUFFICIENT_BALANCE")
    assert with_key(poor, {"to": "0612345678"}, "k").refusal == (400, "MISSING_FIELD")
    rich = new_account()
    assert with_key(rich, {"to": "0612345678"}, "k").refusal == (400, "MISSING_FIELD")
    answer = with_key(rich, ONE, "k")
    assert (answer.status, answer.headers.get("idempotent-replayed")) == (202, None)


def test_a_key_is_of_one_account_and_one_mode(new_account: NewAccount) -> None:
    live, other = new_account(), new_account(mode="test")
    ids = {with_key(customer, ONE, "k").body["id"] for customer in (live, other)}
    assert len(ids) == 2


def test_a_replayed_batch_is_rebuilt_to_the_byte(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    items = [ONE, {"to": "12", "message": "bad number"}, ONE, ONE | {"to": "+212698765432"}]
    first, *rest = together(
        [partial(with_key, customer, {"messages": items}, "b", "/v1/messages/bulk") for _ in range(6)]
    )
    assert first.status == 202
    assert (first.body["total"], first.body["accepted"], first.body["rejected"]) == (4, 3, 1)
    assert {answer.raw for answer in rest} == {first.raw}
    assert customer.get(SEND).body["total"] == 3
    assert customer.balance() == Decimal("9.16")


def test_without_a_key_the_same_text_is_sent_twice_and_flagged(new_account: NewAccount) -> None:
    customer = new_account()
    assert "duplicate_suspected" not in customer.send()
    assert customer.send()["duplicate_suspected"] is True
    assert customer.get(SEND).body["total"] == 2
