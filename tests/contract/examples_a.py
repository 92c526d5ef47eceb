"""Document A, SMS Maroc: its 36 endpoints. It prints curl for three calls and the answer of each; the other calls are made as
its list of fields says."""

import random
import re
from decimal import Decimal

from tests.contract.example import CODE, World, example
from tests.contract.likeness import Differs
from tests.stand_ins.customer import Answer, Customer

SARA = {"phone": "+212612345678", "name": "Sara", "email": "sara@example.com"}
URL = "https://example.com/smsmaroc/webhook"
BRAND = "white label: the brand of the house stands there"


def _by(customer: Customer, method: str, path: str, body: object = None) -> Answer:
    answer = customer.call(method, path, body)
    assert answer.status < 300, answer.raw
    return answer


def _delivered(customer: Customer) -> str:
    message_id: str = customer.send(message=CODE)["id"]
    customer.wait_for(message_id)
    return message_id


@example("a", "GET /health", differs={"service": Differs("risala-api", BRAND)})
def health(world: World) -> Answer:
    return world.account().get("/health", authorization="")


@example("a", "POST /v1/messages", 202)
def start_here(world: World) -> Answer:
    return world.curl(world.account(), "Start here")


@example("a", "POST /v1/messages/bulk", 202, more_rows=True)
def bulk(world: World) -> Answer:
    """Two messages, of which the document prints the first."""
    items = [{"to": "0612345678", "message": "Bonjour"}, {"to": "212612345679", "body": "Bonjour Sara"}]
    return world.account().post("/v1/messages/bulk", {"messages": items, "from": "MonApp"})


@example("a", "GET /v1/messages")
def messages(world: World) -> Answer:
    customer = world.account()
    _delivered(customer)
    return customer.get("/v1/messages?status=delivered&channel=sms&from_date=2026-01-01T00:00:00Z")


@example("a", "GET /v1/messages/{id}")
def message(world: World) -> Answer:
    customer = world.account()
    return customer.get(f"/v1/messages/{_delivered(customer)}")


@example("a", "POST /v1/verify/send", 202)
def otp_flow(world: World) -> Answer:
    """To a number of its own: a live one gets a code every 30 seconds, whoever asks."""
    to = f"+21266{random.randint(0, 9_999_999):07d}"
    world.state["to"] = to
    return world.curl(world.account(), "OTP flow", {"+212612345678": to})


@example("a", "POST /v1/verify/send", 202, more="sandbox")
def otp_in_the_sandbox(world: World) -> Answer:
    answer = world.curl(world.account(mode="test"), "OTP flow")
    assert re.fullmatch(r"\d{6}", answer.body["sandbox_code"])
    return answer


def _session(customer: Customer) -> tuple[str, str]:
    sent = customer.post("/v1/verify/send", {"to": "+212612345678", "brand": "MonApp"}).body
    return sent["session_id"], sent["sandbox_code"]


@example("a", "POST /v1/verify/check")
def check(world: World) -> Answer:
    customer = world.account(mode="test")
    session_id, code = _session(customer)
    return customer.post("/v1/verify/check", {"session_id": session_id, "code": code})


@example("a", "GET /v1/verify/{session_id}")
def session(world: World) -> Answer:
    customer = world.account(mode="test")
    return customer.get(f"/v1/verify/{_session(customer)[0]}")


@example("a", "GET /v1/contacts")
def contacts(world: World) -> Answer:
    customer = world.account()
    made = _by(customer, "POST", "/v1/contacts/lists", {"name": "Customers"}).body["id"]
    _by(customer, "POST", "/v1/contacts", SARA | {"list_id": made})
    return customer.get(f"/v1/contacts?q=sara&list_id={made}")


@example("a", "POST /v1/contacts", 201)
def contact(world: World) -> Answer:
    customer = world.account()
    answer = customer.post("/v1/contacts", SARA | {"custom_fields": {"custom1": "a", "custom3": "c"}})
    again = customer.post("/v1/contacts", SARA)
    assert (again.status, again.body["id"]) == (200, answer.body["id"])
    return answer


