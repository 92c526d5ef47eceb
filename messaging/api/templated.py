"""Reads `template_id` and `variables` of a request: which approved template is meant, and the text it makes."""

from collections.abc import Mapping
from typing import Any

from accounts.caller import Caller
from accounts.refusals import Code, Refused
from messaging import templates, wording
from messaging.templates import Usable

MOST_VARIABLES = 100
MOST_VALUE_CHARACTERS = 1600


def asked(body: Mapping[str, Any], caller: Caller) -> Usable | None:
    """The template that a request names, None if it names none.

    Raises `Refused` with TEMPLATE_NOT_FOUND, TEMPLATE_NOT_APPROVED, or CONFLICTING_FIELDS beside a text.
    """
    given = body.get("template_id")
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        raise Refused(
            Code.INVALID_FIELD, "template_id must be the id of a template, as a string.", param="template_id"
        )
    no_text_beside(body, "")
    return templates.approved(caller.account_id, given, mode=caller.mode)


def no_text_beside(body: Mapping[str, Any], param: str) -> None:
    """Raises `Refused(CONFLICTING_FIELDS)` for a text where a template gives it."""
    for name in ("message", "body"):
        if body.get(name) not in (None, ""):
            raise Refused(
                Code.CONFLICTING_FIELDS, f"Send template_id or {param}{name}, not both.", param=param + name
            )


def in_channel(body: Mapping[str, Any], template: Usable | None) -> Mapping[str, Any]:
    """The request in the channel of its template. Raises `Refused(CONFLICTING_FIELDS)` if it says another."""
    if template is None:
        return body
    if body.get("channel") not in (None, "", template.channel):
        sentence = f"The template is for the channel {template.channel}."
        raise Refused(Code.CONFLICTING_FIELDS, sentence, param="channel")
    return {**body, "channel": template.channel}


def values(body: Mapping[str, Any], param: str = "") -> dict[str, str]:
    """`variables`: names, each with a string or a number. Raises `Refused(INVALID_FIELD)`."""
    name = param + "variables"
    given = body.get("variables")
    if given is None:
        return {}
    if not isinstance(given, dict) or len(given) > MOST_VARIABLES:
        sentence = (
            f"{name} must be an object of at most {MOST_VARIABLES} names, each with a string or a number."
        )
        raise Refused(Code.INVALID_FIELD, sentence, param=name)
    return {key: _value(value, f"{name}.{key}") for key, value in given.items()}


def _value(value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(Code.INVALID_FIELD, f"{name} must be a string or a number.", param=name)
    text = str(value)
    if len(text) > MOST_VALUE_CHARACTERS:
        sentence = f"{name} may have {MOST_VALUE_CHARACTERS} characters."
        raise Refused(Code.INVALID_FIELD, sentence, param=name)
    return text


def filled(template: Usable, given: Mapping[str, str], param: str = "") -> dict[str, Any]:
    """`text` and `template` of a draft. Raises `Refused(MISSING_FIELD)` for a variable without a value."""
    text = wording.fill(template.body, given, param=f"{param}variables")
    return {"text": text, "template": templates.provider_form(template, given)}


def item_fields(
    item: Mapping[str, Any], template: Usable, shared: Mapping[str, str], param: str
) -> dict[str, Any]:
    """What the template makes of one item of a batch: with its own variables, then those of all; or why it makes nothing,
    which is the item's own trouble."""
    try:
        no_text_beside(item, param)
        return filled(template, {**shared, **values(item, param)}, param)
    except Refused as refusal:
        return {"text": "", "refusal": refusal}
