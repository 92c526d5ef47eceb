"""Document E, massej.li: its seven calls. It prints parameters and statuses; two answers are known from the provider's own page."""

from decimal import Decimal

from tests.contract import printed
from tests.contract.example import World, example
from tests.contract.likeness import Differs
from tests.stand_ins.customer import Answer

MONEY = "money is in the account's currency: there are no points"


@example("e", "POST /api/v1/send", 201, state={"data.message_id": 1, "data.cost": 0, "data.balance": 100})
def send(world: World) -> Answer:
    """By a test key, since nobody has the printed number; ids count up in each account from 1."""
    body = printed.request("e", "POST /api/v1/send")
    return world.account(mode="test").post("/api/v1/send", body)


@example(
    "e",
    "POST /api/v1/send",
    201,
    more="live",
    state={"data.message_id": 1, "data.cost": Decimal("0.77"), "data.balance": Decimal("99.23")},
)
def send_live(world: World) -> Answer:
    customer = world.account()
    body = {"to": "+96171123456", "message": "Hello"}
    return customer.post("/api/v1/send", body, authorization="", x_api_key=customer.key)


@example("e", "GET /api/v1/balance", differs={"data.currency": Differs("MAD", MONEY)})
def balance(world: World) -> Answer:
    return world.account().get("/api/v1/balance")
