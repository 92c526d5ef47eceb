"""Every error code that document D lists and every status that E lists, and how it is provoked."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.contract.example import World
from tests.contract.examples_d import shop
from tests.contract.refusals import refusal
from tests.stand_ins.customer import Answer, Customer

MALI = {"recipient": "+22370123456", "message": "Hello World"}
LEBANON = {"to": "+96171123456", "message": "Hello"}
PAST = datetime(2025, 1, 15, tzinfo=UTC)


def _mali(customer: Customer, **headers: str) -> Answer:
    return customer.post("/api/sms/send", MALI, **headers)


@refusal("d", "missing_api_key", 401, "no key is given")
def d_missing(world: World) -> Answer:
    return _mali(world.account(), authorization="")


@refusal("d", "invalid_api_key", 401, "the key is nobody's")
def d_invalid(world: World) -> Answer:
    return _mali(world.account(), authorization="", x_api_key="your_api_key_here")


@refusal("d", "inactive_api_key", 401, "the key has expired")
def d_expired(world: World) -> Answer:
    return _mali(world.account(expires_at=PAST))


@refusal("d", "inactive_api_key", 401, "the key is deactivated")
def d_inactive(world: World) -> Answer:
    maker = world.account()
    made = maker.post("/v1/api-keys", {}).body
    maker.call("PATCH", f"/v1/api-keys/{made['id']}", {"active": False})
    answer = _mali(maker, authorization="", x_api_key=made["api_key"])
    assert answer.body["data"] == {
        "expired": False,
        "deactivated": True,
        "expires_date": None,
        "active": False,
    }
    return answer


def _suspended(world: World) -> Customer:
    """A customer whose account is suspended; nobody has seen the key before."""
    customer = world.account()
    world.sql("UPDATE accounts_account SET status = 'suspended' WHERE id = %s", customer.account_id)
    return customer


@refusal("d", "inactive_company", 403, "the account is suspended")
def d_suspended(world: World) -> Answer:
    return _mali(_suspended(world))


@refusal("d", "service_type_mismatch", 403, "the key is for another service")
def d_service(world: World) -> Answer:
    return _mali(world.account(service="whatsapp"))


@refusal("d", "quota_exceeded", 429, "the balance is short")
def d_poor(world: World) -> Answer:
    """There is no code for money in D: it is the quota of messages that the balance pays for."""
    answer = _mali(shop(world, credit="0.50").customer)
    assert answer.body["data"]["remaining"] == 0
    return answer


@refusal("d", "invalid_request", 400, "the number breaks the rule")
def d_number(world: World) -> Answer:
    return world.account().post("/api/sms/send", MALI | {"recipient": "22350123456"})


@refusal("d", "invalid_request", 400, "1,601 characters")
def d_too_long(world: World) -> Answer:
    return shop(world).customer.post("/api/sms/send", MALI | {"message": "x" * 1601})


@refusal("d", "sim_unavailable", 400, "the SIM that is wished for is not the account's")
def d_no_sim(world: World) -> Answer:
    return world.account().post("/api/sms/send", MALI | {"sim_number_id": 2_000_000_000})


@refusal("d", "company_not_found", 500, "the account has no ledger")
def d_no_company(world: World) -> Answer:
    customer = shop(world, credit="0").customer
    (kept,) = world.sql("DELETE FROM billing_ledger WHERE account_id = %s RETURNING *", customer.account_id)
    try:
        return _mali(customer)
    finally:
        names = ", ".join(kept)
        places = ", ".join(["%s"] * len(kept))
        world.sql(f"INSERT INTO billing_ledger ({names}) VALUES ({places})", *kept.values())


def _lebanon(customer: Customer, **changes: object) -> Answer:
    return customer.post("/api/v1/send", LEBANON | changes)


@refusal("e", "unauthorized", 401, "the key is missing")
def e_missing(world: World) -> Answer:
    return world.account().get("/api/v1/balance", authorization="")


@refusal("e", "unauthorized", 401, "the key is nobody's")
def e_invalid(world: World) -> Answer:
    return world.account().get("/api/v1/balance", authorization="", x_api_key="nobody's")


@refusal("e", "account_inactive", 403, "the account is not active")
def e_suspended(world: World) -> Answer:
    answer = _suspended(world).get("/api/v1/account")
    assert answer.body["message"] == "Account not active"
    return answer


@refusal("e", "missing_field", 400, "a required parameter is missing")
def e_without_text(world: World) -> Answer:
    return _lebanon(world.account(), message="")


@refusal("e", "invalid_phone_number", 400, "the number is none")
def e_number(world: World) -> Answer:
    return _lebanon(world.account(), to="123")


@refusal("e", "insufficient_balance", 400, "the balance is short")
def e_poor(world: World) -> Answer:
    return _lebanon(world.account(credit="0.02"))


@refusal("e", "not_found", 404, "there is no such address")
def e_nowhere(world: World) -> Answer:
    return world.account().get("/api/v1/nothing")


@refusal("e", "rate_limit_exceeded", 429, "more than the key's requests per minute")
def e_too_fast(world: World) -> Answer:
    customer = world.account(rate_per_minute=100)
    answers = [customer.get("/api/v1/balance") for _ in range(100)]
    assert {answer.status for answer in answers} == {200}
    # While the hundred were answered a few more may have become due.
    return next(
        answer for answer in (customer.get("/api/v1/balance") for _ in range(100)) if answer.status != 200
    )
