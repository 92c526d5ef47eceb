"""`POST /v1/billing/topups` and looking at what came of it: document A's example, what is refused, repeated, or foreign."""

from collections import Counter
from decimal import Decimal
from functools import partial

import pytest

from tests.conftest import NewAccount
from tests.stand_ins.customer import together
from tests.stand_ins.running import Stack
from tests.stand_ins.stripe_server import StripeApi
from tests.topups.conftest import ask, look


def test_the_example_of_document_a(stack: Stack, new_account: NewAccount, stripe_api: StripeApi) -> None:
    body = ask(new_account(compat="smsmaroc", currency="EUR"))
    assert body == {
        "id": body["id"],
        "status": "pending",
        "amount_eur": 50,
        "amount_mad": 550,
        "checkout_url": f"{stack.base_url}/dashboard/billing?topup={body['id']}",
    }
    assert body["id"].startswith("topup_")


def test_natively_it_says_where_and_what_to_pay(new_account: NewAccount, stripe_api: StripeApi) -> None:
    customer = new_account()
    body = ask(customer, amount_eur=12.34)
    session = stripe_api.session(body["id"])
    assert session is not None
    assert (session["amount_total"], session["currency"]) == (1234, "eur")
    assert body["payment_url"] == session["url"]
    assert (body["payment_method"], body["due"]) == (
        "stripe",
        {"amount": Decimal("12.34"), "currency": "EUR"},
    )
    assert (body["amount_eur"], body["amount_mad"]) == (Decimal("12.34"), Decimal("135.74"))
    assert look(customer, body["id"]) == body
    listed = customer.get("/v1/billing/topups").body
    assert listed["data"][0] == body
    assert [row["payment_method"] for row in listed["data"]] == ["stripe", "operator"]
    assert (listed["total"], listed["data"][1]["status"]) == (2, "paid")


@pytest.mark.parametrize(
    ("wish", "code", "param"),
    [
        ({}, "MISSING_FIELD", "amount_eur"),
        ({"amount_eur": 9.99}, "INVALID_FIELD", "amount_eur"),
        ({"amount_eur": 100000.01}, "INVALID_FIELD", "amount_eur"),
        ({"amount_eur": 10.001}, "INVALID_FIELD", "amount_eur"),
        ({"amount_eur": "ten"}, "INVALID_FIELD", "amount_eur"),
        ({"amount_eur": True}, "INVALID_FIELD", "amount_eur"),
        ({"amount_eur": -50}, "INVALID_FIELD", "amount_eur"),
        ({"amount_eur": 1e30}, "INVALID_FIELD", "amount_eur"),
        ({"amount_mad": 109.99}, "INVALID_FIELD", "amount_mad"),
        ({"amount_mad": 110, "amount_eur": 10}, "CONFLICTING_FIELDS", "amount_mad"),
        ({"amount_eur": 50, "payment_method": "cash"}, "INVALID_FIELD", "payment_method"),
        ({"amount_eur": 50, "payment_method": 1}, "INVALID_FIELD", "payment_method"),
    ],
)
def test_a_wish_that_cannot_be(
    new_account: NewAccount, wish: dict[str, object], code: str, param: str
) -> None:
    customer = new_account(credit="0")
    answer = customer.post("/v1/billing/topups", wish)
    assert answer.refusal == (400, code)
    assert answer.error["param"] == param
    assert customer.get("/v1/billing/topups").body["data"] == []


def test_the_least_is_ten_euros_in_either_currency(new_account: NewAccount, stripe_api: StripeApi) -> None:
    customer = new_account()
    for wish in ({"amount_eur": 10}, {"amount_mad": 110}):
        body = customer.post("/v1/billing/topups", wish).body
        assert (body["amount_eur"], body["amount_mad"]) == (10, 110)


def test_twenty_equal_requests_at_once_are_one_top_up(new_account: NewAccount, stripe_api: StripeApi) -> None:
    customer = new_account(credit="0")
    once = partial(customer.post, "/v1/billing/topups", {"amount_eur": 20}, idempotency_key="one")
    answers = together([once for _ in range(20)])
    assert set(Counter(answer.status for answer in answers)) <= {201, 409}
    bodies = {answer.raw for answer in [*answers, once()] if answer.status == 201}
    assert len(bodies) == 1
    assert customer.get("/v1/billing/topups").body["total"] == 1
    other = customer.post("/v1/billing/topups", {"amount_eur": 21}, idempotency_key="one")
    assert other.refusal == (409, "IDEMPOTENCY_CONFLICT")


def test_what_stripe_could_not_begin_is_begun_by_the_repeated_request(
    new_account: NewAccount, stripe_api: StripeApi
) -> None:
    customer = new_account(credit="0")
    wish = {"amount_eur": "77.02"}  # fails twice: the SDK asks once more by itself
    once = partial(customer.post, "/v1/billing/topups", wish, idempotency_key="again")
    refused = once()
    assert refused.refusal == (503, "SERVICE_UNAVAILABLE")
    assert refused.headers["retry-after"] == "5"
    done = once()
    assert (done.status, done.headers["idempotent-replayed"]) == (201, "true")
    session = stripe_api.session(done.body["id"])
    assert session is not None
    assert done.body["payment_url"] == session["url"]
    assert customer.get("/v1/billing/topups").body["total"] == 1


def test_a_foreign_top_up_answers_like_none(new_account: NewAccount, stripe_api: StripeApi) -> None:
    customer, stranger = new_account(), new_account()
    body = ask(customer)
    foreign = stranger.get(f"/v1/billing/topups/{body['id']}")
    none = stranger.get("/v1/billing/topups/topup_" + "0" * 32)
    assert foreign.refusal == none.refusal == (404, "NOT_FOUND")
    assert foreign.error["message"] == none.error["message"]
    assert body["id"].encode() not in stranger.get("/v1/billing/topups").raw


def test_only_keys_for_billing_may_ask(new_account: NewAccount) -> None:
    customer = new_account(scopes=["balance", "send"])
    for answer in (
        customer.post("/v1/billing/topups", {"amount_eur": 50}),
        customer.get("/v1/billing/topups"),
    ):
        assert answer.refusal == (403, "FORBIDDEN")


def test_a_test_key_asks_for_a_top_up_that_nobody_can_pay(
    new_account: NewAccount, stripe_api: StripeApi
) -> None:
    customer = new_account(mode="test")
    body = ask(customer)
    assert (body["mode"], body["status"], body["payment_url"]) == ("test", "pending", None)
    assert stripe_api.session(body["id"]) is None
    assert customer.get("/v1/billing/topups").body["total"] == 1  # not the opening credit, which is live
