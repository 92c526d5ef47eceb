"""The operators' admin: history cannot be edited, secrets are not shown, money moves by reason, lists stay cheap."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import ids, keys
from accounts.models import (
    Account,
    ApiKey,
    AuditEntry,
    IdempotencyKey,
    IdempotencyKeyPage,
    Membership,
    User,
)
from accounts.operating import MOST_COUNTED, BoundedPaginator
from billing.models import Entry, ExchangeRate, Ledger, Plan, Price, TopUp
from config.operators import GROUPS
from contacts import optouts
from contacts.models import OptOutPage
from messaging import connecting
from messaging.models import (
    Attempt,
    Carrier,
    Message,
    ProtectedName,
    QueueRow,
    ReceiptRecord,
    Route,
    SenderId,
)
from messaging.sending import route
from tests.ops.worlds import message, opened
from webhooks.models import Delivery, DeliveryAttempt, Endpoint, Event

pytestmark = pytest.mark.django_db
READ_ONLY = (
    OptOutPage,
    IdempotencyKeyPage,
    Ledger,
    Entry,
    TopUp,
    AuditEntry,
    Message,
    QueueRow,
    ReceiptRecord,
    Endpoint,
    ApiKey,
)


@pytest.fixture
def operator() -> User:
    return User.objects.create_superuser("boss@risala.test", "a rather long sentence")


@pytest.fixture
def client(operator: User) -> Client:
    browser = Client()
    browser.force_login(operator)
    return browser


@pytest.fixture
def account() -> Account:
    return opened().account


def page(model: Any, what: str = "changelist", *arguments: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{what}", args=arguments)


def label(model: Any) -> str:
    return str(model._meta.label)


def busy(account: Account) -> Message:
    """One row of everything that the admin lists."""
    made = message(account, status="failed")
    Attempt.objects.create(
        message_id=made.id, number=1, carrier_id=1, owner=made.id, reference="carrier-ref-1"
    )
    ReceiptRecord.objects.create(carrier_id=1, message_id=made.id, reference="carrier-ref-1", status="failed")
    endpoint = Endpoint.objects.create(
        account=account, url="https://example.test/hook", secrets=[b"sealed-secret"]
    )
    event = Event.objects.get(subject_id=made.id)
    Delivery.objects.create(
        event_id=event.id, endpoint=endpoint, subject_id=made.id, type="message.failed", last_status=503
    )
    DeliveryAttempt.objects.create(
        event_id=event.id,
        endpoint=endpoint,
        number=1,
        started_at=datetime.now(UTC),
        latency_milliseconds=42,
        status=503,
        answer="try again",
    )
    message(account)
    keys.issue(account, actor="test")
    optouts.add(account.id, "+212612345678", source="reply")
    IdempotencyKey.objects.create(
        account=account, mode="live", key="order 4711/a", request_hash=b"h", status=202
    )
    SenderId.objects.create(account=account, name=f"S{SenderId.objects.count()}")
    Route.objects.create(carrier=Carrier.objects.get(name="simulator"), account=account, prefix="+212")
    return made


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=label), ids=label)
def test_every_list_opens_and_can_be_searched(client: Client, account: Account, model: type) -> None:
    busy(account)
    assert client.get(page(model)).status_code == 200
    if admin.site._registry[model].search_fields:
        for term in ("Atlas", "+212612345678", str(ids.new_id()), ids.show("message", ids.new_id())):
            assert client.get(page(model), {"q": term}).status_code == 200


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda m: m._meta.label)
def test_history_cannot_be_added_changed_or_deleted(
    client: Client, account: Account, model: type[Message]
) -> None:
    busy(account)
    row = model._default_manager.order_by("pk")[0]
    assert client.get(page(model, "change", row.pk)).status_code == 200
    assert client.get(page(model, "add")).status_code == 403
    assert (
        client.post(page(model, "change", row.pk), {"balance": "1", "status": "delivered"}).status_code == 403
    )
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    client.post(page(model), {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"})
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [Account, Carrier, Plan, ExchangeRate], ids=lambda m: m._meta.label)
def test_what_others_refer_to_cannot_be_deleted(
    client: Client, account: Account, model: type[Account]
) -> None:
    row = model._default_manager.order_by("pk")[0]
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_no_page_shows_a_secret_or_a_text(client: Client, account: Account) -> None:
    made = busy(account)
    carrier = connecting.connect(
        "smsto-1", kind="sms_to", values={"api_key": "s3cret-credential"}, actor="test"
    )
    key = ApiKey.objects.filter(account=account).get()
    shown = "".join(
        client.get(address).content.decode()
        for address in (
            page(Account, "change", account.pk),
            page(ApiKey, "change", key.pk),
            page(Carrier, "change", carrier.pk),
            page(Carrier),
            page(Message, "change", made.pk),
            page(Endpoint, "change", Endpoint.objects.get(account=account).pk),
        )
    )
    for secret in (
        "s3cret-credential",
        "sealed-secret",
        "unseen words",
        key.digest.hex(),
        carrier.callback_token,
    ):
        assert secret not in shown
    assert "api_key=•••" in shown
    assert bytes(account.callback_secret).decode() not in shown


def test_a_message_page_tells_its_journey(client: Client, account: Account) -> None:
    made = busy(account)
    shown = client.get(page(Message, "change", made.pk)).content.decode()
    for fact in (
        "carrier-ref-1",
        "https://example.test/hook",
        "message.failed",
        "refund",
        "charge",
        "simulator",
    ):
        assert fact in shown


def test_an_endpoint_page_shows_its_deliveries_and_attempts(client: Client, account: Account) -> None:
    busy(account)
    shown = client.get(page(Endpoint, "change", Endpoint.objects.get(account=account).pk)).content.decode()
    assert "message.failed" in shown
    assert "try again" in shown


@pytest.mark.parametrize(
    "term",
    [
        lambda m: ids.show("message", m.id),
        lambda m: str(m.id),
        lambda m: "0612345678",
        lambda m: "+212 612-345678",
    ],
)
def test_a_message_is_found_by_id_or_recipient(
    client: Client, account: Account, term: Callable[[Message], str]
) -> None:
    made = message(account, to="+212612345678")
    message(account, to="+212698765432")
    shown = client.get(page(Message), {"q": term(made)}).content.decode()
    assert ids.show("message", made.id) in shown
    assert "+212698765432" not in shown


def test_an_account_is_suspended_and_activated_with_an_audit_entry(
    client: Client, account: Account, operator: User
) -> None:
    for action, status in (("suspend", "suspended"), ("activate", "active")):
        client.post(page(Account), {"action": action, "_selected_action": [str(account.pk)]})
        account.refresh_from_db()
        assert account.status == status
    newest = AuditEntry.objects.filter(account=account).order_by("-id")[0]
    assert (newest.action, newest.actor) == ("account.activated", operator.email)


def test_a_key_is_revoked(client: Client, account: Account) -> None:
    key, _ = keys.issue(account, actor="test")
    client.post(page(ApiKey), {"action": "revoke", "_selected_action": [str(key.pk)]})
    key.refresh_from_db()
    assert key.active is False


def test_a_carrier_is_disabled_enabled_and_resumed(client: Client) -> None:
    carrier = Carrier.objects.get(name="simulator")
    for action, enabled in (("disable", False), ("enable", True)):
        client.post(page(Carrier), {"action": action, "_selected_action": [str(carrier.pk)]})
        carrier.refresh_from_db()
        assert carrier.enabled is enabled
    Carrier.objects.filter(pk=carrier.pk).update(paused_at=datetime.now(UTC), pause_reason="401")
    client.post(page(Carrier), {"action": "resume", "_selected_action": [str(carrier.pk)]})
    carrier.refresh_from_db()
    assert carrier.paused_at is None
    route.forget()


def test_a_carrier_is_connected_and_changed_without_losing_credentials(client: Client) -> None:
    given = {"name": "smsto-1", "kind": "sms_to", "window": "5", "speed": "0"}
    refused = client.post(page(Carrier, "add"), {**given, "values": "nonsense"})
    assert refused.status_code == 200
    assert not Carrier.objects.filter(name="smsto-1").exists()
    client.post(page(Carrier, "add"), {**given, "values": "base_url=https://sms.test\napi_key=s3cret"})
    carrier = Carrier.objects.get(name="smsto-1")
    client.post(page(Carrier, "change", carrier.pk), {"window": "9", "speed": "30", "values": ""})
    carrier.refresh_from_db()
    assert (carrier.window, carrier.speed, carrier.settings) == (9, 30, {"base_url": "https://sms.test"})
    assert connecting.secrets_of(carrier) == {"api_key": "s3cret"}
    route.forget()


def test_a_topup_form_sent_twice_books_once_with_its_reason(
    client: Client, account: Account, operator: User
) -> None:
    address = reverse("admin:billing_ledger_top_up", args=[account.pk])
    form = {"reference": str(ids.new_id()), "amount": "50", "reason": "Transfer 2211"}
    assert client.get(address).status_code == 200
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    ledger = Ledger.objects.get(account=account)
    entry = Entry.objects.get(account=account, seq=2)
    assert (ledger.balance, ledger.seq) == (Decimal("150.0000"), 2)
    assert (entry.reason, entry.actor) == ("Transfer 2211", operator.email)


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("top_up", {"amount": "-5", "reason": "R"}),
        ("top_up", {"amount": "5", "reason": ""}),
        ("top_up", {"amount": "NaN", "reason": "R"}),
        ("adjust", {"amount": "-100.0001", "reason": "R"}),
        ("adjust", {"amount": "0", "reason": "R"}),
    ],
)
def test_a_bad_money_form_books_nothing(
    client: Client, account: Account, what: str, form: dict[str, str]
) -> None:
    address = reverse(f"admin:billing_ledger_{what}", args=[account.pk])
    assert client.post(address, {"reference": str(ids.new_id()), **form}).status_code == 200
    assert Ledger.objects.get(account=account).balance == Decimal("100.0000")


def test_an_adjustment_takes_money_away(client: Client, account: Account) -> None:
    address = reverse("admin:billing_ledger_adjust", args=[account.pk])
    client.post(address, {"reference": str(ids.new_id()), "amount": "-1.5", "reason": "Correction"})
    assert Ledger.objects.get(account=account).balance == Decimal("98.5000")


def test_staff_without_the_permission_moves_no_money(account: Account) -> None:
    browser = Client()
    browser.force_login(
        User.objects.create_user("staff@risala.test", "a rather long sentence", is_staff=True)
    )
    address = reverse("admin:billing_ledger_top_up", args=[account.pk])
    answer = browser.post(address, {"reference": str(ids.new_id()), "amount": "5", "reason": "R"})
    assert answer.status_code == 403
    assert Ledger.objects.get(account=account).balance == Decimal("100.0000")


def test_a_change_by_hand_is_in_the_audit_trail(client: Client, operator: User) -> None:
    price = Price.objects.get(plan="business", country="MA", channel="sms")
    client.post(
        page(Price, "change", price.pk),
        {"plan": "business", "country": "MA", "channel": "sms", "mad": "0.3", "eur": "0.03"},
    )
    price.refresh_from_db()
    assert price.mad == Decimal("0.3000")
    newest = AuditEntry.objects.order_by("-id")[0]
    assert (newest.actor, newest.action, newest.detail) == (
        operator.email,
        "price.changed",
        {"fields": ["eur", "mad"]},
    )


def test_a_protected_name_gets_its_skeleton(client: Client) -> None:
    client.post(page(ProtectedName, "add"), {"name": "0range Bank"})
    assert ProtectedName.objects.get(name="0range Bank").skeleton == "orangebank"


def test_a_sender_id_is_approved(client: Client, account: Account) -> None:
    sender = SenderId.objects.create(account=account, name="ATLAS")
    client.post(page(SenderId), {"action": "approve", "_selected_action": [str(sender.pk)]})
    sender.refresh_from_db()
    assert sender.status == "approved"


LISTS = (
    Account,
    ApiKey,
    Membership,
    Ledger,
    Entry,
    TopUp,
    Message,
    QueueRow,
    ReceiptRecord,
    Route,
    SenderId,
    Endpoint,
)


def test_a_list_of_fifty_costs_the_queries_of_a_list_of_five(client: Client) -> None:
    def costs() -> dict[str, int]:
        counted = {}
        for model in LISTS:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page(model)).status_code == 200
            counted[model._meta.label] = len(queries)
        return counted

    def grow(rows: int) -> None:
        while Membership.objects.count() < rows:
            busy(opened(credit="1").account)

    grow(5)
    costs()
    few = costs()
    grow(50)
    assert costs() == few


def test_a_count_stops_at_its_bound() -> None:
    paginator = BoundedPaginator(Message.objects.order_by("-id"), 50)
    with CaptureQueriesContext(connection) as queries:
        assert paginator.count == 0
    assert f"LIMIT {MOST_COUNTED}" in queries[0]["sql"]


def test_the_menu_leads_to_every_page_of_our_own(client: Client) -> None:
    named = {entry[2] for _, entries in GROUPS for entry in entries}
    ours = {f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry}
    schedules = {f"django_celery_beat_{kind}schedule" for kind in ("clocked", "crontab", "interval", "solar")}
    assert named == ours - schedules


def test_only_the_admin_has_the_loose_policy(client: Client) -> None:
    loose = client.get(page(Account)).headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in loose
    assert "unsafe-eval" not in client.get("/docs/errors").headers.get("Content-Security-Policy", "")
