"""Every limit that a document states: a request at its edge, which is taken, and one past it, which is refused (or cut, where the
document says so)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

HELLO = {"to": "+212612345678", "message": "Bonjour"}
OTP = {"to": "+212612345678"}
MALI = {"recipient": "+22370123456", "message": "Hello"}
LEBANON = {"to": "+961123456789", "message": "Hello"}
SEND, BULK, VERIFY, IMPORT = "/v1/messages", "/v1/messages/bulk", "/v1/verify/send", "/v1/contacts/import"
BODY_BYTES, BULK_BODY_BYTES = 1_000_000, 32_000_000


class Call(NamedTuple):
    """One request."""

    method: str
    path: str
    body: object = None


@dataclass(frozen=True)
class Limit:
    """One limit of one document. `call` makes the request of a size; those of `inside` are answered with `taken`, those of
    `past` with `refused`: a status, and the code of a refusal. `account` are options of the account."""

    document: str
    what: str
    inside: tuple[int, ...]
    past: tuple[int, ...]
    call: Callable[[int], Call]
    taken: int
    refused: tuple[int, str]
    account: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.document.upper()} {self.what}"


LIMITS: list[Limit] = []
INVALID = (400, "INVALID_FIELD")


def limit(
    documents: str,
    what: str,
    inside: tuple[int, ...],
    past: tuple[int, ...],
    call: Callable[[int], Call],
    *,
    taken: int = 202,
    refused: tuple[int, str] = INVALID,
    **account: Any,
) -> None:
    """Enter a limit, once for each letter of `documents`."""
    for document in documents:
        LIMITS.append(Limit(document, what, inside, past, call, taken, refused, account))


def post(path: str, base: object, field: str, value: Callable[[int], object] = int) -> Callable[[int], Call]:
    """A POST of `base` with one field that grows."""
    assert isinstance(base, dict)
    return lambda size: Call("POST", path, {**base, field: value(size)})


def get(path: str, field: str) -> Callable[[int], Call]:
    """A GET with one parameter that grows."""
    return lambda size: Call("GET", f"{path}?{field}={size}")


def letters(size: int) -> str:
    """A text of so many characters."""
    return "x" * size


def padded(path: str, head: bytes) -> Callable[[int], Call]:
    """A POST whose body has exactly so many bytes, by blanks before its last brace."""
    return lambda size: Call("POST", path, head + b" " * (size - len(head) - 1) + b"}")


def buttons(count: int) -> list[dict[str, str]]:
    """Document B's interactive buttons."""
    return [{"type": kind} for kind in ("copy", "url", "call", "copy")[:count]]


def custom_fields(count: int) -> dict[str, str]:
    """`custom1` to so many."""
    return {f"custom{index}": "x" for index in range(1, count + 1)}


