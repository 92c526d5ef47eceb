"""Promise P15: a recipient who opted out between the accept and the submit does not get the message, and the
money comes back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from contacts import optouts
from tests.conftest import NewAccount
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack

TO = "+212612345678"


def test_opted_out_between_accept_and_submit(
    new_account: NewAccount, operator: Operator, stack: Stack
) -> None:
    customer = new_account(credit="10")
    soon = (datetime.now(UTC) + timedelta(seconds=4)).isoformat()
    gone = customer.send(TO, scheduled_at=soon)["id"]
    stays = customer.send("+212698765432", scheduled_at=soon)["id"]
    with operator.at_work():
        optouts.add(customer.account_id, TO, source="reply")
    ended = customer.wait_for(gone)
    assert (ended["status"], ended["error_code"]) == ("failed", "OPTED_OUT")
    assert customer.wait_for(stays)["status"] == "delivered"
    assert customer.is_owed_nothing_more() == Decimal("9.72")
    accepted = stack.rows(
        "SELECT outcome FROM audit.attempt WHERE message_id = %s", [gone.removeprefix("msg_")]
    )
    assert "accepted" not in {row["outcome"] for row in accepted}


def test_opted_out_before_is_refused_and_for_this_account_only(
    new_account: NewAccount, operator: Operator
) -> None:
    customer, other = new_account(credit="10"), new_account()
    with operator.at_work():
        optouts.add(customer.account_id, TO, source="reply")
    assert customer.try_send(TO).refusal == (403, "OPTED_OUT")
    bulk = {"messages": [{"to": TO, "message": "x"}, {"to": "0698765432", "message": "x"}]}
    body = customer.post("/v1/messages/bulk", bulk).body
    assert [item["status"] for item in body["messages"]] == ["rejected", "queued"]
    assert customer.balance() == Decimal("9.72")
    assert other.try_send(TO).status == 202
    with operator.at_work():
        assert optouts.remove(customer.account_id, TO)
    assert customer.try_send(TO).status == 202
