"""What a text costs and how it travels: cleaning, GSM 03.38 or UCS-2, and the exact segments a handset will
get.

Pure functions at the bottom of the messaging app. Called once per message of a 10,000 message request, so the
common case (a GSM text) is one or two regular expression passes in C and a cached answer."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

Encoding = Literal["gsm7", "ucs2"]

# 3GPP TS 23.038 (GSM 03.38) 6.2.1, in code order 0x00 to 0x7F; 0x1B is the escape and stands for no
# character.
GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# 3GPP TS 23.038 6.2.1.1: each of these is the escape and one more septet.
GSM_EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
ESCAPE = "\x1b"

# One message alone, and one part of a concatenated message, whose user data header takes 6 octets (TS 23.040
# 9.2.3.24).
GSM_ALONE, GSM_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67

_BASIC_ONLY = re.compile(f"[{re.escape(GSM_BASIC.replace(ESCAPE, ''))}]*")
_NOT_GSM = re.compile(f"[^{re.escape(GSM_BASIC.replace(ESCAPE, '') + ''.join(GSM_EXTENSION))}]")
_EXTENDED = re.compile(f"[{re.escape(''.join(GSM_EXTENSION))}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SEPTETS = {ord(char): chr(code) for code, char in enumerate(GSM_BASIC) if char != ESCAPE} | {
    ord(char): ESCAPE + chr(code) for char, code in GSM_EXTENSION.items()
}

# Unicode category Cc but for the line feed, and surrogates, which no UTF-8 input can hold.
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?")

# What people type without meaning Unicode, and the GSM text that reads the same.
_PLAIN = {
    **dict.fromkeys("’‘‚‛′`´ʼʹ‹›", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•‣·●▪", "-"),
    **dict.fromkeys("\u2028\u2029", "\n"),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", ""),
    "…": "...",
    "°": "o",
    "œ": "oe",
    "Œ": "OE",
    "×": "x",
    "÷": "/",
    "⁄": "/",
    "©": "(c)",
    "®": "(R)",
    "→": "->",
    "←": "<-",
    "⇒": "=>",
    "≤": "<=",
    "≥": ">=",
    "đ": "d",
    "Đ": "D",
    "ł": "l",
    "Ł": "L",
    "ı": "i",
}


class Measure(NamedTuple):
    """What a text takes. `units` are septets (gsm7, an extension character counts two) or UTF-16 code units
    (ucs2), `per_segment` the units a segment of this text may hold (160 or 153, 70 or 67), `remaining` the
    units still free in the last segment. `costly` names the distinct characters outside GSM 03.38 in order of
    appearance, `costly_at` the index of the first in the text (None when there is none)."""

    encoding: Encoding
    segments: int
    units: int
    per_segment: int
    remaining: int
    costly: tuple[str, ...]
    costly_at: int | None


class NotGsm7(ValueError):
    """The text holds a character that GSM 03.38 cannot write. `char` is that character."""

    def __init__(self, char: str) -> None:
        super().__init__(f"U+{ord(char):04X} is not in the GSM 03.38 alphabet")
        self.char = char


def clean(text: str) -> str:
    """The text as it will be measured, priced and sent: control characters are removed (document A), but line
    feeds stay, CR LF and CR become line feeds and tabs become spaces."""
    if _UNWANTED.search(text) is None:
        return text
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def measure(text: str) -> Measure:
    """How the text is encoded and how many segments it takes (160/153 septets, 70/67 UTF-16 code units;
    documents A to E). The empty text is one GSM-7 segment. Raises UnicodeEncodeError for a lone surrogate."""
    if _BASIC_ONLY.fullmatch(text):
        return _measure_basic(len(text))
    first = _NOT_GSM.search(text)
    if first is None:
        return _measure_extended(text)
    costly = tuple(dict.fromkeys(_NOT_GSM.findall(text)))
    units = len(text) + len(_ASTRAL.findall(text))
    if units <= UCS2_ALONE:
        return Measure("ucs2", 1, units, UCS2_ALONE, UCS2_ALONE - units, costly, first.start())
    starts = _ucs2_starts(text.encode("utf-16-le"))
    remaining = UCS2_PART - (units - starts[-1])
    return Measure("ucs2", len(starts), units, UCS2_PART, remaining, costly, first.start())


def split(text: str) -> list[str]:
    """The text cut into the segments that travel, in order; joined they are the text again, and there are
    exactly `measure(text).segments`. No extension character and no surrogate pair is cut in two."""
    if _NOT_GSM.search(text) is None:
        escaped = _EXTENDED.sub(_escape, text)
        if len(escaped) <= GSM_ALONE:
            return [text]
        starts = [*_gsm_starts(escaped), len(escaped)]
        return [escaped[start:end].replace(ESCAPE, "") for start, end in pairwise(starts)]
    wide = text.encode("utf-16-le")
    if len(wide) <= 2 * UCS2_ALONE:
        return [text]
    starts = [*_ucs2_starts(wide), len(wide) // 2]
    return [wide[2 * start : 2 * end].decode("utf-16-le") for start, end in pairwise(starts)]


def encode_gsm7(text: str) -> bytes:
    """The text as unpacked septets, one per octet, extension characters behind 0x1B. Raises `NotGsm7`."""
    foreign = _NOT_GSM.search(text)
    if foreign is not None:
        raise NotGsm7(foreign[0])
    return text.translate(_SEPTETS).encode("latin-1")


def unicode_savings(text: str) -> dict[str, str | None]:
    """For each distinct character that makes the text Unicode, in order, the GSM text that could stand in its
    place ("" when it can simply go), or None when nothing can (Arabic, emoji). A proposal to show, never
    applied unasked: it may drop an accent (ê becomes e)."""
    return {char: _plain(char) for char in dict.fromkeys(_NOT_GSM.findall(text))}


@lru_cache(maxsize=2048)
def _measure_basic(units: int) -> Measure:
    if units <= GSM_ALONE:
        return Measure("gsm7", 1, units, GSM_ALONE, GSM_ALONE - units, (), None)
    segments = -(-units // GSM_PART)
    return Measure("gsm7", segments, units, GSM_PART, segments * GSM_PART - units, (), None)


def _measure_extended(text: str) -> Measure:
    units = len(text) + len(_EXTENDED.findall(text))
    if units <= GSM_ALONE:
        return _measure_basic(units)
    starts = _gsm_starts(_EXTENDED.sub(_escape, text))
    return Measure("gsm7", len(starts), units, GSM_PART, GSM_PART - (units - starts[-1]), (), None)


def _escape(match: re.Match[str]) -> str:
    return ESCAPE + match[0]


def _gsm_starts(escaped: str) -> list[int]:
    """Where the segments of an escaped text begin, in septets. A segment that would end in an escape ends
    before it."""
    starts = [0]
    while (end := starts[-1] + GSM_PART) < len(escaped):
        starts.append(end - 1 if escaped[end - 1] == ESCAPE else end)
    return starts


def _ucs2_starts(wide: bytes) -> list[int]:
    """Where the segments of a UTF-16-LE text begin, in code units. A segment that would end in a high
    surrogate (0xD8 to 0xDB in its high octet) ends before it."""
    starts = [0]
    while 2 * (end := starts[-1] + UCS2_PART) < len(wide):
        starts.append(end - 1 if 0xD8 <= wide[2 * end - 1] <= 0xDB else end)
    return starts


@lru_cache(maxsize=1024)
def _plain(char: str) -> str | None:
    if char in _PLAIN:
        return _PLAIN[char]
    if unicodedata.category(char) == "Zs":
        return " "
    letters = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    plain = "".join(_PLAIN.get(part, part) for part in letters)
    # A spacing accent decomposes into a blank and the accent: a blank would not read the same.
    return None if _NOT_GSM.search(plain) or plain.startswith(" ") else plain
