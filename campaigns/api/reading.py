"""Reads what clients say of campaigns, with the names of documents A and B. Says what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.caller import Caller
from accounts.models import Compat
from accounts.refusals import Code, Refused
from campaigns import schedule
from campaigns.draft import Content
from campaigns.models import BODY_CHARACTERS, NAME_CHARACTERS
from contacts.api.reading import list_id
from messaging.api.reading import SENDER_NAMES, alias, buttons_of, metadata_of

Body = Mapping[str, Any]
MOST_FOR_DOCUMENTS = 10_000
TEXT_NAMES = ("body", "message")
CAPPED = (Compat.SMSMAROC, Compat.ENVOISMS)


def most_recipients(caller: Caller) -> int | None:
    """Documents A and B send to at most 10,000 contacts; natively there is no limit (contract of the API, 2.2 row 24)."""
    return MOST_FOR_DOCUMENTS if caller.compat in CAPPED else None


def content(body: Body, caller: Caller) -> Content:
    """`POST /v1/campaigns`. Raises `Refused`."""
    found = changes(body, caller)
    if not found.get("name"):
        raise Refused(Code.MISSING_FIELD, "name is required.", param="name")
    if not found.get("body") and not found.get("template"):
        raise Refused(Code.MISSING_FIELD, "body is required, or template_id.", param="body")
    return Content(**found)


def changes(body: Body, caller: Caller) -> dict[str, Any]:
    """The fields of `Content` that a body names; null or `""` empties one. Raises `Refused`."""
    found: dict[str, Any] = {}
    if "name" in body:
        found["name"] = _line(body, "name", NAME_CHARACTERS)
    if "channel" in body:
        found["channel"] = _text(body, ("channel",)) or "sms"
    if "list_id" in body:
        found["list_id"] = list_id(body)
    found |= _texts(body, caller)
    if any(name in body for name in SENDER_NAMES):
        found["sender_id"] = _text(body, SENDER_NAMES)
    if "buttons" in body:
        found["buttons"] = buttons_of(body)
    if "metadata" in body:
        found["metadata"] = metadata_of(body)
    if "scheduled_at" in body:
        found["time"] = schedule.read(body["scheduled_at"], caller.account.time_zone)
    return found


def _texts(body: Body, caller: Caller) -> dict[str, Any]:
    """A text in place of a template, or the other way round."""
    found: dict[str, Any] = {}
    if any(name in body for name in TEXT_NAMES):
        text = _text(body, TEXT_NAMES)
        found["body"] = text[:BODY_CHARACTERS] if caller.compat == Compat.SMSMAROC else text
    if "template_id" in body:
        found["template"] = _text(body, ("template_id",))
    if found.get("body") and "template" not in found:
        found["template"] = ""
    if found.get("template") and "body" not in found:
        found["body"] = ""
    return found


def _text(body: Body, names: Sequence[str]) -> str:
    value = alias(body, names)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, f"{names[0]} must be a string.", param=names[0])
    return value


def _line(body: Body, name: str, most: int) -> str:
    """A text of one line."""
    line = " ".join(_text(body, (name,)).split())
    if not line:
        raise Refused(Code.MISSING_FIELD, f"{name} is required.", param=name)
    if len(line) > most:
        raise Refused(Code.INVALID_FIELD, f"{name} may have {most} characters.", param=name)
    return line
