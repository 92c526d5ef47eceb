"""What was kept long enough is forgotten, what is open never is, and the books and lists go on as before."""

import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts import keys, partitions
from accounts.api import authentication
from accounts.ids import floor_of, new_id, show
from accounts.models import Account
from billing import audit_books
from billing.models import Entry
from config import retention
from messaging import forget
from messaging.models import Attempt, Batch, Message, ReceiptRecord
from tests.ops.worlds import message, opened
from webhooks.models import Delivery, Endpoint, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return opened().account


def old(account: Account, days: float, **more: Any) -> UUID:
    """A message of so many days ago, with an attempt, in the partition of its month."""
    then = datetime.now(UTC) - timedelta(days=days)
    partitions.ensure(then)
    made = message(account, mode="test", **{"status": "delivered", "metadata": {"order": 7}, **more})
    aged = UUID(int=floor_of(then).int | (uuid4().int & (1 << 60) - 1))
    Message.objects.filter(id=made.id).update(id=aged, created_at=then)
    Event.objects.filter(subject_id=made.id).update(subject_id=aged, id=aged)
    Attempt.objects.create(
        message_id=aged, number=1, carrier_id=1, owner=new_id(), outcome="accepted", detail="to +212612345678"
    )
    return aged


def texts(*ids: UUID) -> list[str]:
    return [Message.objects.get(id=message_id).text for message_id in ids]


