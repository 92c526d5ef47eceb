"""Promises P1 and P6: an answer that comes after its lease has ended changes nothing of another worker's attempt, and a
lost answer is not sent again once the message's validity is over."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from accounts.caller import AccountFacts
from accounts.ids import new_id
from accounts.models import Account
from billing import ledger
from billing.models import Entry
from messaging.carriers.contract import Accepted, Rejected, Result, Submission, TryLater, Unknown
from messaging.carriers.reasons import Reason
from messaging.models import Carrier, Message, QueueRow, Route
from messaging.models.message import Lane
from messaging.sending import accept, cancel, claim, outcome, route, sweep
from messaging.sending.draft import Draft, Sender
from messaging.sending.outcome import Settled
from webhooks.models import Event

pytestmark = pytest.mark.django_db
FIRST, SECOND = UUID(int=1), UUID(int=2)


@pytest.fixture
def account() -> Account:
    Route.objects.create(carrier=Carrier.objects.get(name="simulator"), prefix="", channel="sms")
    route.forget()
    account = Account.objects.create(name="Late", currency="MAD")
    ledger.open(account.id, "MAD")
    ledger.topup(account.id, Decimal(10), reference=new_id(), actor="test")
    return account


def accepted(account: Account, lane: Lane = Lane.URGENT) -> UUID:
    sender = Sender(AccountFacts.of(account), "live", lane)
    return accept.message(sender, Draft(to="+212612345678", text="Bonjour")).ready[0].id


def claimed(owner: UUID, lane: Lane = Lane.URGENT) -> Submission:
    carrier_id = Carrier.objects.get(name="simulator").pk
    (submission,) = claim.due(carrier_id, lane, owner, 10).submissions
    return submission


def answer(submission: Submission, result: Result) -> None:
    outcome.record(Carrier.objects.get(name="simulator").pk, [Settled(submission, result)])


def pass_lease() -> None:
    QueueRow.objects.filter(state="inflight").update(lease_until=timezone.now() - timedelta(hours=1))
    sweep.answers_lost()
    QueueRow.objects.filter(state="uncertain").update(visible_at=timezone.now() - timedelta(hours=1))
    sweep.uncertain()


def row(message_id: UUID) -> Sequence[object]:
    found = QueueRow.objects.get(message_id=message_id)
    return found.state, found.attempt, found.lease_owner


@pytest.mark.parametrize("late", [TryLater("BUSY", "throttled"), Unknown("TIMEOUT", "")])
def test_a_late_answer_leaves_the_next_attempt_alone(account: Account, late: Result) -> None:
    message_id = accepted(account)
    first = claimed(FIRST)
    pass_lease()
    second = claimed(SECOND)
    answer(first, late)
    assert row(message_id) == ("inflight", 2, SECOND)
    answer(second, Accepted("ref-2"))
    assert Message.objects.get(id=message_id).status == "sent"
    assert not QueueRow.objects.filter(message_id=message_id).exists()


def test_an_outcome_recorded_twice_leaves_the_next_attempt_alone(account: Account) -> None:
    message_id = accepted(account)
    first = claimed(FIRST)
    refused = TryLater("BUSY", "throttled")
    answer(first, refused)
    QueueRow.objects.update(state="ready")
    claimed(SECOND)
    answer(first, refused)
    assert row(message_id) == ("inflight", 2, SECOND)


def refund_of(message_id: UUID) -> bool:
    return Entry.objects.filter(kind="refund", reference=message_id).exists()


REFUSED = Rejected("NO", Reason.INVALID_NUMBER)


@pytest.mark.parametrize("late_first", [True, False])
def test_what_a_carrier_took_is_sent_though_it_refused_the_next_attempt(
    account: Account, late_first: bool
) -> None:
    message_id = accepted(account)
    first = claimed(FIRST)
    pass_lease()
    second = claimed(SECOND)
    answers: list[tuple[Submission, Result]] = [(first, Accepted("ref-1")), (second, REFUSED)]
    for submission, result in answers if late_first else reversed(answers):
        answer(submission, result)
    message = Message.objects.get(id=message_id)
    assert (message.status, message.error_code, message.final_at) == ("sent", None, None)
    assert not QueueRow.objects.filter(message_id=message_id).exists()
    assert not refund_of(message_id)
    assert list(Event.objects.filter(subject_id=message_id).values_list("type", flat=True)) == [
        "message.sent"
    ]


def test_a_refusal_while_another_attempt_is_open_waits_and_is_not_sent_again(account: Account) -> None:
    message_id = accepted(account)
    Carrier.objects.filter(name="simulator").update(kind="sms_to")  # which does not know our references
    claimed(FIRST)
    pass_lease()
    answer(claimed(SECOND), REFUSED)
    assert row(message_id) == ("uncertain", 2, None)
    QueueRow.objects.update(visible_at=timezone.now() - timedelta(hours=1))
    sweep.uncertain()
    assert row(message_id) == ("uncertain", 2, None)
    assert not refund_of(message_id)
    over = timezone.now() - timedelta(days=4)
    Message.objects.filter(id=message_id).update(submitted_at=over)
    QueueRow.objects.update(visible_at=over)
    sweep.uncertain()
    ended = Message.objects.get(id=message_id)
    assert (ended.status, ended.error_code) == ("failed", "SUBMIT_UNCONFIRMED")
    assert refund_of(message_id)


def test_a_late_refusal_leaves_the_next_attempt_its_chance(account: Account) -> None:
    message_id = accepted(account)
    first = claimed(FIRST)
    pass_lease()
    second = claimed(SECOND)
    answer(first, REFUSED)
    assert row(message_id) == ("inflight", 2, SECOND)
    answer(second, Accepted("ref-2"))
    assert Message.objects.get(id=message_id).status == "sent"
    assert not refund_of(message_id)


def test_all_attempts_refused_end_it(account: Account) -> None:
    message_id = accepted(account)
    first = claimed(FIRST)
    pass_lease()
    second = claimed(SECOND)
    answer(first, REFUSED)
    answer(second, REFUSED)
    ended = Message.objects.get(id=message_id)
    assert (ended.status, ended.error_code) == ("failed", "INVALID_NUMBER")
    assert refund_of(message_id)


def test_a_carrier_that_knows_our_reference_settles_the_former_attempt(account: Account) -> None:
    message_id = accepted(account)
    claimed(FIRST)
    pass_lease()
    second = claimed(SECOND)
    carrier_id = Carrier.objects.get(name="simulator").pk
    outcome.record(carrier_id, [Settled(second, REFUSED)], deduplicates=True)
    assert Message.objects.get(id=message_id).status == "failed"
    assert refund_of(message_id)


def test_an_opt_out_before_the_second_attempt_does_not_undo_the_first(account: Account) -> None:
    message_id = accepted(account)
    first = claimed(FIRST)
    pass_lease()
    second = claimed(SECOND)
    carrier_id = Carrier.objects.get(name="simulator").pk
    outcome.refuse_opted_out(carrier_id, [(message_id, second.attempt)])
    assert row(message_id) == ("uncertain", 2, None)
    answer(first, Accepted("ref-1"))
    assert Message.objects.get(id=message_id).status == "sent"
    assert not refund_of(message_id)


def test_a_lost_answer_is_not_sent_again_after_the_validity(account: Account) -> None:
    message_id = accepted(account)
    claimed(FIRST)
    pass_lease()
    assert row(message_id) == ("ready", 1, None)
    over = timezone.now() - timedelta(hours=1)
    QueueRow.objects.update(expires_at=over)
    Message.objects.filter(id=message_id).update(expires_at=over)
    sweep.expired()
    for _ in range(2):
        sweep.uncertain()
        assert row(message_id) == ("uncertain", 1, None)
        QueueRow.objects.update(visible_at=timezone.now() - timedelta(hours=1))
    Message.objects.filter(id=message_id).update(submitted_at=timezone.now() - timedelta(days=4))
    sweep.uncertain()
    ended = Message.objects.get(id=message_id)
    assert (ended.status, ended.error_code) == ("failed", "SUBMIT_UNCONFIRMED")
    with connection.cursor() as cursor:
        cursor.execute("SELECT balance FROM billing_ledger WHERE account_id = %s", [account.id])
        assert cursor.fetchone() == (Decimal(10),)


def test_what_no_carrier_took_can_be_cancelled_after_attempts(account: Account) -> None:
    message_id = accepted(account)
    for refused in (TryLater("BUSY", "throttled"), TryLater("BUSY", "unreachable")):
        answer(claimed(FIRST), refused)
        QueueRow.objects.update(state="ready")
    assert cancel.many(account.id, [message_id]) == [message_id]
    assert Message.objects.get(id=message_id).status == "cancelled"
    assert not QueueRow.objects.filter(message_id=message_id).exists()
    assert refund_of(message_id)


def test_what_a_carrier_may_have_is_not_cancelled(account: Account) -> None:
    message_id = accepted(account)
    submission = claimed(FIRST)
    assert cancel.many(account.id, [message_id]) == []
    answer(submission, Unknown("TIMEOUT", ""))
    assert cancel.many(account.id, [message_id]) == []
    QueueRow.objects.update(visible_at=timezone.now() - timedelta(hours=1))
    sweep.uncertain()
    assert row(message_id) == ("ready", 1, None)
    assert cancel.many(account.id, [message_id]) == []
    assert not refund_of(message_id)


def test_one_sweep_that_fails_keeps_no_other_from_its_work(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = accepted(account)
    QueueRow.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(sweep, "UNCERTAIN_DUE", "SELECT nothing %s")
    sweep.all_due()
    assert Message.objects.get(id=message_id).status == "expired"
