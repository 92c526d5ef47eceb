"""Stripe Checkout, by Stripe's own SDK: a session per top-up, paid on Stripe's page, told to us by signed webhooks. Amounts at
Stripe are in minor units (both MAD and EUR have a hundred)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

import orjson
import stripe
import structlog

from billing.gateways.contract import (
    BadCallback,
    Begun,
    Callback,
    Declined,
    Fact,
    Gateway,
    GatewayAway,
    Order,
    Paid,
    Reply,
    Reversed,
    Verdict,
)

log = structlog.get_logger()
MINOR = 100
TIMEOUT_SECONDS = 5.0
RETRIES = 1
SIGNATURE_AGE_SECONDS = 300
"""Stripe's own advice for the oldest signature to accept."""


@cache
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


@dataclass(frozen=True)
class StripeCheckout(Gateway):
    """`key` is the secret key, `webhook_secrets` those of our endpoint at Stripe, `api_base` where the API is."""

    name: ClassVar[str] = "stripe"
    key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    api_base: str

    def begin(self, order: Order) -> Begun | None:
        """A Checkout Session. The top-up is Stripe's idempotency key as well, so beginning twice gives the same one."""
        topup = {"topup": order.topup}
        try:
            session = _client(self.key, self.api_base).v1.checkout.sessions.create(
                params={
                    "mode": "payment",
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": order.currency.lower(),
                                "unit_amount": int(order.amount * MINOR),
                                "product_data": {"name": order.description},
                            },
                        }
                    ],
                    "client_reference_id": order.topup,
                    "metadata": topup,
                    "payment_intent_data": {"metadata": topup},
                    "success_url": f"{order.return_url}&returned=1",
                    "cancel_url": order.return_url,
                    "expires_at": int(order.expires_at.timestamp()),
                    "locale": "fr" if order.language == "fr" else "en" if order.language == "en" else "auto",
                },
                options={"idempotency_key": order.topup},
            )
        except stripe.StripeError as error:
            # A wrong key or a refused parameter is the operator's to repair: the payer can only come back later.
            log.error("Stripe did not begin a payment", error=type(error).__name__, status=error.http_status)
            raise GatewayAway(type(error).__name__) from error
        return Begun(session.id, session.url or "")

    def read(self, callback: Callback) -> Fact | None:
        """The fact of a signed event; None for events of other kinds, and for payments that are none of ours."""
        self._verify(callback)
        try:
            event: Mapping[str, Any] = orjson.loads(callback.body)
            read = READERS.get(event["type"])
            return read(event, event["data"]["object"]) if read else None
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise BadCallback(f"unreadable event: {type(error).__name__}") from error

    def _verify(self, callback: Callback) -> None:
        header = callback.headers.get("stripe-signature", "")
        for secret in self.webhook_secrets:
            try:
                stripe.WebhookSignature.verify_header(callback.body, header, secret, SIGNATURE_AGE_SECONDS)
            except (stripe.SignatureVerificationError, ValueError, TypeError):
                continue
            return
        raise BadCallback("not signed by Stripe, or too old")

    def reply(self, verdict: Verdict) -> Reply:
        """200 for whatever was read, or Stripe would send it for days; 400 for what it did not sign."""
        status = 400 if verdict is Verdict.FORGED else 200
        return Reply(status, "application/json", orjson.dumps({"received": status == 200}).decode())


Event = Mapping[str, Any]


def _units(minor: object) -> Decimal:
    if not isinstance(minor, int):
        raise TypeError("an amount is a whole number of minor units")
    return Decimal(minor) / MINOR


def _topup(session: Event) -> str | None:
    """Which top-up a session is for: said twice by us when we made it, and both must still agree."""
    topup = (session.get("metadata") or {}).get("topup")
    return topup if isinstance(topup, str) and topup == session.get("client_reference_id") else None


def _paid(_: Event, session: Event) -> Fact | None:
    topup = _topup(session)
    if topup is None or session["payment_status"] != "paid":
        return None  # completed but unpaid: the bank says later, in an event of its own
    return Paid(
        topup,
        _units(session["amount_total"]),
        str(session["currency"]).upper(),
        str(session.get("payment_intent") or session["id"]),
        session["id"],
    )


def _declined(event: Event, session: Event) -> Fact | None:
    topup = _topup(session)
    why = "expired" if event["type"].endswith(".expired") else "declined"
    return Declined(topup, why, session["id"]) if topup else None


def _reversed(event: Event, thing: Event) -> Fact | None:
    """A refund counts what went back in all so far (`amount_refunded` of a charge)."""
    disputed = event["type"].startswith("charge.dispute.")
    amount = _units(thing["amount"] if disputed else thing["amount_refunded"])
    payment = thing.get("payment_intent")
    if not isinstance(payment, str):
        return None
    currency = str(thing["currency"]).upper()
    if disputed:  # told more than once under one id
        return Reversed(payment, "dispute", thing["id"], amount, currency)
    return Reversed(payment, "refund", event["id"], amount, currency)


READERS: Mapping[str, Callable[[Event, Event], Fact | None]] = {
    "checkout.session.completed": _paid,
    "checkout.session.async_payment_succeeded": _paid,
    "checkout.session.async_payment_failed": _declined,
    "checkout.session.expired": _declined,
    "charge.refunded": _reversed,
    "charge.dispute.created": _reversed,
    "charge.dispute.funds_withdrawn": _reversed,
}
