"""Every answer of an HTTP provider becomes the one result the money rules need; what is not certain is `Unknown`."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from uuid import UUID

import pytest

from messaging.carriers import registry
from messaging.carriers.contract import (
    Accepted,
    BadCallback,
    Callback,
    Carrier,
    Receipt,
    Rehearses,
    Rejected,
    Result,
    TryLater,
    Unknown,
)
from messaging.carriers.http_generic import finding
from messaging.carriers.reasons import Reason
from tests.carriers.rows import MESSAGE, config, submission
from tests.stand_ins import http_provider

BASE = {"url": "https://x.example/s", "body": "{{to}}{{text}}"}
JSON = {
    **BASE,
    "verdict": "messages[0].status",
    "verdicts": "0:accepted, 1:throttled, 4:denied, 6:rejected INVALID_NUMBER, 9:queue_full, 11:unknown",
    "message_id": "messages[0].id",
    "detail": "messages[0].error",
}
TEXT = {
    **BASE,
    "answer": "text",
    "verdict": "{}:",
    "verdicts": "OK:accepted, ERR 7:denied, ERR 9:rejected SENDER_REFUSED",
    "message_id": "OK: {}",
}

NEITHER = "the answer says neither yes nor no"


def judged(settings: Mapping[str, str], body: str, status: int = 200) -> Result:
    carrier = registry.build(config("http", settings=settings))
    assert isinstance(carrier, Rehearses)
    return carrier.judge(status, body.encode())


def asked(carrier: Carrier, *, probe: bool = False) -> Result:
    """The result of one message, or of a probe."""

    async def once() -> Result:
        try:
            return await (carrier.probe() if probe else carrier.submit(submission()))
        finally:
            await carrier.close()

    return asyncio.run(once())


@pytest.mark.parametrize(
    ("body", "status", "result"),
    [
        ('{"messages":[{"status":"0","id":"0A1"}]}', 200, Accepted("0A1")),
        (
            '{"messages":[{"status":0,"id":17617592691708123456789}]}',
            200,
            Accepted("17617592691708123456789"),
        ),
        ('{"messages":[{"status":0}]}', 202, Accepted("")),
        ('{"messages":[{"status":"1"}]}', 200, TryLater("1", "throttled")),
        ('{"messages":[{"status":"4","error":"no credit"}]}', 200, TryLater("4", "denied", "no credit")),
        ('{"messages":[{"status":"9"}]}', 200, TryLater("9", "queue_full")),
        ('{"messages":[{"status":"6","error":"bad"}]}', 400, Rejected("6", Reason.INVALID_NUMBER, "bad")),
        ('{"messages":[{"status":"11"}]}', 200, Unknown("11")),
        ('{"messages":[{"status":"77","id":"x"}]}', 200, Unknown("77", NEITHER, unlisted=True)),
        ('{"messages":[{"status":"77"}]}', 400, Rejected("77", Reason.UNKNOWN)),
        (
            '{"messages":[{"status":"your code is 123456"}]}',
            200,
            Unknown("UNLISTED", NEITHER, unlisted=True),
        ),
        (
            '{"messages":[{"status":0,"id":"1"}]}',
            500,
            Unknown("0", "the word accepts and HTTP 500 does not"),
        ),
        ("{}", 200, Unknown("GARBLED", "the answer says neither yes nor no")),
        ("<html>", 200, Unknown("GARBLED", "the answer says neither yes nor no")),
        ("[" * 50_000, 200, Unknown("GARBLED", "the answer says neither yes nor no")),
        ("", 404, Rejected("HTTP_404", Reason.CARRIER_REFUSED)),
        ("", 401, TryLater("HTTP_401", "denied")),
        ("", 302, TryLater("HTTP_302", "denied")),
        ("", 429, TryLater("HTTP_429", "throttled")),
        ("", 408, TryLater("HTTP_408", "unreachable")),
        ("", 500, Unknown("HTTP_500")),
        ("", 100, Unknown("HTTP_100")),
    ],
)
def test_answers_in_json(body: str, status: int, result: Result) -> None:
    assert judged(JSON, body, status) == result


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("OK: 17\r\n", Accepted("17")),
        ("err 7: no credit", TryLater("UNLISTED", "denied")),
        ("ERR 9: sender", Rejected("UNLISTED", Reason.SENDER_REFUSED)),
        ("ERR 8: what", Unknown("UNLISTED", NEITHER, unlisted=True)),
        ("fine", Unknown("fine", NEITHER, unlisted=True)),
    ],
)
def test_answers_in_text(body: str, result: Result) -> None:
    assert judged(TEXT, body) == result


def test_an_id_alone_or_a_status_alone_may_accept() -> None:
    by_id = {**BASE, "answer": "text", "message_id": "<id>{}</id>"}
    assert judged(by_id, "<r><id>7</id></r>") == Accepted("7")
    assert isinstance(judged(by_id, "<r><id>7"), Unknown)
    assert judged({**BASE, "accept_by_status": "yes"}, "") == Accepted("")
    assert isinstance(judged({**BASE, "accept_by_status": "yes"}, "", 503), TryLater)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("silent", "Timeout"),
        ("close", "ServerDisconnectedError"),
        ("half", "ANSWER_CUT"),
        ("big", "ANSWER_CUT"),
        ("drip", "ANSWER_CUT"),
        ("nonsense", "ClientResponseError"),
    ],
)
def test_an_answer_that_is_lost_is_unknown(fault: str, code: str) -> None:
    with http_provider.running() as provider:
        provider.say(http_provider.fault(fault))
        settings = {**JSON, "url": provider.base_url}
        result = asked(registry.build(config("http", settings=settings, timeout_seconds=0.3)))
    assert isinstance(result, Unknown)
    assert result.code == code
    assert len(provider.received) == 1


def test_nothing_listens() -> None:
    carrier = registry.build(config("http", settings={**JSON, "url": "http://127.0.0.1:1/"}))
    result = asked(carrier)
    assert isinstance(result, TryLater)
    assert result.cause == "unreachable"


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, '{"credit": "12,5"}', Accepted("")),
        (200, '{"credit": 1}', TryLater("NO_CREDIT", "denied", "the balance is 1")),
        (200, "{}", Unknown("NO_BALANCE", "no balance in the answer: ''")),
        (401, "wrong t0ken", TryLater("HTTP_401", "denied")),
    ],
)
def test_the_balance(status: int, body: str, result: Result) -> None:
    with http_provider.running(http_provider.Reply(status, body.encode())) as provider:
        settings = {
            **JSON, "balance_url": f"{provider.base_url}/b?k={{{{token}}}}", "balance": "credit", "balance_least": "2"
        }  # fmt: skip
        carrier = registry.build(config("http", settings=settings, secrets={"token": "t0ken"}))
        assert asked(carrier, probe=True) == result
    assert [request.target for request in provider.received] == ["/b?k=t0ken"]


def test_without_a_balance_nobody_can_say() -> None:
    assert isinstance(asked(registry.build(config("http", settings=JSON)), probe=True), Unknown)


RECEIPTS = {
    **BASE,
    "message_id": "id",
    "receipt_id": "message.id",
    "receipt_reference": "client_ref",
    "receipt_status": "message.state",
    "receipt_code": "message.err",
    "receipt_statuses": "DELIVRD:delivered, UNDELIV:undeliverable UNREACHABLE, ENROUTE:buffered, SENT:sent",
}


def receipts(
    body: bytes = b"",
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> list[Receipt]:
    row = config("http", settings={**RECEIPTS, **(settings or {})}, secrets={"callback_secret": "s3cret"})
    return list(registry.adapter("http").receipts(row, Callback("POST", query or {}, headers or {}, body)))


DELIVERED = Receipt("m-1", "delivered", code="DELIVRD")


@pytest.mark.parametrize(
    ("body", "query", "found"),
    [
        (b'{"message":{"id":"m-1","state":"delivrd","err":0}}', {}, [Receipt("m-1", "delivered", "delivrd")]),
        (b"message.id=m-1&message.state=DELIVRD", {}, [DELIVERED]),
        (b"", {"message.id": "m-1", "message.state": "DELIVRD"}, [DELIVERED]),
        (
            b'[{"message":{"id":1,"state":"UNDELIV","err":"011"}},{"message":{"id":2,"state":"ODD"}}]',
            {"ref": MESSAGE.hex},
            [
                Receipt("1", "undeliverable", "UNDELIV:011", "UNREACHABLE"),
                Receipt("2", "buffered", "ODD", "UNKNOWN"),
            ],
        ),
        (
            b'{"message":{"state":"SENT"}}',
            {"ref": MESSAGE.hex},
            [Receipt("", "sent", "SENT", our_id=MESSAGE)],
        ),
        (
            b'{"client_ref":"0198a1b2c3d47e5f8a9b0c1d2e3f4a5c","message":{"state":"SENT"}}',
            {"ref": MESSAGE.hex},
            [Receipt("", "sent", "SENT", our_id=UUID("0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c"))],
        ),
    ],
)
def test_receipts(body: bytes, query: dict[str, str], found: list[Receipt]) -> None:
    assert receipts(body, query=query) == found


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"message":{"state":"DELIVRD"}}', "without an id"),
        (b'{"message":{"id":"1"}}', "without a status"),
        (b"{", "not valid JSON"),
        (b"[1]", "not a receipt"),
        (b"[]", "not a receipt"),
        (b"x" * 70_000, "too large"),
        (b'{"a":' + b"[" * 30_000, "not valid JSON"),
    ],
)
def test_what_is_no_receipt_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(BadCallback, match=sentence):
        receipts(body)


def test_a_text_with_patterns() -> None:
    settings = {
        "receipt_body": "text", "receipt_id": "<id>{}</id>", "receipt_status": "<st>{}</st>",
        "receipt_code": "", "receipt_reference": "",
    }  # fmt: skip
    assert receipts(b"<dlr><id>m-1</id><st>DELIVRD</st></dlr>", settings=settings) == [DELIVERED]


BODY = b'{"message":{"id":"m-1","state":"DELIVRD"}}'
DIGEST = hmac.new(b"s3cret", BODY, hashlib.sha256)


@pytest.mark.parametrize(
    ("settings", "headers", "query"),
    [
        ({"callback_proof": "header", "callback_field": "X-Secret"}, {"x-secret": "s3cret"}, {}),
        ({"callback_proof": "query", "callback_field": "key"}, {}, {"key": "s3cret"}),
        ({"callback_proof": "hmac", "callback_field": "X-Sig"}, {"x-sig": DIGEST.hexdigest().upper()}, {}),
        (
            {"callback_proof": "hmac", "callback_field": "X-Sig", "callback_prefix": "sha256="},
            {"x-sig": f"sha256={DIGEST.hexdigest()}"},
            {},
        ),
        (
            {"callback_proof": "hmac", "callback_field": "X-Sig", "callback_encoding": "base64"},
            {"x-sig": base64.b64encode(DIGEST.digest()).decode()},
            {},
        ),
    ],
)
def test_a_forged_callback_is_refused(
    settings: dict[str, str], headers: dict[str, str], query: dict[str, str]
) -> None:
    assert receipts(BODY, settings=settings, headers=headers, query=query) == [DELIVERED]
    forgeries: list[dict[str, dict[str, str]]] = [
        {"headers": {}, "query": {}},
        {"headers": {name: f"{text}x" for name, text in headers.items()}, "query": {"key": "s3cre"}},
    ]
    for forged in forgeries:
        with pytest.raises(BadCallback, match="missing or wrong"):
            receipts(BODY, settings=settings, **forged)
    if "hmac" in settings.values():
        with pytest.raises(BadCallback, match="missing or wrong"):
            receipts(BODY + b" ", settings=settings, headers=headers)


def test_receipts_that_are_not_described_are_refused() -> None:
    with pytest.raises(BadCallback, match="do not say"):
        registry.adapter("http").receipts(config("http", settings=JSON), Callback("POST", {}, {}, BODY))


def test_finding_takes_time_in_proportion() -> None:
    began = time.perf_counter()
    for text in ("a" * 65_536, "<id>" * 16_384, ":" * 65_536):
        assert finding.pattern("<id>{}</id>").find(text) is None
    assert time.perf_counter() - began < 0.5
