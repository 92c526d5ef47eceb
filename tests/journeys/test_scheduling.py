"""Scheduled messages wait, can be cancelled with their money back, and go at their time; cancel and send can't
both win."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from tests.conftest import NewAccount
from tests.stand_ins.customer import together
from tests.stand_ins.running import Stack


def after(**delta: float) -> str:
    return (datetime.now(UTC) + timedelta(**delta)).isoformat()


def test_a_scheduled_message_waits_and_its_cancelling_refunds(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    sent = customer.send(scheduled_at=after(hours=1))
    assert sent["status"] == "scheduled"
    assert customer.message(sent["id"])["status"] == "scheduled"
    assert customer.balance() == Decimal("9.72")
    cancelled = customer.post(f"/v1/messages/{sent['id']}/cancel").body
    assert (cancelled["status"], cancelled["error_code"]) == ("cancelled", "CANCELLED")
    assert customer.is_owed_nothing_more() == 10
    again = customer.post(f"/v1/messages/{sent['id']}/cancel")
    assert again.refusal == (409, "INVALID_STATE")
    assert customer.is_owed_nothing_more() == 10


def test_it_goes_at_its_time_and_not_before(new_account: NewAccount) -> None:
    customer = new_account()
    at = datetime.now(UTC) + timedelta(seconds=3)
    message_id = customer.send(scheduled_at=at.isoformat())["id"]
    shown = customer.wait_for(message_id)
    assert shown["status"] == "delivered"
    assert at <= datetime.fromisoformat(shown["sent_at"]) <= at + timedelta(seconds=10)


def test_a_time_without_an_offset_is_the_accounts(new_account: NewAccount, stack: Stack) -> None:
    customer = new_account()
    customer.send(scheduled_at="2026-12-31T10:00:00" if datetime.now(UTC).year == 2026 else after(days=2))
    (row,) = stack.rows(
        "SELECT visible_at FROM audit.queue q JOIN audit.message m ON m.id = q.message_id WHERE account_id = %s",
        [customer.account_id],
    )
    assert row["visible_at"] > datetime.now(UTC) + timedelta(days=1)


def test_too_far_ahead_is_refused_and_the_past_is_now(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    assert customer.try_send(scheduled_at=after(days=366)).refusal == (400, "INVALID_FIELD")
    assert customer.balance() == 10
    assert customer.send(scheduled_at=after(days=-1))["status"] == "queued"


def test_cancel_and_send_never_both_win(new_account: NewAccount, stack: Stack) -> None:
    customer = new_account(credit="10")
    sent = [customer.send(message=f"nr {n}", scheduled_at=after(seconds=1.0))["id"] for n in range(20)]
    cancelled: set[str] = set()
    while set(sent) - cancelled:
        open_ones = [one for one in sent if one not in cancelled]
        answers = together([partial(customer.post, f"/v1/messages/{one}/cancel") for one in open_ones[:5]])
        cancelled |= {one for one, a in zip(open_ones, answers, strict=False) if a.status == 200}
        if any(answer.status == 409 for answer in answers):
            break
    ends = {one: customer.wait_for(one)["status"] for one in sent}
    assert {one for one, status in ends.items() if status == "cancelled"} == cancelled
    assert set(ends.values()) <= {"cancelled", "delivered"}
    delivered = Counter(ends.values())["delivered"]
    assert customer.is_owed_nothing_more() == 10 - delivered * Decimal("0.28")
    taken = stack.rows(
        "SELECT count(*) AS rows FROM audit.attempt a JOIN audit.message m ON m.id = a.message_id"
        " WHERE m.account_id = %s AND m.status = 'cancelled'",
        [customer.account_id],
    )
    assert taken == [{"rows": 0}]


def test_what_a_carrier_has_cannot_be_cancelled(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    message_id = customer.send("+212600000004")["id"]
    customer.wait_for(message_id, "sent")
    assert customer.post(f"/v1/messages/{message_id}/cancel").refusal == (409, "INVALID_STATE")
    assert customer.balance() == Decimal("9.72")