@example("a", "POST /v1/contacts/import")
def imported(world: World) -> Answer:
    """Five thousand, as many as are allowed, of which two are no numbers."""
    rows = [{"phone": f"+2126{index:08d}", "name": f"Client {index}"} for index in range(4998)]
    return world.account().post("/v1/contacts/import", {"contacts": [*rows, {"phone": "?"}, {"name": "x"}]})


@example("a", "GET /v1/contacts/lists", state={"data[0].count": 1})
def lists(world: World) -> Answer:
    customer = world.account()
    made = _by(customer, "POST", "/v1/contacts/lists", {"name": "Customers"}).body["id"]
    _by(customer, "POST", "/v1/contacts", SARA | {"list_id": made})
    return customer.get("/v1/contacts/lists")


@example("a", "POST /v1/contacts/lists", 201)
def contact_list(world: World) -> Answer:
    body = {"name": "Customers", "description": "Main active customers"}
    return world.account().post("/v1/contacts/lists", body)


@example("a", "DELETE /v1/contacts/{id}")
def delete_contact(world: World) -> Answer:
    customer = world.account()
    return customer.call("DELETE", f"/v1/contacts/{_by(customer, 'POST', '/v1/contacts', SARA).body['id']}")


@example("a", "GET /v1/optouts")
def optouts(world: World) -> Answer:
    customer = world.account()
    _by(customer, "POST", "/v1/optouts", {"phone": "0612345678"})
    return customer.get("/v1/optouts?limit=100&offset=0")


@example("a", "POST /v1/optouts", 201)
def opt_out(world: World) -> Answer:
    customer = world.account()
    _by(customer, "POST", "/v1/contacts", SARA)
    answer = customer.post("/v1/optouts", {"phone": "+212612345678"})
    assert customer.get("/v1/contacts").body["data"][0]["opted_out"] is True
    return answer


@example("a", "DELETE /v1/optouts/{phone}")
def opt_in(world: World) -> Answer:
    customer = world.account()
    _by(customer, "POST", "/v1/optouts", {"phone": "+212612345678"})
    return customer.call("DELETE", "/v1/optouts/+212612345678")


def _webhook(customer: Customer) -> str:
    made: str = _by(customer, "POST", "/v1/webhooks", {"url": URL}).body["id"]
    return made


@example("a", "GET /v1/webhooks")
def webhooks(world: World) -> Answer:
    customer = world.account()
    _webhook(customer)
    return customer.get("/v1/webhooks")


@example(
    "a",
    "POST /v1/webhooks",
    201,
    differs={
        "secret": Differs(
            re.compile(r"whsec_\S{44}"), "generated secrets begin with whsec_, as elsewhere in A"
        )
    },
)
def webhook(world: World) -> Answer:
    return world.account().post("/v1/webhooks", {"url": URL})


@example(
    "a", "POST /v1/webhooks", 201, more="curl",
    state={"events": ["message.sent", "message.delivered", "message.failed"], "secret": "whsec_keep_this_private"},
)  # fmt: skip
def webhook_with_a_secret(world: World) -> Answer:
    world.state["url"] = URL
    return world.curl(world.account(), "Webhooks")


@example("a", "PATCH /v1/webhooks/{id}")
def change_webhook(world: World) -> Answer:
    customer = world.account()
    body = {"url": URL + "/2", "events": ["message.*"], "active": False}
    return customer.call("PATCH", f"/v1/webhooks/{_webhook(customer)}", body)


@example("a", "DELETE /v1/webhooks/{id}")
def delete_webhook(world: World) -> Answer:
    """A soft delete: it stays in the list, with `active` 0."""
    customer = world.account()
    answer = customer.call("DELETE", f"/v1/webhooks/{_webhook(customer)}")
    assert [row["active"] for row in customer.get("/v1/webhooks").body["data"]] == [0]
    return answer


@example("a", "POST /v1/webhooks/{id}/test")
def test_webhook(world: World) -> Answer:
    customer = world.account()
    made = _by(customer, "POST", "/v1/webhooks", {"url": world.receiver.url + "/"}).body["id"]
    answer = customer.post(f"/v1/webhooks/{made}/test")
    (request,) = world.receiver.wait_for(1)
    assert request.headers["x-smsmaroc-event"] == "message.test"
    return answer


