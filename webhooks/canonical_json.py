"""JSON bodies that survive a JavaScript round trip byte for byte.

Receivers of document C (SMS Provider) check a signature over `JSON.stringify(payload)`, that is over what
Node makes of our body, not over the body. So we write exactly what Node would: ECMA-262 6.1.6.1.20 (numbers),
25.5.2 (JSON.stringify) and 10.1.11 (the order of an object's keys)."""

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring

MAX_EXACT_INTEGER = 2**53
_MAX_ARRAY_INDEX = 2**32 - 2
_INDEX = re.compile("0|[1-9][0-9]{0,9}")
_MAX_PLAIN_EXPONENT = 21
_MIN_PLAIN_EXPONENT = -6
_MAX_DOUBLE_EXPONENT = 308


class NotCanonical(ValueError):
    """The value has no JSON form that JavaScript would print back unchanged."""


def dumps(value: object) -> bytes:
    """The JSON of `value` (None, bool, int, float, Decimal, str, list, tuple, mapping with str keys) in
    UTF-8, such that `JSON.stringify(JSON.parse(body)) === body`.

    Keys that look like array indices come first, ascending; the others keep their order. A Decimal loses its
    trailing zeros. Integers beyond 2**53 and Decimals that a double cannot hold exactly become strings,
    digits intact. Raises `NotCanonical` for NaN, infinity, Decimals beyond 1e308, lone surrogates, and values
    or keys of another type.
    """
    try:
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("A string holds half of a surrogate pair.") from error


def _encode(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, int | float | Decimal):
        return _encode_number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([_encode_member(key, value[key]) for key in _ordered(value)]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_encode(item) for item in value]) + "]"
    raise NotCanonical(f"A {type(value).__name__} has no JSON form.")


def _encode_number(value: float | Decimal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        digits = int.__repr__(value)
        return digits if abs(value) <= MAX_EXACT_INTEGER else f'"{digits}"'
    if not (math.isfinite(value) if isinstance(value, float) else value.is_finite()):
        raise NotCanonical(f"{value} is not a JSON number.")
    return _double(value) if isinstance(value, float) else _decimal(value)


def _encode_member(key: str, member: object) -> str:
    return f"{encode_basestring(key)}:{_encode(member)}"


def _ordered(members: Mapping[object, object]) -> list[str]:
    """The keys as JavaScript keeps them."""
    indices: list[str] = []
    names: list[str] = []
    for key in members:
        if not isinstance(key, str):
            raise NotCanonical(f"A key is a {type(key).__name__}, not a string.")
        is_index = _INDEX.fullmatch(key) is not None and int(key) <= _MAX_ARRAY_INDEX
        (indices if is_index else names).append(key)
    return sorted(indices, key=int) + names if indices else names


def _double(value: float) -> str:
    """A double as JavaScript prints it: the shortest digits that read back the same (as Python's repr), in
    plain notation from 1e-6 up to 1e21. Minus zero prints as zero."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = float.__repr__(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS times ten to the power of `point`.
    point = int(exponent or 0) + len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _place_point(digits, point)


def _place_point(digits: str, point: int) -> str:
    if len(digits) <= point <= _MAX_PLAIN_EXPONENT:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _MAX_PLAIN_EXPONENT:
        return f"{digits[:point]}.{digits[point:]}"
    if _MIN_PLAIN_EXPONENT < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


def _decimal(value: Decimal) -> str:
    """A number when a double holds these very digits, else a string of them without trailing zeros."""
    if value and abs(value.adjusted()) > _MAX_DOUBLE_EXPONENT:
        raise NotCanonical("A Decimal is beyond 1e308.")
    double = float(value)
    if math.isfinite(double) and Decimal(repr(double)) == value:
        return _double(double)
    plain = format(value, "f")
    return f'"{plain.rstrip("0").rstrip(".") if "." in plain else plain}"'
