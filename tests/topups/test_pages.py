"""The page behind `checkout_url`: says what to do and how it stands, in three languages, and never books."""

from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest import NewAccount
from tests.stand_ins.customer import Answer, Customer
from tests.stand_ins.running import Stack
from tests.stand_ins.stripe_server import StripeApi
from tests.topups.conftest import ask, cmi_fields, cmi_says, cmi_signed, has_not_moved


@pytest.fixture
def customer(new_account: NewAccount) -> Customer:
    return new_account()


def visit(customer: Customer, address: str, **headers: str) -> Answer:
    """A browser that is not signed in opens an address."""
    parts = urlsplit(address)
    return customer.get(f"{parts.path}?{parts.query}", authorization="", **headers)


@pytest.mark.parametrize(
    ("language", "words", "direction"),
    [
        ("en", "Not paid yet", "ltr"),
        ("fr-MA", "Pas encore payé", "ltr"),
        ("ar", "لم يتم الدفع بعد", "rtl"),
        ("de", "Not paid yet", "ltr"),
    ],
)
def test_it_speaks_the_browsers_language(
    customer: Customer, stripe_api: StripeApi, language: str, words: str, direction: str
) -> None:
    page = visit(customer, ask(customer)["checkout_url"], accept_language=language)
    assert page.status == 200
    assert words in page.raw.decode()
    assert f'dir="{direction}"' in page.raw.decode()
    assert page.headers["cache-control"] == "no-store, private"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_stripes_payers_are_sent_to_stripe(customer: Customer, stripe_api: StripeApi) -> None:
    topup = ask(customer)
    pay = f"/dashboard/billing/pay?topup={topup['id']}"
    assert pay in visit(customer, topup["checkout_url"]).raw.decode()
    forwarded = visit(customer, pay)
    assert (forwarded.status, forwarded.headers["location"]) == (302, topup["payment_url"])


def test_coming_back_books_nothing_whatever_the_browser_says(customer: Customer) -> None:
    topup = ask(customer, payment_method="cmi")
    said = urlencode(cmi_signed(cmi_fields(topup))).encode()
    form = "application/x-www-form-urlencoded"
    back = f"/dashboard/billing?topup={topup['id']}&returned=1"
    page = customer.post(back, said, authorization="", content_type=form)
    assert page.status == 200
    assert "We are waiting for the bank" in page.raw.decode()
    assert '<meta http-equiv="refresh"' in page.raw.decode()
    has_not_moved(customer, topup["id"])
    assert cmi_says(customer, cmi_signed(cmi_fields(topup))) == "ACTION=POSTAUTH"
    assert '<h1 class="paid">Paid</h1>' in visit(customer, back).raw.decode()
    nothing_to_pay = visit(customer, f"/dashboard/billing/pay?topup={topup['id']}")
    assert (nothing_to_pay.status, nothing_to_pay.headers["location"]) == (302, topup["checkout_url"])


def test_it_shows_nothing_of_the_account(stack: Stack, customer: Customer, stripe_api: StripeApi) -> None:
    for method in ("stripe", "cmi", "bank_transfer"):
        topup = ask(customer, payment_method=method)
        shown = visit(customer, topup["checkout_url"]).raw.decode()
        if method == "cmi":
            shown += visit(customer, f"/dashboard/billing/pay?topup={topup['id']}").raw.decode()
        for secret in ("Atlas", "@atlas.test", customer.account_id.hex, str(customer.account_id)):
            assert secret not in shown


def test_a_transfer_shows_where_to_and_its_code(customer: Customer) -> None:
    topup = ask(customer, payment_method="bank_transfer", amount_eur=12.34)
    shown = visit(customer, topup["checkout_url"]).raw.decode()
    for fact in ("135.74 MAD", topup["transfer"]["reference"], "011780000012345678901234", "Risala SARL"):
        assert fact in shown


@pytest.mark.parametrize("named", ["", "topup=", "topup=x", "topup=%00", "topup=topup_" + "0" * 32])
def test_an_unknown_top_up_is_404(customer: Customer, named: str) -> None:
    for path in ("/dashboard/billing", "/dashboard/billing/pay"):
        page = customer.get(f"{path}?{named}", authorization="")
        assert page.status == 404
        assert "There is no such top-up" in page.raw.decode()


def test_when_stripe_is_away_the_page_says_so(customer: Customer, stripe_api: StripeApi) -> None:
    answer = customer.post("/v1/billing/topups", {"amount_eur": 77.04})  # fails four times, twice a request
    assert answer.refusal == (503, "SERVICE_UNAVAILABLE")
    topup = customer.get("/v1/billing/topups").body["data"][0]
    pay = f"/dashboard/billing/pay?topup={topup['id']}"
    away = visit(customer, pay)
    assert away.status == 503
    assert "does not answer just now" in away.raw.decode()
    session_address = visit(customer, pay).headers["location"]
    session = stripe_api.session(topup["id"])
    assert session is not None
    assert session_address == session["url"]
