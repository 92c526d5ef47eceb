"""Plays Stripe on loopback: makes Checkout Sessions as its API does (form-encoded in, JSON out, one per idempotency key), can
be made to fail, and signs events as Stripe signs them."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

SIGNING_SECRET = "whsec_loopback"
KEY = "sk_test_loopback"


@dataclass
class StripeServer:
    """What was asked, and how to answer: `fails_with` a status to refuse all requests with, 0 for none."""

    port: int = 0
    fails_with: int = 0
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self, key: str, given: Mapping[str, str]) -> dict[str, Any]:
        """The session of an idempotency key, made at its first request."""
        with self.lock:
            self.asked.append(given)
            if key not in self.sessions:
                number = f"cs_test_{hashlib.sha256(key.encode()).hexdigest()[:24]}"
                self.sessions[key] = {
                    "id": number,
                    "object": "checkout.session",
                    "url": f"https://checkout.stripe.test/c/pay/{number}",
                    "amount_total": int(given["line_items[0][price_data][unit_amount]"]),
                    "currency": given["line_items[0][price_data][currency]"],
                    "client_reference_id": given["client_reference_id"],
                    "metadata": {"topup": given["metadata[topup]"]},
                    "payment_intent": None,
                    "payment_status": "unpaid",
                    "status": "open",
                }
            return self.sessions[key]

    def paid(self, topup_id: str, **changes: object) -> dict[str, Any]:
        """The session of a top-up as it is once it was paid, with changes that a test wants."""
        session = self.sessions[topup_id]
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

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = self._answer(dict(parse_qsl(body)))
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def _answer(self, given: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
            if server.fails_with:
                return server.fails_with, {"error": {"type": "api_error", "message": "as asked"}}
            if self.headers["Authorization"] != f"Bearer {KEY}":
                return 401, {"error": {"type": "invalid_request_error", "message": "wrong key"}}
            if self.path != "/v1/checkout/sessions":
                return 404, {"error": {"type": "invalid_request_error", "message": self.path}}
            return 200, server.session(self.headers["Idempotency-Key"], given)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running(port: int) -> Iterator[StripeServer]:
    """Stripe's API on a port of loopback."""
    server = StripeServer(port)
    listener = ThreadingHTTPServer(("127.0.0.1", port), _handler(server))
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
