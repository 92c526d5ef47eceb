"""Phone numbers: every spelling people use, every kind to refuse, and a fast path that cannot disagree."""

from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contacts import phone as phones
from contacts.countries import COUNTRIES, Country
from contacts.phone import InvalidPhone, Phone, parse, shape

repeatable = settings(derandomize=True, deadline=None, database=None)
MOROCCAN = Phone("+212612345678", "MA", "mobile")


def answer(raw: str, country: str) -> Phone | str:
    try:
        return parse(raw, country)
    except InvalidPhone as refusal:
        return refusal.reason


def answer_by_library(raw: str, country: str) -> Phone | str:
    """The same question, never by the fast path and never from the cache."""
    try:
        return phones._resolve.__wrapped__(phones._normalise(raw), country)
    except InvalidPhone as refusal:
        return refusal.reason


@pytest.mark.parametrize(
    "raw",
    [
        "0612345678",
        "612345678",
        "212612345678",
        "+212612345678",
        "00212612345678",
        " 06 12 34 56 78 ",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "+212 (0)6 12 34 56 78",
        "(+212) 612-345-678",
        "+212\u00a06\u202f12\u200934 56 78",
        "\u202a+212 612\u2011345\u2013678\u202c",
        "٠٦١٢٣٤٥٦٧٨",
        "۰۶۱۲۳۴۵۶۷۸",
        "+٢١٢ ٦١٢٣٤٥٦٧٨",
        "＋２１２６１２３４５６７８",
    ],
)
def test_every_spelling_of_a_moroccan_mobile(raw: str) -> None:
    assert parse(raw, "MA") == MOROCCAN


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("+212612345678", "FR", MOROCCAN),
        ("00212612345678", "US", MOROCCAN),
        ("011212612345678", "US", MOROCCAN),
        ("212612345678", "FR", MOROCCAN),
        ("33612345678", "MA", Phone("+33612345678", "FR", "mobile")),
        ("0612345678", "FR", Phone("+33612345678", "FR", "mobile")),
        ("70123456", "ML", Phone("+22370123456", "ML", "mobile")),
        ("22370987654", "ML", Phone("+22370987654", "ML", "mobile")),
        ("+2250712345678", "MA", Phone("+2250712345678", "CI", "mobile")),
        ("3123456789", "IT", Phone("+393123456789", "IT", "mobile")),
        ("(202) 555-0123", "US", Phone("+12025550123", "US", "fixed_or_mobile")),
        ("2025550123", "US", Phone("+12025550123", "US", "fixed_or_mobile")),
    ],
)
def test_numbers_are_read_nationally_first_then_internationally(
    raw: str, country: str, expected: Phone
) -> None:
    assert parse(raw, country) == expected


@pytest.mark.parametrize(
    ("raw", "country", "reason"),
    [
        ("", "MA", "empty"),
        (" \u00a0", "MA", "empty"),
        ("+", "MA", "empty"),
        ("06 12 AB 56 78", "MA", "letters"),
        ("tel:+212612345678", "MA", "letters"),
        ("+212612345678 ext 5", "MA", "letters"),
        ("0612345678;0612345679", "MA", "characters"),
        ("06+12345678", "MA", "characters"),
        ("0612345678\n", "MA", "characters"),
        ("0612345678\x00", "MA", "characters"),
        ("0" * 65, "MA", "too_long"),
        ("2" * 21, "MA", "too_long"),
        ("06123456789", "MA", "invalid"),
        ("061234567", "MA", "invalid"),
        ("+0612345678", "MA", "invalid"),
        ("+999612345678", "MA", "invalid"),
        ("12345", "MA", "short_code"),
        ("7", "MA", "short_code"),
        ("0522345678", "MA", "landline"),
        ("+33145678901", "MA", "landline"),
        ("0891234567", "MA", "premium"),
        ("+33892123456", "MA", "premium"),
        ("+33820123456", "MA", "shared_cost"),
        ("0801234567", "MA", "toll_free"),
        ("+80012345678", "MA", "toll_free"),
        ("+881612345678", "MA", "satellite"),
        ("+870773111632", "MA", "satellite"),
        ("+33912345678", "MA", "not_mobile"),
    ],
)
def test_what_cannot_receive_a_message_is_refused_with_its_reason(
    raw: str, country: str, reason: str
) -> None:
    assert answer(raw, country) == reason


