"""Promises P1, P2, P3 and P6 under twenty times `kill -9`, in the middle of a bulk and of a campaign at once: nothing lost,
nothing sent twice, everybody on a list once, books that add up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from accounts import ids
from tests.campaigns.test_over_http import campaign_to, do, list_of
from tests.faults.conftest import children, kill
from tests.stand_ins import sms_to_server
from tests.stand_ins.customer import Customer
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack
from tests.stand_ins.sms_to_server import SmsToServer
from tests.stand_ins.waiting import until

MESSAGES = 1_500
RECIPIENTS = 1_000
PACE = "100_sec"  # so that chunks are made all the time
KILLS = 20
WINDOW = 10
PRICE = Decimal("0.28")
ENDS = """
SELECT m.id::text, m.status, m.error_code,
       (SELECT array_agg(outcome ORDER BY n) FROM audit.attempt a WHERE a.message_id = m.id) AS outcomes
  FROM audit.message m WHERE account_id = %s
"""
OPEN = "SELECT id FROM audit.message WHERE account_id = ANY(%s) AND final_at IS NULL"
WAITS_TO_BE_SENT = """
SELECT 1 FROM audit.queue q JOIN audit.message m ON m.id = q.message_id
 WHERE m.account_id = ANY(%s) AND q.state <> 'uncertain' LIMIT 1
"""
DELIVERED = "SELECT count(*) AS rows FROM audit.message WHERE account_id = ANY(%s) AND status = 'delivered'"
COMPLETED = "SELECT 1 FROM campaigns_campaign WHERE id = %s AND status = 'completed'"
PER_PHONE = 'SELECT count(*) AS messages, count(DISTINCT "to") AS phones FROM messaging_message WHERE campaign_id = %s'
HOLD = "SELECT amount, used, released FROM billing_hold WHERE id = %s"
# The receipt horizon passes for what is still uncertain.
THREE_DAYS_LATER = """
WITH late AS (UPDATE messaging_message SET submitted_at = submitted_at - interval '72 hours'
               WHERE account_id = ANY(%s) AND final_at IS NULL RETURNING id)
UPDATE messaging_queuerow SET visible_at = now() WHERE message_id IN (SELECT id FROM late)
"""


def connect(stack: Stack, server: SmsToServer, account_id: UUID, *, name: str) -> None:
    """Route everything of an account to the stand-in for SMS.to."""
    values = (f"base_url={server.base_url}", "api_key=k", f"window={WINDOW}")
    for arguments in (
        ("carrier", "add", name, "--kind", "sms_to", "--set", *values),
        ("route", "add", "--carrier", name, "--priority", "1", "--account", str(account_id)),
    ):
        done = stack.command(*arguments)
        assert done.returncode == 0, done.stderr


def workers(stack: Stack, turn: int) -> list[int]:
    """Whom to kill this time: in turn the pool's processes, and now and then its main process."""
    main = stack.pids().get("worker")
    if main is None:
        return []
    return [main] if turn % 7 == 6 else children(main)


def kill_one(stack: Stack, turn: int) -> bool:
    """Kill this turn's processes; whether there were any."""
    return kill(*workers(stack, turn)) > 0


@dataclass(frozen=True)
class Aftermath:
    """What came to the carrier in all, by our reference, and who wanted it sent."""

    total: int
    doubled: object
    reached: frozenset[str]
    bulk: Customer
    accepted: Mapping[str, Any]
    sender: Customer
    campaign_id: UUID


def all_are_told_or_uncertain(stack: Stack, server: SmsToServer, accounts: list[UUID]) -> bool:
    """Whether nothing is left to be sent, and what the carrier reported has been applied."""
    if stack.rows(WAITS_TO_BE_SENT, [accounts]):
        return False
    return stack.rows(DELIVERED, [accounts]) == [{"rows": server.total}]


