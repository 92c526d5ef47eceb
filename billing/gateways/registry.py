"""Which ways to pay there are, and which of them this installation has configured. Another gateway is a file beside this one
and a line in `MAKERS`."""

from collections.abc import Callable, Mapping
from email.utils import parseaddr

from django.conf import settings

from accounts.refusals import Code, Refused
from billing.gateways.bank_transfer import BankTransfer
from billing.gateways.cmi import Cmi
from billing.gateways.contract import Gateway
from billing.gateways.stripe_checkout import StripeCheckout

DEFAULT = StripeCheckout.name
"""Document A: who names no method pays by Stripe."""


def _stripe() -> Gateway | None:
    if not (settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRETS):
        return None
    return StripeCheckout(
        settings.STRIPE_SECRET_KEY,
        tuple(settings.STRIPE_WEBHOOK_SECRETS),
        settings.STRIPE_API_BASE.rstrip("/"),
        currency=settings.STRIPE_CURRENCY,
    )


def _cmi() -> Gateway | None:
    if not (settings.CMI_CLIENT_ID and settings.CMI_STORE_KEY):
        return None
    return Cmi(
        settings.CMI_CLIENT_ID,
        settings.CMI_STORE_KEY,
        settings.CMI_GATEWAY_URL,
        shop_url=settings.PUBLIC_URL,
        shop_email=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        currency="MAD",
    )


def bank() -> BankTransfer | None:
    """The operator's bank account; None if there is none to transfer to."""
    if not (settings.BANK_RIB or settings.BANK_IBAN):
        return None
    return BankTransfer(
        account_holder=settings.BANK_ACCOUNT_HOLDER,
        bank=settings.BANK_NAME,
        rib=settings.BANK_RIB,
        iban=settings.BANK_IBAN,
        bic=settings.BANK_BIC,
        days=settings.BANK_TRANSFER_DAYS,
        currency=settings.BANK_CURRENCY,
    )


MAKERS: Mapping[str, Callable[[], Gateway | None]] = {
    StripeCheckout.name: _stripe,
    Cmi.name: _cmi,
    BankTransfer.name: bank,
}


def find(name: str) -> Gateway | None:
    """The gateway of a `payment_method`; None if there is none such, or it is not configured."""
    make = MAKERS.get(name)
    return make() if make else None


def enabled() -> list[str]:
    """The methods that are configured."""
    return [name for name in MAKERS if find(name) is not None]


def known(name: str) -> str:
    """Raises `Refused(INVALID_FIELD)` for a method that no installation has."""
    if name not in MAKERS:
        raise Refused(
            Code.INVALID_FIELD, f"payment_method is one of {', '.join(MAKERS)}.", param="payment_method"
        )
    return name


def configured(name: str) -> Gateway:
    """The gateway of a method. Raises as `known`, and `Refused(PAYMENT_METHOD_NOT_CONFIGURED)`."""
    gateway = find(known(name))
    if gateway is None:
        here = ", ".join(enabled()) or "none"
        raise Refused(
            Code.PAYMENT_METHOD_NOT_CONFIGURED,
            f"{name} is not configured here; there is {here}.",
            param="payment_method",
        )
    return gateway
