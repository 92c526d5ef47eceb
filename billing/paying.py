"""Opening a top-up and beginning its payment. The row (and the answer kept under an `Idempotency-Key`) comes first, in a
transaction of its own; the gateway is asked afterwards, outside of any, and may be asked again: it knows the top-up's id."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from accounts import idempotency, ids
from accounts.idempotency import Claim
from accounts.models import Account, Currency, Mode
from accounts.refusals import Code, Refused
from billing import pricing, transfer_codes
from billing.gateways import registry
from billing.gateways.bank_transfer import BankTransfer
from billing.gateways.contract import Form, Gateway, GatewayAway, Order
from billing.models import TopUp
from billing.money import cents

LEAST_EUR = Decimal(10)
"""Document A."""
MOST_EUR = Decimal(100_000)
PAGE = "/dashboard/billing"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: `amount` with at most two decimals, in `currency`, to be paid by `method`."""

    amount: Decimal
    currency: Currency
    method: str


def open_topup(
    account_id: UUID, booked_in: str, wish: Wish, *, mode: str, actor: str, claim: Claim | None = None
) -> tuple[TopUp, bool]:
    """A pending top-up of an account that is booked in the currency `booked_in`, and whether it is that of a former
    request with the same key. A test key's is never paid, so any method will do for it.

    Raises `Refused` with INVALID_FIELD, PAYMENT_METHOD_NOT_CONFIGURED or a conflict of the key.
    """
    registry.known(wish.method)
    gateway = registry.find(wish.method) if mode == Mode.TEST else registry.configured(wish.method)
    rate = pricing.rate()
    mad, eur = (cents(part) for part in pricing.both(wish.amount, wish.currency, rate))
    _check_size(wish, rate)
    with transaction.atomic():
        former = idempotency.claim([claim])[0] if claim else None
        if isinstance(former, Refused):
            raise former
        if former is not None:
            return TopUp.objects.get(pk=UUID(str(former["topup"])), account_id=account_id), True
        row = TopUp.objects.create(
            account_id=account_id,
            mode=mode,
            amount=eur if booked_in == Currency.EUR else mad,
            currency=booked_in,
            mad=mad,
            eur=eur,
            mad_per_eur=rate,
            due_currency=gateway.currency if gateway else booked_in,
            method=wish.method,
            actor=actor,
            code=_code(gateway, mode),
            expires_at=Now() + (gateway.lasts() if gateway else Gateway.life),
        )
        if claim:
            idempotency.keep([(claim.account_id, claim.mode, claim.key, {"topup": row.id.hex})])
    row.refresh_from_db()
    return row, False


def _check_size(wish: Wish, rate: Decimal) -> None:
    """Compared in the currency of the wish: a converted amount is rounded."""
    factor = Decimal(1) if wish.currency == Currency.EUR else rate
    least, most = cents(LEAST_EUR * factor), cents(MOST_EUR * factor)
    if not least <= wish.amount <= most:
        word = f"at least {least}" if wish.amount < least else f"at most {most}"
        param = f"amount_{wish.currency.lower()}"
        raise Refused(Code.INVALID_FIELD, f"{param} must be {word}.", param=param)


def _code(gateway: Gateway | None, mode: str) -> str | None:
    if mode == Mode.TEST or not isinstance(gateway, BankTransfer):
        return None
    return transfer_codes.new(settings.BRAND_KEY_PREFIX)


def page_of(topup: TopUp) -> str:
    """The address where the customer pays, or sees what became of it."""
    return f"{settings.PUBLIC_URL}{PAGE}?topup={ids.show('topup', topup.id)}"


def begin(topup: TopUp) -> TopUp:
    """Ask the gateway for the payment's address, unless that was done, or there is nothing to ask.

    Raises `Refused(SERVICE_UNAVAILABLE)` when the gateway does not answer; then the same may be asked again.
    """
    if topup.status != TopUp.Status.PENDING or topup.mode == Mode.TEST or topup.payment_url:
        return topup
    gateway = registry.configured(topup.method)
    order = _order(topup)
    if not connection.in_atomic_block:
        connection.close()  # nobody holds a connection while a gateway thinks
    try:
        begun = gateway.begin(order)
    except GatewayAway as error:
        raise Refused(
            Code.SERVICE_UNAVAILABLE, "The payment gateway does not answer. Try again.", retry_after_seconds=5
        ) from error
    if begun is not None:
        TopUp.objects.filter(pk=topup.pk, payment_url="").update(
            payment_url=begun.payment_url, provider_reference=begun.reference
        )
        topup.refresh_from_db()
    return topup


def form_of(topup: TopUp) -> Form | None:
    """What the payer's browser has to post, where the gateway is entered by a form."""
    gateway = registry.find(topup.method)
    return gateway.form(_order(topup)) if gateway else None


def _order(topup: TopUp) -> Order:
    language: Any = Account.objects.values_list("language", flat=True).get(pk=topup.account_id)
    if topup.expires_at is None:
        raise Refused(Code.INVALID_STATE, "This top-up is not paid through a gateway.")
    return Order(
        topup=ids.show("topup", topup.id),
        amount=topup.due_amount,
        currency=topup.due_currency,
        description=f"{settings.BRAND_NAME}: top-up",
        language=language,
        return_url=page_of(topup),
        callback_url=f"{settings.PUBLIC_URL}/callbacks/{topup.method}",
        expires_at=topup.expires_at,
    )