@pytest.fixture(scope="session")
def killed(breakable: Stack, its_operator: Operator) -> Aftermath:
    """A bulk of one account and a campaign of another, both sent under twenty kills, until all is final."""
    bulk, sender = its_operator.new_account(credit="1000"), its_operator.new_account(credit="1000")
    with sms_to_server.running(receipts=True, latency_seconds=0.01) as server:
        connect(breakable, server, bulk.account_id, name="smsto")
        route = ("route", "add", "--carrier", "smsto", "--priority", "1", "--account", str(sender.account_id))
        done = breakable.command(*route)
        assert done.returncode == 0, done.stderr
        contacts = list_of(its_operator, sender, RECIPIENTS)
        campaign = campaign_to(sender, contacts, metadata={"throttling": PACE})
        assert do(sender, campaign, "send")["preparing"] is True
        items = [{"to": f"+21262{n:07d}", "message": f"nr {n}"} for n in range(MESSAGES)]
        accepted = bulk.post("/v1/messages/bulk", {"messages": items}).body
        assert accepted["accepted"] == MESSAGES
        for turn in range(KILLS):
            server.wait_for((turn + 1) * (MESSAGES + RECIPIENTS) // (KILLS + 2), timeout_seconds=60)
            until(partial(kill_one, breakable, turn), seconds=30, what="a worker to kill")
        campaign_id, accounts = ids.read("campaign", campaign), [bulk.account_id, sender.account_id]
        completed = partial(breakable.rows, COMPLETED, [campaign_id])
        until(completed, seconds=120, what="the campaign is completed")
        settled = partial(all_are_told_or_uncertain, breakable, server, accounts)
        until(settled, seconds=120, what="the rest is sent and every receipt applied")
        reached = {reference for reference, times in server.by_reference.items() if times == 1}
        breakable.rows(THREE_DAYS_LATER, [accounts])
        until(lambda: not breakable.rows(OPEN, [accounts]), seconds=30, what="all are final")
    total = server.total
    return Aftermath(total, server.doubled, frozenset(reached), bulk, accepted, sender, campaign_id)


def ends_of(stack: Stack, customer: Customer) -> dict[str, dict[str, Any]]:
    """The messages of an account by their ids."""
    return {row["id"].replace("-", ""): row for row in stack.rows(ENDS, [customer.account_id])}


def test_twenty_kills_in_mid_batch(breakable: Stack, killed: Aftermath) -> None:
    assert killed.doubled == []
    assert killed.total == len(killed.reached)
    ends = ends_of(breakable, killed.bulk)
    assert set(ends) == {item["id"].removeprefix("msg_") for item in killed.accepted["messages"]}
    reached = killed.reached & set(ends)
    lost = {key: row for key, row in ends.items() if key not in reached}
    assert {ends[key]["status"] for key in reached} == {"delivered"}
    # What never came to the carrier was claimed by a worker that died between intent and wire: nobody can know,
    # so it was not sent again; it failed and the money came back.
    assert {(row["status"], row["error_code"]) for row in lost.values()} <= {("failed", "SUBMIT_UNCONFIRMED")}
    assert {tuple(row["outcomes"]) for row in lost.values()} <= {("unknown",)}
    uncertain = sum("unknown" in row["outcomes"] for row in ends.values())
    assert uncertain <= KILLS * WINDOW * 3, Counter(tuple(row["outcomes"]) for row in ends.values())
    assert killed.bulk.is_owed_nothing_more() == 1000 - len(reached) * PRICE
    audit = breakable.audited()
    assert audit.returncode == 0, audit.stdout
    counted = breakable.command("analytics_rebuild", "--check")
    assert counted.returncode == 0, counted.stdout


def test_twenty_kills_of_a_campaign(breakable: Stack, killed: Aftermath) -> None:
    (counted,) = breakable.rows(PER_PHONE, [killed.campaign_id])
    assert (counted["messages"], counted["phones"]) == (RECIPIENTS, RECIPIENTS)
    ends = ends_of(breakable, killed.sender)
    reached = killed.reached & set(ends)
    assert {ends[key]["status"] for key in reached} == {"delivered"}
    assert {row["status"] for key, row in ends.items() if key not in reached} <= {"failed"}
    (hold,) = breakable.rows(HOLD, [killed.campaign_id])
    assert (hold["amount"], hold["used"], hold["released"]) == (RECIPIENTS * PRICE, RECIPIENTS * PRICE, 0)
    assert killed.sender.is_owed_nothing_more() == 1000 - len(reached) * PRICE
