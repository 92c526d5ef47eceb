"""Every refusal has one form, a stable code, and the names that the client of the key's document knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import InternalError, OperationalError, ProgrammingError
from django.test import RequestFactory
from rest_framework import serializers

from accounts.api.visit import visit
from accounts.refusals import Code, Refused
from config.api import errors
from tests.api.conftest import Caller, error_of

Make = Callable[..., Caller]
STATUSES = {
    400: "INVALID_JSON MISSING_FIELD INVALID_FIELD CONFLICTING_FIELDS INVALID_PHONE INVALID_CHANNEL"
    " MESSAGE_TOO_LONG TOO_MANY_MESSAGES TOO_MANY_CONTACTS",
    401: "UNAUTHORIZED",
    402: "INSUFFICIENT_BALANCE",
    403: "FORBIDDEN ACCOUNT_INACTIVE CHANNEL_NOT_ALLOWED COUNTRY_NOT_ALLOWED SENDER_NOT_APPROVED OPTED_OUT TEMPLATE_NOT_APPROVED",
    404: "NOT_FOUND SESSION_NOT_FOUND TEMPLATE_NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "IDEMPOTENCY_CONFLICT IDEMPOTENCY_IN_PROGRESS INVALID_STATE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "CHANNEL_NOT_CONFIGURED PAYMENT_METHOD_NOT_CONFIGURED NO_PRICE NO_ROUTE INVALID_CODE",
    429: "QUOTA_EXCEEDED MAX_ATTEMPTS RESEND_COOLDOWN RATE_LIMITED",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
}


def test_every_code_has_its_status_and_its_sentences() -> None:
    expected = {Code(code): status for status, codes in STATUSES.items() for code in codes.split()}
    assert {code: meaning.status for code, meaning in errors.TABLE.items()} == expected
    assert set(errors.TABLE) == set(Code)
    for meaning in errors.TABLE.values():
        assert all((meaning.en, meaning.fr, meaning.ar))


def test_the_written_list_has_every_code() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "errors.md").read_text()
    for code, meaning in errors.TABLE.items():
        assert f"| `{code.value}` | {meaning.status} | {meaning.en} |" in text


def test_the_envelope(rf: RequestFactory) -> None:
    request = rf.get("/v1/x")
    visit(request).request_id = "abc"
    refused = Refused(Code.INVALID_PHONE, "to must be E.164.", param="to", data={"hint": 1, "code": "no"})
    answer = errors.envelope(refused, request)
    assert answer.status_code == 400
    assert error_of(answer) == {
        "code": "INVALID_PHONE",
        "message": "to must be E.164.",
        "docs": f"{settings.BRAND_DOCS_URL}/errors#invalid_phone",
        "param": "to",
        "request_id": "abc",
        "hint": 1,
    }


@pytest.mark.parametrize(
    ("compat", "code", "spelled", "status"),
    [
        ("smsprovider", Code.UNAUTHORIZED, "authentication_failed", 401),
        ("smsprovider", Code.INSUFFICIENT_BALANCE, "insufficient_credits", 402),
        ("smsprovider", Code.INVALID_PHONE, "invalid_phone_number", 400),
        ("smsprovider", Code.MESSAGE_TOO_LONG, "message_too_long", 400),
        ("smsprovider", Code.RATE_LIMITED, "rate_limit_exceeded", 429),
        ("smsprovider", Code.NOT_FOUND, "not_found", 404),
        ("smsmaroc", Code.CHANNEL_NOT_ALLOWED, "CHANNEL_NOT_CONFIGURED", 422),
        ("envoisms", Code.CHANNEL_NOT_ALLOWED, "CHANNEL_NOT_ALLOWED", 403),
        ("native", Code.INSUFFICIENT_BALANCE, "INSUFFICIENT_BALANCE", 402),
    ],
)
def test_a_dialect_gets_the_names_it_knows(
    rf: RequestFactory, compat: str, code: Code, spelled: str, status: int
) -> None:
    request = rf.get("/v1/x")
    visit(request).compat = compat
    answer = errors.envelope(Refused(code), request)
    assert (error_of(answer)["code"], answer.status_code) == (spelled, status)


def test_a_dialect_is_known_even_when_its_key_is_refused(caller: Make) -> None:
    refused = caller(compat="smsprovider", ip_allow_list=["196.200.1.4"]).get("/v1/account")
    assert (refused.status_code, error_of(refused)["code"]) == (401, "authentication_failed")


def test_a_dialect_is_known_where_there_is_no_address(caller: Make) -> None:
    refused = caller(compat="smsprovider").get("/v1/no/such/address")
    assert (refused.status_code, error_of(refused)["code"]) == (404, "not_found")


def test_the_clients_language_is_spoken(caller: Make) -> None:
    refused = caller().send("PATCH", "/v1/api-keys/key_0", {}, accept_language="fr-MA,fr;q=0.9")
    assert error_of(refused)["message"] == "La ressource n'existe pas."


@pytest.mark.parametrize(
    ("code", "seconds"),
    [(Code.RATE_LIMITED, "1"), (Code.IDEMPOTENCY_IN_PROGRESS, "1"), (Code.SERVICE_UNAVAILABLE, "5")],
)
def test_what_passes_says_when_to_come_back(rf: RequestFactory, code: Code, seconds: str) -> None:
    assert errors.envelope(Refused(code), rf.get("/v1/x"))["Retry-After"] == seconds


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("connection is bad"),
        _caused(OperationalError("lock"), psycopg.errors.LockNotAvailable()),
        psycopg.errors.QueryCanceled(),
        _caused(InternalError("idle"), psycopg.errors.IdleInTransactionSessionTimeout()),
    ],
)
def test_a_database_in_trouble_is_503(error: Exception) -> None:
    refused = errors.translate(error)
    assert refused is not None
    assert refused.code is Code.SERVICE_UNAVAILABLE


@pytest.mark.parametrize(
    "error", [ProgrammingError("syntax"), InternalError("bug"), ValueError("x"), KeyError("x")]
)
def test_a_fault_of_ours_is_no_refusal(error: Exception) -> None:
    assert errors.translate(error) is None


class _Item(serializers.Serializer[object]):
    to = serializers.CharField()


class _Body(serializers.Serializer[object]):
    name = serializers.CharField(max_length=3)
    messages = _Item(many=True)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"messages": []}, Code.MISSING_FIELD, "name"),
        ({"name": "long", "messages": []}, Code.INVALID_FIELD, "name"),
        ({"name": "x", "messages": [{"to": "1"}, {}]}, Code.MISSING_FIELD, "messages[1].to"),
    ],
)
def test_a_serializers_complaint_names_the_field(body: dict[str, object], code: Code, param: str) -> None:
    with pytest.raises(serializers.ValidationError) as invalid:
        _Body(data=body).is_valid(raise_exception=True)
    refused = errors.translate(invalid.value)
    assert refused is not None
    assert (refused.code, refused.param) == (code, param)
