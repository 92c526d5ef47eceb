"""Delivery receipts: the text of appendix B and the optional parameters of section 5.3.2, in the spellings that carriers
use in life.

A receipt is what the SMSC marks as one (esm_class, section 5.2.12) or what carries receipted_message_id. Its text alone
proves nothing: anybody can send `id:1 stat:DELIVRD` from a phone. `unmarked` takes it all the same, for a carrier that
marks nothing."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from messaging.carriers.contract import Receipt, ReceiptStatus
from messaging.carriers.reasons import Reason
from messaging.carriers.smpp import tlv
from messaging.carriers.smpp.pdu import DataSm, SubmitSm
from messaging.carriers.smpp.tlv import Tag, Tlvs

MESSAGE_TYPE = 0x3C  # esm_class bits 5 to 2, section 5.2.12
DELIVERY_RECEIPT = 0x04
INTERMEDIATE = 0x20
LONGEST_TEXT = 1024
USER_REFERENCE_OCTETS = 2

_FIELD = re.compile(
    rb"\b(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat(?:us)?|err(?:or)?|text|txt)[ ]{0,4}:", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")


class State(IntEnum):
    """message_state, section 5.2.28."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8


# The words of appendix B and what carriers make of them, by the shortest beginning that tells them apart.
WORDS: tuple[tuple[str, State], ...] = (
    ("DELIV", State.DELIVERED),
    ("DELVRD", State.DELIVERED),
    ("DLVRD", State.DELIVERED),
    ("EXPIR", State.EXPIRED),
    ("DELET", State.DELETED),
    ("UNDEL", State.UNDELIVERABLE),
    ("UNDLV", State.UNDELIVERABLE),
    ("NOTDEL", State.UNDELIVERABLE),
    ("ACCEP", State.ACCEPTED),
    ("ACCPT", State.ACCEPTED),
    ("ACKED", State.ACCEPTED),
    ("SENT", State.ACCEPTED),
    ("UNKN", State.UNKNOWN),
    ("UNKWN", State.UNKNOWN),
    ("REJEC", State.REJECTED),
    ("REJCT", State.REJECTED),
    ("ENROU", State.ENROUTE),
    ("BUFF", State.ENROUTE),
    ("QUEUE", State.ENROUTE),
    ("PEND", State.ENROUTE),
    ("SCHED", State.ENROUTE),
    ("RETRY", State.ENROUTE),
)
MEANINGS: dict[State, tuple[ReceiptStatus, str]] = {
    State.ENROUTE: ("buffered", ""),
    State.ACCEPTED: ("sent", ""),
    State.DELIVERED: ("delivered", ""),
    State.EXPIRED: ("expired", Reason.HANDSET_EXPIRED),
    State.DELETED: ("undeliverable", Reason.CARRIER_REFUSED),
    State.UNDELIVERABLE: ("undeliverable", Reason.UNREACHABLE),
    State.UNKNOWN: ("undeliverable", Reason.UNKNOWN),
    State.REJECTED: ("failed", Reason.CARRIER_REFUSED),
}
FINAL = frozenset(set(State) - {State.ENROUTE, State.ACCEPTED})


class NetworkError(NamedTuple):
    """network_error_code, section 5.3.2.31. `network`: 1 ANSI-136, 2 IS-95, 3 GSM."""

    network: int
    code: int


@dataclass(frozen=True, slots=True)
class Report:
    """One delivery receipt as it came.

    `message_id` is the carrier's, unchanged but for spaces ("" when only `user_reference` is known); `word` its stat as
    written, `error` its err ("" or digits and letters), `recipient` and `sender` those of the message (a receipt comes
    from the recipient, section 4.6.1). `state` is None for a word that nobody knows: to be kept and looked at, not
    applied. `done_at` is UTC, None when missing or unreadable.
    """

    message_id: str
    state: State | None
    word: str = ""
    error: str = ""
    network_error: NetworkError | None = None
    done_at: datetime | None = None
    user_reference: int | None = None
    recipient: str = ""
    sender: str = ""
    intermediate: bool = False

    @property
    def final(self) -> bool:
        """Whether the carrier will say nothing else."""
        return self.state in FINAL

    @property
    def code(self) -> str:
        """The carrier's own code, for the table of codes: `UNDELIV`, or `UNDELIV:011` with an error."""
        error = self.error if self.error.strip("0") else ""
        if not error and self.network_error is not None and self.network_error.code:
            error = f"{self.network_error.network}-{self.network_error.code}"
        word = self.word or (self.state.name if self.state else "")
        return f"{word}:{error}" if error else word

    def receipt(self, reference: str) -> Receipt | None:
        """As the pipeline wants it, under the `reference` that the id was found to be; None without a state."""
        if self.state is None:
            return None
        status, reason = MEANINGS[self.state]
        if self.intermediate and self.state in FINAL:
            status, reason = "buffered", ""
        return Receipt(reference, status, code=self.code, reason=reason, at=self.done_at)


