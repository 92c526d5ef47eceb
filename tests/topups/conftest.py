"""What the tests of top-ups share: Stripe played on loopback, and the callbacks of gateways as they would come."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.stand_ins import stripe_server
from tests.stand_ins.customer import Answer, Customer
from tests.stand_ins.running import PAYMENT_SETTINGS, Stack
from tests.stand_ins.stripe_server import StripeApi

MERCHANT, STORE_KEY = PAYMENT_SETTINGS["CMI_CLIENT_ID"], PAYMENT_SETTINGS["CMI_STORE_KEY"]


@pytest.fixture(scope="session")
def stripe_api(stack: Stack) -> StripeApi:
    """Stripe as the shared stack knows it."""
    return StripeApi(stack.env["STRIPE_API_BASE"])


def ask(customer: Customer, *, status: int = 201, **fields: object) -> dict[str, Any]:
    """`POST /v1/billing/topups`, which must be answered with `status`."""
    answer = customer.post("/v1/billing/topups", {"amount_eur": 50, **fields})
    assert answer.status == status, answer.raw
    body: dict[str, Any] = answer.body
    return body


def look(customer: Customer, topup_id: str) -> dict[str, Any]:
    """A top-up as it is now."""
    answer = customer.get(f"/v1/billing/topups/{topup_id}")
    assert answer.status == 200, answer.raw
    body: dict[str, Any] = answer.body
    return body


def stripe_says(
    customer: Customer, kind: str, thing: Mapping[str, Any], *, signature: str | None = None, **signing: Any
) -> Answer:
    """An event of Stripe comes in."""
    body = stripe_server.event(kind, thing)
    header = stripe_server.signature(body, **signing) if signature is None else signature
    return customer.post("/callbacks/stripe", body, authorization="", stripe_signature=header)


def cmi_fields(topup: Mapping[str, Any], **changes: str) -> dict[str, str]:
    """What CMI reports of a paid top-up, with changes that a test wants."""
    fields = {
        "clientid": MERCHANT,
        "oid": str(topup["id"]),
        "ReturnOid": str(topup["id"]),
        "amount": f"{topup['amount_mad']:.2f}",
        "currency": "504",
        "ProcReturnCode": "00",
        "Response": "Approved",
        "TransId": f"T{topup['id'][-16:]}",
        "EXTRA.CARDBRAND": "VISA",
        "ErrMsg": "",
        "BillToName": "L'été | 50\\50",
    }
    return {**fields, **changes}


def cmi_signed(fields: Mapping[str, str], *, store_key: str = STORE_KEY) -> dict[str, str]:
    """The fields with CMI's hash, computed here from its description and not by the product."""
    ordered = sorted(fields.items(), key=lambda item: item[0].upper())
    values = [value for name, value in ordered if name.upper() not in ("HASH", "ENCODING")]
    escaped = [value.replace("\\", "\\\\").replace("|", "\\|") for value in [*values, store_key]]
    digest = hashlib.sha512("|".join(escaped).encode()).digest()
    return {**fields, "HASH": base64.b64encode(digest).decode()}


def cmi_says(customer: Customer, fields: Mapping[str, str]) -> str:
    """A callback of CMI comes in; the answer's text."""
    answer = customer.post(
        "/callbacks/cmi",
        urlencode(fields).encode(),
        authorization="",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status == 200, answer.raw
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.raw.decode()


def has_not_moved(customer: Customer, topup_id: str, *, status: str = "pending") -> None:
    """Nothing was booked: the top-up is as it was, and the books hold only the opening credit."""
    assert look(customer, topup_id)["status"] == status
    assert [row["type"] for row in customer.transactions()] == ["top-up"]
    assert customer.is_owed_nothing_more() == 100
