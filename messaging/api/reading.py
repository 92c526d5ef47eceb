"""Reads sending requests: every alias, default and limit of documents A, B and C, into drafts. Says what would be right."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings

from accounts.caller import Caller
from accounts.models import Compat
from accounts.refusals import Code, Refused
from messaging.api import templated
from messaging.sending.draft import E164_SHAPE, Draft
from messaging.templates import Usable
from webhooks.addresses import Forbidden, check_url

MOST_RECIPIENTS = 10_000
MOST_BUTTONS = 3
MOST_KEPT_BYTES = 8192
BUTTON_TYPES = ("copy", "url", "call")  # a tuple: what JSON gives need not be hashable
TEXT_NAMES = ("message", "body")
SENDER_NAMES = ("from", "sender_id")
RECIPIENT_NAMES = ("to", "recipient")


def alias(body: Mapping[str, Any], names: Sequence[str], param: str = "") -> Any:
    """The value under whichever of `names` is given; None if none is.

    Raises `Refused(CONFLICTING_FIELDS)` when two are given with different values.
    """
    given = [(name, body[name]) for name in names if body.get(name) is not None]
    if len(given) > 1 and given[0][1] != given[1][1]:
        raise Refused(
            Code.CONFLICTING_FIELDS,
            f"{given[0][0]} and {given[1][0]} differ; send one of them.",
            param=param + given[1][0],
        )
    return given[0][1] if given else None


def _text(body: Mapping[str, Any], names: Sequence[str], param: str, *, required: bool) -> str:
    value = alias(body, names, param)
    if value is None or value == "":
        if required:
            raise Refused(Code.MISSING_FIELD, f"{param}{names[0]} is required.", param=param + names[0])
        return ""
    if not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, f"{param}{names[0]} must be a string.", param=param + names[0])
    return value


def _flag(body: Mapping[str, Any], name: str, param: str, default: bool = False) -> bool:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Refused(Code.INVALID_FIELD, f"{param}{name} must be true or false.", param=param + name)
    return value


def _metadata(body: Mapping[str, Any], param: str) -> Mapping[str, object] | None:
    value = body.get("metadata")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Refused(Code.INVALID_FIELD, f"{param}metadata must be an object.", param=param + "metadata")
    _check_size(value, param + "metadata")
    return value


def _check_size(value: object, name: str) -> None:
    """What is kept with every message of a request must be small, and such that it can be kept."""
    try:
        size = len(orjson.dumps(value))
    except TypeError:
        raise Refused(
            Code.INVALID_FIELD, f"{name} may not hold integers beyond 64 bits.", param=name
        ) from None
    if size > MOST_KEPT_BYTES:
        raise Refused(Code.INVALID_FIELD, f"{name} may have {MOST_KEPT_BYTES} bytes as JSON.", param=name)


def _buttons(
    body: Mapping[str, Any], channel: str, cascade: bool, param: str
) -> Sequence[Mapping[str, object]] | None:
    """Document B: at most three, of type copy, url or call; only WhatsApp shows them."""
    value = body.get("buttons")
    if value is None or value == []:
        return None
    name = param + "buttons"
    if not isinstance(value, list) or len(value) > MOST_BUTTONS:
        raise Refused(
            Code.INVALID_FIELD, f"{name} must be a list of at most {MOST_BUTTONS} buttons.", param=name
        )
    for button in value:
        if not isinstance(button, dict) or button.get("type") not in BUTTON_TYPES:
            raise Refused(Code.INVALID_FIELD, f'{name}: each has a type "copy", "url" or "call".', param=name)
    if channel != "whatsapp" and not cascade:
        raise Refused(Code.INVALID_FIELD, f"{name} are for the channel whatsapp.", param=name)
    _check_size(value, name)
    return value


def metadata_of(body: Mapping[str, Any]) -> Mapping[str, object] | None:
    """`metadata` of a request. Raises `Refused(INVALID_FIELD)`."""
    return _metadata(body, "")


def buttons_of(body: Mapping[str, Any]) -> Sequence[Mapping[str, object]] | None:
    """`buttons` of a request for WhatsApp. Raises `Refused(INVALID_FIELD)`."""
    return _buttons(body, "whatsapp", False, "")


def instant(value: object, caller: Caller, param: str) -> datetime | None:
    """An ISO 8601 instant; without an offset it is meant in the account's time zone. Raises `Refused(INVALID_FIELD)`."""
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str):
            raise ValueError(value)
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=ZoneInfo(caller.account.time_zone))
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(
            Code.INVALID_FIELD,
            f"{param} must be an ISO 8601 time, for example 2026-05-15T10:30:00Z.",
            param=param,
        ) from None


