"""Every error code that documents A, B and C list, and how it is provoked: one row for each reason that a document gives. Those of
D and E are in refusals_de.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.example import World
from tests.stand_ins.customer import Answer, Customer

SEND, BULK = "/v1/messages", "/v1/messages/bulk"
HELLO = {"to": "+212612345678", "message": "Bonjour"}
Run = Callable[[World], Answer]
NOBODY = "only the key tells whose document a client of /v1 was written from: without a known one the names are those of A and B"


@dataclass(frozen=True)
class Refusal:
    """One reason for one code of one document, with the status it has."""

    document: str
    code: str
    status: int
    because: str
    run: Run
    differs: str

    @property
    def name(self) -> str:
        return f"{self.document.upper()} {self.code}: {self.because}"


REFUSALS: list[Refusal] = []


def refusal(
    documents: str, code: str, status: int, because: str, *, differs: str = ""
) -> Callable[[Run], Run]:
    """Enter a function among the refusals, once for each letter of `documents`. `differs` says why the code is not the document's."""

    def enter(run: Run) -> Run:
        REFUSALS.extend(Refusal(document, code, status, because, run, differs) for document in documents)
        return run

    return enter


def _asks(customer: Customer, **headers: str) -> Answer:
    return customer.post(SEND, HELLO, **headers)


@refusal("a", "INVALID_JSON", 400, "the body cannot be parsed")
def invalid_json(world: World) -> Answer:
    return world.account().post(SEND, b'{"to": "+212612345678",')


@refusal("ab", "UNAUTHORIZED", 401, "the key is missing")
@refusal("c", "UNAUTHORIZED", 401, "the key is missing", differs=NOBODY)
def keyless(world: World) -> Answer:
    return _asks(world.account(), authorization="")


@refusal("c", "UNAUTHORIZED", 401, "the key is malformed", differs=NOBODY)
@refusal("ab", "UNAUTHORIZED", 401, "the key is malformed")
def nobodys(world: World) -> Answer:
    return _asks(world.account(), authorization="Bearer smr_live_xxx")


@refusal("ab", "UNAUTHORIZED", 401, "the key was revoked")
@refusal("c", "authentication_failed", 401, "the key was revoked")
def revoked(world: World) -> Answer:
    maker = world.account()
    made = maker.post("/v1/api-keys", {}).body
    assert maker.call("DELETE", f"/v1/api-keys/{made['id']}").status == 200
    return _asks(maker, authorization=f"Bearer {made['api_key']}")


@refusal("ab", "UNAUTHORIZED", 401, "the key is inactive")
def inactive(world: World) -> Answer:
    maker = world.account()
    made = maker.post("/v1/api-keys", {}).body
    assert maker.call("PATCH", f"/v1/api-keys/{made['id']}", {"active": False}).status == 200
    return _asks(maker, authorization=f"Bearer {made['api_key']}")


@refusal("ab", "UNAUTHORIZED", 401, "the address is not on the key's list")
@refusal("c", "authentication_failed", 401, "the address is not on the key's list")
def from_elsewhere(world: World) -> Answer:
    return _asks(world.account(ip_allow_list=["196.200.1.4"]))


@refusal("ab", "RATE_LIMITED", 429, "more than the key's requests per minute")
def too_fast(world: World) -> Answer:
    customer = world.account(rate_per_minute=10)
    answers = [customer.get("/v1/balance") for _ in range(10)]
    assert {answer.status for answer in answers} == {200}
    assert [answer.headers["x-ratelimit-limit"] for answer in answers] == ["10"] * 10
    refused = _asks(customer)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    return refused


@refusal("c", "rate_limit_exceeded", 429, "more than the plan's requests per second")
def too_fast_for_the_plan(world: World) -> Answer:
    customer = world.account(rate_per_second=None)
    first = customer.get("/v1/account")
    assert (first.status, first.headers["x-ratelimit-limit"]) == (200, "10")
    assert int(first.headers["x-ratelimit-remaining"]) < 10
    refused = next(
        answer for answer in (customer.get("/v1/account") for _ in range(500)) if answer.status != 200
    )
    assert (refused.headers["retry-after"], refused.headers["x-ratelimit-remaining"]) == ("1", "0")
    assert int(refused.headers["x-ratelimit-reset"]) <= 1
    return refused


@refusal("a", "MISSING_FIELD", 400, "to")
def without_to(world: World) -> Answer:
    return world.account().post(SEND, {"message": "Bonjour"})


@refusal("a", "MISSING_FIELD", 400, "message")
def without_text(world: World) -> Answer:
    return world.account().post(SEND, {"to": "+212612345678"})


@refusal("a", "MISSING_FIELD", 400, "name")
def without_name(world: World) -> Answer:
    return world.account().post("/v1/contacts/lists", {"description": "Main"})


@refusal("a", "MISSING_FIELD", 400, "session_id")
def without_session(world: World) -> Answer:
    return world.account().post("/v1/verify/check", {"code": "483921"})


@refusal("ab", "INVALID_PHONE", 400, "no E.164 number comes of it")
@refusal("c", "invalid_phone_number", 400, "the form of the number is wrong")
def no_number(world: World) -> Answer:
    return world.account().post(SEND, HELLO | {"to": "06123"})


