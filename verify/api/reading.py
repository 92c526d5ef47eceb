"""Reads the bodies of the verify API: defaults and limits of documents A and B. Says what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from accounts.caller import Caller
from accounts.models import Compat
from accounts.refusals import Code, Refused
from messaging.text import clean
from verify import wording
from verify.send import Wish

MOST_BRAND_CHARACTERS = 32
MOST_BUTTON_CHARACTERS = 25
MOST_CODE_CHARACTERS = 32
_DIGITS = {ord(zero) + digit: str(digit) for zero in "\u0660\u06f0\uff10" for digit in range(10)}
_BLANKS = {ord(char): "" for char in " \t\u00a0\u2009\u202f-\u200e\u200f"}


def text(body: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    """The text under `name`, "" without it. Raises `Refused(MISSING_FIELD)`, `Refused(INVALID_FIELD)`."""
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise Refused(Code.MISSING_FIELD, f"{name} is required.", param=name)
        return ""
    if not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, f"{name} must be a string.", param=name)
    return value


def _whole(body: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Refused(
            Code.INVALID_FIELD, f"{name} must be a whole number from {least} to {most}.", param=name
        )
    return value


def wish(body: Mapping[str, Any], caller: Caller) -> Wish:
    """What `POST /v1/verify/send` asks for. Raises `Refused`."""
    template = text(body, "template")
    language = text(body, "language")
    if language and language not in wording.LANGUAGES:
        known = ", ".join(wording.LANGUAGES)
        raise Refused(Code.INVALID_FIELD, f"language must be one of {known}.", param="language")
    domain = text(body, "domain")
    return Wish(
        to=text(body, "to", required=True),
        channel=text(body, "channel") or "sms",
        code_length=_whole(body, "code_length", 6, 4, 8),
        expiry_seconds=_whole(body, "expiry", 600, 60, 1800),
        brand=_brand(body, caller),
        template=wording.checked_template(template)
        if template
        else wording.default_template(language or caller.account.language),
        end_user_ip=_end_user_ip(body),
        domain=wording.checked_domain(domain) if domain else "",
        button_text=_short(body, "otp_button_text", MOST_BUTTON_CHARACTERS),
    )


def _brand(body: Mapping[str, Any], caller: Caller) -> str:
    """Contract of the API, 3.15: clients of document A have a longer one cut."""
    if caller.compat == Compat.SMSMAROC:
        brand = _line(text(body, "brand"))[:MOST_BRAND_CHARACTERS]
    else:
        brand = _short(body, "brand", MOST_BRAND_CHARACTERS)
    return brand or settings.BRAND_NAME


def _line(raw: str) -> str:
    return " ".join(clean(raw).split())


def _short(body: Mapping[str, Any], name: str, most: int) -> str:
    """A text of one line."""
    line = _line(text(body, name))
    if len(line) > most:
        raise Refused(Code.INVALID_FIELD, f"{name} has at most {most} characters.", param=name)
    return line


def _end_user_ip(body: Mapping[str, Any]) -> str | None:
    given = text(body, "end_user_ip")
    if not given:
        return None
    try:
        address = ip_address(given.strip())
    except ValueError:
        raise Refused(
            Code.INVALID_FIELD, "end_user_ip must be an IPv4 or IPv6 address.", param="end_user_ip"
        ) from None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address).partition("%")[0]


def code(body: Mapping[str, Any]) -> str:
    """The code as typed, in plain digits: blanks, dashes and Arabic digits are people's. Raises `Refused`."""
    typed = text(body, "code", required=True).translate(_BLANKS).translate(_DIGITS)
    if not typed:
        raise Refused(Code.MISSING_FIELD, "code is required.", param="code")
    if len(typed) > MOST_CODE_CHARACTERS:
        raise Refused(Code.INVALID_FIELD, "code is a text of 4 to 8 digits.", param="code")
    return typed
