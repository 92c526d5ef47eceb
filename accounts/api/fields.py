"""Reading the body of a request field by field: None for what is absent, a refusal that names the field for what is wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.request import Request

from accounts.refusals import Code, Refused


def body_of(request: Request) -> Mapping[str, Any]:
    """The object in the body; an empty one where there is no body."""
    return request.data if isinstance(request.data, dict) else {}


def text(body: Mapping[str, Any], name: str) -> str | None:
    """A text, None if absent or null. Raises `Refused(INVALID_FIELD)` for another type."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, f"{name} is a text.", param=name)
    return value


def needed_text(body: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises `Refused(MISSING_FIELD)` or `Refused(INVALID_FIELD)`."""
    value = text(body, name)
    if not value:
        raise Refused(Code.MISSING_FIELD, f"{name} is required.", param=name)
    return value


def texts(body: Mapping[str, Any], name: str) -> Sequence[str] | None:
    """A list of texts, None if absent or null. Raises `Refused(INVALID_FIELD)` for another type."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(Code.INVALID_FIELD, f"{name} is a list of texts.", param=name)
    return value


def yes_or_no(body: Mapping[str, Any], name: str) -> bool | None:
    """True or false, or the 1 and 0 of document A; None if absent or null. Raises
    `Refused(INVALID_FIELD)`."""
    value = body.get(name)
    if value is None or isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    raise Refused(Code.INVALID_FIELD, f"{name} is true or false.", param=name)


def instant(body: Mapping[str, Any], name: str) -> datetime:
    """An ISO 8601 instant with its offset. Raises `Refused(MISSING_FIELD)` or `Refused(INVALID_FIELD)`."""
    raw = needed_text(body, name)
    try:
        value = parse_datetime(raw)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        sentence = f"{name} is an instant in ISO 8601 with its offset, such as 2026-05-01T10:30:00Z."
        raise Refused(Code.INVALID_FIELD, sentence, param=name)
    return value