def report(sm: SubmitSm | DataSm, *, unmarked: bool = False, utc_offset_seconds: int = 0) -> Report | None:
    """The receipt in a deliver_sm or data_sm; None when it is none, but a message from a handset.

    `unmarked`: take a text that looks like a receipt for one, though nothing marks it. `utc_offset_seconds` is the
    carrier's local time, in which the dates of the text are.
    """
    kind = sm.esm_class & MESSAGE_TYPE
    listed = tlv.text(sm.tlvs, Tag.RECEIPTED_MESSAGE_ID)
    marked = kind in (DELIVERY_RECEIPT, INTERMEDIATE) or listed is not None
    if not marked and not unmarked:
        return None
    fields = _fields(_text(sm))
    if not marked and not {"id", "stat"} <= fields.keys():
        return None
    word = _first(fields.get("stat", "")).upper()
    number = tlv.number(sm.tlvs, Tag.MESSAGE_STATE)
    return Report(
        message_id=listed or _first(fields.get("id", "")),
        state=_state(number, word, fields),
        word=word,
        error=_first(fields.get("err", "")),
        network_error=_network_error(sm.tlvs),
        done_at=instant(fields.get("donedate", ""), utc_offset_seconds),
        user_reference=tlv.number(sm.tlvs, Tag.USER_MESSAGE_REFERENCE),
        recipient=sm.source_addr,
        sender=sm.destination_addr,
        intermediate=kind == INTERMEDIATE,
    )


def state_of(word: str) -> State | None:
    """The state of a stat word, in any case and abbreviation."""
    upper = word.upper()
    if upper.isdigit():  # some write the number of message_state
        return State(int(upper)) if upper in "12345678" and len(upper) == 1 else None
    if "FAIL" in upper:  # DELIVERY_FAILED, FAILED
        return State.UNDELIVERABLE
    for beginning, state in WORDS:
        if upper.startswith(beginning):
            return state
    return None


def instant(text: str, utc_offset_seconds: int = 0) -> datetime | None:
    """A date of appendix B, YYMMDDhhmm, or with seconds, or with the century; None when it is none."""
    digits = "".join(_NUMBER.findall(text))
    form = {10: "%y%m%d%H%M", 12: "%y%m%d%H%M%S", 14: "%Y%m%d%H%M%S"}.get(len(digits))
    if form is None:
        return None
    try:
        return datetime.strptime(digits, form).replace(tzinfo=UTC) - timedelta(seconds=utc_offset_seconds)
    except (ValueError, OverflowError):
        return None


def _text(sm: SubmitSm | DataSm) -> bytes:
    text = sm.short_message if isinstance(sm, SubmitSm) else b""
    text = text or tlv.find(sm.tlvs, Tag.MESSAGE_PAYLOAD) or b""
    if sm.data_coding == 8:
        text = text[: 2 * LONGEST_TEXT].decode("utf-16-be", "replace").encode("latin-1", "replace")
    return text[:LONGEST_TEXT]


def _fields(text: bytes) -> dict[str, str]:
    """The fields before `text:`. What stands behind it is the customer's own words, and is not read: it could say
    `stat:DELIVRD`."""
    found: dict[str, str] = {}
    marks = list(_FIELD.finditer(text))
    for at, mark in enumerate(marks):
        name = mark[1].decode("ascii").lower().replace(" ", "").replace("_", "")
        name = {"status": "stat", "error": "err", "txt": "text"}.get(name, name)
        if name == "text":
            break
        end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        found.setdefault(name, text[mark.end() : end].strip(b" \t\r\n\0,;").decode("latin-1"))
    return found


def _first(value: str) -> str:
    """The first word: fields that are not known here stand behind it."""
    return next(iter(value.split(maxsplit=1)), "")


def _state(number: int | None, word: str, fields: dict[str, str]) -> State | None:
    """message_state, else the word, else how many parts were delivered."""
    by_word = state_of(word) if word else None
    if number is not None and number in State._value2member_map_:
        by_number = State(number)
        # A carrier that puts UNKNOWN everywhere but says it in words.
        return by_word if by_number is State.UNKNOWN and by_word is not None else by_number
    if by_word is not None or word:
        return by_word
    submitted, delivered = fields.get("sub", ""), fields.get("dlvrd", "")
    if delivered.isdigit() and submitted.isdigit() and 0 < int(submitted) <= int(delivered):
        return State.DELIVERED
    return None


def _network_error(tlvs: Tlvs) -> NetworkError | None:
    value = tlv.find(tlvs, Tag.NETWORK_ERROR_CODE)
    if value is None or len(value) != 3:
        return None
    return NetworkError(value[0], int.from_bytes(value[1:], "big"))
