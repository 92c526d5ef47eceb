"""How document E says no. It knows 400, 401, 403 (account not active), 404, 429 and 500, and no 402."""

from collections.abc import Mapping

from django.http import HttpResponse

from accounts.api.rendering import answer
from accounts.refusals import Code, Refused

NAMES: Mapping[Code, tuple[int, str]] = {
    Code.UNAUTHORIZED: (401, "unauthorized"),
    Code.ACCOUNT_INACTIVE: (403, "account_inactive"),
    Code.FORBIDDEN: (403, "forbidden"),
    Code.NOT_FOUND: (404, "not_found"),
    Code.METHOD_NOT_ALLOWED: (405, "method_not_allowed"),
    Code.IDEMPOTENCY_CONFLICT: (409, "idempotency_conflict"),
    Code.IDEMPOTENCY_IN_PROGRESS: (409, "idempotency_in_progress"),
    Code.PAYLOAD_TOO_LARGE: (413, "payload_too_large"),
    Code.UNSUPPORTED_MEDIA_TYPE: (415, "unsupported_media_type"),
    Code.RATE_LIMITED: (429, "rate_limit_exceeded"),
    Code.INTERNAL_ERROR: (500, "internal_error"),
    Code.SERVICE_UNAVAILABLE: (503, "service_unavailable"),
    Code.TOO_MANY_MESSAGES: (400, "too_many_recipients"),
    Code.INVALID_PHONE: (400, "invalid_phone_number"),
}
SENTENCES: Mapping[Code, str] = {
    Code.UNAUTHORIZED: "Invalid or missing API key",
    Code.ACCOUNT_INACTIVE: "Account not active",
    Code.INSUFFICIENT_BALANCE: "Insufficient balance",
    Code.INTERNAL_ERROR: "Internal server error",
    Code.SERVICE_UNAVAILABLE: "Service temporarily unavailable",
}


def name_of(code: Code) -> tuple[int, str]:
    """Status and name of a code; all that the table leaves out are bad requests."""
    return NAMES.get(code, (400, code.value.lower()))


def refusal(refused: Refused) -> HttpResponse:
    """A refusal in document E's envelope; facts such as the index of addresses stand beside it."""
    status, name = name_of(refused.code)
    sentence = SENTENCES.get(refused.code) or refused.detail or name.replace("_", " ").capitalize()
    error: dict[str, object] = {"code": name, "message": sentence}
    if refused.param is not None:
        error["param"] = refused.param
    body: dict[str, object] = {"success": False, "message": sentence, "error": error}
    body |= {fact: refused.data[fact] for fact in ("did_you_mean", "endpoints") if fact in refused.data}
    return answer(body, status)
