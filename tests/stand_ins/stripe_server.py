"""Plays Stripe on loopback: makes Checkout Sessions as its API does (form-encoded in, JSON out, one per idempotency key) and
signs events as Stripe signs them. The keeper of the shared stack runs it, so every test process may use it: an amount of
7700 to 7709 cents fails as many times as its last digit says."""

import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl
from urllib.request import urlopen

SIGNING_SECRET = "whsec_loopback"
KEY = "sk_test_loopback"
PATH = "/v1/checkout/sessions"
FAILING = range(7700, 7710)


@dataclass
class StripeServer:
    """What was asked, by idempotency key: how often, and the session that was made."""

    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self, key: str, given: Mapping[str, str]) -> dict[str, Any] | None:
        """The session of an idempotency key, made at its first request that does not fail."""
        with self.lock:
            self.asked[key] += 1
            cents = int(given["line_items[0][price_data][unit_amount]"])
            if cents in FAILING and self.asked[key] <= cents % 10:
                return None
            if key not in self.sessions:
                number = f"cs_test_{hashlib.sha256(key.encode()).hexdigest()[:24]}"
                self.sessions[key] = {
                    "id": number,
                    "object": "checkout.session",
                    "url": f"https://checkout.stripe.test/c/pay/{number}",
                    "amount_total": cents,
                    "currency": given["line_items[0][price_data][currency]"],
                    "client_reference_id": given["client_reference_id"],
                    "metadata": {"topup": given["metadata[topup]"]},
                    "payment_intent": None,
                    "payment_status": "unpaid",
                    "status": "open",
                }
            return self.sessions[key]


@dataclass(frozen=True)
class StripeApi:
    """What a test sees of the server at `base`."""

    base: str

    def session(self, topup_id: str) -> dict[str, Any] | None:
        """The session that was made for a top-up; None if there is none."""
        try:
            with urlopen(f"{self.base}{PATH}/{topup_id}", timeout=10) as answer:  # noqa: S310 - loopback
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError:
            return None

    def paid(self, topup_id: str, **changes: object) -> dict[str, Any]:
        """The session of a top-up as it is once it was paid, with changes that a test wants."""
        session = self.session(topup_id)
        assert session is not None
        facts = {"payment_status": "paid", "status": "complete", "payment_intent": f"pi_{session['id'][8:]}"}
        return {**session, **facts, **changes}


def event(kind: str, thing: Mapping[str, Any]) -> bytes:
    """The body of an event about a thing; the same for the same, as Stripe repeats it."""
    name = hashlib.sha256(f"{kind} {json.dumps(thing, sort_keys=True)}".encode()).hexdigest()[:24]
    return json.dumps(
        {"id": f"evt_{name}", "object": "event", "type": kind, "data": {"object": thing}}
    ).encode()


def signature(body: bytes, *, secret: str = SIGNING_SECRET, age_seconds: int = 0) -> str:
    """The header `Stripe-Signature` of a body (Stripe's documented scheme v1)."""
    at = int(time.time()) - age_seconds
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def _handler(server: StripeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = server.sessions.get(self.path.removeprefix(PATH + "/"))
            self._send(200 if found else 404, found or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*self._answer(dict(parse_qsl(body))))

        def _answer(self, given: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
            if self.headers["Authorization"] != f"Bearer {KEY}":
                return 401, {"error": {"type": "invalid_request_error", "message": "wrong key"}}
            if self.path != PATH:
                return 404, {"error": {"type": "invalid_request_error", "message": self.path}}
            made = server.session(self.headers["Idempotency-Key"], given)
            return (200, made) if made else (500, {"error": {"type": "api_error", "message": "as asked"}})

        def _send(self, status: int, answer: Mapping[str, Any]) -> None:
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running(port: int) -> Iterator[None]:
    """Stripe's API on a port of loopback."""
    listener = ThreadingHTTPServer(("127.0.0.1", port), _handler(StripeServer()))
    thread = threading.Thread(target=listener.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown()
        listener.server_close()
