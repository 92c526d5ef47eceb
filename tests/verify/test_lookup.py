"""`POST /v1/verify/lookup` in the shape of document B, and honest about what nobody can know offline."""

from __future__ import annotations

from typing import Any

import pytest

from contacts.phone import describe
from tests.verify.conftest import Shop


def test_a_mobile_in_the_shape_of_document_b(shop: Shop) -> None:
    answer = shop.ask(
        "/v1/verify/lookup", {"number": "+212661234567", "country_code": "MA"}, compat="envoisms"
    )
    assert answer.status == 200
    assert answer.body == {
        "valid": True,
        "number": "212661234567",
        "local_format": "0661234567",
        "international_format": "+212661234567",
        "country_prefix": "212",
        "country_code": "MA",
        "country_name": "Morocco",
        "location": None,
        "carrier": "Maroc Telecom",
        "line_type": "mobile",
        "ported": "unknown",
    }


@pytest.mark.parametrize(
    ("number", "country", "e164", "line_type"),
    [
        ("0661 23 45 67", "MA", "+212661234567", "mobile"),
        ("212661234567", "MA", "+212661234567", "mobile"),
        ("00212661234567", "FR", "+212661234567", "mobile"),
        ("0612345678", "FR", "+33612345678", "mobile"),
        ("0522123456", "MA", "+212522123456", "landline"),
        ("+14155550123", "MA", "+14155550123", "fixed_or_mobile"),
        ("0899123456", "FR", "+33899123456", "premium_rate"),
    ],
)
def test_what_a_number_is(number: str, country: str, e164: str, line_type: str) -> None:
    found = describe(number, country)
    assert (found.valid, found.e164, found.line_type) == (True, e164, line_type)


@pytest.mark.parametrize("number", ["123", "call me", "+2126612345678901", "+"])
def test_what_is_no_number_is_said_to_be_none(shop: Shop, number: str) -> None:
    answer = shop.ask("/v1/verify/lookup", {"number": number})
    assert answer.status == 200
    assert answer.body["valid"] is False
    assert (answer.body["international_format"], answer.body["carrier"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "MISSING_FIELD", "number"),
        ({"number": 212661234567}, "INVALID_FIELD", "number"),
        ({"number": "0661234567", "country_code": "ZZ"}, "INVALID_FIELD", "country_code"),
    ],
)
def test_a_wrong_field_is_named(shop: Shop, body: dict[str, Any], code: str, param: str) -> None:
    answer = shop.ask("/v1/verify/lookup", body)
    assert (answer.status, answer.code, answer.body["error"]["param"]) == (400, code, param)
