"""Document B, EnvoiSMS.ma: the 29 endpoints, each by the curl command that is printed for it."""

import random
import re

from tests.contract import printed
from tests.contract.example import World, example
from tests.contract.likeness import Differs
from tests.stand_ins.customer import Answer, Customer

BRAND = "white label: the prefix of the house"
WHATSAPP = {"channels": ["whatsapp"]}
KARIM = {name: printed.answer("b", "POST /v1/contacts")[name] for name in ("phone", "name", "email")}
NEWSLETTER = {"name": "Newsletter Clients", "description": "Clients inscrits à notre lettre d'information"}
BY_WHATSAPP = {
    "to": "+212612345678",
    "message": "Votre code de validation est 849204",
    "from": "MaBanque",
    "channel": "whatsapp",
}


def _made(answer: Answer) -> str:
    assert answer.status in (200, 201, 202), answer.raw
    made: str = answer.body["id"]
    return made


def _list(customer: Customer, **changes: str) -> str:
    return _made(customer.post("/v1/contacts/lists", NEWSLETTER | changes))


def _contact(customer: Customer, **more: object) -> str:
    return _made(customer.post("/v1/contacts", KARIM | more))


@example("b", "POST /v1/messages", 202)
def message(world: World) -> Answer:
    return world.curl(world.account(**WHATSAPP), "POST /v1/messages")


@example("b", "POST /v1/messages/bulk", 202)
def bulk(world: World) -> Answer:
    return world.curl(world.account(), "POST /v1/messages/bulk")


@example("b", "GET /v1/messages")
def messages(world: World) -> Answer:
    customer = world.account(**WHATSAPP)
    customer.wait_for(_made(customer.post("/v1/messages", BY_WHATSAPP)))
    return world.curl(customer, "GET /v1/messages")


@example("b", "GET /v1/messages/:id")
def message_page(world: World) -> Answer:
    customer = world.account(**WHATSAPP)
    made = _made(customer.post("/v1/messages", BY_WHATSAPP | {"metadata": {"purpose": "otp"}}))
    customer.wait_for(made)
    answer = world.curl(customer, "GET /v1/messages/:id", {":id": made})
    world.state["metadata"] = '{"purpose": "otp"}'
    return answer


@example("b", "POST /v1/verify/send", 202)
def otp(world: World) -> Answer:
    """To a number of its own: a live one gets a code every 30 seconds, whoever asks."""
    to = f"+21266{random.randint(0, 9_999_999):07d}"
    world.state["to"] = to
    return world.curl(world.account(**WHATSAPP), "POST /v1/verify/send", {"+212612345678": to})


@example("b", "POST /v1/verify/send", 202, more="sandbox")
def otp_in_the_sandbox(world: World) -> Answer:
    return world.curl(world.account(mode="test", **WHATSAPP), "POST /v1/verify/send")


def _session(customer: Customer) -> tuple[str, str]:
    sent = customer.post("/v1/verify/send", {"to": "+212612345678", "channel": "whatsapp"}).body
    return sent["session_id"], sent["sandbox_code"]


@example("b", "POST /v1/verify/check")
def check(world: World) -> Answer:
    customer = world.account(mode="test", **WHATSAPP)
    session_id, code = _session(customer)
    return world.curl(customer, "POST /v1/verify/check", {"vrf_7e2a...": session_id, "849204": code})


@example("b", "GET /v1/verify/:id")
def session(world: World) -> Answer:
    customer = world.account(mode="test", **WHATSAPP)
    session_id, code = _session(customer)
    customer.post("/v1/verify/check", {"session_id": session_id, "code": code})
    return world.curl(customer, "GET /v1/verify/:id", {":id": session_id})


@example(
    "b",
    "POST /v1/verify/lookup",
    differs={
        "location": Differs(None, "a mobile number says nothing of where its owner is"),
        "carrier": Differs("Orange", "the range 0612 was allocated to Orange, not to IAM as printed"),
    },
)
def lookup(world: World) -> Answer:
    return world.curl(world.account(), "POST /v1/verify/lookup")


@example("b", "GET /v1/contacts", state={"limit": 50})
def contacts(world: World) -> Answer:
    """The printed request asks for 50; the answer printed beside it is that of the default, 100."""
    customer = world.account()
    _contact(customer, custom_fields={"custom1": "VIP"})
    assert customer.get("/v1/contacts").body["limit"] == 100
    return world.curl(customer, "GET /v1/contacts")


@example("b", "POST /v1/contacts", 201, state={"custom1": None})
def contact(world: World) -> Answer:
    """The printed request has no custom fields, the answer printed beside it has one."""
    customer = world.account()
    return world.curl(customer, "POST /v1/contacts", {"lst_f84b...": _list(customer)})


@example("b", "POST /v1/contacts", 200, more="known, with custom fields")
def known_contact(world: World) -> Answer:
    customer = world.account()
    _contact(customer, custom_fields={"custom1": "VIP"})
    return world.curl(customer, "POST /v1/contacts", {"lst_f84b...": _list(customer)})


@example("b", "POST /v1/contacts/import", state={"imported": 2, "skipped": 0})
def imported(world: World) -> Answer:
    """The printed request has two contacts."""
    customer = world.account()
    return world.curl(customer, "POST /v1/contacts/import", {"lst_f84b...": _list(customer)})