@example(
    "a",
    "GET /v1/api-keys",
    more_rows=True,
    differs={"data[0].key_prefix": Differs(re.compile(r"rsl_live_\S{8}"), BRAND)},
)
def api_keys(world: World) -> Answer:
    customer = world.account()
    _by(customer, "POST", "/v1/api-keys", {"name": "Production key", "permissions": ["send", "status"]})
    return customer.get("/v1/api-keys")


@example("a", "POST /v1/api-keys", 201, differs={"api_key": Differs(re.compile(r"rsl_live_\S{43}"), BRAND)})
def api_key(world: World) -> Answer:
    body = {"name": "Production key", "permissions": ["send", "status"], "rate_limit": 100}
    return world.account().post("/v1/api-keys", body)


def _key(customer: Customer) -> str:
    made: str = _by(customer, "POST", "/v1/api-keys", {}).body["id"]
    return made


@example("a", "PATCH /v1/api-keys/{id}")
def change_api_key(world: World) -> Answer:
    customer = world.account()
    body = {
        "name": "Other",
        "permissions": ["send"],
        "ip_whitelist": ["196.200.1.4"],
        "rate_limit": 10,
        "active": False,
    }
    return customer.call("PATCH", f"/v1/api-keys/{_key(customer)}", body)


@example("a", "DELETE /v1/api-keys/{id}")
def revoke_api_key(world: World) -> Answer:
    """It stays in the list, with `active` 0."""
    customer = world.account()
    answer = customer.call("DELETE", f"/v1/api-keys/{_key(customer)}")
    assert sorted(row["active"] for row in customer.get("/v1/api-keys").body["data"]) == [0, 1]
    return answer


@example("a", "GET /v1/billing/balance")
def balance(world: World) -> Answer:
    return world.account(credit="45.23", plan="business").get("/v1/billing/balance")


@example("a", "GET /v1/balance")
def balance_alias(world: World) -> Answer:
    return world.account(credit="45.23", plan="business").get("/v1/balance")


@example(
    "a",
    "GET /v1/billing/transactions",
    more_rows=True,
    differs={"total": Differs(2, "the opening top-up is in the books too")},
)
def transactions(world: World) -> Answer:
    customer = world.account()
    customer.send()
    return customer.get("/v1/billing/transactions?limit=50&offset=0")


CHECKOUT = re.compile(r"http://127\.0\.0\.1:\d+/dashboard/billing\?topup=topup_[0-9a-f]{32}")
HERE = {"checkout_url": Differs(CHECKOUT, "the same path on the host of the house")}


@example("a", "POST /v1/billing/topups", 201, differs=HERE)
def topup(world: World) -> Answer:
    body = {"amount_eur": 50, "payment_method": "bank_transfer"}
    return world.account().post("/v1/billing/topups", body)


@example("a", "POST /v1/billing/topups", 201, more="by default, sandbox", differs=HERE)
def topup_by_default(world: World) -> Answer:
    return world.account(mode="test").post("/v1/billing/topups", {"amount_eur": 50})


@example("a", "GET /v1/billing/plans", more_rows=True)
def plans(world: World) -> Answer:
    """Rows of every plan; the printed one among them."""
    answer = world.account().get("/v1/billing/plans")
    printed_row = {
        "plan": "starter",
        "channel": "sms",
        "price_eur": Decimal("0.22"),
        "price_mad": Decimal("2.42"),
    }
    assert printed_row in [{name: row[name] for name in printed_row} for row in answer.body["data"]]
    world.state["data[0]"] = answer.body["data"][0]
    return answer


@example(
    "a",
    "Errors",
    400,
    differs={
        "error.docs": Differs(re.compile(r"http\S+/docs/errors#invalid_phone"), "the pages of the house"),
        "error.message": Differs(
            re.compile(r"to must be E\.164 format, for example \+212612345678: .+"),
            "what is wrong with this number follows",
        ),
    },
)
def error(world: World) -> Answer:
    return world.account().post("/v1/messages", {"to": "06123", "message": "Bonjour"})
