"""Every figure of analytics is a sum over messages: at every step of their lives, before and after folding, and made anew."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from accounts.ids import new_id
from messaging import tally
from messaging.models import Message, QueueRow, Tally, TallyChange
from messaging.models.message import Status
from messaging.sending import cancel, receipt, sweep
from messaging.sending.tally import LATENCY_BOUNDS_MICROSECONDS, hour_of
from tests.analytics.conftest import World

MA, FR = "+212612345678", "+33612345678"


def is_right() -> None:
    """The tallies are what a count over all messages says; nothing else is taken for granted."""
    assert tally.differences() == []


def a_life(world: World) -> None:
    """Messages that end in every way, and some that do not."""
    ids = world.send(*[MA] * 6, FR)
    is_right()
    world.end(ids[:1], Status.DELIVERED)
    world.end(ids[1:3], Status.FAILED, "CARRIER_REFUSED")
    is_right()
    world.end(ids[3:4], Status.UNDELIVERABLE, "UNREACHABLE")
    world.end(ids[4:5], Status.EXPIRED, "NO_DLR")
    later = world.send(MA, scheduled_at=datetime.now(UTC) + timedelta(hours=2))
    assert cancel.many(world.account.id, later) == later
    is_right()
    world.bulk(MA, MA, FR)
    QueueRow.objects.filter(message_id=ids[5]).update(expires_at=datetime.now(UTC) - timedelta(hours=1))
    assert sweep.expired() == 1
    # Late and double receipts change nothing.
    assert world.end(ids[:5], Status.DELIVERED) == []
    is_right()


def test_counts_are_those_of_the_messages_at_every_step(world: World) -> None:
    a_life(world)
    assert tally.fold(limit=2) == 2
    is_right()
    world.send(MA, mode="test")
    while tally.fold(limit=3):
        is_right()
    assert not TallyChange.objects.exists()
    summary = world.report()["summary"]
    assert summary == {
        "total": 11,
        "delivered": 1,
        "undeliverable": 1,
        "failed": 2,
        "expired": 2,
        "cancelled": 1,
        "in_progress": 4,
        "delivery_rate": 9.1,
        "segments": 14,
        "cost_eur": summary["cost_eur"],
        "cost_mad": summary["cost_mad"],
        "refunded_eur": summary["refunded_eur"],
        "refunded_mad": summary["refunded_mad"],
    }
    balance = world.api().get("balance")
    assert round(100 - summary["cost_mad"], 4) == balance["balance_mad"]
    assert summary["refunded_mad"] == round(4 * 0.28, 4)


def test_receipts_are_counted_when_they_are_applied(world: World) -> None:
    (message_id,) = world.send(MA)
    carrier_id = Message.objects.values_list("carrier_id", flat=True).get(pk=message_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_attempt (message_id, number, carrier_id, owner, outcome) VALUES (%s, 1, %s, %s, 'accepted')",
            [message_id, carrier_id, new_id()],
        )
        for _ in range(3):
            cursor.execute(
                "INSERT INTO messaging_receiptrecord (id, carrier_id, message_id, status, next_at)"
                " VALUES (%s, %s, %s, 'delivered', now())",
                [new_id(), carrier_id, message_id],
            )
    assert receipt.apply_due() == 3
    is_right()
    assert world.report()["summary"]["delivered"] == 1


def test_made_anew_they_are_the_same(world: World) -> None:
    a_life(world)
    while tally.fold():
        pass
    before = list(Tally.objects.order_by("pk").values())
    world.send(MA)  # not folded yet when all is counted anew
    assert tally.rebuild() > 0
    is_right()
    assert not TallyChange.objects.exists()
    changed = Tally.objects.filter(dimension="all", mode="live").get()
    assert changed.messages == 12
    Tally.objects.update(messages=99)
    TallyChange.objects.all().delete()
    assert tally.differences() != []
    tally.rebuild()
    is_right()
    assert len(before) == Tally.objects.count()


@pytest.mark.parametrize("days", [-60, 60])
def test_tallies_outlive_messages_that_were_dropped(world: World, days: int) -> None:
    """Whether the months that still have messages are older or newer: retention may have to leave an old one."""
    world.send(MA)
    tally.fold()
    now = Tally.objects.get(dimension="all")
    Tally.objects.create(
        account=world.account,
        mode="live",
        dimension="all",
        hour=now.hour + timedelta(days=days),
        value="",
        messages=7,
    )
    assert tally.differences() == []
    tally.rebuild()
    assert sorted(Tally.objects.filter(dimension="all").values_list("messages", flat=True)) == [1, 7]


def test_a_refused_order_counts_nothing(world: World) -> None:
    api = world.api()
    items = [{"to": MA, "message": "x"}] * 400  # 112 MAD, and there are 100
    assert api.refused("POST", "messages/bulk", {"messages": items})[:2] == (402, "INSUFFICIENT_BALANCE")
    assert not TallyChange.objects.exists()
    is_right()


def test_test_traffic_is_counted_apart(world: World) -> None:
    world.end(world.send(MA, MA, mode="test"), Status.DELIVERED)
    world.send(MA)
    live, test = world.report()["summary"], world.report(mode="test")["summary"]
    assert (live["total"], live["delivered"], live["cost_mad"]) == (1, 0, 0.28)
    assert (test["total"], test["delivered"], test["cost_mad"]) == (2, 2, 0)


def test_ten_thousand_alike_are_one_row(world: World) -> None:
    world.bulk(*[MA] * 50, FR)
    assert sorted(TallyChange.objects.values_list("country", "messages", "segments")) == [
        ("FR", 1, 2),
        ("MA", 50, 100),
    ]


@pytest.mark.parametrize("step", [0, 1, 20, 43])
def test_bounds_of_latency_are_the_same_in_both_counts(world: World, step: int) -> None:
    (message_id,) = world.send(MA)
    world.end([message_id], Status.DELIVERED)
    began = datetime.fromtimestamp((message_id.int >> 80) / 1000, UTC)
    bound = timedelta(microseconds=LATENCY_BOUNDS_MICROSECONDS[step])
    for delivered_at, bucket in (
        (began + bound, step + 1),
        (began + bound - timedelta(microseconds=1), step),
    ):
        Message.objects.filter(pk=message_id).update(delivered_at=delivered_at)
        tally.rebuild()
        assert Tally.objects.get(dimension="latency").value == str(bucket)


def test_an_hour_is_that_of_the_id() -> None:
    message_id = UUID(int=(int(datetime(2026, 3, 1, 10, 59, 59, 999000, UTC).timestamp() * 1000)) << 80)
    assert hour_of(message_id) == datetime(2026, 3, 1, 10, tzinfo=UTC)
