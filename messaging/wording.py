"""Texts with slots such as `{{name}}`: which names they have, and the text once those are filled in. The one home of this for
templates, campaigns and one-time codes. Pure functions."""

import re
from collections.abc import Mapping

from accounts.refusals import Code, Refused

SLOT = re.compile(r"\{\{\s*(\w*)\s*\}\}")


def variables(text: str) -> list[str]:
    """The names in a text's slots, each once, in the order in which they come. `""` stands for a slot without a name."""
    return list(dict.fromkeys(SLOT.findall(text)))


def missing(text: str, values: Mapping[str, str]) -> list[str]:
    """The names that a text asks for and that have no value."""
    return [name for name in variables(text) if name not in values]


def fill(text: str, values: Mapping[str, str], *, param: str = "variables") -> str:
    """The text with its slots filled, in one pass: a value with braces in it stays as it is.

    `param` is where the values stand in the request, such as `messages[3].variables`. Raises `Refused(MISSING_FIELD)`
    that lists every name without a value under `missing`.
    """
    gaps = missing(text, values)
    if gaps:
        raise Refused(
            Code.MISSING_FIELD,
            f"{param} must also hold {', '.join(gaps)}.",
            param=f"{param}.{gaps[0]}",
            data={"missing": gaps},
        )
    return SLOT.sub(lambda slot: values[slot[1]], text)


def fill_known(text: str, values: Mapping[str, str]) -> str:
    """The text with the slots filled for which there is a value; the others stay as they are."""
    return SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)


def check_slots(text: str, *, param: str = "body") -> None:
    """Raises `Refused(INVALID_FIELD)` for braces that would be sent as they stand: a slot whose name is missing or not one word."""
    rest = SLOT.sub(lambda slot: "" if slot[1] else slot[0], text)
    if "{{" in rest or "}}" in rest:
        raise Refused(
            Code.INVALID_FIELD,
            f"{param}: a variable is one word of letters, digits and _ in double braces, such as {{{{name}}}}.",
            param=param,
        )
