"""What an answer says about a message: first the provider's own word, where the settings say what it means, then the HTTP
status. `Accepted` needs both: a status that may accept, and a word or an id that does. Anything else that is not listed is
`Unknown`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from messaging.carriers.contract import Accepted, Rejected, Result, TryLater, Unknown
from messaging.carriers.http_client import Answer, retry_after_seconds
from messaging.carriers.http_generic.finding import Finder, Unreadable, parsed, word
from messaging.carriers.reasons import Reason

Cause = Literal["unreachable", "throttled", "queue_full", "denied"]
CAUSES: frozenset[str] = frozenset({"unreachable", "throttled", "queue_full", "denied"})
WORDS = frozenset({"accepted", "rejected", "unknown"}) | CAUSES
ANY = "*"
# A word that could be somebody's text is not kept as a code.
CODE = re.compile(r"[A-Za-z0-9_.:/+-]{1,60}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a provider's word means: one of `WORDS`; `reason` only for a rejection."""

    word: str
    reason: Reason = Reason.CARRIER_REFUSED


@dataclass(frozen=True, slots=True)
class Reading:
    """How answers are read. `accepted`, `rejected`, `throttled`, `denied`, `unreceived` are HTTP statuses, looked at in that
    order after the verdict; `status_accepts` says that an accepting status is enough."""

    json: bool
    verdict: Finder | None
    verdicts: Mapping[str, Verdict]
    message_id: Finder | None
    detail: Finder | None
    accepted: frozenset[int]
    rejected: frozenset[int]
    throttled: frozenset[int]
    denied: frozenset[int]
    unreceived: frozenset[int]
    status_accepts: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What was found in an answer. `code` is the provider's word if it may be kept as one."""

    verdict: Verdict | None = None
    code: str = ""
    message_id: str = ""
    detail: str = field(default="", repr=False)


def code_of(text: str) -> str:
    """A provider's word as a code, or `UNLISTED` if it looks like prose, which might quote the message."""
    return text if CODE.fullmatch(text) else "UNLISTED"


def document_of(body: bytes | None, *, as_json: bool, charset: str = "utf-8") -> object:
    """A body as JSON or as text; None where it cannot be read."""
    if body is None:
        return None
    text = body.decode(charset, "replace")
    if not as_json:
        return text.strip()
    try:
        return parsed(text)
    except Unreadable:
        return None


def said(reading: Reading, answer: Answer) -> Said:
    """Look everything up in an answer's body."""
    document = document_of(answer.body, as_json=reading.json)
    if document is None:
        return Said()
    found = word(reading.verdict.find(document)) if reading.verdict else ""
    return Said(
        verdict=_listed(reading, found),
        code=code_of(found) if found else "",
        message_id=word(reading.message_id.find(document)) if reading.message_id else "",
        detail=word(reading.detail.find(document)) if reading.detail else "",
    )


def _listed(reading: Reading, found: str) -> Verdict | None:
    if not found:
        return None
    return reading.verdicts.get(found.casefold()) or reading.verdicts.get(ANY)


def result(reading: Reading, answer: Answer) -> Result:
    """The result of a submit by its answer."""
    found = said(reading, answer)
    code = found.code or f"HTTP_{answer.status}"
    if found.verdict is not None and found.verdict.word != "accepted":
        return _by_word(found.verdict, code, found.detail, answer)
    if answer.status in reading.accepted:
        return _accepted(reading, answer, found, code)
    if found.verdict is not None:
        return Unknown(code, f"the word accepts and HTTP {answer.status} does not")
    return _by_status(reading, answer, code, found.detail)


def _by_word(verdict: Verdict, code: str, detail: str, answer: Answer) -> Result:
    if verdict.word == "rejected":
        return Rejected(code, verdict.reason, detail)
    if verdict.word in CAUSES:
        return _later(code, cast(Cause, verdict.word), detail, answer)
    return Unknown(code, detail)


def _accepted(reading: Reading, answer: Answer, found: Said, code: str) -> Result:
    if answer.body is None:
        return Unknown("ANSWER_CUT", f"HTTP {answer.status} with an answer cut off, too slow or too large")
    if found.verdict is not None or reading.status_accepts:
        return Accepted(found.message_id)
    if reading.verdict is None and found.message_id:
        return Accepted(found.message_id)
    garbled = found.detail or "the answer says neither yes nor no"
    return Unknown(found.code or "GARBLED", garbled, unlisted=bool(found.code))


def _by_status(reading: Reading, answer: Answer, code: str, detail: str) -> Result:
    status = answer.status
    if status in reading.throttled:
        return _later(code, "throttled", detail, answer)
    # A redirect is never followed: the address is not the provider's, and nothing was taken there.
    if status in reading.denied or 300 <= status < 400:
        return _later(code, "denied", detail, answer)
    if status in reading.unreceived:
        return _later(code, "unreachable", detail, answer)
    if status in reading.rejected:
        # Refused, and why is not known: the operator gives the code a reason (`codes.py`).
        return Rejected(code, Reason.UNKNOWN if found_word(code) else Reason.CARRIER_REFUSED, detail)
    return Unknown(code, detail)


def found_word(code: str) -> bool:
    """Whether a code is the provider's own word and not made of the HTTP status."""
    return not code.startswith("HTTP_")


def _later(code: str, cause: Cause, detail: str, answer: Answer) -> TryLater:
    return TryLater(code, cause, detail, retry_after_seconds(answer))
