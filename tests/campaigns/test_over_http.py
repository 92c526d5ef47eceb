"""Campaigns on the running stack: sent to the end, begun once of fifty, paused in the middle."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from accounts import ids
from contacts.models import ContactList
from tests.campaigns.conftest import PRICE, fill
from tests.conftest import NewAccount
from tests.stand_ins.customer import Customer, together
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack
from tests.stand_ins.waiting import until

REACHED = "SELECT count(*) AS reached FROM messaging_message WHERE campaign_id = %s AND attempts > 0"
IN_HAND = "SELECT 1 FROM messaging_queuerow WHERE campaign_id = %s AND state = 'inflight' LIMIT 1"
PER_PHONE = 'SELECT "to", count(*) AS times FROM messaging_message WHERE campaign_id = %s GROUP BY 1'


def list_of(operator: Operator, customer: Customer, count: int, *, first: int = 0) -> str:
    """A new list of so many contacts: its public id."""
    with operator.at_work():
        made = ContactList.objects.create(account_id=customer.account_id, name="Clients")
        fill(customer.account_id, made.id, count, first=first)
    return ids.show("list", made.id)


def campaign_to(customer: Customer, list_id: str, **more: Any) -> str:
    given = {"name": "Soldes", "body": "Bonjour {{name}}", "list_id": list_id} | more
    answer = customer.post("/v1/campaigns", given)
    assert answer.status == 201, answer.raw
    return str(answer.body["id"])


def do(customer: Customer, campaign: str, verb: str) -> Any:
    answer = customer.post(f"/v1/campaigns/{campaign}/{verb}", {})
    assert answer.status == 200, answer.raw
    return answer.body


def shown(customer: Customer, campaign: str) -> Any:
    return customer.get(f"/v1/campaigns/{campaign}").body


def is_(customer: Customer, campaign: str, status: str) -> bool:
    return bool(shown(customer, campaign)["status"] == status)


def test_begun_once_of_fifty_and_delivered_to_everybody_once(
    new_account: NewAccount, operator: Operator, stack: Stack
) -> None:
    customer = new_account(credit="500")
    campaign = campaign_to(customer, list_of(operator, customer, 250))
    send = partial(customer.post, f"/v1/campaigns/{campaign}/send", {})
    answers = together([send] * 50)
    assert Counter(answer.status for answer in answers) == {200: 1, 409: 49}
    assert {a.error["code"] for a in answers if a.status == 409} == {"INVALID_STATE"}
    until(partial(is_, customer, campaign, "completed"), seconds=30, what="the campaign is completed")
    until(lambda: shown(customer, campaign)["delivered"] == 250, seconds=20, what="all are delivered")
    found = shown(customer, campaign)
    assert (found["sent_count"], found["total_count"], found["pending"]) == (250, 250, 0)
    times = stack.rows(PER_PHONE, [ids.read("campaign", campaign)])
    assert (len(times), {row["times"] for row in times}) == (250, {1})
    assert customer.is_owed_nothing_more() == 500 - 250 * PRICE
    kinds = Counter(row["type"] for row in customer.transactions())
    assert kinds == {"top-up": 1, "hold": 1, "usage": 1}


def test_paused_in_the_middle_it_stops_and_resumed_it_repeats_nobody(
    new_account: NewAccount, operator: Operator, stack: Stack
) -> None:
    customer = new_account(credit="100")
    campaign = campaign_to(customer, list_of(operator, customer, 60), metadata={"throttling": "20_sec"})
    campaign_id = ids.read("campaign", campaign)
    do(customer, campaign, "send")

    def reached() -> int:
        return int(stack.rows(REACHED, [campaign_id])[0]["reached"])

    until(lambda: reached() >= 20, seconds=20, what="the first are sent")
    paused = do(customer, campaign, "pause")
    assert paused["status"] == "paused"
    until(lambda: not stack.rows(IN_HAND, [campaign_id]), seconds=10, what="nothing is in a worker's hands")
    before = reached()
    assert before < 60
    # Meanwhile the workers are not idle: another campaign goes its way, which takes them some rounds.
    other = campaign_to(customer, list_of(operator, customer, 3, first=900), metadata={"throttling": "1_sec"})
    do(customer, other, "send")
    until(partial(is_, customer, other, "completed"), seconds=20, what="the other campaign is completed")
    assert reached() == before
    do(customer, campaign, "resume")
    until(partial(is_, customer, campaign, "completed"), seconds=30, what="the campaign is completed")
    times = stack.rows(PER_PHONE, [campaign_id])
    assert (len(times), {row["times"] for row in times}) == (60, {1})
    assert customer.is_owed_nothing_more() == 100 - 63 * PRICE


def test_cancelled_in_the_middle_the_rest_comes_back(
    new_account: NewAccount, operator: Operator, stack: Stack
) -> None:
    customer = new_account(credit="100")
    campaign = campaign_to(customer, list_of(operator, customer, 100), metadata={"throttling": "20_sec"})
    do(customer, campaign, "send")
    until(lambda: shown(customer, campaign)["sent_count"] >= 20, seconds=20, what="the first are sent")
    assert do(customer, campaign, "cancel")["status"] == "cancelled"
    open_ones = "SELECT 1 FROM messaging_queuerow WHERE campaign_id = %s LIMIT 1"
    until(lambda: not stack.rows(open_ones, [ids.read("campaign", campaign)]), seconds=10)
    found = shown(customer, campaign)
    assert found["held"] == 0
    assert found["sent_count"] + found["cancelled"] == found["charged"] / PRICE
    assert customer.is_owed_nothing_more() == 100 - found["sent_count"] * PRICE
