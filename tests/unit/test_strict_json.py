"""Request bodies: what is not plain, unambiguous JSON is refused with a sentence of its own."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.strict_json import BadJson, loads

repeatable = settings(derandomize=True, deadline=None, database=None)
TOO_DEEP = "The body is nested more than 32 levels deep."
NUL = "The body holds a NUL character (U+0000), which no text may hold."
HALF_PAIR = r"A string holds half of a surrogate pair (\ud800 to \udfff), which is no character."
TOO_LARGE = "A number is too large for a 64-bit floating point number."
TOO_LONG = "An integer has more than 30 digits."
EMPTY = "The body is empty. Send a JSON value."
UNREADABLE = "The body is not valid JSON: it cannot be read from "


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", EMPTY),
        (b" \r\n\t", EMPTY),
        (b'\xef\xbb\xbf{"a":1}', "The body starts with a byte order mark. Send UTF-8 without one."),
        (b'{"a":"\xe9"}', "The body is not UTF-8: byte 6 cannot be read."),
        (b'"\xed\xa0\x80"', "The body is not UTF-8: byte 1 cannot be read."),
        ('{"a":1}'.encode("utf-16"), NUL),
        (b'{"a":NaN}', "NaN is not a JSON number."),
        (b"[Infinity]", "Infinity is not a JSON number."),
        (b"-Infinity", "-Infinity is not a JSON number."),
        (b'{"a":1,"b":2,"a":1}', 'The key "a" is given twice in one object.'),
        (b'[{"x":{"to":1,"\\u0074o":2}}]', 'The key "to" is given twice in one object.'),
        (b"[" * 33 + b"]" * 33, TOO_DEEP),
        (b'{"a":' * 33 + b"1" + b"}" * 33, TOO_DEEP),
        (b"[" * 200_000, TOO_DEEP),
        (b'{"a":' * 200_000, TOO_DEEP),
        (b"1" * 31, TOO_LONG),
        (b'{"a":-' + b"1" * 31 + b"}", TOO_LONG),
        (b"1" * 100_000, TOO_LONG),
        (b"1e400", TOO_LARGE),
        (b"[-1.5e309]", TOO_LARGE),
        (rb'"\ud83d"', HALF_PAIR),
        (rb'{"a":"\uDE00\uD83D"}', HALF_PAIR),
        (rb'{"a":[{"\ud800":1}]}', HALF_PAIR),
        (rb'{"a":"b\u0000c"}', NUL),
        (rb'{"\u0000":1}', NUL),
        (b'{"a":"\x00"}', NUL),
        (b"{}\x00", NUL),
        (b"{} {}", "The body goes on after the end of the JSON value, at line 1 column 3."),
        (b"\n [1]\n,", "The body goes on after the end of the JSON value, at line 2 column 5."),
        (b"1.", "The body goes on after the end of the JSON value, at line 1 column 2."),
        (
            b'{"a":"x\ny"}',
            r"A raw control character stands in a string at line 1 column 8; write a line break as \n.",
        ),
        (b"{'a':1}", UNREADABLE + "line 1 column 2."),
        (b'\n{"a":1,}', UNREADABLE + "line 2 column 8."),
        (b'{"a"', UNREADABLE + "line 1 column 5."),
        (b"nul", UNREADABLE + "line 1 column 1."),
        ("\u00a01".encode(), UNREADABLE + "line 1 column 1."),
    ],
)
def test_each_fault_has_its_own_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(BadJson) as refusal:
        loads(body)
    assert refusal.value.sentence == sentence


def test_a_long_key_is_shown_shortened() -> None:
    with pytest.raises(BadJson) as refusal:
        loads(b'{"' + b"k" * 500 + b'":1,"' + b"k" * 500 + b'":2}')
    assert refusal.value.sentence == f'The key "{"k" * 40}" is given twice in one object.'


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b' {"a": [1, -0, 2.5, 1e3, true, null, "x"]}\r\n', {"a": [1, 0, 2.5, 1000.0, True, None, "x"]}),
        (b"9" * 30, 10**30 - 1),
        (b"-" + b"9" * 30, 1 - 10**30),
        (rb'"\ud83d\ude00 \u0645"', "😀 م"),
        (rb'"\\u0000 \\ud83d"', r"\u0000 \ud83d"),
        ('"مرحبا\u2028😀"'.encode(), "مرحبا\u2028😀"),
        (b'"' + b"[{" * 100 + b'"', "[{" * 100),
        (b"0.1e-400", 0.0),
    ],
)
def test_what_is_sound_is_read(body: bytes, value: object) -> None:
    read = loads(body)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_thirty_two_levels_are_read(opening: str, closing: str) -> None:
    body = opening * 32 + ("" if opening == "[" else "1") + closing * 32
    assert json.dumps(loads(body.encode()), separators=(",", ":")) == body


def test_breadth_is_not_depth() -> None:
    assert loads(b"[" + b"[{}]," * 5000 + b"0]") == [[{}]] * 5000 + [0]


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=1 - 10**30, max_value=10**30 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)


@repeatable
@given(values, st.booleans())
def test_every_plain_value_is_read_as_written(value: object, escaped: bool) -> None:
    assert loads(json.dumps(value, ensure_ascii=escaped).encode()) == value


@repeatable
@given(st.binary(max_size=60) | st.text(alphabet='[]{}":,\\ud8019e.-+ \nNaI', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_and_never_break(body: bytes) -> None:
    try:
        read = loads(body)
    except BadJson:
        return
    assert read == json.loads(body)
