"""Every limit of every document, at its edge and one past it; and what cannot be put into a table: cutting, guessing, counting
segments, and speed."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from http.client import HTTPConnection

import pytest

from tests.contract.conftest import NewWorld
from tests.contract.limits import LIMITS, OTP, Call, Limit
from tests.contract.test_refusals import code_of
from tests.stand_ins.customer import Answer, Customer, together

LOWER = "c"  # the document whose codes have small letters
GUESSES, AT_ONCE = 200, 40


def asked_for(customer: Customer, call: Call) -> Answer:
    """The answer to a request. Of a body that is too large only the size is told: the answer comes before it is sent."""
    if not isinstance(call.body, bytes):
        return customer.call(*call)
    connection = HTTPConnection("127.0.0.1", customer.port, timeout=30, source_address=(customer.address, 0))
    try:
        connection.putrequest(call.method, call.path)
        connection.putheader("Authorization", f"Bearer {customer.key}")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(call.body)))
        connection.endheaders()
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("limit", LIMITS, ids=lambda one: one.name)
def test_the_edge_is_taken_and_one_past_it_is_not(limit: Limit, world: NewWorld) -> None:
    asked = world(limit.document)
    customer = asked.account(mode="test", **limit.account)
    status, code = limit.refused
    for size in limit.past:
        answer = asked_for(customer, limit.call(size))
        spelled = code.lower() if limit.document == LOWER else code
        assert (answer.status, code_of(limit.document, answer)) == (status, spelled), (size, answer.raw[:300])
    (moved,) = asked.sql("SELECT count(*) FROM messaging_message WHERE account_id = %s", customer.account_id)
    assert moved == {"count": 0}
    for size in limit.inside:
        answer = customer.call(*limit.call(size))
        assert answer.status == limit.taken, (size, answer.raw[:300])
    assert asked.nothing_moved()


def test_document_a_cuts_a_longer_text_and_says_so(world: NewWorld) -> None:
    customer = world("a").account(mode="test")
    whole, cut = (customer.send(message="x" * size) for size in (1600, 1601))
    assert ("truncated" in whole, cut["truncated"], cut["segments"]) == (False, True, 11)
    assert len(customer.message(cut["id"])["body"]) == 1600


def test_control_characters_do_not_count(world: NewWorld) -> None:
    customer = world("a").account(mode="test")
    sent = customer.send(message="\x07".join("x" * 800) + "\x1b" * 800 + "x" * 800)
    assert "truncated" not in sent
    assert customer.message(sent["id"])["body"] == "x" * 1600


def test_document_a_cuts_a_longer_brand(world: NewWorld) -> None:
    customer = world("a").account(mode="test")
    for size, left in ((32, 32), (33, 32)):
        sent = customer.post("/v1/verify/send", OTP | {"brand": "y" * size}).body
        assert customer.message(sent["message_id"])["body"].startswith("y" * left + " ")


@pytest.mark.parametrize("document", "ab")
def test_two_hundred_guesses_at_once_get_three_checks(world: NewWorld, document: str) -> None:
    customer = world(document).account(mode="test")
    sent = customer.post("/v1/verify/send", OTP).body
    wrong = f"{(int(sent['sandbox_code']) + 1) % 1_000_000:06d}"
    body = {"session_id": sent["session_id"], "code": wrong}
    guess = partial(customer.post, "/v1/verify/check", body)
    answers = [answer for _ in range(GUESSES // AT_ONCE) for answer in together([guess] * AT_ONCE)]
    assert Counter(answer.refusal for answer in answers) == {
        (422, "INVALID_CODE"): 3,
        (429, "MAX_ATTEMPTS"): GUESSES - 3,
    }
    right = customer.post("/v1/verify/check", body | {"code": sent["sandbox_code"]})
    assert right.refusal == (429, "MAX_ATTEMPTS")


@pytest.mark.parametrize("document", "abc")
def test_segments_are_counted_as_printed(world: NewWorld, document: str) -> None:
    """160 characters of GSM 03.38, then 153 a segment; 70 of Unicode, then 67; the price is that of all."""
    customer = world(document).account(mode="live", credit="200")
    counted = {
        (letter, size): customer.send(message=letter * size)
        for letter, sizes in (("x", (160, 161, 306, 307)), ("ع", (70, 71, 134, 135)))
        for size in sizes
    }
    expected = {160: 1, 161: 2, 306: 2, 307: 3, 70: 1, 71: 2, 134: 2, 135: 3}
    assert {size: sent["segments"] for (_, size), sent in counted.items()} == expected
    unit = counted["x", 160]["cost"]["mad"]
    assert {size: sent["cost"]["mad"] for (_, size), sent in counted.items()} == {
        size: unit * count for size, count in expected.items()
    }


DEFAULTS: Mapping[str, tuple[str, str, int]] = {
    "messages": ("ab", "/v1/messages", 50),
    "transactions": ("a", "/v1/billing/transactions", 50),
    "contacts": ("ab", "/v1/contacts", 100),
    "opt-outs": ("a", "/v1/optouts", 100),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_page_has_the_document_s_size_when_none_is_asked_for(world: NewWorld, name: str) -> None:
    documents, path, size = DEFAULTS[name]
    for document in documents:
        page = world(document).account().get(path).body
        assert (page["limit"], page["offset"], page["total"]) == (size, 0, len(page["data"]))


def test_a_code_has_six_digits_and_ten_minutes_when_nothing_is_said(world: NewWorld) -> None:
    for document in "ab":
        customer = world(document).account(mode="test")
        sent = customer.post("/v1/verify/send", OTP).body
        shown = customer.get(f"/v1/verify/{sent['session_id']}").body
        assert len(sent["sandbox_code"]) == 6
        (row,) = world(document).sql(
            "SELECT extract(epoch FROM expires_at - created_at)::int AS seconds FROM verify_session WHERE account_id = %s",
            customer.account_id,
        )
        assert (row["seconds"], shown["expires_at"]) == (600, sent["expires_at"])


@pytest.mark.parametrize(("plan", "rate"), [("standard", "10"), ("enterprise", "50")])
def test_document_c_s_plans_have_a_speed(world: NewWorld, plan: str, rate: str) -> None:
    answer = world("c").account(plan=plan, rate_per_second=None).get("/v1/account")
    assert answer.headers["x-ratelimit-limit"] == rate
    assert int(answer.headers["x-ratelimit-remaining"]) == int(rate) - 1
    assert answer.headers["x-ratelimit-reset"] in ("0", "1")


@pytest.mark.parametrize("document", "abe")
def test_a_key_may_ask_a_hundred_times_a_minute_when_nothing_is_said(world: NewWorld, document: str) -> None:
    asked = world(document)
    made = asked.account().post("/v1/api-keys", {}).body
    assert made["rate_limit"] == 100
    customer = asked.customers[0]
    path = "/api/v1/balance" if document == "e" else "/v1/balance"
    answer = customer.get(path, authorization=f"Bearer {made['api_key']}")
    assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == ("100", "99")


def test_a_batch_is_counted_as_one_request(world: NewWorld) -> None:
    customer = world("a").account(rate_per_minute=10, credit="10")
    items = [{"to": f"+2126123456{index:02d}", "message": "Bonjour"} for index in range(20)]
    answer = customer.post("/v1/messages/bulk", {"messages": items})
    assert (answer.status, answer.headers["x-ratelimit-remaining"]) == (202, "9")
    assert answer.body["estimated_cost"]["eur"] == Decimal("4.4")
