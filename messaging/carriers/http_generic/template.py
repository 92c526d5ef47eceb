"""Templates of requests: text with `{{placeholders}}`, each value escaped for the place it stands in. There is no logic in
a template, and a value never becomes part of one: it is put in once, and what it holds is not looked at again."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import phonenumbers

from messaging.carriers.contract import Submission

Place = Literal["url", "form", "json", "xml", "header"]
PLACEHOLDER = re.compile(r"\{\{ ?([a-z0-9_]{1,40}) ?\}\}")
# What XML 1.0 (section 2.2) has no place for, not even as a reference.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SAMPLE = "zz"
"""Stands in for a value when a template is checked: no number, no word of JSON and no end of an escape sequence."""
NUMBERS = frozenset({"segments", "data_coding", "validity_seconds"})
"""Placeholders that are whole numbers, so they may stand in JSON without quotes."""
NAMES = NUMBERS | {
    *("to", "to_digits", "to_national", "sender", "text", "text_hex", "reference", "callback_url"),
    *("encoding", "channel"),
}


class Unencodable(ValueError):
    """A value cannot be written in the place or the charset it was meant for."""


def values_of(
    submission: Submission, *, callback_url: str, words: Mapping[str, str], now: float
) -> dict[str, str]:
    """Every placeholder of a submission but the credentials.

    `words` are the provider's names of our encodings (`gsm7`, `ucs2`); `now` is Unix time in seconds. `to_national` is as
    dialled at home, digits only; `text_hex` is the text in UTF-16, big endian, as hexadecimal digits.
    """
    return {
        "to": submission.to,
        "to_digits": submission.to.removeprefix("+"),
        "to_national": _national(submission.to),
        "sender": submission.sender,
        "text": submission.text,
        "text_hex": submission.text.encode("utf-16-be", "surrogatepass").hex().upper(),
        "reference": submission.reference,
        "callback_url": callback_url,
        "segments": str(submission.segments),
        "encoding": words.get(submission.encoding, submission.encoding),
        "data_coding": "8" if submission.encoding == "ucs2" else "0",
        "channel": submission.channel,
        "validity_seconds": str(max(0, int(submission.expires_at.timestamp() - now))),
    }


def names_in(template: str) -> set[str]:
    """The placeholders of a template."""
    return set(PLACEHOLDER.findall(template))


def render(template: str, values: Mapping[str, str], place: Place, charset: str = "utf-8") -> str:
    """The template with its values, each escaped for `place`. Raises `Unencodable`, and KeyError for an unknown name."""
    put = ESCAPES[place]
    return PLACEHOLDER.sub(lambda found: put(values[found[1]], charset), template)


def problem(template: str, place: Place) -> str:
    """What is wrong with a body template for `place`, in one sentence; "" when nothing is."""
    if "{{" in PLACEHOLDER.sub("", template):
        return "has a {{ that is no placeholder."
    if place == "json":
        return _json_problem(template)
    if place == "xml":
        return _xml_problem(template)
    return (
        ""
        if template.isascii() and template.isprintable()
        else "must be printable ASCII; write %XX for the rest."
    )


def _json_problem(template: str) -> str:
    filled = PLACEHOLDER.sub(lambda found: "1" if found[1] in NUMBERS else SAMPLE, template)
    try:
        json.loads(filled)
    except (ValueError, RecursionError):
        return "is not JSON once filled in; a placeholder that is no number stands inside quotes."
    return ""


def _xml_problem(template: str) -> str:
    # A comment, a CDATA section or a declaration needs other escapes than a text, so no value may stand there.
    if "<!" in template or re.search(r"<\?[^?]*\{\{", template):
        return "may hold no comment, CDATA section or document type."
    try:
        ElementTree.fromstring(PLACEHOLDER.sub(SAMPLE, template).encode())  # noqa: S314 - the operator's own, no DTD
    except (ElementTree.ParseError, ValueError, LookupError):
        return "is not XML once filled in."
    return ""


def _national(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number.removeprefix("+")
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(c for c in shown if c.isdigit())


def _in_url(value: str, charset: str) -> str:
    try:
        return quote(value, safe="", encoding=charset, errors="strict")
    except UnicodeError:
        raise Unencodable(f"a value cannot be written in {charset}") from None


def _in_json(value: str, charset: str) -> str:
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise Unencodable("a value is not valid Unicode")
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_xml(value: str, charset: str) -> str:
    return escape(NOT_XML.sub("", value), {'"': "&quot;", "'": "&apos;", "\r": "&#13;", "\n": "&#10;"})


def _in_header(value: str, charset: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise Unencodable("a value for a header is not printable ASCII")
    return value


ESCAPES: Mapping[Place, Callable[[str, str], str]] = {
    "url": _in_url,
    "form": _in_url,
    "json": _in_json,
    "xml": _in_xml,
    "header": _in_header,
}
