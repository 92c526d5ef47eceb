"""Document D's table of errors, row by row, in its one envelope; and what the table leaves open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import keys
from accounts.api import authentication
from accounts.models import Account, ApiKey
from billing import quotas
from billing.models import Ledger
from messaging.models import Message, Sim
from tests.dialects.conftest import Speaker, Speakers

SEND, SIMS = "/api/sms/send", "/api/sms/sims/available"
BODY = {"recipient": "+22370123456", "message": "Hello World"}
NOBODY = "rsl_live_" + "x" * 43
pytestmark = pytest.mark.django_db


def test_missing_api_key(client: Client) -> None:
    told = Speaker("", client).post(SEND, BODY)
    assert (told.status, told.body) == (
        401,
        {"success": False, "message": "API key not provided", "error": "missing_api_key", "data": {}},
    )


@pytest.mark.parametrize("key", ["your_api_key_here", NOBODY])
def test_invalid_api_key(client: Client, key: str) -> None:
    told = Speaker(key, client).post(SEND, BODY)
    assert (told.status, told.body) == (
        401,
        {"success": False, "message": "API key is invalid", "error": "invalid_api_key", "data": {}},
    )


def test_two_different_keys_and_a_foreign_address_are_invalid(speaker: Speakers) -> None:
    told = speaker().get(SIMS, authorization="Bearer " + NOBODY)
    assert (told.status, told.body["error"]) == (401, "invalid_api_key")
    told = speaker(ip_allow_list=["196.200.1.0/24"]).get(SIMS)
    assert (told.status, told.body["error"]) == (401, "invalid_api_key")


def test_either_header_carries_the_key(speaker: Speakers) -> None:
    asking = speaker(mode="test")
    assert asking.get(SIMS).status == 200
    assert asking.get(SIMS, x_api_key="", authorization=f"Bearer {asking.key}").status == 200


def test_an_expired_key_is_inactive(speaker: Speakers) -> None:
    asking = speaker(expires_at=datetime.now(UTC) + timedelta(hours=1))
    ApiKey.objects.update(expires_at=datetime(2025, 1, 15, tzinfo=UTC))
    authentication.forget()
    told = asking.post(SEND, BODY)
    assert (told.status, told.body) == (
        401,
        {
            "success": False,
            "message": "API key has expired",
            "error": "inactive_api_key",
            "data": {
                "expired": True,
                "deactivated": False,
                "expires_date": "2025-01-15T00:00:00.000000Z",
                "active": True,
            },
        },
    )


def test_a_deactivated_key_is_inactive(speaker: Speakers) -> None:
    asking = speaker()
    keys.update(ApiKey.objects.get(), actor="test", active=False)
    authentication.forget()
    told = asking.post(SEND, BODY)
    assert (told.status, told.body["error"]) == (401, "inactive_api_key")
    assert told.body["data"] == {"expired": False, "deactivated": True, "expires_date": None, "active": False}


def test_inactive_company(speaker: Speakers, account: Account) -> None:
    asking = speaker()
    Account.objects.filter(pk=account.pk).update(status="suspended")
    told = asking.post(SEND, BODY)
    assert (told.status, told.body) == (
        403,
        {"success": False, "message": "Company account is inactive", "error": "inactive_company", "data": {}},
    )


@pytest.mark.parametrize("service", ["email", "whatsapp"])
@pytest.mark.parametrize("path", [SEND, SIMS])
def test_service_type_mismatch(speaker: Speakers, service: str, path: str) -> None:
    asking = speaker(service=service)
    told = asking.post(path, BODY) if path == SEND else asking.get(path)
    assert (told.status, told.body) == (
        403,
        {
            "success": False,
            "message": "API key is not valid for this service type",
            "error": "service_type_mismatch",
            "data": {"api_key_service": service, "requested_service": "sms"},
        },
    )
    assert Message.objects.count() == 0


def test_quota_exceeded(speaker: Speakers, sim: Sim, account: Account) -> None:
    quotas.set_monthly(account.id, 0, actor="test")
    told = speaker().post(SEND, BODY)
    assert (told.status, told.body["error"], told.body["message"]) == (
        429,
        "quota_exceeded",
        "Quota exceeded",
    )
    assert told.body["data"]["usage_percentage"] == 100.0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a":1,"a":2}', b'{"message": NaN}'])
def test_invalid_request(speaker: Speakers, body: bytes) -> None:
    told = speaker(mode="test").call("POST", SEND, body)
    assert (told.status, told.body["error"], told.body["data"]) == (400, "invalid_request", {})


def test_sim_unavailable_is_400(speaker: Speakers) -> None:
    told = speaker().post(SEND, BODY)
    assert (told.status, told.body["error"]) == (400, "sim_unavailable")


def test_company_not_found(speaker: Speakers, sim: Sim, account: Account) -> None:
    """A key belongs to an account by the database; what can be missing is the account's ledger."""
    asking = speaker()
    Ledger.objects.filter(pk=account.pk).delete()
    told = asking.post(SEND, BODY)
    assert (told.status, told.body) == (
        500,
        {
            "success": False,
            "message": "Company not found for this API key",
            "error": "company_not_found",
            "data": {},
        },
    )


def test_what_the_table_leaves_open(speaker: Speakers, settings: Settings) -> None:
    asking = speaker(mode="test")
    unknown = asking.get("/api/sms/nothing")
    assert (unknown.status, unknown.body["error"]) == (404, "not_found")
    wrong = asking.get(SEND)
    assert (wrong.status, wrong.body["error"], wrong.headers["Allow"]) == (
        405,
        "method_not_allowed",
        "OPTIONS, POST",
    )
    settings.MAX_BODY_BYTES = 10
    large = asking.post(SEND, BODY)
    assert (large.status, large.body["error"]) == (413, "payload_too_large")


def test_speed_is_limited_and_told_apart_from_quota(speaker: Speakers) -> None:
    asking = speaker(mode="test", rate_per_minute=1)
    first = asking.get(SIMS)
    assert (first.status, first.headers["X-RateLimit-Limit"]) == (200, "1")
    told = asking.get(SIMS)
    assert (told.status, told.body["error"]) == (429, "rate_limited")
    assert 30 < int(told.headers["Retry-After"]) <= 60
    assert set(told.body) == {"success", "message", "error", "data"}


def test_a_country_and_an_opt_out_are_invalid_requests(speaker: Speakers, sim: Sim, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(country="MA", allowed_countries=[])
    told = speaker().post(SEND, BODY)
    assert (told.status, told.body["error"]) == (400, "invalid_request")
