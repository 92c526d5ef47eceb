"""Amounts: read exactly or refused, shown as JSON numbers without needless zeros."""

from decimal import Decimal

import pytest

from accounts.refusals import Refused
from billing import money, pricing
from billing.models import ExchangeRate, Price
from tests.ops.worlds import opened


@pytest.mark.parametrize(
    ("text", "amount"), [("50", "50.0000"), ("0.0118", "0.0118"), (" 12.5 ", "12.5000"), ("-3.25", "-3.2500")]
)
def test_an_amount_is_read_exactly(text: str, amount: str) -> None:
    assert str(money.parse(text)) == amount


@pytest.mark.parametrize(
    "text", ["", "1e3", "NaN", "Infinity", "1,5", "0.00001", "٣", "1_0", "0x1", "9" * 13, "--1", "+1"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="at most four decimals"):
        money.parse(text)


def test_an_amount_below_the_least_is_refused() -> None:
    with pytest.raises(Refused):
        money.parse_positive("0")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("2.0000", "2"), ("0.2200", "0.22"), ("0.0118", "0.0118"), ("-0.5", "-0.5"), ("0", "0")],
)
def test_a_json_number_has_no_needless_zeros(amount: str, shown: str) -> None:
    assert repr(money.number(Decimal(amount))) == shown


@pytest.mark.django_db
def test_a_price_is_that_of_plan_country_and_channel_and_none_is_never_free() -> None:
    Price.objects.filter(plan="business", country="FR", channel="sms").delete()
    pricing.forget()
    home = pricing.price_of("business", "MA", "sms")
    assert home is not None
    assert (home.in_currency("MAD"), home.in_currency("EUR")) == (Decimal("0.2800"), Decimal("0.0255"))
    assert pricing.price_of("business", "FR", "sms") is None
    with pytest.raises(Refused, match="NO_PRICE"):
        pricing.must_price("business", "FR", "sms")
    pricing.forget()


@pytest.mark.django_db
def test_the_rate_is_the_newest_that_is_valid() -> None:
    pricing.forget()
    assert pricing.both(Decimal(11), "MAD") == (Decimal("11.0000"), Decimal("1.0000"))
    ExchangeRate.objects.create(mad_per_eur=Decimal("12"), valid_from="2999-01-01T00:00:00Z")
    pricing.forget()
    assert pricing.both(Decimal(2), "EUR") == (Decimal("22.0000"), Decimal("2.0000"))
    pricing.forget()


@pytest.mark.django_db
def test_opening_books_the_credit_as_a_topup_and_seals_the_secret() -> None:
    made = opened(credit="12.5")
    made.account.refresh_from_db()
    entry = made.account.entries.get()
    topup = made.account.topups.get()
    assert (entry.kind, entry.amount, entry.seq, entry.reference) == (
        "topup",
        Decimal("12.5000"),
        1,
        topup.id,
    )
    assert (topup.status, made.account.ledger.balance) == ("paid", Decimal("12.5000"))
    assert made.callback_secret.encode() not in bytes(made.account.callback_secret)
    assert made.user.memberships.get().role == "owner"
