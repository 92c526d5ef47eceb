"""Whatever is sent, the answer is the envelope: no 5xx, no HTML, nothing booked (promise P12)."""

import json
from typing import Any

import pytest

from tests.conftest import NewAccount
from tests.stand_ins.customer import Customer

SEND, BULK = "/v1/messages", "/v1/messages/bulk"
GOOD = b'"to":"+212612345678","message":"x"'
MALFORMED = {
    "empty": b"",
    "no JSON": b"to=+212612345678&message=x",
    "cut": b"{" + GOOD,
    "trailing": b"{" + GOOD + b"} x",
    "trailing comma": b"{" + GOOD + b",}",
    "comment": b"{/* */" + GOOD + b"}",
    "NaN": b"{" + GOOD + b',"metadata":{"a":NaN}}',
    "Infinity": b"{" + GOOD + b',"metadata":{"a":-Infinity}}',
    "1e999": b"{" + GOOD + b',"metadata":{"a":1e999}}',
    "duplicate key": b'{"to":"+212612345679",' + GOOD + b"}",
    "duplicate key within": b"{" + GOOD + b',"metadata":{"a":1,"a":2}}',
    "depth": b"{" + GOOD + b',"metadata":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
    "depth of lists": b"{" + GOOD + b',"metadata":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "huge integer": b"{" + GOOD + b',"metadata":{"a":' + b"9" * 6_000 + b"}}",
    "lone surrogate": b'{"to":"+212612345678","message":"\\ud83d"}',
    "lone surrogate in a key": b"{" + GOOD + b',"metadata":{"\\udc00":1}}',
    "NUL": b'{"to":"+212612345678","message":"a\\u0000b"}',
    "NUL in metadata": b"{" + GOOD + b',"metadata":{"a":"\\u0000"}}',
    "not UTF-8": b'{"to":"+212612345678","message":"\xff\xfe"}',
    "UTF-16": ("{" + GOOD.decode() + "}").encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{" + GOOD + b"}",
    "a list": b"[{" + GOOD + b"}]",
    "a string": b'"' + b"x" * 100 + b'"',
    "null": b"null",
    "a number": b"1",
}
WRONG: tuple[Any, ...] = (
    0,
    -1,
    1.5,
    True,
    None,
    "",
    "x",
    "\u202e\u0007",
    [],
    [[]],
    [None],
    [{"type": {}}],
    {},
    {"a": {}},
    10**30,
    "٦" * 9,
    " " * 50,
)
FIELDS = (
    "to",
    "recipient",
    "message",
    "body",
    "from",
    "sender_id",
    "channel",
    "cascade",
    "truncate",
    "scheduled_at",
    "callback_url",
    "metadata",
    "buttons",
)


@pytest.fixture(scope="module")
def customer(new_account: NewAccount) -> Customer:
    return new_account(mode="test")


def is_refused_as(customer: Customer, path: str, body: bytes, statuses: set[int]) -> None:
    answer = customer.post(path, body)
    assert answer.status in statuses, (answer.status, answer.raw[:300])
    assert answer.error["code"]


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_good_json_is_refused(customer: Customer, name: str) -> None:
    for path in (SEND, BULK, "/v1/api-keys"):
        if name != "empty" or path != "/v1/api-keys":  # where every field may be left out
            is_refused_as(customer, path, MALFORMED[name], {400})


@pytest.mark.parametrize("field", FIELDS)
def test_any_value_in_any_field_gets_the_envelope(customer: Customer, field: str) -> None:
    for value in WRONG:
        body = {"to": "+212612345678", "message": "x", field: value}
        if field in ("recipient", "body"):
            body.pop({"recipient": "to", "body": "message"}[field])
        answer = customer.post(SEND, body)
        assert answer.status in (202, 400, 403, 422), (field, value, answer.status, answer.raw)
        if answer.status != 202:
            assert answer.error["code"]


@pytest.mark.parametrize("field", ["messages", "atomic", "from", "channel", "scheduled_at", "metadata"])
def test_any_value_in_any_field_of_a_batch_gets_the_envelope(customer: Customer, field: str) -> None:
    for value in (*WRONG, [1], ["x"], [{}], [{"to": 1}], [{"to": {}, "message": []}], [{"metadata": 1}]):
        body = {"messages": [{"to": "+212612345678", "message": "x"}], field: value}
        answer = customer.post(BULK, body)
        assert answer.status in (202, 400, 403, 422), (field, value, answer.status, answer.raw)
        if answer.status != 202:
            assert answer.error["code"]


@pytest.mark.parametrize("field", FIELDS)
def test_any_value_in_any_field_of_an_item_gets_the_envelope(customer: Customer, field: str) -> None:
    for value in WRONG:
        body = {"messages": [{"to": "+212612345678", "message": "x"} | {field: value}]}
        answer = customer.post(BULK, body)
        assert answer.status in (202, 400, 403, 422), (field, value, answer.status, answer.raw)


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "channel=fax",
        "limit=0",
        "limit=x",
        "limit=99999999999999999999",
        "offset=-1",
        "offset=99999999999999999999",
        "from_date=yesterday",
        "to_date=9999-99-99",
        "from_date=0001-01-01T00:00:00%2B14:00",
        "to_date=9999-12-31T23:59:59-12:00",
        "to=%00",
        "to=%ff%fe",
        "cursor=x",
        "cursor=%00",
        "status=%F0%9F%98%80&status=sent",
        "%00=%00",
        "limit=%D9%A3",
    ],
)
def test_any_query_gets_json(customer: Customer, query: str) -> None:
    answer = customer.get(f"{SEND}?{query}")
    assert answer.status in (200, 400), (answer.status, answer.raw[:300])
    if answer.status == 400:
        assert answer.error["param"]
    else:
        assert set(answer.body) >= {"data", "limit", "offset", "total"}


