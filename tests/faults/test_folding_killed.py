"""`kill -9` of the process that folds statistics, in the middle of its statement: nothing is counted twice or lost."""

import psycopg

from tests.faults.conftest import children, kill
from tests.stand_ins.customer import Customer
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack
from tests.stand_ins.waiting import until

HOLD = "SELECT 1 FROM messaging_tally WHERE account_id = %s AND dimension = 'all' FOR UPDATE"
STUCK = """
SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%DELETE FROM messaging_tallychange%%' AND wait_event_type = 'Lock'
"""


def total(customer: Customer) -> int:
    answer = customer.get("/v1/analytics?days=2")
    assert answer.status == 200, answer.raw
    return int(answer.body["summary"]["total"])


def test_a_fold_that_dies_has_done_nothing(breakable: Stack, its_operator: Operator) -> None:
    customer = its_operator.new_account()
    customer.send()
    until(lambda: total(customer) == 1, what="the first message is counted")
    with psycopg.connect(breakable.database_url) as holder:
        # The fold has taken its changes away when it meets this row, and waits there.
        holder.execute(HOLD, [customer.account_id])
        items = [{"to": f"+21261234567{n}", "message": "Bonjour"} for n in range(5)]
        assert customer.post("/v1/messages/bulk", {"messages": items}).status == 202
        until(lambda: breakable.rows(STUCK), what="the fold waits in the middle")
        assert kill(*children(breakable.pids()["worker"])) > 0
        assert total(customer) == 1
        holder.rollback()
    until(lambda: total(customer) == 6, what="a later fold counts what is left")
    checked = breakable.command("analytics_rebuild", "--check", "--json")
    assert checked.returncode == 0, checked.stdout
