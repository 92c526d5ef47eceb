"""The settings of a carrier of kind `http`, read once into what the adapter works with. Every mistake is named, all at
once; a row that has one is never used."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar, cast
from urllib.parse import urlsplit

from messaging.carriers.contract import ReceiptStatus
from messaging.carriers.http_generic import template
from messaging.carriers.http_generic.answers import ANY, WORDS, Reading, Verdict
from messaging.carriers.http_generic.finding import Finder, Path, path, pattern
from messaging.carriers.http_generic.receipts import HASHES, Guard, Mapped, Meaning, Proof
from messaging.carriers.reasons import SAYABLE, Reason

T = TypeVar("T")
Auth = Literal["none", "basic", "bearer", "header", "query"]
SECRET_KEYS = frozenset({"username", "password", "token", "callback_secret"})
CREDENTIALS = frozenset({"username", "password", "token"})
HEADER = "header."
HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
# Whose value would be a second opinion on how long the body is or where it goes.
OWN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
CHARSETS = ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "windows-1256", "utf-16-be")
CHANNELS = ("sms", "whatsapp", "telegram")
RECEIPT_WORDS = ("buffered", "sent", "delivered", "undeliverable", "failed", "expired")
MOST_LISTED = 500

DEFAULTS: Mapping[str, str] = {
    "url": "",
    "method": "POST",
    "body_type": "form",
    "body": "",
    "charset": "utf-8",
    "encoding_gsm7": "gsm7",
    "encoding_ucs2": "ucs2",
    "auth": "none",
    "auth_name": "",
    "answer": "json",
    "verdict": "",
    "verdicts": "",
    "message_id": "",
    "detail": "",
    "accept_by_status": "no",
    "accepted_status": "200-299",
    "rejected_status": "400-499",
    "throttled_status": "429,503",
    "denied_status": "401,402,403,405,407,415",
    "unreceived_status": "408,421",
    "deduplicates": "no",
    "balance_url": "",
    "balance": "",
    "balance_least": "0",
    "receipt_body": "fields",
    "receipt_list": "",
    "receipt_id": "",
    "receipt_reference": "",
    "receipt_status": "",
    "receipt_code": "",
    "receipt_statuses": "",
    "callback_proof": "none",
    "callback_field": "",
    "callback_hash": "sha256",
    "callback_encoding": "hex",
    "callback_prefix": "",
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "method": ("POST", "GET", "PUT"),
    "body_type": ("form", "json", "xml", "none"),
    "charset": CHARSETS,
    "auth": ("none", "basic", "bearer", "header", "query"),
    "answer": ("json", "text"),
    "accept_by_status": ("yes", "no"),
    "deduplicates": ("yes", "no"),
    "receipt_body": ("fields", "text"),
    "callback_proof": ("none", "header", "query", "hmac"),
    "callback_hash": tuple(HASHES),
    "callback_encoding": ("hex", "base64"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the settings say. `headers` are templates by name; `words` the provider's names of our encodings."""

    method: str
    url: str
    body_type: Literal["form", "json", "xml", "none"]
    body: str
    charset: str
    headers: Mapping[str, str]
    words: Mapping[str, str]
    auth: Auth
    auth_name: str
    reading: Reading
    deduplicates: bool
    balance_url: str
    balance: Finder | None
    balance_least: float
    receipts: Mapped


@dataclass(slots=True)
class Reader:
    """Reads settings and notes what is wrong with them."""

    given: Mapping[str, str]
    secrets: Mapping[str, str]
    wrong: list[str] = field(default_factory=list)

    def text(self, key: str) -> str:
        return self.given.get(key, DEFAULTS[key])

    def choice(self, key: str) -> str:
        value = self.text(key)
        if value not in CHOICES[key]:
            self.wrong.append(f"{key} is one of {', '.join(CHOICES[key])}.")
            return CHOICES[key][0]
        return value

    def read(self, key: str, how: Callable[[str], T], otherwise: T) -> T:
        """The value made of a text by `how`, which raises ValueError; `otherwise` for an empty or a wrong one."""
        value = self.text(key)
        if not value:
            return otherwise
        try:
            return how(value)
        except ValueError as error:
            self.wrong.append(f"{key} {error}")
            return otherwise

    def finder(self, key: str, *, as_json: bool) -> Finder | None:
        how: Callable[[str], Finder | None] = path if as_json else pattern
        return self.read(key, how, None)

    def needs(self, holds: object, sentence: str) -> None:
        if not holds:
            self.wrong.append(sentence)


