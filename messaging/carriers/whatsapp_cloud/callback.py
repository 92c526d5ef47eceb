"""What Meta calls us with: the question whether the address is ours (GET), and signed posts that hold statuses of our messages
and what people wrote. One post may hold those of other numbers of the same app, which are not this carrier's."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

import orjson

from messaging.carriers.contract import BadCallback, Callback, CarrierConfig, Receipt, ReceiptStatus
from messaging.carriers.inbound import Inbound
from messaging.carriers.reasons import Reason
from messaging.carriers.whatsapp_cloud import errors

LIMIT_ITEMS = 1000
STATUSES: Mapping[str, ReceiptStatus] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "played": "delivered",
    "failed": "failed",
}
Fields = Mapping[str, object]


def challenge(config: CarrierConfig, callback: Callback) -> str | None:
    """The text to answer a GET with, as Meta's webhook documentation has it; None for a POST.

    Raises `BadCallback` if it is no subscription or its word is not ours.
    """
    if callback.method != "GET":
        return None
    ours, given = config.secrets.get("verify_token", ""), callback.query.get("hub.verify_token", "")
    asked = callback.query.get("hub.challenge", "")
    if callback.query.get("hub.mode") != "subscribe" or not asked:
        raise BadCallback("a GET that is no subscription")
    if not ours or not hmac.compare_digest(ours.encode(), given.encode(errors="replace")):
        raise BadCallback("the verify token is wrong")
    return asked[:200]


def receipts(config: CarrierConfig, callback: Callback) -> list[Receipt]:
    """The statuses of this carrier's messages, in order. Raises `BadCallback`."""
    return [_receipt(status) for value in _values(config, callback) for status in _items(value, "statuses")]


def inbound(config: CarrierConfig, callback: Callback) -> list[Inbound]:
    """The texts and pressed buttons that people sent to this carrier's number; pictures and the like are none. Raises
    `BadCallback`."""
    found = []
    for value in _values(config, callback):
        to = _text(_child(value, "metadata"), "display_phone_number")
        for item in _items(value, "messages"):
            text = _said(item)
            if text:
                found.append(_inbound(config, item, to=to, text=text))
    return found


def _inbound(config: CarrierConfig, item: Fields, *, to: str, text: str) -> Inbound:
    return Inbound(
        carrier_id=config.id,
        channel="whatsapp",
        from_="+" + _text(item, "from").lstrip("+"),
        to="+" + "".join(filter(str.isdigit, to)),
        text=text,
        carrier_reference=_text(item, "id", limit=120),
        received_at=datetime.now(UTC),
        raw=orjson.dumps(item),
    )


def _said(item: Fields) -> str:
    """What the person wrote, or what stands on the button that was pressed."""
    kind = _text(item, "type")
    body = _child(item, kind)
    if kind == "text":
        return _text(body, "body", limit=4096)
    if kind == "button":
        return _text(body, "text", limit=4096)
    if kind == "interactive":
        chosen = _child(body, _text(body, "type"))
        return _text(chosen, "title", limit=4096)
    return ""


def _receipt(status: Fields) -> Receipt:
    reference = _text(status, "id", limit=120)
    our_id = _our_id(_text(status, "biz_opaque_callback_data"))
    word = _text(status, "status").lower()
    if not word or not (reference or our_id):
        raise BadCallback("a status without an id or a word")
    # A word that is not known is kept under its own name and moves nothing.
    known = STATUSES.get(word, "buffered")
    failures = _items(status, "errors")
    code = failures[0].get("code") if failures and known == "failed" else None
    if not isinstance(code, int):
        return Receipt(reference, known, word, Reason.UNKNOWN if known == "failed" else "", our_id)
    return Receipt(
        reference, known, str(code), errors.reason_of(code), our_id, _instant(_text(status, "timestamp"))
    )


def _instant(seconds: str) -> datetime | None:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _our_id(text: str) -> UUID | None:
    digits = set("0123456789abcdef")
    return UUID(hex=text) if len(text) == 32 and set(text) <= digits else None


def _values(config: CarrierConfig, callback: Callback) -> Iterator[Fields]:
    """The parts of a post that speak of this carrier's number. Raises `BadCallback`."""
    if callback.method != "POST":
        raise BadCallback("Meta posts what it reports")
    _check_signature(config.secrets.get("app_secret", ""), callback)
    try:
        body = orjson.loads(callback.body)
    except orjson.JSONDecodeError:
        raise BadCallback("the body is not valid JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        raise BadCallback("the body is no report of Meta's")
    number = config.settings.get("phone_number_id", "")
    for entry in _items(body, "entry"):
        for change in _items(entry, "changes"):
            value = _child(change, "value")
            if (
                change.get("field") == "messages"
                and _text(_child(value, "metadata"), "phone_number_id") == number
            ):
                yield value


def _check_signature(secret: str, callback: Callback) -> None:
    """Meta signs the raw body with the app's secret: `sha256=` and the HMAC-SHA256 in hexadecimal digits."""
    given = callback.headers.get("x-hub-signature-256", "").removeprefix("sha256=")
    expected = hmac.new(secret.encode(), callback.body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        raise BadCallback("the signature is missing or wrong")


def _items(fields: Fields, key: str) -> list[Fields]:
    given = fields.get(key)
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > LIMIT_ITEMS:
        raise BadCallback(f"{key} is not a list of at most {LIMIT_ITEMS}")
    return [item for item in given if isinstance(item, dict)]


def _child(fields: Fields, key: str) -> Fields:
    given = fields.get(key)
    return given if isinstance(given, dict) else {}


def _text(fields: Fields, key: str, *, limit: int = 128) -> str:
    # NUL cannot be stored by PostgreSQL, and nothing a carrier says may stop its receipt from being kept.
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").strip()[:limit]
