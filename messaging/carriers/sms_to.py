"""SMS.to over its REST API: one POST per message, receipts by callback. What is from its documents and what
is assumed stands in `docs/carriers.md`. It has no idempotent id, so a lost answer is never followed by a
blind repeat; our reference rides in the callback address instead, and a receipt finds its message even
then."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

import orjson

from messaging.carriers.contract import (
    Accepted,
    BadCallback,
    Callback,
    CarrierConfig,
    Channel,
    Receipt,
    ReceiptStatus,
    Rejected,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from messaging.carriers.http_client import Answer, HttpClient, retry_after_seconds
from messaging.carriers.reasons import Reason

SECRET_KEYS = frozenset({"api_key", "webhook_secret"})
SETTING_KEYS = frozenset({"base_url", "balance_url"})
DEFAULT_BASE_URL = "https://api.sms.to"
DEFAULT_BALANCE_URL = "https://auth.sms.to/api/balance"
CALLBACK_LIMIT_BYTES = 64 * 1024
CALLBACK_LIMIT_RECEIPTS = 1000
REFERENCE_PARAM = "ref"
OUR_REFERENCE = re.compile(r"[0-9a-f]{32}")

STATUSES: Mapping[str, tuple[ReceiptStatus, str]] = {
    "QUEUED": ("buffered", ""),
    "ONGOING": ("buffered", ""),
    "SENT": ("sent", ""),
    "DELIVERED": ("delivered", ""),
    "UNDELIVERED": ("undeliverable", Reason.UNREACHABLE),
    "UNDELIVERABLE": ("undeliverable", Reason.UNREACHABLE),
    "EXPIRED": ("expired", Reason.HANDSET_EXPIRED),
    "FAILED": ("failed", Reason.UNKNOWN),
    "REJECTED": ("failed", Reason.CARRIER_REFUSED),
}
FIELD_REASONS: Mapping[str, Reason] = {
    "to": Reason.INVALID_NUMBER,
    "sender_id": Reason.SENDER_REFUSED,
    "message": Reason.CONTENT_REFUSED,
}
THROTTLING = frozenset({429, 503})
# Credentials, credit, or an address that is not the API's: nothing was taken and no message can be, until it
# is mended.
DENYING = frozenset({401, 402, 403, 405, 407, 415})
# The server says that it never received the whole request (RFC 9110, 15.5.9 and 15.5.20).
UNRECEIVED = frozenset({408, 421})


class SmsTo:
    """The adapter. Settings `base_url` (default `https://api.sms.to`) and `balance_url`; secrets `api_key`
    and, where signed callbacks are switched on at SMS.to, `webhook_secret`."""

    kind: str = "sms_to"
    channels: frozenset[Channel] = frozenset({"sms"})
    deduplicates: bool = False

    def __init__(self, config: CarrierConfig) -> None:
        base = config.settings.get("base_url", DEFAULT_BASE_URL).rstrip("/")
        self._send_url = f"{base}/sms/send"
        self._balance_url = config.settings.get("balance_url") or _balance_url(base)
        self._callback_prefix = _callback_prefix(config.callback_url)
        self._headers = {
            "Authorization": f"Bearer {config.secrets['api_key']}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self._http = HttpClient(timeout_seconds=config.timeout_seconds, window=config.window)

    async def submit(self, submission: Submission) -> Result:
        """One `POST /sms/send`. Every answer and every failure of the network is a `Result`."""
        try:
            body = orjson.dumps(self._fields(submission))
        except TypeError:
            return Rejected(
                code="UNENCODABLE", reason=Reason.CONTENT_REFUSED, detail="the text is not valid Unicode"
            )
        answer = await self._http.request("POST", self._send_url, headers=self._headers, body=body)
        return _result(answer) if isinstance(answer, Answer) else answer

    async def probe(self) -> Result:
        """Ask for the balance: checks address, key and credit, sends nothing. An address without a balance
        (404) says only that the carrier is there, and that counts as ready."""
        answer = await self._http.request("GET", self._balance_url, headers=self._headers)
        if not isinstance(answer, Answer):
            return answer
        if answer.status == 404:
            return Accepted(reference="")
        refused = _refusal(answer)
        if refused is not None:
            return refused
        return _credit(_object(answer.body))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    def _fields(self, submission: Submission) -> dict[str, str]:
        fields = {"message": submission.text, "to": submission.to}
        if submission.sender:
            fields["sender_id"] = submission.sender
        if self._callback_prefix:
            fields["callback_url"] = self._callback_prefix + submission.reference
        return fields

    @classmethod
    def receipts(cls, config: CarrierConfig, callback: Callback) -> Sequence[Receipt]:
        """The receipts in a callback: a form (documented), JSON (one object or a list), or a bare query.

        Raises `BadCallback` for a wrong signature where a `webhook_secret` is set, for more than 64 KiB or a
        thousand receipts, and for a receipt without a status or without any id to find its message by.
        """
        if len(callback.body) > CALLBACK_LIMIT_BYTES:
            raise BadCallback("the callback is too large")
        _check_signature(config.secrets.get("webhook_secret", ""), callback)
        reports = _reports(callback)
        # The address was given for one message, so it cannot speak for a list of several.
        our_id = _our_id(callback.query.get(REFERENCE_PARAM, "")) if len(reports) == 1 else None
        return [_receipt(fields, our_id) for fields in reports]

    @classmethod
    def check(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
        """What is wrong with a configuration, one sentence each."""
        wrong = [f"{key} is not a setting of SMS.to." for key in settings if key not in SETTING_KEYS]
        wrong += [f"{key} is not a credential of SMS.to." for key in secrets if key not in SECRET_KEYS]
        wrong += [
            f"{key} must be an http or https address without query, fragment or password."
            for key in SETTING_KEYS
            if key in settings and not _is_address(settings[key])
        ]
        key = secrets.get("api_key", "")
        if not key:
            wrong.append("api_key is missing.")
        elif not (key.isascii() and key.isprintable() and " " not in key):
            wrong.append("api_key must be printable ASCII without spaces.")
        return wrong


def _balance_url(base: str) -> str:
    return DEFAULT_BALANCE_URL if base == DEFAULT_BASE_URL else f"{base}/api/balance"


def _callback_prefix(callback_url: str) -> str:
    if not callback_url:
        return ""
    return f"{callback_url}{'&' if urlsplit(callback_url).query else '?'}{quote(REFERENCE_PARAM)}="


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    extras = parts.query or parts.fragment or parts.username or parts.password
    return bool(parts.scheme in {"http", "https"} and parts.hostname and port_is_valid and not extras)


def _result(answer: Answer) -> Result:
    refused = _refusal(answer)
    if refused is not None:
        return refused
    if answer.body is None:
        return Unknown(
            code="ANSWER_CUT", detail=f"HTTP {answer.status} with an answer cut off, too slow or too large"
        )
    fields = _object(answer.body)
    if fields is None:
        return Unknown(
            code="GARBLED", detail=f"HTTP {answer.status} with an answer that is not a JSON object"
        )
    success, reference = fields.get("success"), _text(fields, "message_id")
    if success is False:
        return Rejected(code="SUCCESS_FALSE", reason=_reason(fields), detail=_detail(fields))
    if reference or success is True:
        return Accepted(reference=reference)
    return Unknown(code="GARBLED", detail=f"HTTP {answer.status} that says neither yes nor no")


def _refusal(answer: Answer) -> Result | None:
    """What the status alone says; None for 2xx, where the body decides."""
    status = answer.status
    fields = _object(answer.body) or {}
    code, detail = f"HTTP_{status}", _detail(fields)
    if 200 <= status < 300:
        return None
    if status in THROTTLING:
        return TryLater(
            code=code, cause="throttled", detail=detail, after_seconds=retry_after_seconds(answer)
        )
    if status in DENYING or 300 <= status < 400:
        return TryLater(code=code, cause="denied", detail=detail, after_seconds=retry_after_seconds(answer))
    if status in UNRECEIVED:
        return TryLater(code=code, cause="unreachable", detail=detail)
    if 400 <= status < 500:
        return Rejected(code=code, reason=_reason(fields), detail=detail)
    return Unknown(code=code, detail=detail)


def _object(body: bytes | None) -> dict[str, object] | None:
    try:
        value = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _reason(fields: Mapping[str, object]) -> Reason:
    """Our reason for a refusal: by the field that was wrong where the answer names it, never by its prose."""
    errors = fields.get("errors")
    named = [FIELD_REASONS[key] for key in errors if key in FIELD_REASONS] if isinstance(errors, dict) else []
    return named[0] if named else Reason.CARRIER_REFUSED


def _detail(fields: Mapping[str, object]) -> str:
    return _text(fields, "message", limit=200)


def _credit(fields: Mapping[str, object] | None) -> Result:
    balance = (fields or {}).get("balance")
    if isinstance(balance, int | float) and balance <= 0:
        return TryLater(code="NO_CREDIT", cause="denied", detail="the balance at SMS.to is used up")
    return Accepted(reference="")


def _check_signature(secret: str, callback: Callback) -> None:
    if not secret:
        return
    given = dict(parse_qsl(callback.headers.get("x-smsto-signature", "").replace(",", "&")))
    signed = callback.body + b"." + given.get("t", "").encode()
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.get("s", "").encode()):
        raise BadCallback("the signature is missing or wrong")


def _our_id(text: str) -> UUID | None:
    # Exactly the form we gave out: 32 hexadecimal digits, not the other spellings UUID() would take.
    return UUID(hex=text) if OUR_REFERENCE.fullmatch(text) else None


def _reports(callback: Callback) -> list[Mapping[str, object]]:
    body = callback.body.strip()
    if not body:
        return [callback.query]
    if body[:1] not in (b"{", b"["):
        return [_form(body)]
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadCallback("the body is not valid JSON") from None
    reports = value if isinstance(value, list) else [value]
    if len(reports) > CALLBACK_LIMIT_RECEIPTS or not all(isinstance(report, dict) for report in reports):
        raise BadCallback("the body is not a receipt or a list of receipts")
    return reports


def _form(body: bytes) -> dict[str, object]:
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=100))
    except ValueError:
        raise BadCallback("the body is not a readable form") from None


def _receipt(fields: Mapping[str, object], our_id: UUID | None) -> Receipt:
    reference = _text(fields, "messageId") or _text(fields, "message_id") or _text(fields, "trackingId")
    code = _text(fields, "status").upper()
    if not reference and our_id is None:
        raise BadCallback("a receipt without an id")
    if not code:
        raise BadCallback("a receipt without a status")
    # A status that is not known is kept under its own name and moves nothing.
    status, reason = STATUSES.get(code, ("buffered", Reason.UNKNOWN))
    return Receipt(reference=reference, status=status, code=code, reason=reason, our_id=our_id)


def _text(fields: Mapping[str, object], key: str, *, limit: int = 128) -> str:
    # NUL cannot be stored by PostgreSQL, and nothing a carrier says may stop its receipt from being kept.
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").strip()[:limit]
