"""Plays WhatsApp's Cloud API on loopback, as Meta documents it: bearer token, JSON errors with codes, and statuses posted to a
callback address, signed with the app's secret. `with running() as api:`; `api.script` holds what the next sends meet."""

import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

TOKEN = "EAAloopback"
APP_SECRET = "app-secret-of-loopback"
NUMBER_ID = "106540352242922"
DISPLAY_NUMBER = "212522000111"
SILENT_SECONDS = 2.0
ERRORS: Mapping[int, tuple[int, str]] = {
    2: (503, "Service temporarily unavailable"),
    100: (400, "(#100) Invalid parameter"),
    190: (401, "Error validating access token"),
    130429: (429, "(#130429) Rate limit hit"),
    131000: (500, "(#131000) Something went wrong"),
    131026: (400, "(#131026) Message undeliverable"),
    131047: (400, "(#131047) Re-engagement message"),
    131056: (400, "(#131056) Pair rate limit hit"),
    132001: (404, "(#132001) Template name does not exist in the translation"),
}


@dataclass
class CloudApi:
    """What it does and what it saw. An item of `script` is an error code for the next send, or `hangup`, `silence` or
    `garbage`, or `early`: every status is posted before the answer. `statuses` are posted after each send that is taken, to
    `callback_url` if there is one."""

    base_url: str = ""
    callback_url: str = ""
    statuses: Sequence[str] = ()
    failure: int = 131026
    script: deque[int | str] = field(default_factory=deque)
    sent: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def settings(self, **more: str) -> dict[str, str]:
        """The values of a carrier that speaks to this server."""
        return {
            "base_url": self.base_url,
            "phone_number_id": NUMBER_ID,
            "access_token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": "our-word",
            **more,
        }

    def take(self, message: dict[str, Any]) -> str:
        """Keep a message; its id."""
        with self.lock:
            self.sent.append(message)
            return f"wamid.{len(self.sent):06d}"

    def report(self, wamid: str, message: Mapping[str, Any]) -> list[int]:
        """Post the statuses of a message; what each was answered with."""
        return [
            post(self.callback_url, notice(statuses=[status(wamid, word, message, failure=self.failure)]))
            for word in self.statuses
            if self.callback_url
        ]


def status(wamid: str, word: str, message: Mapping[str, Any], *, failure: int = 131026) -> dict[str, Any]:
    """One status as Meta writes it."""
    made: dict[str, Any] = {
        "id": wamid,
        "status": word,
        "timestamp": str(int(time.time())),
        "recipient_id": message.get("to", ""),
        "biz_opaque_callback_data": message.get("biz_opaque_callback_data", ""),
    }
    if word == "failed":
        made["errors"] = [{"code": failure, "title": "Failed", "error_data": {"details": "as asked"}}]
    return made


def notice(*, number_id: str = NUMBER_ID, field_name: str = "messages", **value: object) -> bytes:
    """The body of a post, about one number."""
    metadata = {"display_phone_number": DISPLAY_NUMBER, "phone_number_id": number_id}
    change = {"field": field_name, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    entry = {"id": "102290129340398", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    """The header `X-Hub-Signature-256` of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(url: str, body: bytes, *, signed: str | None = None) -> int:
    """Post to a callback address as Meta does; the HTTP status."""
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed or signature(body)}
    try:
        with urlopen(Request(url, body, headers), timeout=10) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except HTTPError as error:
        return error.code


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: CloudApi

    def do_GET(self) -> None:
        if self._known(""):
            self._send(200, {"id": NUMBER_ID, "display_phone_number": DISPLAY_NUMBER})

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._known("/messages"):
            return
        fault = self.api.script.popleft() if self.api.script else ""
        if isinstance(fault, int):
            self._error(fault)
        elif fault in ("hangup", "silence", "garbage"):
            self._break(fault)
        else:
            self._take(message, early=fault == "early")

    def _take(self, message: dict[str, Any], *, early: bool) -> None:
        wamid = self.api.take(message)
        if early:
            self.api.report(wamid, message)
        contact = {"input": message["to"], "wa_id": message["to"]}
        answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}
        self._send(200, answer)
        if not early:
            self.api.report(wamid, message)

    def _break(self, fault: str) -> None:
        if fault == "silence":
            time.sleep(SILENT_SECONDS)
        if fault == "garbage":
            self._send(200, {"messages": []})
        self.close_connection = True

    def _known(self, end: str) -> bool:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._error(190)
            return False
        if self.path.partition("?")[0] != f"/v23.0/{NUMBER_ID}{end}":
            self._error(100, subcode=33)
            return False
        return True

    def _error(self, code: int, *, subcode: int | None = None) -> None:
        http_status, said = ERRORS.get(code, (400, f"(#{code}) Error"))
        error: dict[str, Any] = {
            "message": said,
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "A",
        }
        error["error_data"] = {"messaging_product": "whatsapp", "details": f"details of {code}"}
        self._send(http_status, {"error": error | ({"error_subcode": subcode} if subcode else {})})

    def _send(self, http_status: int, answer: Mapping[str, Any]) -> None:
        text = json.dumps(answer).encode()
        self.send_response(http_status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@contextmanager
def running() -> Iterator[CloudApi]:
    """A server on a free port, until the end of the block."""
    api = CloudApi()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": api}))
    server.daemon_threads = True
    api.base_url = f"http://127.0.0.1:{server.server_port}/v23.0"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
