"""CMI's callbacks: the hash `ver3`, what has to agree, and the words that CMI wants to hear."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from html import unescape

import pytest

from tests.conftest import NewAccount
from tests.stand_ins.customer import Customer, together
from tests.stand_ins.running import Stack
from tests.topups.conftest import ask, cmi_fields, cmi_says, cmi_signed, has_not_moved, look

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
Wrong = Callable[[Mapping[str, str]], dict[str, str]]


@pytest.fixture
def customer(new_account: NewAccount) -> Customer:
    return new_account()


def test_the_payer_is_sent_on_by_a_signed_form(stack: Stack, customer: Customer) -> None:
    topup = ask(customer, payment_method="cmi")
    assert (topup["payment_url"], topup["due"]) == (None, {"amount": 550, "currency": "MAD"})
    page = customer.get(f"/dashboard/billing/pay?topup={topup['id']}", authorization="")
    assert page.status == 200
    text = page.raw.decode()
    fields = {unescape(name): unescape(value) for name, value in HIDDEN.findall(text)}
    assert cmi_signed({k: v for k, v in fields.items() if k != "HASH"})["HASH"] == fields["HASH"]
    wanted = {
        "clientid": "600001234",
        "oid": topup["id"],
        "amount": "550.00",
        "currency": "504",
        "storetype": "3D_PAY_HOSTING",
        "TranType": "PreAuth",
        "hashAlgorithm": "ver3",
        "callbackUrl": f"{stack.base_url}/callbacks/cmi",
        "okUrl": f"{topup['checkout_url']}&returned=1",
        "failUrl": topup["checkout_url"],
    }
    assert fields.items() >= wanted.items()
    assert 'action="https://cmi.test/fim/est3Dgate"' in text
    policy = page.headers["content-security-policy"]
    assert "form-action 'self' https://cmi.test" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|style=", text)


def test_thirty_equal_callbacks_at_once_book_once(customer: Customer) -> None:
    topup = ask(customer, payment_method="cmi")
    says = partial(cmi_says, customer, cmi_signed(cmi_fields(topup)))
    assert set(together([says for _ in range(30)])) == {"ACTION=POSTAUTH"}
    assert customer.is_owed_nothing_more() == 650
    assert [row["type"] for row in customer.transactions()] == ["top-up", "top-up"]
    assert look(customer, topup["id"])["status"] == "paid"


def test_a_hash_over_values_with_their_html_escapes_is_right_too(customer: Customer) -> None:
    topup = ask(customer, payment_method="cmi")
    signed = cmi_signed(cmi_fields(topup, BillToName="L'été"))
    assert cmi_says(customer, {**signed, "BillToName": "L&#39;&eacute;t&eacute;"}) == "ACTION=POSTAUTH"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda fields: {**fields, "HASH": ""},
        lambda fields: {**cmi_signed(fields), "amount": "55000.00"},
        lambda fields: {**cmi_signed(fields), "ProcReturnCode": "00 "},
        lambda fields: cmi_signed(fields, store_key="guessed"),
        lambda fields: cmi_signed({**fields, "clientid": "600009999"}),
        lambda fields: {**cmi_signed(fields), "OID": fields["oid"]},
        lambda fields: {name: value for name, value in cmi_signed(fields).items() if name != "HASH"},
    ],
    ids=["no-hash", "amount-after", "code-after", "forged", "another-shop", "twice", "unsigned"],
)
def test_what_cmi_did_not_sign_books_nothing(stack: Stack, customer: Customer, wrong: Wrong) -> None:
    topup = ask(customer, payment_method="cmi")
    assert cmi_says(customer, wrong(cmi_fields(topup))) == "FAILURE"
    has_not_moved(customer, topup["id"])
    assert (
        stack.rows(
            "SELECT 1 FROM billing_paymentalarm a JOIN billing_topup t ON t.id = a.topup_id"
            " WHERE t.account_id = %s",
            [customer.account_id],
        )
        == []
    )


@pytest.mark.parametrize(
    "changes",
    [{"amount": "549.99"}, {"amount": "55"}, {"amount": "5500"}, {"currency": "978"}],
    ids=["cent-less", "tenth", "tenfold", "euros"],
)
def test_another_amount_or_currency_books_nothing_and_takes_nothing(
    stack: Stack, customer: Customer, changes: dict[str, str]
) -> None:
    topup = ask(customer, payment_method="cmi")
    assert cmi_says(customer, cmi_signed(cmi_fields(topup, **changes))) == "FAILURE"
    has_not_moved(customer, topup["id"])
    found = stack.rows(
        "SELECT kind FROM billing_paymentalarm a JOIN billing_topup t ON t.id = a.topup_id"
        " WHERE t.account_id = %s",
        [customer.account_id],
    )
    assert [row["kind"] for row in found] == ["mismatch"]


@pytest.mark.parametrize("amount", ["550", "550.0", "550,00"])
def test_an_amount_may_be_written_in_several_ways(customer: Customer, amount: str) -> None:
    topup = ask(customer, payment_method="cmi")
    assert cmi_says(customer, cmi_signed(cmi_fields(topup, amount=amount))) == "ACTION=POSTAUTH"


def test_a_refusal_of_the_bank_fails_it_and_a_later_payment_counts(customer: Customer) -> None:
    topup = ask(customer, payment_method="cmi")
    refused = cmi_signed(cmi_fields(topup, ProcReturnCode="51", Response="Declined"))
    assert cmi_says(customer, refused) == "APPROVED"
    failed = look(customer, topup["id"])
    assert (failed["status"], failed["failure"]) == ("failed", "declined")
    has_not_moved(customer, topup["id"], status="failed")
    assert cmi_says(customer, cmi_signed(cmi_fields(topup))) == "ACTION=POSTAUTH"
    assert cmi_says(customer, refused) == "APPROVED"  # said again, too late
    assert look(customer, topup["id"])["status"] == "paid"
    assert customer.is_owed_nothing_more() == 650


def test_orders_of_others_are_refused(customer: Customer) -> None:
    by_stripe_or_none = {"id": "topup_" + "0" * 32, "amount_mad": 550}
    for oid in ("topup_" + "0" * 32, "x", ""):
        fields = cmi_fields(by_stripe_or_none, oid=oid, ReturnOid=oid, TransId=f"T-{oid}")
        assert cmi_says(customer, cmi_signed(fields)) == "FAILURE"
    transfer = ask(customer, payment_method="bank_transfer")
    assert cmi_says(customer, cmi_signed(cmi_fields(transfer))) == "FAILURE"
    has_not_moved(customer, transfer["id"])


def test_a_refusal_whose_fields_were_renamed_is_no_payment(customer: Customer) -> None:
    topup = ask(customer, payment_method="cmi")
    signed = cmi_fields(topup, ProcReturnCode="51", Response="Declined", taksit="00")
    renamed = {
        {"ProcReturnCode": "p1", "Response": "p2", "taksit": "ProcReturnCode"}.get(k, k): v
        for k, v in signed.items()
    }
    forged = renamed | {"HASH": cmi_signed(signed)["HASH"]}
    assert cmi_says(customer, forged) != "ACTION=POSTAUTH"
    has_not_moved(customer, topup["id"], status="pending")
