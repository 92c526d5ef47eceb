"""How document D says no: its table of errors first, then what it leaves open."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from accounts.api import scoping
from accounts.api.authentication import KeyRefused
from accounts.api.rendering import answer
from accounts.api.scoping import Required
from accounts.caller import Caller
from accounts.models import ApiKey
from accounts.refusals import Code, Refused
from messaging.dialects.prosendi.words import SERVICE, time_of

NAMES: Mapping[Code, tuple[int, str]] = {
    Code.ACCOUNT_INACTIVE: (403, "inactive_company"),
    Code.QUOTA_EXCEEDED: (429, "quota_exceeded"),
    Code.INSUFFICIENT_BALANCE: (429, "quota_exceeded"),
    Code.NO_ROUTE: (400, "sim_unavailable"),
    Code.UNAUTHORIZED: (401, "invalid_api_key"),
    Code.FORBIDDEN: (403, "forbidden"),
    Code.NOT_FOUND: (404, "not_found"),
    Code.METHOD_NOT_ALLOWED: (405, "method_not_allowed"),
    Code.IDEMPOTENCY_CONFLICT: (409, "idempotency_conflict"),
    Code.IDEMPOTENCY_IN_PROGRESS: (409, "idempotency_in_progress"),
    Code.PAYLOAD_TOO_LARGE: (413, "payload_too_large"),
    Code.UNSUPPORTED_MEDIA_TYPE: (415, "unsupported_media_type"),
    Code.RATE_LIMITED: (429, "rate_limited"),
    Code.INTERNAL_ERROR: (500, "internal_error"),
    Code.SERVICE_UNAVAILABLE: (503, "service_unavailable"),
}
OTHERWISE = (400, "invalid_request")
SENTENCES: Mapping[str, str] = {
    "inactive_company": "Company account is inactive",
    "quota_exceeded": "Quota exceeded",
    "internal_error": "Internal server error",
    "service_unavailable": "Service temporarily unavailable",
    "company_not_found": "Company not found for this API key",
}


class ServiceMismatch(Refused):
    """The key is for another kind of sending: 403 with both kinds."""

    def __init__(self, service: str) -> None:
        data = {"api_key_service": service, "requested_service": SERVICE}
        super().__init__(Code.FORBIDDEN, "API key is not valid for this service type", data=data)


class NoCompany(Refused):
    """The key's account has no ledger to book in: 500, and the operator's to mend."""

    def __init__(self) -> None:
        super().__init__(Code.INTERNAL_ERROR)


def enter(request: HttpRequest, scope: Required) -> Caller:
    """The way into a view. Raises as `scoping.enter`, and `ServiceMismatch`."""
    caller = scoping.enter(request, scoping.ANY_KEY)
    if caller.service != SERVICE:
        raise ServiceMismatch(caller.service)
    scoping.require(caller, scope)
    return caller


def name_of(refused: Refused) -> str:
    """Document D's name of a refusal."""
    if isinstance(refused, ServiceMismatch):
        return "service_type_mismatch"
    if isinstance(refused, NoCompany):
        return "company_not_found"
    return NAMES.get(refused.code, OTHERWISE)[1]


def refusal(refused: Refused) -> HttpResponse:
    """A refusal in document D's envelope."""
    if isinstance(refused, KeyRefused):
        return _key_refusal(refused)
    status, name = NAMES.get(refused.code, OTHERWISE)[0], name_of(refused)
    sentence = SENTENCES.get(name) or refused.detail or name.replace("_", " ").capitalize()
    data = refused.data if name in ("quota_exceeded", "service_type_mismatch") else {}
    return _error(status, name, sentence, data)


def _key_refusal(refused: KeyRefused) -> HttpResponse:
    if refused.reason == "missing":
        return _error(401, "missing_api_key", "API key not provided", {})
    if refused.reason in ("expired", "inactive") and refused.key is not None:
        expired = refused.reason == "expired"
        sentence = "API key has expired" if expired else "API key has been deactivated"
        return _error(401, "inactive_api_key", sentence, _standing(refused.key, expired=expired))
    return _error(401, "invalid_api_key", "API key is invalid", {})


def _standing(key: ApiKey, *, expired: bool) -> dict[str, object]:
    return {
        "expired": expired,
        "deactivated": not key.active,
        "expires_date": time_of(key.expires_at),
        "active": key.active,
    }


def _error(status: int, name: str, sentence: str, data: Mapping[str, object]) -> HttpResponse:
    return answer({"success": False, "message": sentence, "error": name, "data": data}, status)
