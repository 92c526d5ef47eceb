"""Reads what clients say of contacts, lists and opt-outs, with the names of documents A and B. Says what would be
right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from accounts import ids
from accounts.caller import Caller
from accounts.models import Mode
from accounts.refusals import Code, Refused
from contacts import lists, phone
from contacts.imports import MOST_CONTACTS, Skipped
from contacts.models import (
    CUSTOM_CHARACTERS,
    DESCRIPTION_CHARACTERS,
    EMAIL_CHARACTERS,
    LIST_NAME_CHARACTERS,
    NAME_CHARACTERS,
)
from contacts.upsert import Given

Body = Mapping[str, Any]
CUSTOM = ("custom1", "custom2", "custom3")
PHONE_NAMES = ("phone", "number")
LENGTHS = {"name": NAME_CHARACTERS, "email": EMAIL_CHARACTERS} | dict.fromkeys(CUSTOM, CUSTOM_CHARACTERS)
_PLUS = re.compile(r"^(?:%2b| )(?=[0-9])", re.IGNORECASE)


def number(written: str, caller: Caller) -> str:
    """E.164 of a number as people write it; a test key may name any number of that shape. Raises `phone.InvalidPhone`."""
    country = caller.account.country
    if caller.mode == Mode.TEST:
        return phone.shape(written, country)
    return phone.parse(written, country).e164


def needed_number(body: Body, caller: Caller) -> str:
    """The number of a body. Raises `Refused` with MISSING_FIELD, INVALID_FIELD, CONFLICTING_FIELDS or INVALID_PHONE."""
    try:
        return number(_written(body), caller)
    except phone.InvalidPhone as error:
        raise Refused(Code.INVALID_PHONE, error.sentence, param="phone") from None


def number_in_path(text: str, caller: Caller) -> str:
    """The number in an address, whose plus may have come as itself, as %2B once or twice, as a space, or not at all.
    Raises `Refused(INVALID_PHONE)`."""
    try:
        return phone.shape(_PLUS.sub("+", text), caller.account.country)
    except phone.InvalidPhone as error:
        raise Refused(Code.INVALID_PHONE, error.sentence, param="phone") from None


def contact(body: Body, caller: Caller) -> Given:
    """`POST /v1/contacts`. Null is as good as absent. Raises as `needed_number` and `said`."""
    return Given(needed_number(body, caller), **said(body, empty_by_null=False))


def said(body: Body, *, empty_by_null: bool) -> dict[str, str]:
    """The texts that a body gives, `""` for those it empties. Own fields come in `custom_fields` or plainly.

    Raises `Refused(INVALID_FIELD)`, or `Refused(CONFLICTING_FIELDS)` for two values of one field."""
    given = dict(body)
    for name, value in _custom_fields(body).items():
        if given.get(name) is not None and given[name] != value:
            sentence = f"{name} and custom_fields.{name} differ; send one of them."
            raise Refused(Code.CONFLICTING_FIELDS, sentence, param=f"custom_fields.{name}")
        given[name] = value
    found: dict[str, str] = {}
    for name, most in LENGTHS.items():
        if name in given and (given[name] is not None or empty_by_null):
            found[name] = _text(given, name, most)
    return found


def _custom_fields(body: Body) -> Body:
    fields = body.get("custom_fields")
    if fields is None:
        return {}
    if not isinstance(fields, dict) or not set(fields) <= set(CUSTOM):
        sentence = f"custom_fields is an object with {', '.join(CUSTOM)}."
        raise Refused(Code.INVALID_FIELD, sentence, param="custom_fields")
    return fields


def list_id(source: Body) -> UUID | None:
    """The list that a body or a query names. Raises `Refused(NOT_FOUND)` for what is the id of none."""
    value = source.get("list_id")
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, "list_id is the id of a list, as a text.", param="list_id")
    try:
        return ids.read("list", value)
    except Refused:
        raise lists.unknown() from None


def new_list(body: Body) -> dict[str, str]:
    """`name` and `description` of a list. Raises `Refused` with MISSING_FIELD or INVALID_FIELD."""
    name = _text(body, "name", LIST_NAME_CHARACTERS)
    if not name:
        raise Refused(Code.MISSING_FIELD, "name is required.", param="name")
    return {"name": name, "description": _text(body, "description", DESCRIPTION_CHARACTERS)}


def imported(body: Body, caller: Caller) -> list[Given | Skipped]:
    """The items of an import; what is wrong with one of them skips it.

    Raises `Refused` with MISSING_FIELD, INVALID_FIELD, or TOO_MANY_CONTACTS beyond 5,000."""
    items = body.get("contacts")
    if items is None or items == []:
        raise Refused(
            Code.MISSING_FIELD, "contacts is required: a list of objects with phone.", param="contacts"
        )
    if not isinstance(items, list):
        raise Refused(Code.INVALID_FIELD, "contacts is a list of objects with phone.", param="contacts")
    if len(items) > MOST_CONTACTS:
        sentence = f"One import may hold {MOST_CONTACTS:,} contacts; this has {len(items):,}."
        raise Refused(Code.TOO_MANY_CONTACTS, sentence, param="contacts")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            sentence = f"contacts[{index}] is an object with phone."
            raise Refused(Code.INVALID_FIELD, sentence, param=f"contacts[{index}]")
    return [_item(item, index, caller) for index, item in enumerate(items)]


def _item(item: Body, index: int, caller: Caller) -> Given | Skipped:
    try:
        return Given(number(_written(item), caller), **said(item, empty_by_null=False))
    except phone.InvalidPhone as error:
        return Skipped(index, error.reason, error.sentence)
    except Refused as error:
        return Skipped(index, error.code.lower(), error.detail)


def _written(body: Body) -> str:
    """The number as written, under one of its names."""
    given: Sequence[Any] = [body[name] for name in PHONE_NAMES if body.get(name) not in (None, "")]
    if not given:
        raise Refused(Code.MISSING_FIELD, "phone is required.", param="phone")
    if len(given) > 1 and given[0] != given[1]:
        raise Refused(Code.CONFLICTING_FIELDS, "phone and number differ; send one of them.", param="number")
    if not isinstance(given[0], str):
        raise Refused(Code.INVALID_FIELD, "phone is a text, such as +212612345678.", param="phone")
    return given[0]


def _text(body: Body, name: str, most: int) -> str:
    """A text without blanks around it, `""` if absent or null."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, f"{name} is a text.", param=name)
    text = value.strip()
    if len(text) > most:
        raise Refused(Code.INVALID_FIELD, f"{name} may have {most} characters.", param=name)
    return text