limit(
    "b",
    "characters of a text",
    (1600,),
    (1601,),
    post(SEND, HELLO, "message", letters),
    refused=(400, "MESSAGE_TOO_LONG"),
)
limit(
    "c",
    "characters of a text",
    (1600,),
    (1601,),
    post(SEND, HELLO, "message", letters),
    refused=(400, "message_too_long"),
)
limit(
    "d", "characters of a text", (1600,), (1601,), post("/api/sms/send", MALI, "message", letters),
    taken=200, refused=(400, "invalid_request"),
)  # fmt: skip
limit(
    "e", "characters of a text", (1600,), (1601,), post("/api/v1/send", LEBANON, "message", letters),
    taken=201, refused=(400, "message_too_long"),
)  # fmt: skip
limit("ab", "digits of a code", (4, 8), (3, 9), post(VERIFY, OTP, "code_length"))
limit("ab", "seconds until a code expires", (60, 1800), (59, 1801), post(VERIFY, OTP, "expiry"))
limit("b", "characters of a brand", (32,), (33,), post(VERIFY, OTP, "brand", letters))
limit("b", "characters on the copy button", (25,), (26,), post(VERIFY, OTP, "otp_button_text", letters))
limit(
    "b", "buttons of a message", (0, 3), (4,), post(SEND, HELLO | {"channel": "whatsapp"}, "buttons", buttons),
    channels=["whatsapp"],
)  # fmt: skip
limit("ab", "rows of a page of messages", (1, 200), (0, 201), get(SEND, "limit"), taken=200)
limit(
    "a",
    "rows of a page of transactions",
    (1, 200),
    (0, 201),
    get("/v1/billing/transactions", "limit"),
    taken=200,
)
limit("ab", "rows of a page of contacts", (1, 500), (0, 501), get("/v1/contacts", "limit"), taken=200)
limit("a", "rows of a page of opt-outs", (1, 500), (0, 501), get("/v1/optouts", "limit"), taken=200)
limit(
    "e",
    "rows of a page of the history",
    (1, 100),
    (0, 101),
    get("/api/v1/logs", "per_page"),
    taken=200,
    refused=(400, "invalid_field"),
)
limit(
    "e",
    "number of a page",
    (1,),
    (0,),
    get("/api/v1/logs", "page"),
    taken=200,
    refused=(400, "invalid_field"),
)
limit(
    "ab",
    "requests a minute of a key",
    (10, 1000),
    (9, 1001),
    post("/v1/api-keys", {}, "rate_limit"),
    taken=201,
)
limit(
    "ab", "custom fields of a contact", (3,), (4,), post("/v1/contacts", {"phone": "+212612345678"}, "custom_fields", custom_fields),
    taken=201,
)  # fmt: skip
limit(
    "c", "numbers of a list", (1, 100), (10_001,),
    post(SEND, HELLO, "to", lambda size: [f"+1234{index:07d}" for index in range(size)]),
    refused=(400, "too_many_messages"),
)  # fmt: skip
limit(
    "d", "messages of a batch", (1000,), (0, 1001), post("/api/sms/send-bulk", {}, "messages", lambda size: [MALI] * size),
    taken=200, refused=(400, "invalid_request"),
)  # fmt: skip
limit(
    "e", "recipients of a batch", (1000,), (1001,),
    post("/api/v1/send-bulk", {"message": "Hello"}, "recipients", lambda size: ["+961123456789"] * size),
    taken=201, refused=(400, "too_many_recipients"),
)  # fmt: skip
limit(
    "e", "characters of a sender id", (1, 11), (12,), post("/api/v1/send", LEBANON, "sender_id", letters),
    taken=201, refused=(400, "invalid_field"),
)  # fmt: skip
limit(
    "e", "kinds of text", (1, 2, 4), (0, 3, 5), post("/api/v1/send", LEBANON, "message_type"),
    taken=201, refused=(400, "invalid_field"),
)  # fmt: skip
limit(
    "abc", "bytes of a body", (BODY_BYTES,), (BODY_BYTES + 1,), padded(SEND, b'{"to":"+212612345678","message":"Bonjour"'),
    refused=(413, "PAYLOAD_TOO_LARGE"),
)  # fmt: skip
limit(
    "d", "bytes of a body", (BODY_BYTES,), (BODY_BYTES + 1,), padded("/api/sms/send", b'{"recipient":"70123456","message":"x"'),
    taken=200, refused=(413, "payload_too_large"),
)  # fmt: skip
limit(
    "a", "bytes of a batch", (BULK_BODY_BYTES,), (BULK_BODY_BYTES + 1,),
    padded(BULK, b'{"messages":[{"to":"+212612345678","message":"Bonjour"}]'),
    refused=(413, "PAYLOAD_TOO_LARGE"),
)  # fmt: skip
limit(
    "a", "bytes of an import", (BULK_BODY_BYTES,), (BULK_BODY_BYTES + 1,),
    padded(IMPORT, b'{"contacts":[{"phone":"+212612345678"}]'),
    taken=200, refused=(413, "PAYLOAD_TOO_LARGE"),
)  # fmt: skip
limit(
    "a", "cents of a top-up, at least", (1000,), (999,), post("/v1/billing/topups", {}, "amount_eur", lambda cents: cents / 100),
    taken=201,
)  # fmt: skip
limit("ab", "days of analytics", (1, 90), (0, 91), get("/v1/analytics", "days"), taken=200)
limit(
    "b", "buttons of a campaign", (0, 3), (4,),
    post("/v1/campaigns", {"name": "Promo", "body": "Bonjour", "channel": "whatsapp"}, "buttons", buttons),
    taken=201, channels=["whatsapp"],
)  # fmt: skip
