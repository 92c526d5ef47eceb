"""Promises P1, P2, P3 and P6 under twenty times `kill -9` in mid-batch: nothing lost, nothing sent twice, books
that add up."""

from collections import Counter
from decimal import Decimal
from functools import partial
from uuid import UUID

from tests.faults.conftest import children, kill
from tests.stand_ins import sms_to_server
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack
from tests.stand_ins.sms_to_server import SmsToServer
from tests.stand_ins.waiting import until

MESSAGES = 3_000
KILLS = 20
WINDOW = 10
PRICE = Decimal("0.28")
ENDS = """
SELECT m.id::text, m.status, m.error_code,
       (SELECT array_agg(outcome ORDER BY n) FROM audit.attempt a WHERE a.message_id = m.id) AS outcomes
  FROM audit.message m WHERE account_id = %s
"""
OPEN = "SELECT id FROM audit.message WHERE account_id = %s AND final_at IS NULL"
WAITS_TO_BE_SENT = """
SELECT 1 FROM audit.queue q JOIN audit.message m ON m.id = q.message_id
 WHERE m.account_id = %s AND q.state <> 'uncertain' LIMIT 1
"""
DELIVERED = "SELECT count(*) AS rows FROM audit.message WHERE account_id = %s AND status = 'delivered'"
# The receipt horizon passes for what is still uncertain.
THREE_DAYS_LATER = """
WITH late AS (UPDATE messaging_message SET submitted_at = submitted_at - interval '72 hours'
               WHERE account_id = %s AND final_at IS NULL RETURNING id)
UPDATE messaging_queuerow SET visible_at = now() WHERE message_id IN (SELECT id FROM late)
"""


def connect(stack: Stack, server: SmsToServer, account_id: UUID) -> None:
    """Route everything of an account to the stand-in for SMS.to."""
    values = (f"base_url={server.base_url}", "api_key=k", f"window={WINDOW}")
    for arguments in (
        ("carrier", "add", "smsto", "--kind", "sms_to", "--set", *values),
        ("route", "add", "--carrier", "smsto", "--priority", "1", "--account", str(account_id)),
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


def all_are_told_or_uncertain(stack: Stack, server: SmsToServer, account_id: UUID) -> bool:
    """Whether nothing is left to be sent, and what the carrier reported has been applied."""
    if stack.rows(WAITS_TO_BE_SENT, [account_id]):
        return False
    return stack.rows(DELIVERED, [account_id]) == [{"rows": server.total}]


def test_twenty_kills_in_mid_batch(breakable: Stack, its_operator: Operator) -> None:
    with sms_to_server.running(receipts=True, latency_seconds=0.01) as server:
        customer = its_operator.new_account(credit="1000")
        connect(breakable, server, customer.account_id)
        items = [{"to": f"+21261{n:07d}", "message": f"nr {n}"} for n in range(MESSAGES)]
        accepted = customer.post("/v1/messages/bulk", {"messages": items}).body
        assert accepted["accepted"] == MESSAGES
        for turn in range(KILLS):
            least = (turn + 1) * MESSAGES // (KILLS + 2)
            server.wait_for(least, timeout_seconds=60)
            until(partial(kill_one, breakable, turn), seconds=30, what="a worker to kill")
        settled = partial(all_are_told_or_uncertain, breakable, server, customer.account_id)
        until(settled, seconds=120, what="the rest is sent and every receipt applied")
        reached = {reference for reference, times in server.by_reference.items() if times == 1}
        assert server.doubled == []
        breakable.rows(THREE_DAYS_LATER, [customer.account_id])
        until(lambda: not breakable.rows(OPEN, [customer.account_id]), seconds=30, what="all are final")
        assert server.total == len(reached)

    ends = {row["id"].replace("-", ""): row for row in breakable.rows(ENDS, [customer.account_id])}
    assert set(ends) == {item["id"].removeprefix("msg_") for item in accepted["messages"]}
    assert reached <= set(ends)
    lost = {key: row for key, row in ends.items() if key not in reached}
    assert {ends[key]["status"] for key in reached} == {"delivered"}
    # What never came to the carrier was claimed by a worker that died between intent and wire: nobody can know,
    # so it was not sent again; it failed and the money came back.
    assert {(row["status"], row["error_code"]) for row in lost.values()} <= {("failed", "SUBMIT_UNCONFIRMED")}
    assert {tuple(row["outcomes"]) for row in lost.values()} <= {("unknown",)}
    uncertain = sum("unknown" in row["outcomes"] for row in ends.values())
    assert uncertain <= KILLS * WINDOW * 3, Counter(tuple(row["outcomes"]) for row in ends.values())
    assert customer.is_owed_nothing_more() == 1000 - len(reached) * PRICE
    audit = breakable.audited()
    assert audit.returncode == 0, audit.stdout
    counted = breakable.command("analytics_rebuild", "--check")
    assert counted.returncode == 0, counted.stdout
