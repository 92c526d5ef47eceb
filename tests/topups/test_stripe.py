"""Stripe's events: only what it signed, for the amount, currency and session that were asked for, books; and once."""

import json
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.conftest import NewAccount
from tests.stand_ins import receiver, stripe_server
from tests.stand_ins.customer import Customer, together
from tests.stand_ins.running import Stack
from tests.stand_ins.stripe_server import StripeApi
from tests.stand_ins.waiting import until
from tests.topups.conftest import ask, has_not_moved, look, stripe_says

PAID = "checkout.session.completed"
ALARMS = """
SELECT a.kind, a.amount, a.currency, a.reference FROM billing_paymentalarm a
  JOIN billing_topup t ON t.id = a.topup_id WHERE t.account_id = %s ORDER BY a.id
"""


def alarms(stack: Stack, customer: Customer) -> list[str]:
    """The kinds of an account's alarms."""
    return [row["kind"] for row in stack.rows(ALARMS, [customer.account_id])]


def test_thirty_equal_events_at_once_book_once(
    stack: Stack, new_account: NewAccount, stripe_api: StripeApi
) -> None:
    customer = new_account()
    topup = ask(customer)
    says = partial(stripe_says, customer, PAID, stripe_api.paid(topup["id"]))
    answers = together([says for _ in range(30)])
    assert Counter((answer.status, answer.raw) for answer in answers) == {(200, b'{"received":true}'): 30}
    assert customer.is_owed_nothing_more() == 650
    rows = customer.transactions()
    assert [(row["type"], row["amount_mad"], row["amount_eur"]) for row in rows[1:]] == [("top-up", 550, 50)]
    assert rows[1]["topup_id"] == topup["id"]
    after = look(customer, topup["id"])
    assert (after["status"], after["booked_amount"], after["failure"]) == ("paid", 550, None)
    audited = "SELECT actor, detail FROM accounts_auditentry WHERE account_id = %s AND action = 'topup.paid'"
    assert [row["actor"] for row in stack.rows(audited, [customer.account_id])] == ["stripe"]
    assert alarms(stack, customer) == []


def test_an_account_in_euros_gets_euros(new_account: NewAccount, stripe_api: StripeApi) -> None:
    customer = new_account(currency="EUR", credit="1")
    topup = ask(customer, amount_eur=10.5)
    assert stripe_says(customer, PAID, stripe_api.paid(topup["id"])).status == 200
    assert customer.transactions()[1]["balance_after"] == Decimal("11.5")


@pytest.mark.parametrize(
    "signing",
    [{"signature": ""}, {"signature": "t=1,v1=é"}, {"secret": "whsec_guessed"}, {"age_seconds": 301}],
    ids=["none", "nonsense", "forged", "old"],
)
def test_what_stripe_did_not_sign_just_now_books_nothing(
    new_account: NewAccount, stripe_api: StripeApi, signing: dict[str, Any]
) -> None:
    customer = new_account()
    topup = ask(customer)
    if "é" in signing.get("signature", ""):
        signing = {"signature": signing["signature"].encode().decode("latin-1")}
    answer = stripe_says(customer, PAID, stripe_api.paid(topup["id"]), **signing)
    assert (answer.status, answer.raw) == (400, b'{"received":false}')
    has_not_moved(customer, topup["id"])


@pytest.mark.parametrize(
    "changes",
    [{"amount_total": 4999}, {"amount_total": 5001}, {"currency": "mad"}, {"id": "cs_test_of_somebody"}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_payment_that_was_not_asked_for_so_books_nothing_and_raises_one_alarm(
    stack: Stack, new_account: NewAccount, stripe_api: StripeApi, changes: dict[str, object]
) -> None:
    customer = new_account()
    topup = ask(customer)
    for _ in range(2):
        assert stripe_says(customer, PAID, stripe_api.paid(topup["id"], **changes)).status == 200
    has_not_moved(customer, topup["id"])
    assert alarms(stack, customer) == ["mismatch"]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (PAID, {"payment_status": "unpaid"}),
        (PAID, {"metadata": {}}),
        (PAID, {"client_reference_id": "topup_" + "0" * 32}),
        ("payment_intent.succeeded", {}),
        ("checkout.session.async_payment_failed", {"id": "cs_test_of_somebody"}),
    ],
    ids=["unpaid", "not-ours", "for-another", "another-kind", "another-session"],
)
def test_events_that_are_no_payment_of_ours_change_nothing(
    new_account: NewAccount, stripe_api: StripeApi, kind: str, changes: dict[str, object]
) -> None:
    customer = new_account()
    topup = ask(customer)
    assert stripe_says(customer, kind, stripe_api.paid(topup["id"], **changes)).status == 200
    has_not_moved(customer, topup["id"])


