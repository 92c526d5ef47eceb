"""A receipt of SMS.to is understood in every form it may come in; a callback that is none is refused."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

from messaging.carriers.contract import BadCallback, Callback, Receipt
from messaging.carriers.sms_to import SmsTo
from tests.carriers.rows import MESSAGE, config, submission
from tests.carriers.test_sms_to_submit import sms_to
from tests.stand_ins import sms_to_server

REF = {"ref": MESSAGE.hex}
FORM = b"trackingId=t-1&messageId=m-1&phone=%2B212612345678&status=DELIVERED&parts=1&price=0.015"
DELIVERED = Receipt("m-1", "delivered", "DELIVERED", "", MESSAGE)


def receipts(
    body: bytes = b"",
    query: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    secret: str = "",
) -> list[Receipt]:
    """The receipts in a callback."""
    row = config("sms_to", secrets={"api_key": "k", "webhook_secret": secret})
    return list(SmsTo.receipts(row, Callback(method, REF if query is None else query, headers or {}, body)))


@pytest.mark.parametrize(
    "body",
    [
        FORM,
        b'{"trackingId":"t-1","messageId":"m-1","status":"DELIVERED","parts":1,"price":0.015}',
        b' [{"messageId":"m-1","status":"delivered"}]\n',
        b'{"message_id":"m-1","status":" Delivered "}',
        b'{"trackingId":"m-1","status":"DELIVERED","unheard_of":{"x":[1]}}',
    ],
)
def test_form_and_json_say_the_same(body: bytes) -> None:
    assert receipts(body) == [DELIVERED]


def test_a_bare_query_says_the_same() -> None:
    query = REF | {"messageId": "m-1", "status": "DELIVERED"}
    assert receipts(query=query, method="GET") == [DELIVERED]


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ("SENT", "sent", ""),
        ("DELIVERED", "delivered", ""),
        ("UNDELIVERED", "undeliverable", "UNREACHABLE"),
        ("UNDELIVERABLE", "undeliverable", "UNREACHABLE"),
        ("EXPIRED", "expired", "HANDSET_EXPIRED"),
        ("FAILED", "failed", "UNKNOWN"),
        ("REJECTED", "failed", "CARRIER_REFUSED"),
        ("QUEUED", "buffered", ""),
        ("ONGOING", "buffered", ""),
        ("NEVER HEARD OF", "buffered", "UNKNOWN"),
    ],
)
def test_every_status_has_its_meaning_and_an_unknown_one_moves_nothing(
    said: str, status: str, reason: str
) -> None:
    (receipt,) = receipts(orjson.dumps({"messageId": "m-1", "status": said}))
    assert (receipt.status, receipt.code, receipt.reason) == (status, said, reason)


def test_our_reference_alone_is_enough_when_the_submit_answer_was_lost() -> None:
    assert receipts(b"status=DELIVERED") == [Receipt("", "delivered", "DELIVERED", "", MESSAGE)]


def test_the_carriers_id_alone_is_enough() -> None:
    assert receipts(FORM, {}) == [Receipt("m-1", "delivered", "DELIVERED")]


@pytest.mark.parametrize(
    "ref", ["", "x", MESSAGE.hex[:31], MESSAGE.hex + "0", str(MESSAGE), "_" + MESSAGE.hex[1:]]
)
def test_a_reference_we_never_gave_out_is_not_ours(ref: str) -> None:
    assert receipts(FORM, {"ref": ref})[0].our_id is None


def test_a_list_of_several_is_not_all_one_message() -> None:
    body = orjson.dumps([{"messageId": f"m-{n}", "status": "DELIVERED"} for n in (1, 2)])
    assert receipts(body) == [Receipt(f"m-{n}", "delivered", "DELIVERED") for n in (1, 2)]


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (b"", {}),
        (b"status=DELIVERED", {}),
        (b"messageId=m-1", {}),
        (b'{"messageId":"m-1"}', {}),
        (b'{"messageId":"m-1","status":null}', {}),
        (b'{"messageId":["m-1"],"status":"SENT"}', {}),
        (b'{"messageId":', REF),
        (b"[1]", REF),
        (b"\xff\xfe", REF),
        (b"[" + b",".join([b'{"messageId":"m","status":"SENT"}'] * 1001) + b"]", REF),
        (b"messageId=m-1&status=SENT&x=" + b"y" * 65_536, REF),
    ],
)
def test_what_is_no_receipt_is_refused(body: bytes, query: dict[str, str]) -> None:
    with pytest.raises(BadCallback):
        receipts(body, query)


def test_a_receipt_can_always_be_stored() -> None:
    (receipt,) = receipts(orjson.dumps({"messageId": "m\x00-1" + "x" * 500, "status": "S\x00ENT"}))
    assert receipt.reference == ("m-1" + "x" * 500)[:128]
    assert receipt.code == "SENT"


def signature(body: bytes, secret: str, moment: str = "1700000000") -> dict[str, str]:
    """The header SMS.to signs a callback with."""
    mac = hmac.new(secret.encode(), body + b"." + moment.encode(), hashlib.sha256).hexdigest()
    return {"x-smsto-signature": f"t={moment},s={mac}"}


def test_a_signed_callback_is_believed() -> None:
    assert receipts(FORM, headers=signature(FORM, "s3"), secret="s3") == [DELIVERED]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-smsto-signature": ""},
        {"x-smsto-signature": "t=1,s=é"},
        signature(FORM, "another"),
        signature(FORM + b" ", "s3"),
    ],
)
def test_a_callback_without_the_right_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadCallback):
        receipts(FORM, headers=headers, secret="s3")


def test_a_posted_receipt_finds_its_message() -> None:
    """Over real sockets: submit, and let the carrier post the receipts to the address it was given."""
    came: Queue[Callback] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            query = dict(parse_qsl(urlsplit(self.path).query))
            came.put(Callback("POST", query, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        thread = Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            got = submit_and_wait(f"http://127.0.0.1:{receiver.server_port}/callbacks/x", came)
        finally:
            receiver.shutdown()
            thread.join()
    assert got == [
        Receipt("smsto-1", "sent", "SENT", "", MESSAGE),
        Receipt("smsto-1", "delivered", "DELIVERED", "", MESSAGE),
    ]


def submit_and_wait(callback_url: str, came: "Queue[Callback]") -> list[Receipt]:
    """Submit one message and read the two receipts that follow."""
    row = config("sms_to", secrets={"api_key": "k"})
    with sms_to_server.running(receipts=True, statuses=("SENT", "DELIVERED")) as server:
        asyncio.run(submit_once(server.base_url, callback_url))
        callbacks = [came.get(timeout=5), came.get(timeout=5)]
    return [receipt for callback in callbacks for receipt in SmsTo.receipts(row, callback)]


async def submit_once(base_url: str, callback_url: str) -> None:
    """One message, so that the carrier has something to report."""
    carrier = sms_to(base_url, callback_url=callback_url)
    await carrier.submit(submission())
    await carrier.close()
