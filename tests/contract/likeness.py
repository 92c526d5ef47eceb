"""Whether an answer is what a document prints: every printed field is there, of the printed type and format; facts have the
printed value, ids and instants the printed form. More fields than printed are allowed, fewer are not."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

ID = re.compile(r"(acc|batch|cmp|ctc|key|lst|msg|topup|tpl|txn|vrf|whk)_\S*")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
SECRET = re.compile(r"whsec_\S+")
OURS = {
    "secret": re.compile(r"whsec_[A-Za-z0-9+/]{43}="),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


class Differs(NamedTuple):
    """What an answer has in place of a printed value, exactly or by a pattern, and why."""

    got: object
    why: str


def unlike(
    printed: Any, got: Any, expected: Mapping[str, object], *, more_rows: bool = False, path: str = ""
) -> Iterator[str]:
    """Sentences about what is not as printed. `expected` has, by path such as `data[0].count`, what stands there instead;
    with `more_rows` lists may be longer than printed."""
    if path in expected:
        if not _is(expected[path], got):
            yield f"{path}: {got!r} and not {expected[path]!r}"
    elif isinstance(printed, dict):
        yield from _unlike_object(printed, got, expected, more_rows, path)
    elif isinstance(printed, list):
        yield from _unlike_list(printed, got, expected, more_rows, path)
    elif not _alike(printed, got):
        yield f"{path}: {got!r} and not like {printed!r}"


def _unlike_object(
    printed: dict[str, Any], got: Any, expected: Mapping[str, object], more_rows: bool, path: str
) -> Iterator[str]:
    if not isinstance(got, dict):
        yield f"{path}: {got!r} is no object"
        return
    for name, value in printed.items():
        way = f"{path}.{name}" if path else name
        if name not in got:
            yield f"{way}: missing"
        else:
            yield from unlike(value, got[name], expected, more_rows=more_rows, path=way)


def _unlike_list(
    printed: list[Any], got: Any, expected: Mapping[str, object], more_rows: bool, path: str
) -> Iterator[str]:
    if not isinstance(got, list) or len(got) < len(printed) or (len(got) > len(printed) and not more_rows):
        yield f"{path}: {got!r} has not the printed length"
        return
    for index, value in enumerate(printed):
        yield from unlike(value, got[index], expected, more_rows=more_rows, path=f"{path}[{index}]")


def _alike(printed: Any, got: Any) -> bool:
    if isinstance(printed, bool) or printed is None or isinstance(got, bool) or got is None:
        return printed is got
    if isinstance(printed, int | Decimal):
        return isinstance(got, int | Decimal) and printed == got
    if not isinstance(got, str):
        return False
    if kind := ID.fullmatch(printed):
        return re.fullmatch(rf"{kind[1]}_[0-9a-f]{{32}}", got) is not None
    if SECRET.fullmatch(printed):
        return printed == got or OURS["secret"].fullmatch(got) is not None
    if INSTANT.fullmatch(printed):
        return INSTANT.fullmatch(got) is not None
    return bool(printed == got)


def _is(expected: object, got: object) -> bool:
    if isinstance(expected, re.Pattern):
        return isinstance(got, str) and expected.fullmatch(got) is not None
    return (type(expected) is type(got) and expected == got) or (
        isinstance(expected, float | Decimal) and not isinstance(got, bool) and got == expected
    )
