"""Document D, Prosendi: its five addresses and printed refusals. A printed request is sent as printed, but for the number of the
SIM and its id, which are the pool's."""

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Account
from billing import quotas
from messaging import sim_pool
from messaging.models import Sim
from tests.contract import printed
from tests.contract.example import World, example
from tests.contract.likeness import OURS
from tests.stand_ins.customer import Answer, Customer
from tests.stand_ins.waiting import until

UUID = OURS["uuid"]
SIM: sim_pool.Values = {
    "carrier": "simulator",
    "name": "Orange Mali SIM",
    "operator": "Orange",
    "port": 8,
    "slot": 2,
    "daily_limit": 100,
    "monthly_limit": 3000,
}


@dataclass
class Shop:
    """A customer in Mali with a SIM of its own."""

    customer: Customer
    sim: Sim

    def post(self, heading: str) -> Answer:
        """Send the printed body of the request of a heading."""
        body = printed.request("d", heading) | {"sim_number_id": self.sim.id}
        return self.customer.post(heading.removeprefix("POST "), body)


def shop(world: World, **key: Any) -> Shop:
    """A new account, Orange Mali, with a SIM that has the printed facts but for its number."""
    customer = world.account(**key)
    number = f"+2236{random.randint(0, 9_999_999):07d}"
    with world.operator.at_work():
        Account.objects.filter(pk=customer.account_id).update(name="Orange Mali")
        account = Account.objects.get(pk=customer.account_id)
        return Shop(customer, sim_pool.add(number, {**SIM, "account": account}, actor="test"))


def _sent(world: World, opened: Shop, path: str = "data") -> None:
    world.state |= {
        f"{path}.sms_id": UUID,
        f"{path}.task_id": re.compile(r"\d+"),
        f"{path}.sim_number": opened.sim.number,
    }


@example("d", "POST /api/sms/send")
def send(world: World) -> Answer:
    opened = shop(world)
    _sent(world, opened)
    return opened.post("POST /api/sms/send")


@example("d", "POST /api/sms/send-bulk")
def send_bulk(world: World) -> Answer:
    opened = shop(world)
    for index in (0, 1):
        _sent(world, opened, f"results[{index}]")
    return opened.post("POST /api/sms/send-bulk")


@example("d", "GET /api/sms/status/{sms_id}")
def status(world: World) -> Answer:
    """While the receipt is out: the number whose receipts never come."""
    opened = shop(world)
    body = {"recipient": "+22370123456", "message": "Your message text"}
    sms_id = opened.customer.post("/api/sms/send", body).body["data"]["sms_id"]
    world.state |= {
        "data.sms_id": sms_id,
        "data.sender": opened.sim.number,
        "data.sim_number": opened.sim.number,
        "data.sent_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
        "data.cost": Decimal("0.77"),
    }
    answer = opened.customer.get(f"/api/sms/status/{sms_id}")
    if answer.body["data"]["status"] == "delivered":  # the receipt was quicker than the second request
        world.state |= {"data.status": "delivered", "data.status_label": "Delivered"}
        world.state["data.delivered_at"] = world.state["data.sent_at"]
    return answer


@example("d", "GET /api/sms/sims/available", more_rows=True)
def sims(world: World) -> Answer:
    opened = shop(world)
    opened.post("POST /api/sms/send")
    for way in ("data.assigned_sim", "data.available_sims[0]"):
        world.state |= {f"{way}.id": opened.sim.id, f"{way}.number": opened.sim.number}
    world.state |= {
        "data.available_sims[0].is_default": False,
        "data.available_sims[0].usage_stats.today_sent": 1,
        "data.available_sims[0].usage_stats.today_failed": 0,
        "data.available_sims[0].usage_stats.this_month_sent": 1,
    }
    return opened.customer.get("/api/sms/sims/available")


@example("d", "GET /api/sms/test-connection")
def test_connection(world: World) -> Answer:
    return shop(world, scopes=["admin:gateway"]).customer.get("/api/sms/test-connection")


@example("d", "inactive_api_key", 401)
def inactive_api_key(world: World) -> Answer:
    customer = world.account(expires_at=datetime(2025, 1, 15, tzinfo=UTC))
    return customer.post("/api/sms/send", {"recipient": "+22370123456", "message": "Hello World"})


@example("d", "service_type_mismatch", 403)
def service_type_mismatch(world: World) -> Answer:
    customer = world.account(service="email")
    return customer.post("/api/sms/send", {"recipient": "+22370123456", "message": "Hello World"})


@example("d", "quota_exceeded", 429)
def quota_exceeded(world: World) -> Answer:
    """A month's quota of 1,000, used up; ten more are asked for. Each web process looks every three seconds which accounts have a
    quota; until then there is money and room for what is asked."""
    opened = shop(world, credit="2000")
    world.sql(
        "UPDATE messaging_sim SET daily_limit = NULL, monthly_limit = NULL WHERE id = %s", opened.sim.id
    )
    with world.operator.at_work():
        quota = quotas.set_monthly(opened.customer.account_id, 1000, actor="test")
        quota.used, quota.month = 1000, datetime.now(UTC).date().replace(day=1)
        quota.save()
    body = {"messages": [{"recipient": "+22370123456", "message": "x"}] * 10}
    answers: list[Answer] = []

    def refused() -> bool:
        answers.append(opened.customer.post("/api/sms/send-bulk", body))
        return answers[-1].status != 200

    until(refused, seconds=6, what="the quota is known")
    return answers[-1]
