"""The shapes of answers of the billing API, as JSON Schema for the OpenAPI document."""

from __future__ import annotations

from accounts.api.schemas import INSTANT, NUMBER, TEXT, TEXTS, WHOLE, listed, obj, paged

BALANCE = obj(
    *("balance_mad", "currency", "plan"),
    balance_eur={"type": "number", "description": "Not for keys of document B."},
    balance_mad=NUMBER,
    currency={"type": "string", "enum": ["MAD", "EUR"]},
    plan=TEXT,
)
ACCOUNT = obj(
    *("success", "id", "name", "plan", "currency", "country", "language", "time_zone", "channels", "mode"),
    success={"type": "boolean"},
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
    mode={"type": "string", "enum": ["live", "test"]},
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
