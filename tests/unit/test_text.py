"""Texts: what is removed, how they are encoded, and where segments are cut (GSM 03.38, documents A to E)."""

import re
from itertools import pairwise

import pytest
import smsutil  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging import text as texts
from messaging.text import Measure, NotGsm7, clean, encode_gsm7, measure, split, unicode_savings

repeatable = settings(derandomize=True, deadline=None, database=None)
EXTENSION = "\f^{}\\[~]|€"
BASIC = texts.GSM_BASIC.replace(texts.ESCAPE, "")

gsm_texts = st.text(alphabet=st.one_of(st.sampled_from(BASIC), st.sampled_from(EXTENSION)), max_size=700)
dense_gsm_texts = st.text(alphabet=st.sampled_from("a€|"), min_size=140, max_size=500)
wide_texts = st.text(alphabet=st.sampled_from("aé€م😀\U0010ffff\u200d"), min_size=60, max_size=300)
any_texts = st.one_of(st.text(max_size=400), gsm_texts, dense_gsm_texts, wide_texts)


def septets(text: str) -> int:
    return sum(2 if char in EXTENSION else 1 for char in text)


def code_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def alone(encoding: texts.Encoding, segments: int, units: int, per_segment: int, remaining: int) -> Measure:
    return Measure(encoding, segments, units, per_segment, remaining, (), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", alone("gsm7", 1, 0, 160, 160)),
        ("Bonjour", alone("gsm7", 1, 7, 160, 153)),
        ("a" * 160, alone("gsm7", 1, 160, 160, 0)),
        ("a" * 161, alone("gsm7", 2, 161, 153, 145)),
        ("a" * 306, alone("gsm7", 2, 306, 153, 0)),
        ("a" * 307, alone("gsm7", 3, 307, 153, 152)),
        ("€" * 80, alone("gsm7", 1, 160, 160, 0)),
        ("€" * 81, alone("gsm7", 2, 162, 153, 143)),
        # 153 is odd, so every segment of pairs leaves a septet free: 76 + 76 + 1 pairs.
        ("€" * 153, alone("gsm7", 3, 306, 153, 151)),
        ("a" * 152 + "€" + "b" * 152, alone("gsm7", 3, 306, 153, 152)),
        ("م" * 70, Measure("ucs2", 1, 70, 70, 0, ("م",), 0)),
        ("م" * 71, Measure("ucs2", 2, 71, 67, 63, ("م",), 0)),
        ("م" * 134, Measure("ucs2", 2, 134, 67, 0, ("م",), 0)),
        ("م" * 135, Measure("ucs2", 3, 135, 67, 66, ("م",), 0)),
        ("😀" * 35, Measure("ucs2", 1, 70, 70, 0, ("😀",), 0)),
        ("😀" * 36, Measure("ucs2", 2, 72, 67, 61, ("😀",), 0)),
        # 67 is odd as well: 33 emoji in each segment.
        ("😀" * 1600, Measure("ucs2", 49, 3200, 67, 35, ("😀",), 0)),
    ],
)
def test_segments_at_every_limit(text: str, expected: Measure) -> None:
    assert measure(text) == expected
    assert len(split(text)) == expected.segments


def test_every_gsm_character_and_no_other_stays_gsm() -> None:
    gsm = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    gsm = [char for char in gsm if measure(char).encoding == "gsm7"]
    assert sorted(gsm) == sorted(BASIC + EXTENSION)
    assert len(BASIC) == 127


def test_the_characters_that_made_it_unicode_are_named_once_in_order() -> None:
    measured = measure("Forêt d’été, l’hôtel: 5 €")
    assert (measured.encoding, measured.costly, measured.costly_at) == ("ucs2", ("ê", "’", "ô"), 3)


@pytest.mark.parametrize("char", ["`", texts.ESCAPE, "ç", "ê", "\u00a0"])
def test_look_alikes_outside_the_alphabet_cost_unicode(char: str) -> None:
    assert measure(char).costly == (char,)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("a\x00\x07\x0b\f\x1b\x7f\x85\x9fb", "ab"),
        ("a\ud83db", "ab"),
        ("سلام 😀 \u200d\u200f ok", "سلام 😀 \u200d\u200f ok"),
        ("", ""),
    ],
)
def test_control_characters_are_removed(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@repeatable
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_cleaning_is_final_and_touches_nothing_but_controls(raw: str) -> None:
    cleaned = clean(raw)
    assert clean(cleaned) == cleaned
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", cleaned)
    kept = [char for char in raw if char > "\x9f" or " " <= char <= "~"]
    assert [char for char in cleaned if char not in " \n"] == [char for char in kept if char != " "]


@repeatable
@given(any_texts)
def test_joined_segments_are_the_text_and_fit(text: str) -> None:
    measured = measure(text)
    parts = split(text)
    count = septets if measured.encoding == "gsm7" else code_units
    assert "".join(parts) == text
    assert len(parts) == measured.segments
    assert sum(map(count, parts)) == measured.units
    assert max(map(count, parts)) <= measured.per_segment
    assert measured.remaining == measured.per_segment - count(parts[-1])


@repeatable
@given(any_texts)
def test_no_segment_ends_while_the_next_character_would_still_fit(text: str) -> None:
    measured = measure(text)
    parts = split(text)
    count = septets if measured.encoding == "gsm7" else code_units
    for part, following in pairwise(parts):
        assert count(part) + count(following[0]) > measured.per_segment


@repeatable
@given(any_texts.filter(lambda text: text != "" and texts.ESCAPE not in text))
def test_counts_and_cuts_agree_with_smsutil(text: str) -> None:
    """smsutil differs, wrongly, on the empty text and on the escape itself only."""
    oracle = smsutil.split(text)
    measured = measure(text)
    assert measured.encoding == ("gsm7" if smsutil.is_valid_gsm(text) else "ucs2")
    assert split(text) == [part.content for part in oracle.parts]


@repeatable
@given(gsm_texts)
def test_septets_agree_with_smsutil(text: str) -> None:
    encoded = encode_gsm7(text)
    assert encoded == smsutil.encode(text)
    assert len(encoded) == measure(text).units


def test_septets_of_an_escaped_text() -> None:
    assert encode_gsm7("@a€[Ç\n") == b"\x00a\x1b\x65\x1b\x3c\x09\x0a"


def test_what_gsm_cannot_write_is_named() -> None:
    with pytest.raises(NotGsm7, match=r"U\+00EA") as refusal:
        encode_gsm7("forêt")
    assert refusal.value.char == "ê"


def test_savings_propose_gsm_text_where_there_is_some() -> None:
    proposed = unicode_savings("« L’hôtel… n° 5 – ½ m² ﬁn œuf\u00a0» م😀 ´ ™")
    assert proposed == {
        "«": '"',
        "’": "'",
        "ô": "o",
        "…": "...",
        "°": "o",
        "–": "-",
        "½": "1/2",
        "²": "2",
        "ﬁ": "fi",
        "œ": "oe",
        "\u00a0": " ",
        "»": '"',
        "م": None,
        "😀": None,
        "´": "'",
        "™": "TM",
    }


@repeatable
@given(any_texts)
def test_savings_name_the_costly_characters_and_propose_gsm_only(text: str) -> None:
    proposed = unicode_savings(text)
    assert tuple(proposed) == measure(text).costly
    assert all(plain is None or measure(plain).encoding == "gsm7" for plain in proposed.values())
