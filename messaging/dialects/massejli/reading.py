"""Reads document E's requests: JSON, or a form as old PHP clients send it; its names, its limits."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from accounts.api.parsing import read_json
from accounts.caller import Caller
from accounts.refusals import Code, Refused
from messaging.dialects.massejli.words import ARABIC, ENGLISH, UNICODE, instant
from messaging.sending.draft import Draft

MOST_RECIPIENTS = 1_000
MOST_SENDER_CHARACTERS = 11
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def body_of(request: HttpRequest) -> Mapping[str, Any]:
    """The fields of a request: of its query for GET, else of its JSON object or its form. Raises as `read_json`."""
    if request.method in ("GET", "HEAD"):
        return _plain(request.GET)
    if request.META.get("CONTENT_TYPE", "").startswith(FORMS):
        return _plain(request.POST)
    return read_json(request)


def _plain(fields: QueryDict) -> dict[str, Any]:
    plain: dict[str, Any] = {
        name: fields[name] for name in fields if name not in ("recipients", "recipients[]")
    }
    listed = fields.getlist("recipients[]") or fields.getlist("recipients")
    if listed:
        plain["recipients"] = listed[0].split(",") if len(listed) == 1 else listed
    return plain


def one(body: Mapping[str, Any], caller: Caller) -> Draft:
    """`/send`. Raises `Refused`."""
    return _draft(_text(body, "to"), body, caller, "")


def many(body: Mapping[str, Any], caller: Caller) -> list[Draft]:
    """`/send-bulk`: one text to all `recipients`. Raises `Refused`."""
    recipients = body.get("recipients")
    if recipients is None or recipients == []:
        raise Refused(Code.MISSING_FIELD, "recipients is required: a list of numbers.", param="recipients")
    if not isinstance(recipients, list):
        raise Refused(Code.INVALID_FIELD, "recipients must be a list of numbers.", param="recipients")
    if len(recipients) > MOST_RECIPIENTS:
        raise Refused(
            Code.TOO_MANY_MESSAGES, f"recipients may hold {MOST_RECIPIENTS:,} numbers.", param="recipients"
        )
    numbers = [_number(number, f"recipients[{index}]") for index, number in enumerate(recipients)]
    first = _draft(numbers[0], body, caller, "recipients[0].")
    return [first, *(_like(first, number, index) for index, number in enumerate(numbers[1:], 1))]


def either(body: Mapping[str, Any], caller: Caller) -> list[Draft]:
    """`/calculate`: `recipients`, or `to`. Raises `Refused`."""
    return many(body, caller) if body.get("recipients") is not None else [one(body, caller)]


def _like(first: Draft, number: str, index: int) -> Draft:
    return Draft(
        to=number,
        text=first.text,
        sender=first.sender,
        scheduled_at=first.scheduled_at,
        param=f"recipients[{index}].",
    )


def _draft(to: str, body: Mapping[str, Any], caller: Caller, param: str) -> Draft:
    _kind(body.get("message_type"))
    schedule = _text(body, "schedule_time", required=False)
    return Draft(
        to=to,
        text=_text(body, "message"),
        sender=_sender(body),
        scheduled_at=instant(schedule, caller, "schedule_time") if schedule else None,
        param=param,
    )


def _text(body: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise Refused(Code.MISSING_FIELD, f"{name} is required.", param=name)
        return ""
    return _number(value, name)


def _number(value: object, name: str) -> str:
    """A text; a whole number is read as its digits, since clients send recipients so."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, f"{name} must be a string.", param=name)
    return value


def _sender(body: Mapping[str, Any]) -> str:
    name = _text(body, "sender_id", required=False)
    if len(name.strip()) > MOST_SENDER_CHARACTERS:
        raise Refused(
            Code.INVALID_FIELD,
            f"sender_id may have {MOST_SENDER_CHARACTERS} characters.",
            param="sender_id",
        )
    return name


def _kind(value: object) -> None:
    """`message_type` is a hint: what is not plain text is sent as Unicode whatever it says. Raises `Refused`."""
    if value is not None and str(value) not in {str(ENGLISH), str(UNICODE), str(ARABIC)}:
        raise Refused(
            Code.INVALID_FIELD,
            "message_type is 1 (English), 2 (Unicode) or 4 (Arabic).",
            param="message_type",
        )


def renamed(refused: Refused) -> Refused:
    """A refusal of the rules with the names of document E's fields."""
    for ours, theirs in (("from", "sender_id"), ("scheduled_at", "schedule_time")):
        if refused.param is not None and refused.param.rpartition(".")[2] == ours:
            refused.detail = refused.detail.replace(ours, theirs, 1)
            refused.param = theirs
    return refused
