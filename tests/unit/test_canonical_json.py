"""Webhook bodies: Node prints back, byte for byte, what we send (document C signs what Node prints)."""

import json
import shutil
import subprocess
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webhooks.canonical_json import NotCanonical, dumps

repeatable = settings(derandomize=True, deadline=None, database=None)
NODE = shutil.which("node")

# Prints, for each input line, what a receiver of document C would sign.
ROUND_TRIP = (
    "const lines = require('fs').readFileSync(0, 'utf8').split('\\n');"
    "process.stdout.write(lines.map((line) => JSON.stringify(JSON.parse(line))).join('\\n'));"
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
keys = (
    texts
    | st.integers(min_value=-2, max_value=2**33).map(str)
    | st.sampled_from(
        ["__proto__", "constructor", "toString", "00", "01", "1.5", "1e3", "4294967294", "4294967295", ""]
    )
)
integers = st.integers() | st.integers(min_value=2**53 - 3, max_value=2**53 + 3)
doubles = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 1e-6, 1e-7, 9.99e-7, 1e20, 1e21, 1.5e300, 5e-324, 0.1 + 0.2, 123456789012345680000.0]
)
decimals = st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(-10000, 10000, places=4)
scalars = (
    st.none()
    | st.booleans()
    | integers
    | doubles
    | texts
    | decimals.filter(lambda value: not value or abs(value.adjusted()) <= 308)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(keys, inner, max_size=8),
    max_leaves=25,
)


def through_node(bodies: list[bytes]) -> list[bytes]:
    assert NODE is not None
    run = subprocess.run(
        [NODE, "-e", ROUND_TRIP], input=b"\n".join(bodies), capture_output=True, check=True, timeout=60
    )
    return run.stdout.split(b"\n")


@pytest.mark.skipif(NODE is None, reason="node is not on PATH, and only node can say what JavaScript prints")
def test_node_prints_back_the_very_bytes() -> None:
    bodies: list[bytes] = []

    @settings(
        max_examples=500,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(values)
    def collect(value: object) -> None:
        bodies.append(dumps(value))

    collect()
    bodies.append(dumps({"a": 1, "4294967295": 2, "4294967294": 3, "0": 4, "00": 5}))
    bodies += [
        dumps(sign * m * 10.0**e) for sign in (1, -1) for m in (1, 1.5, 1 / 3) for e in range(-320, 300)
    ]
    bodies += [
        dumps({chr(code): chr(code)}) for code in [*range(256), 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0x10FFFF]
    ]
    printed = through_node(bodies)
    assert len(printed) == len(bodies)
    assert [(body, back) for body, back in zip(bodies, printed, strict=True) if body != back] == []


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"b": 1, "10": 2, "a": 3, "9": 4, "-1": 5, "01": 6}, '{"9":4,"10":2,"b":1,"a":3,"-1":5,"01":6}'),
        ({"a": 1, "4294967295": 2, "4294967294": 3}, '{"4294967294":3,"a":1,"4294967295":2}'),
        ([1.0, -0.0, 1e-5, 1e-7, 1.5e-9, 1e21, 1e20, 100.25], None),
        ('\b\f\n\r\t"\\/\x00\x1f\x7f\u2028é😀', '"\\b\\f\\n\\r\\t\\"\\\\/\\u0000\\u001f\x7f\u2028é😀"'),
        ([2**53, 2**53 + 1, -(2**53) - 1], '[9007199254740992,"9007199254740993","-9007199254740993"]'),
        ([Decimal("0.2200"), Decimal("2.4200"), Decimal("500.0000"), Decimal("1E+2")], "[0.22,2.42,500,100]"),
        ([Decimal("-0.00"), Decimal("0E+9")], "[0,0]"),
        (Decimal("12345678901234567.8900"), '"12345678901234567.89"'),
        ({"t": True, "f": False, "n": None, "l": (), "o": {}}, '{"t":true,"f":false,"n":null,"l":[],"o":{}}'),
        ([Colour.RED, Level.HIGH], '["red",3]'),
    ],
)
def test_the_exact_bytes(value: object, body: str | None) -> None:
    expected = "[1,0,0.00001,1e-7,1.5e-9,1e+21,100000000000000000000,100.25]" if body is None else body
    assert dumps(value) == expected.encode()


@repeatable
@given(values)
def test_nothing_is_lost(value: object) -> None:
    """Read back by an independent parser, every number is the same number or the same digits in a string."""
    assert _plain(json.loads(dumps(value), parse_float=Decimal)) == _plain(value)


def _plain(value: object) -> object:
    """Numbers as their exact decimal text, so that a number equals the string that stands in for it."""
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value))
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+309"),
        Decimal("1E-309"),
        "\ud83d",
        {"\ude00": 1},
        {1: "a"},
        {None: "a"},
        b"bytes",
        {1, 2},
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_javascript_would_print_differently_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        dumps({"value": [value]})
