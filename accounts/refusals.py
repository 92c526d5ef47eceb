"""What a rule says when it will not do something: `Refused` with a stable code. Rules raise it, doors translate it
(`config/api/errors.py` gives each code its HTTP status and sentence). The bottom of the import order, so all may use it."""

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """Every stable error code of the API. Upper case is canonical; dialects rename at their own door."""

    INVALID_JSON = "INVALID_JSON"
    MISSING_FIELD = "MISSING_FIELD"
    INVALID_FIELD = "INVALID_FIELD"
    CONFLICTING_FIELDS = "CONFLICTING_FIELDS"
    INVALID_PHONE = "INVALID_PHONE"
    INVALID_CHANNEL = "INVALID_CHANNEL"
    MESSAGE_TOO_LONG = "MESSAGE_TOO_LONG"
    TOO_MANY_MESSAGES = "TOO_MANY_MESSAGES"
    TOO_MANY_CONTACTS = "TOO_MANY_CONTACTS"
    UNAUTHORIZED = "UNAUTHORIZED"
    INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE"
    FORBIDDEN = "FORBIDDEN"
    ACCOUNT_INACTIVE = "ACCOUNT_INACTIVE"
    CHANNEL_NOT_ALLOWED = "CHANNEL_NOT_ALLOWED"
    COUNTRY_NOT_ALLOWED = "COUNTRY_NOT_ALLOWED"
    SENDER_NOT_APPROVED = "SENDER_NOT_APPROVED"
    OPTED_OUT = "OPTED_OUT"
    TEMPLATE_NOT_APPROVED = "TEMPLATE_NOT_APPROVED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    NOT_FOUND = "NOT_FOUND"
    SESSION_NOT_FOUND = "SESSION_NOT_FOUND"
    TEMPLATE_NOT_FOUND = "TEMPLATE_NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    IDEMPOTENCY_IN_PROGRESS = "IDEMPOTENCY_IN_PROGRESS"
    INVALID_STATE = "INVALID_STATE"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    CHANNEL_NOT_CONFIGURED = "CHANNEL_NOT_CONFIGURED"
    PAYMENT_METHOD_NOT_CONFIGURED = "PAYMENT_METHOD_NOT_CONFIGURED"
    NO_PRICE = "NO_PRICE"
    NO_ROUTE = "NO_ROUTE"
    INVALID_CODE = "INVALID_CODE"
    MAX_ATTEMPTS = "MAX_ATTEMPTS"
    RESEND_COOLDOWN = "RESEND_COOLDOWN"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"


class Refused(Exception):
    """A rule's refusal.

    Parameters: `code` the stable code; `detail` one sentence that says what would be right, safe to show (never a
    secret, never another account's data); `param` the offending field in the caller's words, such as `to` or
    `messages[3].to`; `retry_after_seconds` when asking again later makes sense; `data` further public facts.
    """

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        param: str | None = None,
        retry_after_seconds: int | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.param = param
        self.retry_after_seconds = retry_after_seconds
        self.data = dict(data or {})