def read(settings: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[Plan, list[str]]:
    """The plan, and what is wrong with it, one sentence each; with anything wrong, the plan is not to be used."""
    reader = Reader(settings, secrets)
    headers = _headers(reader)
    reader.wrong += [
        f"{key} is not a credential of an HTTP carrier." for key in secrets if key not in SECRET_KEYS
    ]
    as_json = reader.choice("answer") == "json"
    plan = Plan(
        method=reader.choice("method"),
        url=reader.text("url"),
        body_type=cast(Literal["form", "json", "xml", "none"], reader.choice("body_type")),
        body=reader.text("body"),
        charset=reader.choice("charset"),
        headers=headers,
        words={"gsm7": reader.text("encoding_gsm7"), "ucs2": reader.text("encoding_ucs2")},
        auth=cast(Auth, reader.choice("auth")),
        auth_name=reader.text("auth_name"),
        reading=_reading(reader, as_json=as_json),
        deduplicates=reader.choice("deduplicates") == "yes",
        balance_url=reader.text("balance_url"),
        balance=reader.finder("balance", as_json=as_json),
        balance_least=reader.read("balance_least", _number, 0.0),
        receipts=_mapped(reader),
    )
    _check_request(reader, plan)
    return plan, reader.wrong


def _headers(reader: Reader) -> dict[str, str]:
    headers = {key.removeprefix(HEADER): text for key, text in reader.given.items() if key.startswith(HEADER)}
    for name, text in headers.items():
        fine = HEADER_NAME.fullmatch(name) and name.lower() not in OWN_HEADERS
        reader.needs(fine, f"{HEADER}{name} is not a header that can be set.")
        reader.needs(text.isascii() and text.isprintable(), f"{HEADER}{name} must be printable ASCII.")
    for key in reader.given:
        known = key in DEFAULTS or key.startswith(HEADER)
        reader.needs(known, f"{key} is not a setting of an HTTP carrier.")
    return headers


def _reading(reader: Reader, *, as_json: bool) -> Reading:
    made = Reading(
        json=as_json,
        verdict=reader.finder("verdict", as_json=as_json),
        verdicts=reader.read("verdicts", _verdicts, {}),
        message_id=reader.finder("message_id", as_json=as_json),
        detail=reader.finder("detail", as_json=as_json),
        accepted=reader.read("accepted_status", _statuses, frozenset()),
        rejected=reader.read("rejected_status", _statuses, frozenset()),
        throttled=reader.read("throttled_status", _statuses, frozenset()),
        denied=reader.read("denied_status", _statuses, frozenset()),
        unreceived=reader.read("unreceived_status", _statuses, frozenset()),
        status_accepts=reader.choice("accept_by_status") == "yes",
    )
    reader.needs(
        made.verdict or made.message_id or made.status_accepts,
        "Say how a yes is known: verdict with verdicts, message_id, or accept_by_status=yes.",
    )
    reader.needs(bool(made.verdict) == bool(made.verdicts), "verdict and verdicts belong together.")
    return made


def _mapped(reader: Reader) -> Mapped:
    as_text = reader.choice("receipt_body") == "text"
    found = {
        key: reader.finder(f"receipt_{key}", as_json=not as_text)
        for key in ("status", "id", "reference", "code")
    }
    rows = reader.finder("receipt_list", as_json=True)
    mapped = Mapped(
        status=found["status"],
        reference=found["id"],
        ours=found["reference"],
        code=found["code"],
        rows=rows if isinstance(rows, Path) else None,
        statuses=reader.read("receipt_statuses", _meanings, {}),
        guard=_guard(reader),
        text=as_text,
    )
    described = bool(mapped.status) == bool(mapped.statuses)
    reader.needs(described, "receipt_status and receipt_statuses belong together.")
    return mapped


def _guard(reader: Reader) -> Guard:
    guard = Guard(
        proof=cast(Proof, reader.choice("callback_proof")),
        name=reader.text("callback_field"),
        hash=reader.choice("callback_hash"),
        base64=reader.choice("callback_encoding") == "base64",
        prefix=reader.text("callback_prefix"),
        secret=reader.secrets.get("callback_secret", ""),
    )
    if guard.proof != "none":
        reader.needs(guard.name and guard.secret, "callback_proof needs callback_field and callback_secret.")
    if guard.proof in ("header", "hmac"):
        return Guard(guard.proof, guard.name.lower(), guard.hash, guard.base64, guard.prefix, guard.secret)
    return guard


def _check_request(reader: Reader, plan: Plan) -> None:
    _check_address(reader, "url", plan.url)
    if plan.balance_url:
        _check_address(reader, "balance_url", plan.balance_url)
        carried = template.names_in(plan.balance_url) - CREDENTIALS
        reader.needs(not carried, "balance_url may hold no placeholder but credentials.")
    reader.needs(not plan.balance or plan.balance_url, "balance needs balance_url.")
    if plan.method == "GET":
        reader.needs(not plan.body, "A GET has no body.")
    elif plan.body:
        reader.needs(plan.body_type != "none", "body needs a body_type.")
        problem = template.problem(plan.body, "form" if plan.body_type == "none" else plan.body_type)
        reader.needs(not problem, f"body {problem}")
    _check_names(reader, plan)
    _check_credentials(reader, plan)


def _check_address(reader: Reader, key: str, address: str) -> None:
    """An address may hold placeholders after its host. It is the operator's own, so it may be in a private network."""
    try:
        parts = urlsplit(address)
        whole = (
            parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
        )
        own = not (parts.username or parts.password or parts.fragment)
    except ValueError:
        whole, own, parts = None, False, urlsplit("")
    clean = template.problem(address, "url") == "" and " " not in template.PLACEHOLDER.sub("", address)
    reader.needs(
        whole and own and clean and "{" not in parts.netloc,
        f"{key} must be an http or https address, with placeholders only after its host and credentials only as such.",
    )


def _check_names(reader: Reader, plan: Plan) -> None:
    texts = [plan.url, plan.balance_url, plan.body, *plan.headers.values()]
    used = {name for text in texts for name in template.names_in(text)}
    unknown = sorted(used - template.NAMES - CREDENTIALS)
    reader.needs(not unknown, f"There is no placeholder {', '.join(unknown)}.")
    for name in sorted(used & CREDENTIALS):
        reader.needs(reader.secrets.get(name), f"{name} is missing.")
    asked = template.names_in(plan.url) | template.names_in(plan.body)
    reader.needs(
        asked & {"to", "to_digits", "to_national"}, "The request says nowhere to whom: {{to}} is missing."
    )
    reader.needs(asked & {"text", "text_hex"}, "The request says nowhere what: {{text}} is missing.")
    reader.needs(
        not plan.deduplicates or "reference" in used,
        "deduplicates=yes needs {{reference}} in the request: by it the provider knows a repeat.",
    )


def _check_credentials(reader: Reader, plan: Plan) -> None:
    wanted = {
        "basic": ("username", "password"),
        "bearer": ("token",),
        "header": ("token",),
        "query": ("token",),
    }
    for name in wanted.get(plan.auth, ()):
        reader.needs(reader.secrets.get(name), f"{name} is missing.")
    named = plan.auth in ("header", "query")
    reader.needs(
        not named or HEADER_NAME.fullmatch(plan.auth_name.replace("_", "-")), "auth_name is missing or wrong."
    )
    for name, value in reader.secrets.items():
        reader.needs(value.isascii() and value.isprintable(), f"{name} must be printable ASCII.")


def _statuses(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        ends = (first, last if dash else first)
        if not all(end.isascii() and end.isdigit() and len(end) == 3 for end in ends):
            raise ValueError("must be HTTP statuses such as 200-299,409.")
        found |= set(range(int(ends[0]), int(ends[1]) + 1))
    return frozenset(found)


def _pairs(text: str) -> list[tuple[str, str, str]]:
    """`word:ours REASON, …` as (word, ours, reason)."""
    pairs = []
    for part in text.split(","):
        word, colon, meaning = part.strip().rpartition(":")
        ours, _, reason = meaning.strip().partition(" ")
        if not colon or not word.strip() or not ours:
            raise ValueError("must be a list such as 0:accepted, 21211:rejected INVALID_NUMBER.")
        if reason and reason.strip() not in SAYABLE:
            raise ValueError(f"knows no reason {reason.strip()}; there are {', '.join(sorted(SAYABLE))}.")
        pairs.append((word.strip().casefold(), ours, reason.strip()))
    if len(pairs) > MOST_LISTED:
        raise ValueError(f"may list {MOST_LISTED} words.")
    return pairs


def _verdicts(text: str) -> dict[str, Verdict]:
    found = {}
    for word, ours, reason in _pairs(text):
        if ours not in WORDS or (word == ANY and ours == "accepted"):
            raise ValueError(f"cannot be {ours!r} for {word}; a result is one of {', '.join(sorted(WORDS))}.")
        found[word] = Verdict(ours, Reason(reason) if reason else Reason.CARRIER_REFUSED)
    return found


def _meanings(text: str) -> dict[str, Meaning]:
    found = {}
    for word, ours, reason in _pairs(text):
        if ours not in RECEIPT_WORDS or (word == ANY and ours not in ("buffered", "sent")):
            raise ValueError(f"cannot be {ours!r} for {word}; a status is one of {', '.join(RECEIPT_WORDS)}.")
        found[word] = Meaning(cast(ReceiptStatus, ours), reason)
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("must be a number.") from None
