"""Bank transfers: pending until an operator confirms what arrived, once; and alarms, closed by an operator's adjustment."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.ids import new_id
from accounts.models import Account, AuditEntry, Currency, User
from accounts.refusals import Code, Refused
from billing import paying, settle, tasks, transfer_codes, transfers
from billing.gateways.contract import Declined, Paid, Verdict
from billing.models import Entry, Ledger, PaymentAlarm, TopUp
from tests.ops.worlds import opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank(settings: Settings) -> None:
    settings.BANK_RIB, settings.BANK_CURRENCY = "011780000012345678901234", "MAD"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account() -> Account:
    return opened().account


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss@risala.test", "a rather long sentence"))
    return client


def asked(account: Account, eur: str = "50", method: str = "bank_transfer") -> TopUp:
    wish = paying.Wish(Decimal(eur), Currency.EUR, method)
    return paying.open_topup(account.id, account.currency, wish, mode="live", actor="test")[0]


def balance(account: Account) -> Decimal:
    return Ledger.objects.get(account=account).balance


def test_what_arrived_is_booked_once_with_who_and_when(account: Account) -> None:
    topup = asked(account)
    booked = transfers.confirm(topup.id, received=Decimal("550.00"), actor="boss@risala.test", ip="10.0.0.1")
    assert booked is not None
    assert booked.balance_after == Decimal(650)
    assert transfers.confirm(topup.id, received=Decimal("550.00"), actor="other@risala.test") is None
    assert balance(account) == Decimal(650)
    entry = Entry.objects.get(kind="topup", reference=topup.id)
    assert (entry.amount, entry.actor, entry.mad_per_eur) == (Decimal(550), "boss@risala.test", Decimal(11))
    trail = AuditEntry.objects.get(account=account, action="topup.paid")
    assert (trail.actor, trail.ip, trail.detail["payment"]) == ("boss@risala.test", "10.0.0.1", topup.code)
    topup.refresh_from_db()
    assert (topup.status, topup.booked_amount) == ("paid", Decimal(550))
    assert topup.paid_at is not None


def test_another_amount_needs_a_reason_and_books_what_arrived(account: Account) -> None:
    topup = asked(account)
    with pytest.raises(Refused) as refused:
        transfers.confirm(topup.id, received=Decimal("540.50"), actor="boss")
    assert (refused.value.code, refused.value.param) == (Code.INVALID_FIELD, "reason")
    assert balance(account) == Decimal(100)
    transfers.confirm(topup.id, received=Decimal("540.50"), actor="boss", reason="Fees of the bank")
    assert balance(account) == Decimal("640.50")
    assert Entry.objects.get(kind="topup", reference=topup.id).reason == "Fees of the bank"


def test_another_amount_is_counted_at_the_rate_of_the_request(account: Account) -> None:
    euros = opened(currency=Currency.EUR, credit="1").account
    topup = asked(euros)
    assert (topup.amount, topup.currency) == (Decimal(50), "EUR")
    assert (topup.due_amount, topup.due_currency) == (Decimal(550), "MAD")
    transfers.confirm(topup.id, received=Decimal("275.00"), actor="boss", reason="Half of it")
    assert balance(euros) == Decimal("26.0000")


@pytest.mark.parametrize("received", ["0", "-550", "550.001"])
def test_what_cannot_have_arrived_is_refused(account: Account, received: str) -> None:
    topup = asked(account)
    with pytest.raises(Refused):
        transfers.confirm(topup.id, received=Decimal(received), actor="boss", reason="R")
    assert balance(account) == Decimal(100)


def test_what_nobody_paid_in_time_expires_and_can_still_arrive(account: Account) -> None:
    late, waiting = asked(account), asked(account)
    assert waiting.expires_at is not None
    assert abs(waiting.expires_at - datetime.now(UTC) - timedelta(days=14)) < timedelta(minutes=1)
    TopUp.objects.filter(pk=late.pk).update(expires_at=datetime.now(UTC))
    tasks.expire_topups()
    late.refresh_from_db()
    waiting.refresh_from_db()
    assert [(row.status, row.failure) for row in (late, waiting)] == [("failed", "expired"), ("pending", "")]
    transfers.confirm(late.id, received=Decimal(550), actor="boss")
    late.refresh_from_db()
    assert (late.status, late.failure, late.reason) == ("paid", "", settle.LATE)
    assert balance(account) == Decimal(650)


def test_a_bank_calls_nobody(account: Account, client: Client) -> None:
    topup = asked(account)
    assert client.post("/callbacks/bank_transfer", b"x", content_type="text/plain").status_code == 404
    fact = Paid(f"topup_{topup.id.hex}", topup.due_amount, "MAD", "T1")
    assert settle.apply("stripe", fact) is Verdict.REFUSED
    assert settle.apply("stripe", Declined(f"topup_{topup.id.hex}", "declined")) is Verdict.NOTED
    topup.refresh_from_db()
    assert topup.status == "pending"


@pytest.mark.parametrize("method", ["stripe", "cmi"])
def test_what_is_not_configured_is_refused_with_a_code(account: Account, client: Client, method: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(account, method=method)
    assert refused.value.code is Code.PAYMENT_METHOD_NOT_CONFIGURED
    assert "there is bank_transfer" in refused.value.detail
    assert client.post(f"/callbacks/{method}", b"x", content_type="text/plain").status_code == 404
    assert not TopUp.objects.filter(method=method).exists()


def test_an_operator_confirms_in_the_admin(account: Account, browser: Client) -> None:
    topup = asked(account)
    waiting = browser.get(reverse("admin:billing_topup_changelist"), {"todo": "confirm"}).content.decode()
    assert topup.code is not None
    assert topup.code in waiting
    sought = topup.code.lower().replace("-", " ")
    assert (
        topup.code in browser.get(reverse("admin:billing_topup_changelist"), {"q": sought}).content.decode()
    )
    address = reverse("admin:billing_topup_confirm", args=[topup.pk])
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"received": "500", "reason": ""}).status_code == 200
    assert balance(account) == Decimal(100)
    for _ in range(2):
        assert browser.post(address, {"received": "550", "reason": ""}).status_code == 302
    assert balance(account) == Decimal(650)
    done = browser.get(reverse("admin:billing_topup_changelist"), {"todo": "confirm"}).content.decode()
    assert topup.code not in done


def test_an_alarm_is_closed_by_one_adjustment(account: Account, browser: Client) -> None:
    topup = asked(account)
    transfers.confirm(topup.id, received=Decimal(550), actor="boss")
    alarm = PaymentAlarm.objects.create(
        topup=topup, gateway="stripe", kind="refund", reference=new_id().hex, amount=20, currency="EUR"
    )
    listing = reverse("admin:billing_paymentalarm_changelist")
    assert "Atlas" in browser.get(listing, {"state": "open"}).content.decode()
    address = reverse("admin:billing_paymentalarm_close", args=[alarm.pk])
    assert browser.get(address).status_code == 200
    too_much = browser.post(address, {"amount": "-651", "reason": "Refunded"})
    assert too_much.status_code == 200
    assert balance(account) == Decimal(650)
    for _ in range(2):
        assert browser.post(address, {"amount": "-220", "reason": "Refunded"}).status_code == 302
    assert balance(account) == Decimal(430)
    entry = Entry.objects.get(account=account, kind="adjust")
    assert (entry.reference, entry.actor, entry.reason) == (alarm.id, "boss@risala.test", "Refunded")
    alarm.refresh_from_db()
    assert alarm.closed_by == "boss@risala.test"


def test_staff_without_the_permission_confirms_nothing(account: Account) -> None:
    topup = asked(account)
    client = Client()
    client.force_login(User.objects.create_user("staff@risala.test", "a rather long sentence", is_staff=True))
    address = reverse("admin:billing_topup_confirm", args=[topup.pk])
    assert client.post(address, {"received": "550", "reason": ""}).status_code == 403
    assert balance(account) == Decimal(100)


def test_a_code_tells_every_single_wrong_sign_and_every_exchange() -> None:
    code = transfer_codes.new("rsl")
    signs = code.removeprefix("RSL-").replace("-", "")
    assert transfer_codes.read(f" rsl {signs[:3]}.{signs[3:].lower()}", "rsl") == code
    for place, sign in enumerate(signs):
        for other in transfer_codes.ALPHABET:
            wrong = signs[:place] + other + signs[place + 1 :]
            assert (transfer_codes.read(wrong, "rsl") is None) == (other != sign)
    for place in range(len(signs) - 2):
        swapped = [*signs]
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        assert (transfer_codes.read("".join(swapped), "rsl") is None) == (signs[place] != signs[place + 1])
