"""Phone numbers as people write them, read into E.164: libphonenumber decides, with the account's country as
default.

Mobile numbers of the home country, most of what is ever sent, take a fast path built from libphonenumber's
own metadata, so that the two cannot disagree. Only numbers that can receive a text are let through."""

import re
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Literal, NamedTuple

from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    region_code_for_number,
)
from phonenumbers import parse as parse_by_library

HOME = "MA"

Kind = Literal["mobile", "fixed_or_mobile"]
Reason = Literal[
    "empty",
    "letters",
    "characters",
    "too_long",
    "short_code",
    "invalid",
    "landline",
    "premium",
    "shared_cost",
    "toll_free",
    "satellite",
    "not_mobile",
]

_SENTENCES: dict[Reason, str] = {
    "empty": "The number is empty.",
    "letters": "The number holds letters; write it in digits.",
    "characters": "The number may hold only digits, a leading plus, spaces, dots, dashes and parentheses.",
    "too_long": "The number is too long for a phone number.",
    "short_code": "Short codes cannot receive messages; give a full mobile number.",
    "invalid": "This is not a valid phone number; write it with its country code, such as +212612345678.",
    "landline": "This is a landline number; only mobile numbers can receive messages.",
    "premium": "This is a premium rate number.",
    "shared_cost": "This is a shared cost number.",
    "toll_free": "This is a toll-free number.",
    "satellite": "This is a satellite or other number of no country.",
    "not_mobile": "This kind of number cannot receive messages (internet telephony, pager, voicemail).",
}


class Phone(NamedTuple):
    """A number that can receive a text. `e164` begins with `+`, `country` is ISO 3166-1 alpha-2, `kind` is
    `fixed_or_mobile` where the numbering plan cannot tell (United States)."""

    e164: str
    country: str
    kind: Kind