def test_every_reason_has_a_sentence() -> None:
    with pytest.raises(InvalidPhone) as refusal:
        parse("0522345678", "MA")
    assert refusal.value.sentence == "This is a landline number; only mobile numbers can receive messages."


written = st.builds(
    lambda plus, prefix, number: plus + prefix + number,
    st.sampled_from(["", "+", "00", " ", "٠"]),
    st.sampled_from(["", "0", "00", "212", "2120", "212212", "0212", "33", "6", "7"]),
    st.one_of(
        st.from_regex(r"[67][0-9]{7,9}", fullmatch=True),
        st.from_regex(r"[0-9]{0,12}", fullmatch=True),
        st.from_regex(r"[67]([0-9٠-٩]|[ .\-()]){8,12}", fullmatch=True),
    ),
)


@repeatable
@given(written, st.sampled_from(["MA", "FR", "ML", "US"]))
@example("00212612345678", "US")
@example("212612345678", "US")
@example("0612345٦78", "MA")
@example("0612345678\n", "MA")
def test_the_fast_path_answers_as_the_library_does(raw: str, country: str) -> None:
    assert answer(raw, country) == answer_by_library(raw, country)


@repeatable
@given(st.text(max_size=30), st.sampled_from(["MA", "FR", "US"]))
def test_any_text_is_read_or_refused_and_never_breaks(raw: str, country: str) -> None:
    assert answer(raw, country) == answer_by_library(raw, country)


@pytest.mark.parametrize("head", ["", "0", "212", "+212", "00212"])
def test_the_fast_path_agrees_on_every_moroccan_range(head: str) -> None:
    for first in range(500, 900):
        raw = f"{head}{first}123456"
        assert answer(raw, "MA") == answer_by_library(raw, "MA"), raw


@repeatable
@given(written)
def test_an_accepted_number_is_one_the_library_calls_valid(raw: str) -> None:
    accepted = answer(raw, "MA")
    if isinstance(accepted, Phone):
        number = phonenumbers.parse(accepted.e164)
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.region_code_for_number(number) == accepted.country
        assert parse(accepted.e164, "US") == accepted


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("+1234567890", "+1234567890"),
        ("+9876543210", "+9876543210"),
        ("+212600000005", "+212600000005"),
        ("+212522345678", "+212522345678"),
        ("00999 123 4567", "+9991234567"),
        ("06 12 34 56 78", "+212612345678"),
        ("212612345678", "+212612345678"),
        ("+212 (0)6 12 34 56 78", "+212612345678"),
        ("+1234567", "+1234567"),
        ("+123456789012345", "+123456789012345"),
    ],
)
def test_a_test_key_may_write_to_any_number_of_e164_shape(raw: str, expected: str) -> None:
    assert shape(raw, "MA") == expected


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("+123456", "invalid"),
        ("+1234567890123456", "invalid"),
        ("+0123456789", "invalid"),
        ("0522345678", "landline"),
        ("12345", "short_code"),
        ("+12345ab", "letters"),
        ("", "empty"),
    ],
)
def test_a_test_key_is_refused_what_has_no_e164_shape(raw: str, reason: str) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        shape(raw, "MA")
    assert refusal.value.reason == reason


def test_the_magic_numbers_of_the_simulator_are_real_moroccan_mobiles() -> None:
    for last in range(10):
        assert parse(f"+21260000000{last}", "FR") == Phone(f"+21260000000{last}", "MA", "mobile")


@pytest.mark.parametrize("listed", COUNTRIES.values(), ids=COUNTRIES)
def test_the_country_table_agrees_with_the_library(listed: Country) -> None:
    assert phonenumbers.country_code_for_region(listed.iso2) == int(listed.dialling_code)
    assert ZoneInfo(listed.time_zone).key == listed.time_zone
    assert all(listed.name(language) for language in ("en", "fr", "ar"))


def test_the_country_table_covers_the_shipped_price_list() -> None:
    maghreb = {"MA", "DZ", "TN", "LY", "MR"}
    west_africa = {"BJ", "BF", "CV", "CI", "GM", "GH", "GN", "GW", "LR", "ML", "NE", "NG", "SN", "SL", "TG"}
    assert set(COUNTRIES) == maghreb | west_africa | {"LB", "FR", "ES", "BE", "IT", "US"}
