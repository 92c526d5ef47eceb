"""The index of document E's addresses, and what an unknown one answers: what exists, and which was probably meant."""

from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.api.authentication import admit
from accounts.api.rendering import answer
from accounts.refusals import Code, Refused
from messaging import unknown_paths

LEAST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """One address. `words` are what others call it."""

    name: str
    method: str
    path: str
    example: dict[str, object]
    words: tuple[str, ...] = ()


ADDRESSES = (
    Known(
        "Send one SMS",
        "POST",
        "send",
        {"to": "+961123456789", "message": "Hello", "sender_id": "SMS"},
        ("sms", "send-sms", "sms/send", "message", "messages", "send-single"),
    ),
    Known(
        "Send one SMS to many",
        "POST",
        "send-bulk",
        {"recipients": ["+961123456789", "+961987654321"], "message": "Hello"},
        ("bulk", "send/bulk", "bulk-send", "sms/bulk", "send-many", "send-multiple"),
    ),
    Known("Balance", "GET", "balance", {}, ("credit", "credits", "wallet", "get-balance")),
    Known(
        "History",
        "GET",
        "logs",
        {"page": 1, "per_page": 20, "status": "delivered", "date_from": "2026-01-01"},
        ("history", "log", "reports", "sms/history", "sms-history"),
    ),
    Known("Prices", "GET", "pricing", {}, ("prices", "price", "rates", "countries")),
    Known(
        "Cost of a message",
        "POST",
        "calculate",
        {"to": "+961123456789", "message": "Hello"},
        ("calculate-cost", "cost", "estimate", "calculator", "calculate/cost"),
    ),
    Known("Account", "GET", "account", {}, ("me", "profile", "user", "account/info", "statistics")),
)


def index(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/`: all addresses. Open to everybody: it says what the documentation says."""
    return answer({"success": True, "message": "API v1", "data": {"endpoints": _endpoints()}})


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address below. Raises `Refused(NOT_FOUND)` with the index; counted if the caller has a key."""
    with suppress(Refused):
        admit(request)
        unknown_paths.note(request.method or "", request.path_info)
    raise Refused(
        Code.NOT_FOUND,
        f"There is no /api/v1/{rest[:80]}.",
        data={"did_you_mean": _meant(rest), "endpoints": _endpoints()},
    )


def _endpoints() -> list[dict[str, object]]:
    return [
        {"name": known.name, "method": known.method, "url": _url(known), "example": known.example}
        for known in ADDRESSES
    ]


def _url(known: Known) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/{known.path}"


def _meant(rest: str) -> str | None:
    """The address that looks most like `rest`, by any of its words."""
    asked = rest.strip("/").lower().replace("_", "-")[:80]
    likeness, path = max(
        (SequenceMatcher(None, asked, word).ratio(), known.path)
        for known in ADDRESSES
        for word in (known.path, *known.words)
    )
    return f"/api/v1/{path}" if likeness >= LEAST_ALIKE else None