@refusal("a", "INVALID_CHANNEL", 400, "neither sms nor whatsapp nor telegram")
def no_channel(world: World) -> Answer:
    return world.account().post(SEND, HELLO | {"channel": "fax"})


@refusal("a", "CHANNEL_NOT_CONFIGURED", 422, "whatsapp is not to be had")
def not_configured(world: World) -> Answer:
    return world.account().post(SEND, HELLO | {"channel": "whatsapp"})


@refusal("a", "CHANNEL_NOT_CONFIGURED", 422, "telegram is not to be had")
def no_telegram(world: World) -> Answer:
    return world.account().post(BULK, {"messages": [HELLO], "channel": "telegram"})


@refusal("b", "CHANNEL_NOT_ALLOWED", 403, "whatsapp is not enabled for the account")
def not_allowed(world: World) -> Answer:
    return world.account().post(SEND, HELLO | {"channel": "whatsapp"})


@refusal("ab", "INSUFFICIENT_BALANCE", 402, "too low for the message")
@refusal("c", "insufficient_credits", 402, "too low for the message")
def too_poor(world: World) -> Answer:
    return world.account(credit="0.02").post(SEND, HELLO)


@refusal("ab", "INSUFFICIENT_BALANCE", 402, "too low for the batch, of which nothing is sent")
def too_poor_for_the_batch(world: World) -> Answer:
    """Enough for one of the two."""
    credit = {"a": "0.22", "b": "0.31"}[world.document]
    return world.account(credit=credit).post(BULK, {"messages": [HELLO, HELLO | {"to": "+212612345679"}]})


@refusal("a", "OPTED_OUT", 403, "the recipient opted out for this account")
def opted_out(world: World) -> Answer:
    customer = world.account()
    assert customer.post("/v1/optouts", {"phone": "0612345678"}).status == 201
    return customer.post(SEND, HELLO)


def _session(customer: Customer) -> tuple[str, str]:
    sent = customer.post("/v1/verify/send", {"to": "+212612345678"}).body
    return sent["session_id"], sent["sandbox_code"]


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def _check(customer: Customer, session_id: str, code: str) -> Answer:
    return customer.post("/v1/verify/check", {"session_id": session_id, "code": code})


@refusal("a", "SESSION_NOT_FOUND", 404, "it does not exist")
def no_session(world: World) -> Answer:
    return _check(world.account(mode="test"), "vrf_" + "0" * 32, "483921")


@refusal("a", "SESSION_NOT_FOUND", 404, "it has expired")
def expired_session(world: World) -> Answer:
    customer = world.account(mode="test")
    session_id, code = _session(customer)
    past = "UPDATE verify_session SET expires_at = now() - interval '1 second' WHERE account_id = %s"
    world.sql(past, customer.account_id)
    return _check(customer, session_id, code)


@refusal("a", "SESSION_NOT_FOUND", 404, "it is another account's")
def foreign_session(world: World) -> Answer:
    session_id, code = _session(world.account(mode="test"))
    return _check(world.account(mode="test"), session_id, code)


@refusal("a", "SESSION_NOT_FOUND", 404, "its code was right once")
def used_session(world: World) -> Answer:
    customer = world.account(mode="test")
    session_id, code = _session(customer)
    assert _check(customer, session_id, code).status == 200
    return _check(customer, session_id, code)


@refusal("a", "INVALID_CODE", 422, "it is not the session's")
def wrong_code(world: World) -> Answer:
    customer = world.account(mode="test")
    session_id, code = _session(customer)
    return _check(customer, session_id, _wrong(code))


@refusal("a", "MAX_ATTEMPTS", 429, "three checks have failed")
def three_wrong(world: World) -> Answer:
    """The fourth is refused although it is right."""
    customer = world.account(mode="test")
    session_id, code = _session(customer)
    assert [_check(customer, session_id, _wrong(code)).status for _ in range(3)] == [422] * 3
    return _check(customer, session_id, code)


@refusal("a", "TOO_MANY_MESSAGES", 400, "10,001 messages")
def too_many_messages(world: World) -> Answer:
    return world.account().post(BULK, {"messages": [HELLO] * 10_001})


@refusal("a", "TOO_MANY_CONTACTS", 400, "5,001 contacts")
def too_many_contacts(world: World) -> Answer:
    return world.account().post("/v1/contacts/import", {"contacts": [{"phone": "+212612345678"}] * 5001})


@refusal("a", "NOT_FOUND", 404, "it does not exist")
def not_found(world: World) -> Answer:
    return world.account().get("/v1/messages/msg_" + "0" * 32)


@refusal("a", "NOT_FOUND", 404, "it is another account's")
def foreign(world: World) -> Answer:
    made = world.account().post("/v1/contacts", {"phone": "+212612345678"}).body["id"]
    return world.account().call("DELETE", f"/v1/contacts/{made}")


@refusal("c", "message_too_long", 400, "1,601 characters")
def too_long(world: World) -> Answer:
    return world.account().post(SEND, HELLO | {"message": "x" * 1601})
