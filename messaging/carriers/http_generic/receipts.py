"""Receipts that a provider of kind `http` posts to the carrier's secret address: a form, a query, JSON (an object or a list)
or a text. Where the settings name a signature or a shared secret, a callback without it is refused."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

from messaging.carriers.contract import BadCallback, Callback, Receipt, ReceiptStatus
from messaging.carriers.http_generic.answers import ANY, code_of
from messaging.carriers.http_generic.finding import Finder, Path, Pattern, Unreadable, parsed, word
from messaging.carriers.reasons import Reason

Proof = Literal["none", "header", "query", "hmac"]
LIMIT_BYTES = 64 * 1024
LIMIT_RECEIPTS = 1000
REFERENCE_PARAM = "ref"
OUR_REFERENCE = re.compile(r"[0-9a-f]{32}")
HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A provider's word of a receipt in ours."""

    status: ReceiptStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """How a callback proves where it comes from: `name` is the header or parameter; `hash`, `base64` and `prefix` are of
    an HMAC over the raw body."""

    proof: Proof = "none"
    name: str = ""
    hash: str = "sha256"
    base64: bool = False
    prefix: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where the parts of a receipt stand. `text` says that the body is one text, to be read by patterns."""

    status: Finder | None
    reference: Finder | None
    ours: Finder | None
    code: Finder | None
    rows: Path | None
    statuses: Mapping[str, Meaning]
    guard: Guard
    text: bool = False


def address(callback_url: str, reference: str) -> str:
    """Where a provider posts the receipts of one message; "" when there is no public address."""
    if not callback_url:
        return ""
    sign = "&" if urlsplit(callback_url).query else "?"
    return f"{callback_url}{sign}{REFERENCE_PARAM}={quote(reference)}"


def read(mapped: Mapped, callback: Callback) -> Sequence[Receipt]:
    """The receipts in a callback, in order.

    Raises `BadCallback`: a proof that is missing or wrong, more than 64 KiB or a thousand receipts, a body that cannot be
    read, a receipt without a status or without any id; and for a carrier whose receipts are not described.
    """
    if mapped.status is None:
        raise BadCallback("the settings do not say how receipts are read")
    if len(callback.body) > LIMIT_BYTES:
        raise BadCallback("the callback is too large")
    _prove(mapped.guard, callback)
    documents = _documents(mapped, callback)
    # The address was given for one message, so it cannot speak for a list of several.
    known = _ours(callback.query.get(REFERENCE_PARAM, "")) if len(documents) == 1 else None
    return [_receipt(mapped, document, callback.query, known) for document in documents]


def _prove(guard: Guard, callback: Callback) -> None:
    if guard.proof == "none":
        return
    if guard.proof == "query":
        given, expected = callback.query.get(guard.name, ""), guard.secret
    else:
        given, expected = callback.headers.get(guard.name, ""), guard.secret
    if guard.proof == "hmac":
        digest = hmac.new(guard.secret.encode(), callback.body, HASHES[guard.hash]).digest()
        shown = base64.b64encode(digest).decode() if guard.base64 else digest.hex()
        expected = guard.prefix + shown
        given = (
            given
            if guard.base64
            else given.lower()
            if not guard.prefix
            else _lower_after(given, guard.prefix)
        )
    if not guard.secret or not hmac.compare_digest(expected.encode(), given.encode()):
        raise BadCallback("the signature or the secret is missing or wrong")


def _lower_after(given: str, prefix: str) -> str:
    return given[: len(prefix)] + given[len(prefix) :].lower()


def _documents(mapped: Mapped, callback: Callback) -> list[object]:
    body = callback.body.decode("utf-8", "replace").strip()
    if mapped.text:
        return [body]
    if not body:
        return [dict(callback.query)]
    if body[0] not in "{[":
        return [_form(body)]
    try:
        found = parsed(body)
    except Unreadable:
        raise BadCallback("the body is not valid JSON") from None
    rows = mapped.rows.find(found) if mapped.rows else found
    listed = rows if isinstance(rows, list) else [rows]
    if not 0 < len(listed) <= LIMIT_RECEIPTS or not all(isinstance(row, dict) for row in listed):
        raise BadCallback("the body is not a receipt or a list of receipts")
    return listed


def _form(body: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(body, max_num_fields=100))
    except ValueError:
        raise BadCallback("the body is not a readable form") from None


def _receipt(mapped: Mapped, document: object, query: Mapping[str, str], known: UUID | None) -> Receipt:
    def found(finder: Finder | None) -> str:
        return _found(finder, document, query)

    reference, our_id = found(mapped.reference), _ours(found(mapped.ours)) or known
    said, error = found(mapped.status), found(mapped.code)
    if not reference and our_id is None:
        raise BadCallback("a receipt without an id")
    if not said:
        raise BadCallback("a receipt without a status")
    # A word that is not listed is kept under its own name, moves nothing, and is shown to the operator.
    meaning = mapped.statuses.get(said.casefold()) or mapped.statuses.get(ANY)
    meaning = meaning or Meaning("buffered", Reason.UNKNOWN)
    code = code_of(f"{said}:{error}" if error.strip("0") and error != said else said)
    return Receipt(reference, meaning.status, code=code, reason=str(meaning.reason), our_id=our_id)


def _found(finder: Finder | None, document: object, query: Mapping[str, str]) -> str:
    """A value in the body, else in the query of the address; a name with a dot may also be a form's field."""
    if finder is None:
        return ""
    value = word(finder.find(document))
    if value or isinstance(finder, Pattern):
        return value
    flat = ".".join(str(step) for step in finder.steps)
    if isinstance(document, dict) and flat in document:
        return word(document[flat])
    return word(query.get(flat))


def _ours(text: str) -> UUID | None:
    # Exactly the form we gave out: 32 hexadecimal digits, not the other spellings UUID() would take.
    return UUID(hex=text) if OUR_REFERENCE.fullmatch(text) else None
