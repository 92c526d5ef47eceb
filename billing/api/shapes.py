"""The shapes of answers of the billing API, as JSON Schema for the OpenAPI document."""

from __future__ import annotations

from accounts.api.schemas import (
    INSTANT,
    MAYBE_INSTANT,
    MODE,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    YES_NO,
    listed,
    obj,
    paged,
)

BALANCE = obj(
    *("balance_mad", "currency", "plan"),
    balance_eur={"type": "number", "description": "Not for keys of document B."},
    balance_mad=NUMBER,
    currency={"type": "string", "enum": ["MAD", "EUR"]},
    plan=TEXT,
    held={"type": "number", "description": "Set aside for campaigns; absent if nothing is."},
)
ACCOUNT = obj(
    *("success", "id", "name", "plan", "currency", "country", "language", "time_zone", "channels", "mode"),
    success=YES_NO,
    id=TEXT,
    name=TEXT,
    status={"type": "string", "enum": ["active"]},
    plan=TEXT,
    currency=TEXT,
    country=TEXT,
    allowed_countries=TEXTS,
    language=TEXT,
    time_zone=TEXT,
    channels=TEXTS,
    default_sender=TEXT,
    mode=MODE,
    permissions=TEXTS,
    rate_limit={"type": "integer", "description": "Requests per minute; 0 for no limit."},
    balance_mad={"type": "number", "description": "With the permission balance or billing."},
    balance_eur={"type": "number", "description": "With the permission balance or billing."},
    credits_remaining={
        "type": ["integer", "null"],
        "description": "SMS segments home that the balance pays for.",
    },
)
TRANSACTION = obj(
    *("id", "seq", "type", "amount_mad", "amount_eur", "balance_after", "currency", "created_at"),
    id=TEXT,
    seq={"type": "integer", "description": "Gapless in the account."},
    type={
        "type": "string",
        "enum": ["usage", "top-up", "refund", "adjustment", "hold", "hold_release"],
    },
    amount_mad={"type": "number", "description": "Signed: what the balance changed by."},
    amount_eur={"type": "number", "description": "The same in EUR, at the rate of the entry."},
    balance_after={"type": "number", "description": "In the account's currency."},
    currency=TEXT,
    mad_per_eur=NUMBER,
    reason=TEXT,
    message_id=TEXT,
    batch_id=TEXT,
    campaign_id=TEXT,
    topup_id=TEXT,
    created_at=INSTANT,
)
TRANSACTIONS = paged(TRANSACTION)
PRICE = obj(
    *("plan", "channel", "country", "price_eur", "price_mad"),
    plan=TEXT,
    channel=TEXT,
    country=TEXT,
    price_eur=NUMBER,
    price_mad=NUMBER,
)
PLANS = listed(PRICE, country=TEXT, count=WHOLE)
TOPUP_CREATE = obj(
    amount_eur={
        "type": "number",
        "description": "At least 10, with two decimals. This or amount_mad is required.",
    },
    amount_mad={"type": "number", "description": "Instead of amount_eur; at least what 10 EUR are."},
    payment_method={
        "type": "string",
        "default": "stripe",
        "description": "stripe, cmi or bank_transfer, as far as the operator has configured them.",
    },
)
TOPUP = obj(
    *("id", "status", "amount_eur", "amount_mad", "checkout_url"),
    id=TEXT,
    status={"type": "string", "enum": ["pending", "paid", "failed"]},
    amount_eur=NUMBER,
    amount_mad=NUMBER,
    checkout_url={"type": "string", "description": "Where the payer pays, and comes back to."},
    mode={"type": "string", "enum": ["live", "test"]},
    payment_method=TEXT,
    payment_url={"type": ["string", "null"], "description": "The gateway's own address, where it has one."},
    currency={"type": "string", "description": "What the account is booked in."},
    due=obj("amount", "currency", amount=NUMBER, currency=TEXT),
    booked_amount={"type": ["number", "null"], "description": "What the balance grew by, in currency."},
    failure={"type": ["string", "null"], "description": "declined or expired."},
    transfer=obj(
        "reference",
        reference={"type": "string", "description": "What the bank transfer has to name."},
        account_holder=TEXT,
        bank=TEXT,
        rib=TEXT,
        iban=TEXT,
        bic=TEXT,
    ),
    created_at=INSTANT,
    expires_at=MAYBE_INSTANT,
    paid_at=MAYBE_INSTANT,
)
TOPUPS = paged(TOPUP)
