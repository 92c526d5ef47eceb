"""The adapter of WhatsApp: one POST per message to Meta's Cloud API, or to whatever answers like it at `base_url`."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

import orjson

from messaging.carriers.contract import (
    Accepted,
    Callback,
    CarrierConfig,
    Channel,
    Receipt,
    Rejected,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from messaging.carriers.http_client import Answer, HttpClient, retry_after_seconds
from messaging.carriers.inbound import Inbound
from messaging.carriers.reasons import Reason
from messaging.carriers.whatsapp_cloud import callback as callbacks
from messaging.carriers.whatsapp_cloud import errors, payload

SECRET_KEYS = frozenset({"access_token", "app_secret", "verify_token"})
SETTING_KEYS = frozenset({"base_url", "phone_number_id", "business_id", "otp_template", "otp_language"})
DEFAULT_BASE_URL = "https://graph.facebook.com/v23.0"
DEFAULT_OTP_LANGUAGE = "fr"
TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
THROTTLING = frozenset({429, 503})
DENYING = frozenset({401, 402, 403, 404, 405, 407, 415})
UNRECEIVED = frozenset({408, 421})
NO_SUCH_NUMBER = (100, 33)
"""The Graph API's code and subcode for an id that does not exist or that the token may not use: our configuration."""


class WhatsAppCloud:
    """Settings `phone_number_id` (the number's id at Meta, not the number), `base_url` with the API's version, `business_id`
    (kept for the operator), `otp_template` and `otp_language` for one-time codes; secrets `access_token`, `app_secret`
    (signs callbacks) and `verify_token` (our own word, asked once when the callback address is entered at Meta)."""

    kind: str = "whatsapp_cloud"
    channels: frozenset[Channel] = frozenset({"whatsapp"})
    deduplicates: bool = False

    def __init__(self, config: CarrierConfig) -> None:
        base = config.settings.get("base_url", DEFAULT_BASE_URL).rstrip("/")
        self._number_url = f"{base}/{quote(config.settings['phone_number_id'])}"
        self._otp_template = config.settings.get("otp_template", "")
        self._otp_language = config.settings.get("otp_language", DEFAULT_OTP_LANGUAGE)
        self._headers = {
            "Authorization": f"Bearer {config.secrets['access_token']}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self._http = HttpClient(timeout_seconds=config.timeout_seconds, window=config.window)

    async def submit(self, submission: Submission) -> Result:
        """One `POST /{phone_number_id}/messages`. Every answer and every failure of the network is a `Result`."""
        try:
            fields = payload.message(
                submission, otp_template=self._otp_template, otp_language=self._otp_language
            )
            body = orjson.dumps(fields)
        except payload.Unfit as unfit:
            return Rejected(code=unfit.code, reason=Reason.CONTENT_REFUSED, detail=unfit.detail)
        except TypeError:
            return Rejected("UNENCODABLE", Reason.CONTENT_REFUSED, "the text is not valid Unicode")
        url = f"{self._number_url}/messages"
        answer = await self._http.request("POST", url, headers=self._headers, body=body)
        return _result(answer) if isinstance(answer, Answer) else answer

    async def probe(self) -> Result:
        """Ask for the number's name: checks address, token and number, sends nothing."""
        url = f"{self._number_url}?fields=display_phone_number,verified_name,quality_rating"
        answer = await self._http.request("GET", url, headers=self._headers)
        if not isinstance(answer, Answer):
            return answer
        return _refusal(answer) or Accepted(reference="")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    @classmethod
    def receipts(cls, config: CarrierConfig, callback: Callback) -> Sequence[Receipt]:
        """The statuses in a callback, in order. Raises `BadCallback` without a valid `X-Hub-Signature-256`."""
        return callbacks.receipts(config, callback)

    @classmethod
    def inbound(cls, config: CarrierConfig, callback: Callback) -> Sequence[Inbound]:
        """What people wrote, as far as it is text or a pressed button. Raises `BadCallback` like `receipts`."""
        return callbacks.inbound(config, callback)

    @classmethod
    def challenge(cls, config: CarrierConfig, callback: Callback) -> str | None:
        """The answer to Meta's question whether the address is ours. Raises `BadCallback` for a wrong word."""
        return callbacks.challenge(config, callback)

    @classmethod
    def check(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
        """What is wrong with a configuration, one sentence each."""
        wrong = [f"{key} is not a setting of WhatsApp." for key in settings if key not in SETTING_KEYS]
        wrong += [f"{key} is not a credential of WhatsApp." for key in secrets if key not in SECRET_KEYS]
        wrong += [f"{key} is missing." for key in sorted(SECRET_KEYS) if not secrets.get(key)]
        wrong += [
            f"{key} must be printable ASCII without spaces."
            for key, value in secrets.items()
            if not (value.isascii() and value.isprintable() and " " not in value)
        ]
        number = settings.get("phone_number_id", "")
        if not (number.isascii() and number.isdigit()):
            wrong.append("phone_number_id is required: the digits that Meta shows beside the number.")
        if "base_url" in settings and not _is_address(settings["base_url"]):
            wrong.append("base_url must be an http or https address without query, fragment or password.")
        if not TEMPLATE_NAME.fullmatch(settings.get("otp_template", "none")):
            wrong.append("otp_template is a template's name at Meta: small letters, digits and _.")
        if not LANGUAGE.fullmatch(settings.get("otp_language", DEFAULT_OTP_LANGUAGE)):
            wrong.append("otp_language is a language as Meta writes it, such as fr or en_US.")
        return wrong


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
        return Unknown("ANSWER_CUT", f"HTTP {answer.status} with an answer cut off, too slow or too large")
    sent = _object(answer.body).get("messages")
    first = sent[0] if isinstance(sent, list) and sent else None
    reference = first.get("id") if isinstance(first, dict) else None
    if not isinstance(reference, str) or not reference:
        return Unknown("GARBLED", f"HTTP {answer.status} without a message id")
    return Accepted(reference=reference.replace("\x00", "")[:120])


def _refusal(answer: Answer) -> Result | None:
    """What an error says; None for a 2xx without one."""
    error = _object(answer.body).get("error")
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        if (error["code"], error.get("error_subcode")) == NO_SUCH_NUMBER:
            return TryLater("100/33", "denied", _detail(error))
        return _coded(error["code"], answer, _detail(error))
    return None if 200 <= answer.status < 300 else _by_status(answer)


def _coded(code: int, answer: Answer, detail: str) -> Result:
    """An error of Meta's own list, by its code; a code that is not listed decides by the HTTP status and is kept."""
    shown = str(code)
    wait = errors.wait_of(code)
    if wait is not None:
        after = retry_after_seconds(answer)
        return TryLater(shown, wait.cause, detail, wait.seconds if after is None else after)
    if code in errors.REASONS:
        return Rejected(shown, errors.REASONS[code], detail)
    if code in errors.UNCERTAIN or answer.status >= 500:
        return Unknown(shown, detail)
    if answer.status in DENYING | THROTTLING:
        cause = "denied" if answer.status in DENYING else "throttled"
        return TryLater(shown, "denied" if cause == "denied" else "throttled", detail)
    return Rejected(shown, Reason.CARRIER_REFUSED, detail)


def _by_status(answer: Answer) -> Result:
    """An answer that is not Meta's, such as a proxy's."""
    status, code = answer.status, f"HTTP_{answer.status}"
    if status in THROTTLING:
        return TryLater(code, "throttled", after_seconds=retry_after_seconds(answer))
    if status in DENYING or 300 <= status < 400:
        return TryLater(code, "denied", after_seconds=retry_after_seconds(answer))
    if status in UNRECEIVED:
        return TryLater(code, "unreachable")
    return Rejected(code, Reason.CARRIER_REFUSED) if 400 <= status < 500 else Unknown(code)


def _object(body: bytes | None) -> dict[str, object]:
    try:
        value = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _detail(error: Mapping[str, object]) -> str:
    """The part of an error that helps: its details, else its sentence."""
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    text = details if isinstance(details, str) and details else error.get("message")
    return text.replace("\x00", "").strip()[:200] if isinstance(text, str) else ""