@pytest.mark.parametrize(
    "message_id", ["x", "msg_", "msg_" + "0" * 40, "%00", "%ff", "..%2f..", "msg_" + "z" * 32, "é"]
)
def test_a_strange_id_is_one_that_does_not_exist(customer: Customer, message_id: str) -> None:
    path = message_id.encode().decode("latin-1") if message_id != "é" else "%C3%A9"
    answer = customer.get(f"{SEND}/{path}")
    assert answer.refusal == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/", "/v1", "/v1/messages/a/b/c", "/callbacks/x", "/v1//messages"]
)
def test_an_unknown_address_is_told_in_the_envelope(customer: Customer, path: str) -> None:
    assert customer.get(path).refusal == (404, "NOT_FOUND")


def test_an_unknown_method_is_told_in_the_envelope(customer: Customer) -> None:
    answer = customer.call("PUT", SEND, {})
    assert answer.refusal == (405, "METHOD_NOT_ALLOWED")
    assert set(answer.headers["allow"].split(", ")) >= {"GET", "POST"}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x/y;;="]
)
def test_another_content_type_is_told_in_the_envelope(customer: Customer, kind: str) -> None:
    answer = customer.post(SEND, b"{" + GOOD + b"}", content_type=kind)
    assert answer.refusal == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_two_names_of_one_field_must_agree(customer: Customer) -> None:
    answer = customer.try_send(body="Other")
    assert answer.refusal == (400, "CONFLICTING_FIELDS")
    assert customer.try_send(body="Bonjour").status == 202


def test_too_long_is_refused_but_for_document_a(new_account: NewAccount, customer: Customer) -> None:
    assert customer.try_send(message="x" * 1601).refusal == (400, "MESSAGE_TOO_LONG")
    assert customer.send(message="x" * 1601, truncate=True)["truncated"] is True
    maroc = new_account(mode="test", compat="smsmaroc")
    assert maroc.send(message="x" * 1601)["truncated"] is True
    assert customer.send(message="\U0001f600" * 800)["segments"] == 25


def test_the_answer_speaks_the_clients_language(customer: Customer) -> None:
    said = {
        language: customer.post(SEND, {}, accept_language=language).error["message"]
        for language in ("en", "fr", "ar")
    }
    assert len(set(said.values())) == 3


def test_bad_json_of_large_size_is_refused_quickly(customer: Customer) -> None:
    body = json.dumps(
        {"messages": [{"to": 1}] * 10_000, "metadata": {str(n): n for n in range(20_000)}}
    ).encode()
    answer = customer.post(BULK, body)
    assert answer.status in (202, 400)
    assert answer.seconds < 10
