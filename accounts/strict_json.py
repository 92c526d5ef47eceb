"""Request bodies, read strictly: what two parsers could understand differently, or what PostgreSQL and our
customers' receivers cannot hold, is refused at the door with a sentence that says what is wrong.

RFC 8259 leaves duplicate keys, number ranges and lone surrogates open; RFC 7493 (I-JSON) closes them as done
here."""

import json
import math
import re
from collections.abc import Iterator

MAX_DEPTH = 32
MAX_INTEGER_DIGITS = 30

_BOM = b"\xef\xbb\xbf"
_BLANK = " \t\r\n"
_SHOWN_KEY_CHARS = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadJson(ValueError):
    """The body is not JSON we accept. `sentence` says why, in words that may be shown to the caller."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def loads(body: bytes) -> object:
    """The value of a JSON request body: dict, list, str, int, float, bool or None.

    Raises `BadJson` for: an empty body, a byte order mark, bytes that are not UTF-8, anything that is not RFC
    8259 (NaN, Infinity, raw control characters, data after the value), a key given twice in one object, more
    than 32 levels, an integer of more than 30 digits, a number too large for a double, a lone surrogate, a
    NUL character.
    """
    text = _decode(body)
    try:
        value, end = _DECODER.raw_decode(text, len(text) - len(text.lstrip(_BLANK)))
    except json.JSONDecodeError as error:
        raise BadJson(_syntax_sentence(error)) from None
    except RecursionError:
        raise BadJson(_TOO_DEEP) from None
    if text[end:].strip(_BLANK):
        raise BadJson(f"The body goes on after the end of the JSON value, at {_place(text, end)}.")
    # Brackets inside strings are counted too: that only costs the exact check.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    if b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body:
        _check_strings(value)
    return value


def _decode(body: bytes) -> str:
    if body.startswith(_BOM):
        raise BadJson("The body starts with a byte order mark. Send UTF-8 without one.")
    if b"\x00" in body:
        raise BadJson(_NUL)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    if not text.strip(_BLANK):
        raise BadJson("The body is empty. Send a JSON value.")
    return text


_NUL = "The body holds a NUL character (U+0000), which no text may hold."
_HALF_PAIR = r"A string holds half of a surrogate pair (\ud800 to \udfff), which is no character."
_TOO_DEEP = f"The body is nested more than {MAX_DEPTH} levels deep."


def _syntax_sentence(error: json.JSONDecodeError) -> str:
    place = _place(error.doc, error.pos)
    if error.msg.startswith("Invalid control character"):
        return rf"A raw control character stands in a string at {place}; write a line break as \n."
    return f"The body is not valid JSON: it cannot be read from {place}."


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line} column {position - text.rfind(chr(10), 0, position)}"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        key = json.dumps(_given_twice(pairs)[:_SHOWN_KEY_CHARS])
        raise BadJson(f"The key {key} is given twice in one object.")
    return members


def _given_twice(pairs: list[tuple[str, object]]) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            break
        seen.add(key)
    return key


def _integer(digits: str) -> int:
    if len(digits) > MAX_INTEGER_DIGITS and len(digits.lstrip("-")) > MAX_INTEGER_DIGITS:
        raise BadJson(f"An integer has more than {MAX_INTEGER_DIGITS} digits.")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise BadJson("A number is too large for a 64-bit floating point number.")
    return number


def _constant(name: str) -> object:
    raise BadJson(f"{name} is not a JSON number.")


def _check_depth(value: object) -> None:
    """Goes down level by level, so that no nesting can exhaust the stack here."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise BadJson(_TOO_DEEP)


def _check_strings(value: object) -> None:
    for text in _strings(value):
        if "\x00" in text:
            raise BadJson(_NUL)
        if _SURROGATE.search(text):
            raise BadJson(_HALF_PAIR)


def _strings(value: object) -> Iterator[str]:
    """Every string and key in the value, which is known to be shallow."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _strings(member)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