def run(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("retention", *arguments, "--json", stdout=out)
    read: dict[str, Any] = json.loads(out.getvalue())
    return read


def tables(prefix: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE tablename ~ %s AND schemaname = 'public'",
            [f"^{prefix}_[0-9]"],
        )
        return {row[0] for row in cursor.fetchall()}


def test_texts_are_wiped_after_thirty_days_once(account: Account) -> None:
    over, not_yet = old(account, 30.1), old(account, 29.9)
    assert run("--dry-run")["texts"] == 1
    assert texts(over, not_yet) == ["unseen words"] * 2
    assert run()["texts"] == 1
    assert texts(over, not_yet) == ["", "unseen words"]
    assert Message.objects.get(id=over).to == "+212612345678"
    assert run()["texts"] == 0


def test_the_walk_goes_on_where_it_stopped(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [old(account, 50 - n) for n in range(5)]
    monkeypatch.setattr(forget, "SLICE", 2)
    assert forget.run(forget.TEXTS, until=0) == 2
    assert texts(*ids) == ["", "", *["unseen words"] * 3]
    assert run()["texts"] == 3
    assert texts(*ids) == [""] * 5


def test_a_scheduled_message_counts_from_its_instant(account: Account) -> None:
    now = datetime.now(UTC)
    waits = old(account, 40, status="scheduled", scheduled_at=now + timedelta(days=3))
    young = old(account, 40, scheduled_at=now - timedelta(days=29))
    other = old(account, 31)
    assert run()["texts"] == 1
    assert texts(waits, young, other) == ["unseen words", "unseen words", ""]
    Message.objects.filter(id=young).update(scheduled_at=now - timedelta(days=31))
    assert run()["texts"] == 1
    assert texts(waits, young) == ["unseen words", ""]


def test_what_is_open_long_after_its_time_is_not_touched(account: Account) -> None:
    stuck, after = old(account, 40, status="sent"), old(account, 35)
    assert run()["texts"] == 0
    assert texts(stuck, after) == ["unseen words"] * 2
    Message.objects.filter(id=stuck).update(status="expired", rank=90, final_at=datetime.now(UTC))
    assert run()["texts"] == 2


def test_numbers_become_pseudonyms_after_ninety_days(account: Account) -> None:
    first, same, other = old(account, 91), old(account, 92), old(account, 93, to="+212698765432")
    young = old(account, 89)
    batch = Batch.objects.create(
        id=floor_of(datetime.now(UTC) - timedelta(days=91)), account=account, mode="test", channel="sms",
        total=1, accepted=0, price_mad=0, price_eur=0, rejected=[{"index": 0, "to": "0612"}],
    )  # fmt: skip
    report = run()
    assert (report["numbers"], report["batches"]) == (3, 1)
    hidden = {name: Message.objects.get(id=name) for name in (first, same, other)}
    assert hidden[first].to == hidden[same].to != hidden[other].to
    assert {(len(row.to), row.to[0], row.metadata) for row in hidden.values()} == {(20, "#", None)}
    assert set(Attempt.objects.exclude(message_id=young).values_list("detail", flat=True)) == {None}
    assert Attempt.objects.get(message_id=young).detail == "to +212612345678"
    batch.refresh_from_db()
    assert batch.rejected == []
    assert Message.objects.get(id=young).to == "+212612345678"
    assert run()["numbers"] == 0


def test_an_account_may_have_fewer_days(account: Account) -> None:
    strict = opened("Strict").account
    Account.objects.filter(pk=strict.pk).update(text_days=7, number_days=8)
    mine, young, others = old(strict, 8.5), old(strict, 7.5), old(account, 8.5)
    assert (run("--dry-run")["texts"], run("--dry-run")["numbers"]) == (2, 1)
    report = run()
    assert (report["texts"], report["numbers"]) == (2, 1)
    assert texts(mine, young, others) == ["", "", "unseen words"]
    assert [Message.objects.get(id=m).to[0] for m in (mine, young, others)] == ["#", "+", "+"]


def test_lists_and_pages_go_on(account: Account) -> None:
    forgotten = old(account, 91)
    run()
    authentication.forget()
    key = keys.issue(account, mode="test", compat="native", rate_per_minute=0)[1]
    headers = {"authorization": f"Bearer {key}"}
    page = Client().get("/v1/messages", headers=headers).json()
    assert [(row["id"], row["body"]) for row in page["data"]] == [(show("message", forgotten), "")]
    one = Client().get(f"/v1/messages/{show('message', forgotten)}", headers=headers).json()
    assert (one["status"], one["to"][0], one["segments"]) == ("delivered", "#", 1)


def test_months_are_dropped_when_nothing_in_them_is_open(account: Account) -> None:
    charged = message(account)
    gone, stays = old(account, 500), old(account, 300)
    month = f"messaging_message_{datetime.now(UTC) - timedelta(days=500):%Y%m}"
    planned = run("--dry-run")
    assert month in planned["dropped"]
    assert Message.objects.filter(id=gone).exists()
    report = run()
    assert (report["dropped"], report["blocked"]) == (planned["dropped"], {})
    assert month not in tables("messaging_message")
    assert month.replace("message_2", "attempt_2") not in tables("messaging_attempt")
    assert not Attempt.objects.filter(message_id=gone).exists()
    assert list(Message.objects.exclude(id=charged.id).values_list("id", flat=True)) == [stays]
    assert Attempt.objects.filter(message_id=stays).exists()
    assert Entry.objects.filter(account=account, kind="charge").count() == 1
    assert not audit_books.findings()
    assert run()["dropped"] == []


def test_a_month_with_something_open_stays_and_so_do_those_after_it(account: Account) -> None:
    stuck = old(account, 520, status="sent")
    old(account, 450)
    report = run()
    month = f"messaging_message_{datetime.now(UTC) - timedelta(days=520):%Y%m}"
    assert report["blocked"][month] == "messages are open"
    assert not [name for name in report["dropped"] if name.startswith(("messaging_message", "messaging_attempt"))
                and name[-6:] >= month[-6:]]  # fmt: skip
    assert Message.objects.filter(id=stuck).exists()


def test_what_can_be_replayed_and_what_is_owed_stays(account: Account) -> None:
    late = old(account, 120, scheduled_at=datetime.now(UTC) - timedelta(days=20))
    Event.objects.filter(subject_id=late).update(id=new_id())
    endpoint = Endpoint.objects.create(account=account, url="https://example.com/hook")
    aged = UUID(int=floor_of(datetime.now(UTC) - timedelta(days=110)).int)
    Delivery.objects.create(event_id=aged, endpoint=endpoint, subject_id=late, type="message.delivered")
    waiting = ReceiptRecord.objects.create(id=aged, carrier_id=1, status="delivered", state="orphan")
    blocked = run()["blocked"]
    assert sorted(blocked.values()) == [
        "deliveries are owed",
        "events are younger than their messages",
        "receipts are to be applied",
    ]
    assert Event.objects.filter(subject_id=late).exists()
    assert Delivery.objects.filter(event_id=aged).exists()
    Delivery.objects.update(state="done")
    ReceiptRecord.objects.filter(id=waiting.id).update(state="bad")
    assert list(run()["blocked"].values()) == ["events are younger than their messages"]
    assert not ReceiptRecord.objects.filter(id=waiting.id).exists()


def test_the_ledger_is_kept(account: Account) -> None:
    before = account.ledger.balance
    message(account, status="delivered")
    assert run()["dropped"] == []
    account.ledger.refresh_from_db()
    assert account.ledger.balance == before - Decimal("0.28")


def test_two_runs_do_not_meet(account: Account) -> None:
    old(account, 31)
    assert retention.plan().texts == 1
    assert (retention.run(seconds=0).texts, retention.run().texts) == (1, 0)