@example("b", "DELETE /v1/contacts/:id")
def delete_contact(world: World) -> Answer:
    customer = world.account()
    answer = world.curl(customer, "DELETE /v1/contacts/:id", {":id": _contact(customer)})
    assert customer.get("/v1/contacts").body["total"] == 0
    return answer


@example("b", "GET /v1/contacts/lists", state={"data[0].count": 1})
def lists(world: World) -> Answer:
    customer = world.account()
    _contact(customer, list_id=_list(customer))
    return world.curl(customer, "GET /v1/contacts/lists")


@example("b", "POST /v1/contacts/lists", 201)
def contact_list(world: World) -> Answer:
    return world.curl(world.account(), "POST /v1/contacts/lists")


@example("b", "GET /v1/webhooks")
def webhooks(world: World) -> Answer:
    """One that was posted to, so that `last_status` is the receiver's 200."""
    customer = world.account()
    url = world.receiver.url + "/api/envoisms-receiver"
    events = ["message.delivered", "message.failed"]
    _made(customer.post("/v1/webhooks", {"url": url, "events": events}))
    customer.send()
    world.receiver.wait_for(1)
    world.state["data[0].url"] = url
    answer = customer.get("/v1/webhooks")
    while (
        answer.body["data"][0]["last_status"] is None
    ):  # noted in a moment, or the test ends by its time limit
        answer = customer.get("/v1/webhooks")
    return world.curl(customer, "GET /v1/webhooks")


@example("b", "POST /v1/webhooks", 201)
def webhook(world: World) -> Answer:
    return world.curl(world.account(), "POST /v1/webhooks")


def _webhook(customer: Customer, url: str = "https://mon-serveur.ma/api/envoisms-receiver") -> str:
    return _made(customer.post("/v1/webhooks", {"url": url}))


@example("b", "PATCH /v1/webhooks/:id")
def change_webhook(world: World) -> Answer:
    customer = world.account()
    answer = world.curl(customer, "PATCH /v1/webhooks/:id", {":id": _webhook(customer)})
    (row,) = customer.get("/v1/webhooks").body["data"]
    assert (row["url"], row["active"]) == ("https://mon-serveur.ma/api/envoisms-receiver-updated", False)
    return answer


@example("b", "DELETE /v1/webhooks/:id")
def delete_webhook(world: World) -> Answer:
    customer = world.account()
    answer = world.curl(customer, "DELETE /v1/webhooks/:id", {":id": _webhook(customer)})
    assert customer.get("/v1/webhooks").body["data"] == []
    return answer


@example("b", "POST /v1/webhooks/:id/test")
def test_webhook(world: World) -> Answer:
    customer = world.account()
    made = _webhook(customer, world.receiver.url + "/")
    answer = world.curl(customer, "POST /v1/webhooks/:id/test", {":id": made})
    (request,) = world.receiver.wait_for(1)
    assert b'"event":"message.test"' in request.body
    return answer


@example(
    "b",
    "GET /v1/api-keys",
    more_rows=True,
    differs={"data[0].key_prefix": Differs(re.compile(r"rsl_live_\S{8}"), BRAND)},
)
def api_keys(world: World) -> Answer:
    """The key asks itself, from an address on its list."""
    customer = world.account()
    body = {
        "name": "Production Server",
        "permissions": ["send", "verify", "status"],
        "ip_whitelist": ["196.200.1.4"],
    }
    _made(customer.post("/v1/api-keys", body))
    world.state["data[0].last_used_at"] = None  # nobody can call from 196.200.1.4 here
    answer = world.curl(customer, "GET /v1/api-keys")
    own = answer.body["data"][1]["last_used_at"]
    assert own is None or own.endswith("Z")
    return answer


@example(
    "b",
    "POST /v1/api-keys",
    201,
    differs={
        "key_prefix": Differs(re.compile(r"rsl_live_\S{8}"), BRAND),
        "api_key": Differs(re.compile(r"rsl_live_\S{43}"), BRAND),
    },
)
def api_key(world: World) -> Answer:
    return world.curl(world.account(), "POST /v1/api-keys")


def _key(customer: Customer) -> str:
    return _made(customer.post("/v1/api-keys", {}))


@example("b", "PATCH /v1/api-keys/:id")
def change_api_key(world: World) -> Answer:
    customer = world.account()
    answer = world.curl(customer, "PATCH /v1/api-keys/:id", {":id": _key(customer)})
    assert customer.get("/v1/api-keys").body["data"][0]["name"] == "Backup Server"
    return answer


@example("b", "DELETE /v1/api-keys/:id")
def revoke_api_key(world: World) -> Answer:
    customer = world.account()
    answer = world.curl(customer, "DELETE /v1/api-keys/:id", {":id": _key(customer)})
    assert customer.get("/v1/api-keys").body["data"][0]["active"] is False
    return answer


@example("b", "GET /v1/billing/balance")
def balance(world: World) -> Answer:
    answer = world.curl(world.account(credit="1492.5"), "GET /v1/billing/balance")
    assert set(answer.body) == {"balance_mad", "currency", "plan"}
    return answer


@example(
    "b",
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
