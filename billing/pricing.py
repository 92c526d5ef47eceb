"""What a segment costs, and how many MAD one EUR is: both read from PostgreSQL and kept a few seconds in the process.
A destination without a price has none: it is refused (NO_PRICE), never free."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models.functions import Now

from accounts.freshness import Fresh
from accounts.models import Currency
from accounts.refusals import Code, Refused
from billing.models import ExchangeRate, Plan, Price
from billing.money import PLACES, quantize

FRESH_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """The price of one segment in both currencies, as the operator set them."""

    plan: str
    country: str
    channel: str
    mad: Decimal
    eur: Decimal

    def in_currency(self, currency: str) -> Decimal:
        """The price of one segment in `currency` (MAD or EUR)."""
        return self.eur if currency == Currency.EUR else self.mad


def _load_price(key: tuple[str, str, str]) -> PriceFacts | None:
    plan, country, channel = key
    row = (
        Price.objects.filter(plan_id=plan, country=country, channel=channel).values_list("mad", "eur").first()
    )
    return None if row is None else PriceFacts(plan, country, channel, *row)


def _load_rate(_: None) -> Decimal:
    rate = ExchangeRate.objects.filter(valid_from__lte=Now()).order_by("-valid_from").first()
    if rate is None:
        raise Refused(Code.SERVICE_UNAVAILABLE, "No exchange rate is set.")
    return rate.mad_per_eur


_prices = Fresh(_load_price, seconds=FRESH_SECONDS)
_rates = Fresh(_load_rate, seconds=FRESH_SECONDS)


def price_of(plan: str, country: str, channel: str) -> PriceFacts | None:
    """The price of one segment, at most `FRESH_SECONDS` old; None if the operator set none.

    Parameters: `plan` a plan's code, `country` ISO 3166-1 alpha-2 in upper case, `channel` such as `sms`.
    """
    return _prices.get((plan, country, channel))


def must_price(plan: str, country: str, channel: str) -> PriceFacts:
    """`price_of`, for a caller who cannot go on without. Raises `Refused(NO_PRICE)`."""
    price = price_of(plan, country, channel)
    if price is None:
        raise Refused(
            Code.NO_PRICE, f"There is no price for {channel} to {country} in your plan.", param="to"
        )
    return price


def rate() -> Decimal:
    """How many MAD one EUR is now, at most `FRESH_SECONDS` old.

    Raises `Refused(SERVICE_UNAVAILABLE)` if no rate is valid yet: a wrong figure would be worse than none.
    """
    return _rates.get(None)


def both(amount: Decimal, currency: str, mad_per_eur: Decimal | None = None) -> tuple[Decimal, Decimal]:
    """An amount in `currency` as (MAD, EUR) with four places, at `mad_per_eur` or else at the present rate."""
    used = rate() if mad_per_eur is None else mad_per_eur
    if currency == Currency.EUR:
        return quantize(amount * used), quantize(amount)
    return quantize(amount), quantize(amount / used)


def set_price(plan: str, *, country: str, channel: str, mad: Decimal, eur: Decimal) -> Price:
    """Set what one segment costs from now on (within `FRESH_SECONDS`); what was accepted before keeps its price.

    Raises `Refused(NOT_FOUND)` for an unknown plan, `Refused(INVALID_FIELD)` for a price below the smallest amount.
    """
    if min(mad, eur) < PLACES:
        raise Refused(Code.INVALID_FIELD, f"A price is at least {PLACES}: nothing is free.", param="mad")
    if not Plan.objects.filter(code=plan).exists():
        raise Refused(
            Code.NOT_FOUND, f"There is no plan {plan!r}; there are {', '.join(plan_codes())}.", param="plan"
        )
    price, _ = Price.objects.update_or_create(
        plan_id=plan, country=country, channel=channel, defaults={"mad": mad, "eur": eur}
    )
    forget()
    return price


def plan_codes() -> list[str]:
    """The codes of all plans, in alphabetical order."""
    return list(Plan.objects.order_by("code").values_list("code", flat=True))


def forget() -> None:
    """Drop what this process remembers: the next look reads anew."""
    _prices.forget()
    _rates.forget()