def test_a_payment_books_for_its_own_account_only(new_account: NewAccount, stripe_api: StripeApi) -> None:
    one, other = new_account(), new_account()
    mine, theirs = ask(one), ask(other)
    own = stripe_api.paid(theirs["id"])
    swapped = {**own, "metadata": {"topup": mine["id"]}, "client_reference_id": mine["id"]}
    assert stripe_says(one, PAID, swapped).status == 200
    has_not_moved(one, mine["id"])
    has_not_moved(other, theirs["id"])


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"type":"checkout.session.completed"}', b"\xff"])
def test_signed_nonsense_is_refused(new_account: NewAccount, body: bytes) -> None:
    customer = new_account()
    header = stripe_server.signature(body)
    answer = customer.post("/callbacks/stripe", body, authorization="", stripe_signature=header)
    assert answer.status in (200, 400)
    assert answer.raw.startswith(b'{"received":')


def test_expired_then_paid_all_the_same_is_booked_and_noted(
    stack: Stack, new_account: NewAccount, stripe_api: StripeApi
) -> None:
    customer = new_account()
    topup = ask(customer)
    session = stripe_api.paid(topup["id"])
    stripe_says(customer, "checkout.session.expired", {**session, "payment_status": "unpaid"})
    failed = look(customer, topup["id"])
    assert (failed["status"], failed["failure"]) == ("failed", "expired")
    stripe_says(customer, "checkout.session.async_payment_succeeded", session)
    assert look(customer, topup["id"])["status"] == "paid"
    assert customer.is_owed_nothing_more() == 650
    assert customer.transactions()[1]["reason"] == "The payment came after this top-up had failed."
    for kind in (
        "checkout.session.expired",
        "checkout.session.async_payment_failed",
    ):  # too late, out of order
        stripe_says(customer, kind, session)
    assert look(customer, topup["id"])["status"] == "paid"


def test_a_refund_and_a_dispute_are_left_to_an_operator(
    stack: Stack, new_account: NewAccount, stripe_api: StripeApi
) -> None:
    customer = new_account()
    topup = ask(customer)
    session = stripe_api.paid(topup["id"])
    stripe_says(customer, PAID, session)
    payment = session["payment_intent"]
    refund = {"id": "ch_1", "payment_intent": payment, "amount_refunded": 2000, "currency": "eur"}
    dispute = {"id": f"dp_{payment}", "payment_intent": payment, "amount": 5000, "currency": "eur"}
    for kind, thing in (
        ("charge.refunded", refund),
        ("charge.refunded", refund),
        ("charge.refunded", {**refund, "payment_intent": "pi_of_another_shop"}),
        ("charge.dispute.created", dispute),
        ("charge.dispute.funds_withdrawn", dispute),
    ):
        assert stripe_says(customer, kind, thing).status == 200
    assert customer.is_owed_nothing_more() == 650
    assert alarms(stack, customer) == ["refund", "dispute"]


def test_a_second_payment_of_one_top_up_is_an_alarm(
    stack: Stack, new_account: NewAccount, stripe_api: StripeApi
) -> None:
    customer = new_account()
    topup = ask(customer)
    stripe_says(customer, PAID, stripe_api.paid(topup["id"]))
    stripe_says(customer, PAID, stripe_api.paid(topup["id"], payment_intent="pi_another"))
    assert customer.is_owed_nothing_more() == 650
    assert alarms(stack, customer) == ["second"]


def test_a_test_keys_top_up_is_never_booked(new_account: NewAccount, stripe_api: StripeApi) -> None:
    customer = new_account(mode="test")
    topup = ask(customer)
    thing = {
        "id": "cs_test_x",
        "payment_status": "paid",
        "amount_total": 5000,
        "currency": "eur",
        "client_reference_id": topup["id"],
        "metadata": {"topup": topup["id"]},
        "payment_intent": "pi_" + topup["id"],
    }
    assert stripe_says(customer, PAID, thing).status == 200
    assert look(customer, topup["id"])["status"] == "pending"
    assert customer.balance() == 100


def test_endpoints_of_the_account_are_told(new_account: NewAccount, stripe_api: StripeApi) -> None:
    customer = new_account()
    with receiver.running() as receiving:
        made = customer.post("/v1/webhooks", {"url": receiving.url + "/paid", "events": ["topup.paid"]})
        assert made.status == 201, made.raw
        topup = ask(customer)
        stripe_says(customer, PAID, stripe_api.paid(topup["id"]))
        until(lambda: receiving.requests, what="the endpoint is told")
        told = json.loads(receiving.requests[0].body)
    assert told["event"] == "topup.paid"
    assert told["data"] == {
        "topup_id": topup["id"],
        "status": "paid",
        "amount": 550,
        "currency": "MAD",
        "payment_method": "stripe",
    }