def recipient(text: str) -> str:
    """A filter's number as it is stored; in an address, an unescaped `+` has become a space. Raises
    `Refused(INVALID_PHONE)`."""
    number = f"+{text.strip().removeprefix('+')}"
    if E164_SHAPE.fullmatch(number) is None:
        raise Refused(Code.INVALID_PHONE, "to must be E.164 format, for example +212612345678.", param="to")
    return number


def _callback_url(body: Mapping[str, Any], param: str) -> str | None:
    url = _text(body, ("callback_url",), param, required=False)
    if not url:
        return None
    try:
        check_url(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    except Forbidden as error:
        raise Refused(
            Code.INVALID_FIELD, f"{param}callback_url: {error}", param=param + "callback_url"
        ) from None
    return url


def common(body: Mapping[str, Any], caller: Caller, param: str = "") -> dict[str, Any]:
    """The fields of a draft but for recipient and text. Raises `Refused`."""
    channel = _text(body, ("channel",), param, required=False) or "sms"
    cascade = _flag(body, "cascade", param)
    return {
        "sender": _text(body, SENDER_NAMES, param, required=False),
        "channel": channel,
        "cascade": cascade,
        "truncate": _flag(body, "truncate", param, default=caller.compat == Compat.SMSMAROC),
        "scheduled_at": instant(body.get("scheduled_at"), caller, param + "scheduled_at"),
        "callback_url": _callback_url(body, param),
        "metadata": _metadata(body, param),
        "buttons": _buttons(body, channel, cascade, param),
    }


def messages(body: Mapping[str, Any], caller: Caller) -> tuple[list[Draft], bool]:
    """`POST /v1/messages`: the drafts, and whether `to` was a list (document C). Raises `Refused`."""
    to = alias(body, RECIPIENT_NAMES)
    if to is None or to in ("", []):
        raise Refused(Code.MISSING_FIELD, "to is required.", param="to")
    template = templated.asked(body, caller)
    content = (
        templated.filled(template, templated.values(body))
        if template
        else {"text": _text(body, TEXT_NAMES, "", required=True)}
    )
    fields = common(templated.in_channel(body, template), caller) | content
    if isinstance(to, str):
        return [Draft(to=to, **fields)], False
    if not isinstance(to, list):
        raise Refused(Code.INVALID_FIELD, "to must be a number as a string, or a list of them.", param="to")
    if len(to) > MOST_RECIPIENTS:
        raise Refused(Code.TOO_MANY_MESSAGES, f"to may hold {MOST_RECIPIENTS:,} numbers.", param="to")
    drafts = []
    for index, number in enumerate(to):
        if not isinstance(number, str):
            raise Refused(Code.INVALID_FIELD, f"to[{index}] must be a string.", param=f"to[{index}]")
        drafts.append(Draft(to=number, param=f"to[{index}].", **fields))
    return drafts, True


def bulk(body: Mapping[str, Any], caller: Caller) -> tuple[list[Draft], bool]:
    """`POST /v1/messages/bulk`: the drafts, and whether one bad item refuses all (`atomic`). Raises `Refused`."""
    items = body.get("messages")
    if items is None or items == []:
        raise Refused(
            Code.MISSING_FIELD,
            "messages is required: a list of objects with to and message.",
            param="messages",
        )
    if not isinstance(items, list):
        raise Refused(
            Code.INVALID_FIELD, "messages must be a list of objects with to and message.", param="messages"
        )
    if len(items) > MOST_RECIPIENTS:
        raise Refused(
            Code.TOO_MANY_MESSAGES,
            f"One request may hold {MOST_RECIPIENTS:,} messages; this has {len(items):,}.",
            param="messages",
        )
    template = templated.asked(body, caller)
    body = templated.in_channel(body, template)
    shared = common({key: value for key, value in body.items() if key != "metadata"}, caller)
    values = templated.values(body) if template else {}
    drafts = [_item(item, index, shared, template, values) for index, item in enumerate(items)]
    return drafts, _flag(body, "atomic", "")


def _item(
    item: object,
    index: int,
    shared: Mapping[str, Any],
    template: Usable | None,
    values: Mapping[str, str],
) -> Draft:
    param = f"messages[{index}]."
    if not isinstance(item, dict):
        raise Refused(Code.INVALID_FIELD, f"messages[{index}] must be an object.", param=f"messages[{index}]")
    fields = dict(shared)
    if "metadata" in item:
        fields["metadata"] = _metadata(item, param)
    own_sender = alias(item, SENDER_NAMES, param)
    if own_sender is not None:
        fields["sender"] = _text(item, SENDER_NAMES, param, required=False)
    to = alias(item, RECIPIENT_NAMES, param)
    if template is None:
        text = alias(item, TEXT_NAMES, param)
        fields["text"] = text if isinstance(text, str) else ""
    else:
        fields |= templated.item_fields(item, template, values, param)
    return Draft(to=to if isinstance(to, str) else "", param=param, **fields)
