"""Promise P5: while the first request under a key is running, its twin is told so at once and delays nobody."""

import threading

import psycopg

from tests.conftest import NewAccount
from tests.stand_ins.customer import Answer
from tests.stand_ins.running import Stack
from tests.stand_ins.waiting import until

ONE = {"to": "+212612345678", "message": "Bonjour"}
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%billing_ledger%%'"


def test_a_twin_does_not_wait_for_the_first(new_account: NewAccount, stack: Stack) -> None:
    slow, other = new_account(credit="10"), new_account()
    first: list[Answer] = []
    send = threading.Thread(
        target=lambda: first.append(slow.post("/v1/messages", ONE, idempotency_key="k")), daemon=True
    )
    with psycopg.connect(stack.database_url) as held:
        held.execute("SELECT 1 FROM billing_ledger WHERE account_id = %s FOR UPDATE", [slow.account_id])
        send.start()
        until(lambda: stack.rows(WAITING), seconds=10, what="the first request waits for its ledger")
        twin = slow.post("/v1/messages", ONE, idempotency_key="k")
        assert other.try_send().status == 202
        assert not first, "the first request has ended too early for this test"
    send.join()
    assert (twin.refusal, twin.headers["retry-after"]) == ((409, "IDEMPOTENCY_IN_PROGRESS"), "1")
    assert slow.post("/v1/messages", ONE, idempotency_key="k").status == 202
    assert slow.get("/v1/messages").body["total"] == 1
