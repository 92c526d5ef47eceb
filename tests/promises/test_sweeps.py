"""What the sweeps owe to every message, however many others there are: each is looked at in its turn (promise P1), and
what a carrier reported before the horizon counts, also when it is applied after it (promise P7)."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.caller import AccountFacts
from accounts.ids import new_id
from accounts.models import Account
from billing import ledger
from billing.models import Entry
from messaging.carriers.contract import Accepted, Receipt, Result, Unknown
from messaging.models import Carrier, Message, QueueRow, ReceiptRecord, Route
from messaging.models.message import Lane
from messaging.sending import accept, claim, outcome, receipt, route, sweep
from messaging.sending.draft import Draft, Sender
from messaging.sending.outcome import Settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    Route.objects.all().delete()
    account = Account.objects.create(name="Swept", currency="MAD", allowed_countries=["FR"])
    ledger.open(account.id, "MAD")
    ledger.topup(account.id, Decimal(100), reference=new_id(), actor="test")
    return Sender(AccountFacts.of(account), "live", Lane.NORMAL)


def carrier(name: str, prefix: str) -> Carrier:
    made = Carrier.objects.create(name=name, kind="sms_to")
    Route.objects.create(carrier=made, prefix=prefix, channel="sms")
    route.forget()
    return made


def accepted(sender: Sender, to: str) -> UUID:
    return accept.message(sender, Draft(to=to, text="Bonjour")).ready[0].id


def test_a_stranded_message_is_found_behind_many_that_cannot_move(sender: Sender) -> None:
    closed = carrier("closed", "")
    for n in range(7):
        accepted(sender, f"+2126123456{n:02}")
    movable = accepted(sender, "+33612345678")
    Carrier.objects.filter(pk=closed.pk).update(enabled=False)
    other = carrier("other", "+33")
    two_a_lane = 2 * len(Lane)
    moved = [sweep.stranded(two_a_lane) for _ in range(5)]
    assert moved == [0, 0, 0, 1, 0]
    assert QueueRow.objects.get(message_id=movable).carrier_id == other.pk
    assert QueueRow.objects.filter(carrier_id=closed.pk).count() == 7


def test_one_that_becomes_movable_later_is_found_in_the_next_round(sender: Sender) -> None:
    closed = carrier("closed", "")
    first = accepted(sender, "+33612345678")
    for n in range(3):
        accepted(sender, f"+2126123456{n:02}")
    Carrier.objects.filter(pk=closed.pk).update(enabled=False)
    route.forget()
    assert sweep.stranded(2 * len(Lane)) == 0
    carrier("other", "+33")
    assert [sweep.stranded(2 * len(Lane)) for _ in range(3)] == [0, 0, 1]
    assert QueueRow.objects.exclude(carrier_id=closed.pk).get().message_id == first


def submitted(sender: Sender, settings: Settings, result: Result) -> Message:
    """A message that was answered so, beyond the horizon."""
    settings.RECEIPT_HORIZON_SECONDS = 0
    made = carrier("slow", "")
    message_id = accepted(sender, "+212612345678")
    (submission,) = claim.due(made.pk, Lane.NORMAL, UUID(int=1), 1).submissions
    outcome.record(made.pk, [Settled(submission, result)])
    hour_ago = timezone.now() - timedelta(hours=1)
    Message.objects.filter(id=message_id).update(sent_at=hour_ago, submitted_at=hour_ago)
    QueueRow.objects.update(visible_at=hour_ago)
    return Message.objects.get(id=message_id)


def apply_stored() -> None:
    ReceiptRecord.objects.update(next_at=timezone.now() - timedelta(hours=1))  # the test is one transaction
    assert receipt.apply_due() == 1


def test_a_stored_receipt_counts_though_the_horizon_passes(sender: Sender, settings: Settings) -> None:
    message = submitted(sender, settings, Accepted("ref-1"))
    assert message.carrier_id is not None
    receipt.store([(message.carrier_id, Receipt("ref-1", "delivered", "0", "", None), None)])
    assert sweep.without_receipt() == 0
    apply_stored()
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("delivered", None)


def test_without_any_receipt_the_horizon_ends_it(sender: Sender, settings: Settings) -> None:
    message = submitted(sender, settings, Accepted("ref-1"))
    assert message.carrier_id is not None
    receipt.store([(message.carrier_id, Receipt("ref-of-another", "delivered", "0", "", None), None)])
    assert sweep.without_receipt() == 1
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("expired", "NO_DLR")


def test_a_stored_receipt_settles_a_lost_answer_though_the_horizon_passes(
    sender: Sender, settings: Settings
) -> None:
    message = submitted(sender, settings, Unknown("TIMEOUT", ""))
    assert message.carrier_id is not None
    receipt.store([(message.carrier_id, Receipt("late-ref", "delivered", "0", "", message.id), None)])
    sweep.uncertain()
    message.refresh_from_db()
    assert message.status == "uncertain"
    apply_stored()
    message.refresh_from_db()
    assert message.status == "delivered"
    assert not Entry.objects.filter(kind="refund", reference=message.id).exists()