class InvalidPhone(ValueError):
    """The number is refused. `reason` is a stable word, `sentence` says it to the caller."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason
        self.sentence = _SENTENCES[reason]


def parse(raw: str, country: str) -> Phone:
    """The number in `raw`, read as dialled in `country` (ISO 3166-1 alpha-2), else as international.

    Accepts 0612345678, 212612345678, +212612345678, 00212612345678, with spaces (also non-breaking), dots,
    dashes, parentheses, invisible direction marks and Arabic digits (documents A to E). Raises
    `InvalidPhone`.
    """
    home = _HOME_MOBILE.fullmatch(raw)
    if home is not None and (country == HOME or home[1]):
        return Phone(_HOME_PREFIX + home[2], HOME, "mobile")
    answer = _resolve(_normalise(raw), country)
    if isinstance(answer, str):
        raise InvalidPhone(answer)
    return answer


def shape(raw: str, country: str) -> str:
    """E.164 for a test key (contract: test keys accept any number of E.164 shape, `+` and 7 to 15 digits):
    what `parse` says when the number is real, else the number as written if it is international. Raises
    `InvalidPhone`."""
    try:
        return parse(raw, country).e164
    except InvalidPhone:
        written = _international(_normalise(raw))
        if _E164_SHAPE.fullmatch(written) is None:
            raise
        return written


def _home_mobile() -> re.Pattern[str]:
    """Every unspaced way to write a mobile number of the home country: international in group 1, number in
    group 2."""
    metadata = PhoneMetadata.metadata_for_region(HOME)
    if metadata is None or metadata.mobile is None:
        raise RuntimeError(f"libphonenumber has no mobile numbers for {HOME}")
    mobile = metadata.mobile.national_number_pattern
    return re.compile(rf"(?:(\+212|00212)|212|0)?((?:{mobile}))", re.ASCII)


_HOME_PREFIX = "+212"
_HOME_MOBILE = _home_mobile()
_E164_SHAPE = re.compile(r"\+[1-9][0-9]{6,14}")
_WRITTEN = re.compile(r"\+?[0-9]+")
_MAX_RAW_CHARS = 64
_MAX_DIGITS = 20
_MAX_SHORT_CODE_DIGITS = 6

_BLANKS = " \t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
# What address books leave around a copied number: direction marks, joiners, a byte order mark.
_INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_ZEROS = "\u0660\u06f0\uff10"  # Arabic-Indic, extended Arabic-Indic, full width
_WRITING: dict[int, str] = {
    **{ord(char): "" for char in _BLANKS + _DASHES + _INVISIBLE + ".()"},
    **{ord(zero) + digit: str(digit) for zero in _ZEROS for digit in range(10)},
    ord("\uff0b"): "+",
}

_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
}
_REFUSED_KINDS: dict[int, Reason] = {
    PhoneNumberType.UNKNOWN: "invalid",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.TOLL_FREE: "toll_free",
}
_NO_COUNTRY = "001"


def _normalise(raw: str) -> str:
    """Digits, with a plus in front if there was one. Raises `InvalidPhone` for anything else."""
    if len(raw) > _MAX_RAW_CHARS:
        raise InvalidPhone("too_long")
    written = raw.translate(_WRITING)
    if _WRITTEN.fullmatch(written) is None:
        raise InvalidPhone(_why_unwritten(written))
    if len(written) > _MAX_DIGITS:
        raise InvalidPhone("too_long")
    return written


def _why_unwritten(written: str) -> Reason:
    if not written.strip("+"):
        return "empty"
    return "letters" if any(char.isalpha() for char in written) else "characters"


def _international(written: str) -> str:
    """00 is the international prefix wherever the customer is (in the United States 011 works too)."""
    return "+" + written[2:] if written.startswith("00") else written


@lru_cache(maxsize=16384)
def _resolve(written: str, country: str) -> Phone | Reason:
    """What libphonenumber says: the number, or why it is refused. `written` is what `_normalise` gives."""
    number = _international(written)
    answer = _ask(number, country)
    if answer == "invalid" and number[0] not in "+0":
        answer = _ask("+" + number, country)
    if answer == "invalid" and number[0] != "+" and len(number) <= _MAX_SHORT_CODE_DIGITS:
        return "short_code"
    return answer


def _ask(number: str, country: str) -> Phone | Reason:
    try:
        parsed = parse_by_library(number, country)
    except NumberParseException:
        return "invalid"
    kind = number_type(parsed)
    if kind in _REFUSED_KINDS:
        return _REFUSED_KINDS[kind]
    region = region_code_for_number(parsed)
    if region is None or region == _NO_COUNTRY:
        return "satellite"
    if kind not in _KINDS:
        return "not_mobile"
    return Phone(format_number(parsed, PhoneNumberFormat.E164), region, _KINDS[kind])


class Description(NamedTuple):
    """What a number says of itself. `digits` is the number without plus (as written when it is not valid), `local` as
    dialled at home, `carrier` to whom its range was allocated (it may have been ported since)."""

    valid: bool
    digits: str
    e164: str | None
    local: str | None
    dialling_code: str | None
    country: str | None
    carrier: str | None
    line_type: str


_LINE_TYPES: dict[int, str] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "uan",
    PhoneNumberType.VOICEMAIL: "voicemail",
}


def describe(raw: str, country: str) -> Description:
    """The number in `raw`, of whatever kind, read as `parse` reads it. Never raises: what is no number is not valid."""
    try:
        written = _international(_normalise(raw))
    except InvalidPhone:
        digits = "".join(char for char in raw[:_MAX_RAW_CHARS].translate(_WRITING) if char in "0123456789")
        return Description(False, digits, None, None, None, None, None, "unknown")
    number = _valid(written, country) or (_valid("+" + written, country) if written[0] not in "+0" else None)
    if number is None:
        return Description(False, written.lstrip("+"), None, None, None, None, None, "unknown")
    e164 = format_number(number, PhoneNumberFormat.E164)
    region = region_code_for_number(number)
    national = format_number(number, PhoneNumberFormat.NATIONAL)
    return Description(
        valid=True,
        digits=e164[1:],
        e164=e164,
        local="".join(char for char in national if char.isdigit()),
        dialling_code=str(number.country_code),
        country=None if region == _NO_COUNTRY else region,
        carrier=_carrier_names().name_for_number(number, "en") or None,
        line_type=_LINE_TYPES.get(number_type(number), "unknown"),
    )


def _valid(written: str, country: str) -> PhoneNumber | None:
    try:
        number = parse_by_library(written, country)
    except NumberParseException:
        return None
    return number if is_valid_number(number) else None


@cache
def _carrier_names() -> Any:
    """libphonenumber's carriers: 44 MB of memory, so only in processes that are asked for one."""
    return import_module("phonenumbers.carrier")
