"""Analytics over the running stack: what happened to messages is what the figures say, within seconds."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from messaging import tally
from tests.conftest import NewAccount
from tests.stand_ins.customer import Customer
from tests.stand_ins.operator import Operator
from tests.stand_ins.waiting import until

PRICE = Decimal("0.28")


def figures(customer: Customer, *names: str) -> list[Any]:
    summary = customer.get("/v1/analytics?days=2").body["summary"]
    return [summary[name] for name in names]


def test_every_way_to_end_is_counted_once(new_account: NewAccount, operator: Operator) -> None:
    customer = new_account(credit="100")
    for digit in (0, 1, 2, 3, 6, 7):
        customer.send(f"+21260000000{digit}")
    later = customer.send(scheduled_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())["id"]
    assert customer.post(f"/v1/messages/{later}/cancel").status == 200
    items = [{"to": f"+2126123400{n:02}", "message": "Bonjour"} for n in range(40)]
    assert customer.post("/v1/messages/bulk", {"messages": items}).status == 202
    operator.new_key(customer.account_id, mode="test").send("+212600000000")
    names = ("total", "delivered", "undeliverable", "failed", "expired", "cancelled", "in_progress")

    def all_are_counted() -> bool:
        with operator.at_work():
            tally.fold(limit=3)  # beside the stack's own
        return figures(customer, *names) == [47, 43, 1, 1, 1, 1, 0]

    until(all_are_counted, what="all are counted")
    assert figures(customer, "cost_mad", "refunded_mad") == [45 * PRICE, 2 * PRICE]
    assert customer.balance() == 100 - 45 * PRICE
    with operator.at_work():
        assert tally.differences() == []
