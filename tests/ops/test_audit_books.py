"""The audit of the books finds what is off, by name and by row, and nothing where all is well."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.ids import new_id
from accounts.models import Account
from accounts.refusals import Code, Refused
from billing import ledger, topups
from billing.audit_books import MOST_ROWS, findings
from billing.models import Ledger
from messaging.models import QueueRow
from tests.ops.worlds import PRICE, book, message, opened
from webhooks.models import Event

pytestmark = pytest.mark.django_db
EVERY_STATUS = (
    "scheduled", "queued", "uncertain", "sent",
    "delivered", "undeliverable", "failed", "expired", "cancelled",
)  # fmt: skip


@pytest.fixture
def account() -> Account:
    return opened().account


def found() -> dict[str, list[dict[str, object]]]:
    return {finding.check.name: finding.rows for finding in findings()}


def test_books_in_order_have_no_findings(account: Account) -> None:
    for status in EVERY_STATUS:
        message(account, status=status)
        message(account, status=status, mode="test")
    topups.adjust(account, amount=Decimal("-1.5"), actor="test", reason="A correction")
    assert found() == {}
    assert found() == {}, "a second audit in the same transaction sees the same"


def test_a_batch_is_charged_once_for_its_sum(account: Account) -> None:
    reference = new_id()
    for _ in range(3):
        message(account, booked=False, charge_reference=reference)
    book(account, reference, 3 * PRICE)
    assert found() == {}


def a_message_not_charged(account: Account) -> object:
    return message(account, booked=False).charge_reference


def a_message_charged_too_much(account: Account) -> object:
    made = message(account, booked=False)
    book(account, made.id, PRICE * 2)
    return made.charge_reference


def a_charge_of_nothing(account: Account) -> object:
    message(account)
    reference = new_id()
    book(account, reference, PRICE)
    return reference


def a_test_message_charged(account: Account) -> object:
    message(account)
    made = message(account, mode="test", booked=False)
    book(account, made.id, PRICE)
    return made.id


def a_failure_not_refunded(account: Account) -> object:
    made = message(account, status="failed", booked=False)
    book(account, made.id, PRICE)
    return made.id


def a_delivery_refunded(account: Account) -> object:
    made = message(account, status="delivered", booked=False)
    book(account, made.id, PRICE, refund=True)
    return made.id


def a_queued_message_without_place(account: Account) -> object:
    made = message(account)
    QueueRow.objects.filter(pk=made.id).delete()
    return made.id


def a_sent_message_in_the_queue(account: Account) -> object:
    made = message(account, status="sent")
    QueueRow.objects.create(
        message_id=made.id, account=account, carrier_id=1, lane=2, expires_at=made.expires_at
    )
    return made.id


def a_place_without_message(account: Account) -> object:
    row = QueueRow.objects.create(
        message_id=new_id(),
        account=account,
        carrier_id=1,
        lane=2,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    return row.message_id


def a_message_forgotten(account: Account) -> object:
    return message(account, status="sent", expires_at=datetime.now(UTC) - timedelta(days=5)).id


def a_final_message_not_told(account: Account) -> object:
    message(account, status="delivered")
    made = message(account, status="delivered")
    Event.objects.filter(subject_id=made.id).delete()
    return made.id


def a_message_final_twice(account: Account) -> object:
    made = message(account, status="delivered")
    Event.objects.create(account=account, subject_id=made.id, type="message.failed", sequence=90, payload={})
    return made.id


def a_balance_edited(account: Account) -> object:
    Ledger.objects.filter(pk=account.pk).update(balance=Decimal("99.99"))
    return account.pk


def an_entry_count_edited(account: Account) -> object:
    Ledger.objects.filter(pk=account.pk).update(seq=7)
    return account.pk


def an_entry_that_does_not_add_up(account: Account) -> object:
    insert_entry(account, seq=2, balance_after=Decimal("1"))
    return account.pk


def a_gap_in_the_numbers(account: Account) -> object:
    insert_entry(account, seq=3, balance_after=Decimal("101"))
    return account.pk


def insert_entry(account: Account, *, seq: int, balance_after: Decimal) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_entry (id, account_id, seq, kind, debit, credit, amount, currency, mad_per_eur, reference,"
            " subject, balance_after, held_after, actor, reason)"
            " VALUES (%s, %s, %s, 'topup', 'cash', 'wallet', 1, 'MAD', 11, %s, 'topup', %s, 0, 'x', '')",
            [new_id(), account.pk, seq, new_id(), balance_after],
        )


@pytest.mark.parametrize(
    ("check", "break_it"),
    [
        ("charged_once", a_message_not_charged),
        ("charged_once", a_message_charged_too_much),
        ("no_charge_without_message", a_charge_of_nothing),
        ("no_charge_without_message", a_test_message_charged),
        ("refunded_once", a_failure_not_refunded),
        ("no_refund_without_reason", a_delivery_refunded),
        ("open_message_is_queued", a_queued_message_without_place),
        ("settled_message_is_not_queued", a_sent_message_in_the_queue),
        ("queue_row_has_message", a_place_without_message),
        ("final_in_time", a_message_forgotten),
        ("final_is_told", a_final_message_not_told),
        ("final_is_told_once", a_message_final_twice),
        ("ledger_is_last_entry", a_balance_edited),
        ("ledger_counts_entries", an_entry_count_edited),
        ("running_balance", an_entry_that_does_not_add_up),
        ("gapless_seq", a_gap_in_the_numbers),
    ],
)
def test_each_broken_promise_is_found_with_its_row(
    account: Account, check: str, break_it: Callable[[Account], object]
) -> None:
    offender = str(break_it(account))
    assert any(offender in map(str, row.values()) for row in found()[check])


def test_a_row_outside_its_month_is_found(account: Account) -> None:
    old = message(account, status="delivered", booked=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webhooks_event (id, account_id, subject_id, type, sequence, mode, payload)"
            " VALUES (%s, %s, '00000000-0000-7000-8000-000000000000', 'message.sent', 30, 'live', '{}')",
            [new_id(), account.pk],
        )
    assert old.pk
    assert found()["default_partitions_empty"] == [{"partition": "webhooks_event_default"}]


def test_findings_are_bounded(account: Account) -> None:
    for _ in range(MOST_ROWS + 5):
        message(account, booked=False)
    assert len(found()["charged_once"]) == MOST_ROWS


def test_a_deduction_never_goes_below_the_credit_limit(account: Account) -> None:
    with pytest.raises(Refused) as refusal:
        topups.adjust(account, amount=Decimal("-100.0001"), actor="test", reason="Too much")
    assert refusal.value.code == Code.INSUFFICIENT_BALANCE
    assert Ledger.objects.get(pk=account.pk).balance == Decimal("100.0000")
    assert found() == {}


def test_one_reference_books_one_topup(account: Account) -> None:
    reference = new_id()
    booked = [
        topups.by_operator(
            account, amount=Decimal("5"), currency="MAD", actor="test", reason="Cash", reference=reference
        )
        for _ in range(2)
    ]
    assert [b and b.balance_after for b in booked] == [Decimal("105.0000"), None]
    assert Ledger.objects.get(pk=account.pk).balance == Decimal("105.0000")
    assert ledger.topup(account.id, Decimal("5"), reference=reference, actor="test") is None
