"""Campaigns and analytics of documents A and B. What is counted is counted over a few messages, not over
the documents' thousands."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.contract import printed
from tests.contract.example import CODE, World, example
from tests.stand_ins.customer import Answer, Customer
from tests.stand_ins.waiting import until

SLOWLY = {"throttling": "720_hour"}  # one every five seconds


def _made(answer: Answer) -> str:
    assert answer.status == 201, answer.raw
    made: str = answer.body["id"]
    return made


def audience(customer: Customer, count: int, *, opted_out: int = 0) -> str:
    """A list of so many contacts, of whom the first few opted out."""
    made = _made(customer.post("/v1/contacts/lists", {"name": "Customers"}))
    phones = [f"+21261234{index:04d}" for index in range(count)]
    rows = [{"phone": phone, "name": f"Client {index}"} for index, phone in enumerate(phones)]
    assert customer.post("/v1/contacts/import", {"contacts": rows, "list_id": made}).status == 200
    for phone in phones[:opted_out]:
        assert customer.post("/v1/optouts", {"phone": phone}).status == 201
    return made


def draft(customer: Customer, document: str, **more: object) -> str:
    """A campaign with the facts that the document prints of it."""
    shown = {
        "a": {"name": "Ramadan promo", "body": "Bonjour {{name}}"},
        "b": printed.answer("b", "GET /v1/campaigns")["data"][0],
    }[document]
    facts = {name: shown[name] for name in ("name", "body", "channel", "sender_id") if name in shown}
    return _made(customer.post("/v1/campaigns", facts | more))


def running(world: World, document: str, **more: object) -> tuple[Customer, str]:
    """A campaign in the middle of being sent: one of three is."""
    customer = world.account()
    made = draft(customer, document, list_id=audience(customer, 3), metadata=SLOWLY, **more)
    assert customer.post(f"/v1/campaigns/{made}/send", {}).status == 200

    def one_sent() -> bool:
        return bool(customer.get(f"/v1/campaigns/{made}").body["sent_count"] == 1)

    until(one_sent, seconds=10, what="one message of the campaign is sent")
    return customer, made


@example("a", "GET /v1/campaigns")
def a_campaigns(world: World) -> Answer:
    customer = world.account()
    draft(customer, "a")
    return customer.get("/v1/campaigns")


@example("a", "POST /v1/campaigns", 201)
def a_campaign(world: World) -> Answer:
    customer = world.account()
    return customer.post("/v1/campaigns", {"name": "Ramadan promo", "body": "Bonjour {{name}}"})


@example("a", "POST /v1/campaigns", 201, more="scheduled", state={"status": "scheduled"})
def a_scheduled_campaign(world: World) -> Answer:
    customer = world.account()
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    body = {
        "name": "Ramadan promo",
        "body": "Bonjour",
        "list_id": audience(customer, 1),
        "scheduled_at": later,
    }
    return customer.post("/v1/campaigns", body)


@example("a", "GET /v1/campaigns/{id}", state={"total_count": 3, "sent_count": 1})
def a_running_campaign(world: World) -> Answer:
    customer, made = running(world, "a")
    return customer.get(f"/v1/campaigns/{made}")


@example("a", "POST /v1/campaigns/{id}/send", state={"queued": 4, "total": 5})
def a_send(world: World) -> Answer:
    """Those who opted out are counted, and left out."""
    customer = world.account()
    made = draft(customer, "a", list_id=audience(customer, 5, opted_out=1))
    return customer.post(f"/v1/campaigns/{made}/send")


@example("b", "GET /v1/campaigns")
def b_campaigns(world: World) -> Answer:
    customer = world.account()
    draft(customer, "b", list_id=audience(customer, 1))
    return world.curl(customer, "GET /v1/campaigns")


@example("b", "POST /v1/campaigns", 201)
def b_campaign(world: World) -> Answer:
    customer = world.account()
    return world.curl(customer, "POST /v1/campaigns", {"lst_f84b...": audience(customer, 1)})


@example("b", "GET /v1/campaigns/:id", state={"total_count": 3, "sent_count": 1})
def b_running_campaign(world: World) -> Answer:
    customer, made = running(world, "b", body=printed.answer("b", "GET /v1/campaigns/:id")["body"])
    return world.curl(customer, "GET /v1/campaigns/:id", {":id": made})


@example("b", "POST /v1/campaigns/:id/send", state={"queued": 3, "total": 3})
def b_send(world: World) -> Answer:
    customer = world.account()
    made = draft(customer, "b", list_id=audience(customer, 3))
    return world.curl(customer, "POST /v1/campaigns/:id/send", {":id": made})


COUNTED: dict[str, object] = {
    "summary.total": 2,
    "summary.delivered": 1,
    "summary.delivery_rate": Decimal("50.0"),
}


def counted(customer: Customer) -> None:
    """One message is delivered and one fails, and both are in the figures."""
    for to in ("+212600000000", "+212600000001"):
        customer.wait_for(customer.send(to, message=CODE)["id"])

    def there() -> bool:
        return bool(customer.get("/v1/analytics").body["summary"].get("failed") == 1)

    until(there, seconds=15, what="the figures are up to date")


@example(
    "a",
    "GET /v1/analytics",
    more_rows=True,
    state=COUNTED
    | {"summary.failed": 1, "summary.cost_eur": Decimal("0.22"), "summary.cost_mad": Decimal("2.42")},
)
def a_analytics(world: World) -> Answer:
    customer = world.account()
    counted(customer)
    return customer.get("/v1/analytics?days=30")


@example("b", "GET /v1/analytics", state=COUNTED | {"summary.cost_mad": Decimal("0.31")})
def b_analytics(world: World) -> Answer:
    customer = world.account()
    counted(customer)
    return world.curl(customer, "GET /v1/analytics")
