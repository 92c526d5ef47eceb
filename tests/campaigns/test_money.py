"""What a campaign costs: held before anything is sent, charged with each chunk, released to the coin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoDbBlocker

from accounts.ids import new_id
from accounts.models import Account
from billing import holds, pricing, quotas
from billing.models import Entry, Hold, Ledger
from campaigns import chunk
from campaigns.models import Recipient
from contacts import optouts
from messaging.models import Message, QueueRow
from tests.campaigns.conftest import PRICE, Shop, advanced, books, open_shop, row, row_id


def entries(shop: Shop) -> list[tuple[str, Decimal]]:
    rows = Entry.objects.filter(account=shop.account).order_by("seq")
    return list(rows.values_list("kind", "amount"))


def test_one_coin_short_books_queues_and_freezes_nothing(shops: Callable[..., Shop]) -> None:
    shop = shops(credit="2.7999")
    campaign = shop.campaign(shop.list_of(10))
    assert shop.do(campaign, "send").refusal == (402, "INSUFFICIENT_BALANCE", None)
    assert shop.money == (Decimal("2.7999"), 0)
    assert entries(shop) == [("topup", Decimal("2.7999"))]
    assert not Hold.objects.filter(account=shop.account).exists()
    assert not Recipient.objects.filter(campaign_id=row_id(campaign)).exists()
    assert (row(campaign).status, row(campaign).total_count) == ("draft", 0)


def test_the_last_coin_is_enough(shops: Callable[..., Shop]) -> None:
    shop = shops(credit="2.80")
    campaign = shop.campaign(shop.list_of(10))
    shop.sent(campaign)
    assert shop.money == (0, Decimal("2.80"))
    assert shop.get("balance")["held"] == Decimal("2.80")
    advanced(campaign)
    assert shop.money == (0, 0)
    assert "held" not in shop.get("balance")
    assert [kind for kind, _ in entries(shop)] == ["topup", "hold", "hold_charge"]
    assert books() == {}


def test_each_chunk_is_charged_once_and_the_rest_released(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "CHUNK", 4)
    campaign = shop.campaign(shop.list_of(10))
    shop.sent(campaign)
    optouts.add(shop.account.id, "+212610000009", source="api")
    assert chunk.make(row_id(campaign), most=4) is chunk.Made.MORE
    assert shop.money == (100 - 10 * PRICE, 6 * PRICE)
    for _ in range(3):
        chunk.make(row_id(campaign), most=4)
    assert entries(shop)[1:] == [
        ("hold", 10 * PRICE),
        ("hold_charge", 4 * PRICE),
        ("hold_charge", 4 * PRICE),
        ("hold_charge", 1 * PRICE),
        ("hold_release", 1 * PRICE),
    ]
    assert shop.money == (100 - 9 * PRICE, 0)
    shown = shop.detail(campaign)
    assert (shown["queued"], shown["skipped_by_reason"]) == (9, {"OPTED_OUT": 1})
    assert (shown["held"], shown["charged"], shown["refunded"]) == (0, 9 * PRICE, 0)
    used = [t for t in shop.get("billing/transactions")["data"] if t.get("campaign_id") == campaign]
    assert [(t["type"], t["amount_mad"]) for t in used] == [
        ("hold_release", PRICE),
        ("usage", 0),
        ("usage", 0),
        ("usage", 0),
        ("hold", -10 * PRICE),
    ]
    assert {m.batch_id for m in shop.messages(campaign)} == {None}
    assert books() == {}


def test_the_price_is_the_one_that_was_held(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(3))
    shop.sent(campaign)
    pricing.set_price("business", country="MA", channel="sms", mad=Decimal(5), eur=Decimal("0.5"))
    advanced(campaign)
    assert [m.price for m in shop.messages(campaign)] == [PRICE] * 3
    assert shop.money == (100 - 3 * PRICE, 0)
    assert books() == {}


def test_a_country_closed_meanwhile_is_skipped_and_its_money_released(shops: Callable[..., Shop]) -> None:
    shop = shops(allowed_countries=["FR"])
    list_id = shop.list_of(2)
    abroad = shop.call("POST", "contacts", {"phone": "+33612345678", "list_id": list_id})
    assert abroad.status == 201
    campaign = shop.campaign(list_id)
    assert shop.sent(campaign)["queued"] == 3
    Account.objects.filter(pk=shop.account.pk).update(allowed_countries=[])
    advanced(campaign)
    shown = shop.detail(campaign)
    assert (shown["queued"], shown["skipped_by_reason"]) == (2, {"COUNTRY_NOT_ALLOWED": 1})
    assert shop.money == (100 - 2 * PRICE, 0)
    recipients = shop.get(f"campaigns/{campaign}/recipients")
    assert [(one["phone"], one["status"], one["reason"]) for one in recipients["data"]] == [
        ("+33612345678", "skipped", "COUNTRY_NOT_ALLOWED"),
        ("+212610000002", "queued", None),
        ("+212610000001", "queued", None),
    ]
    assert recipients["total"] == 3
    only = shop.get(f"campaigns/{campaign}/recipients?skipped=true")
    assert [one["phone"] for one in only["data"]] == ["+33612345678"]
    assert books() == {}


def test_a_monthly_quota_is_asked_before_and_counts_what_is_made(shop: Shop) -> None:
    quotas.set_monthly(shop.account.id, 4, actor="test")
    campaign = shop.campaign(shop.list_of(5))
    assert shop.do(campaign, "send").refusal[:2] == (429, "QUOTA_EXCEEDED")
    assert shop.money == (100, 0)
    smaller = shop.campaign(shop.list_of(4, first=50))
    shop.sent(smaller)
    advanced(smaller)
    usage = quotas.usage(shop.account.id)
    assert usage is not None
    assert usage.used == 4


def test_test_keys_hold_and_pay_nothing(shops: Callable[..., Shop]) -> None:
    shop = shops(credit="0")
    campaign = shop.campaign(shop.list_of(3), mode="test")
    assert shop.sent(campaign, mode="test")["cost"] == {"eur": 0, "mad": 0}
    advanced(campaign)
    assert [m.mode for m in shop.messages(campaign)] == ["test"] * 3
    assert entries(shop) == []
    assert not Hold.objects.filter(account=shop.account).exists()


def test_the_database_refuses_a_hold_that_is_overdrawn(shop: Shop) -> None:
    reference = new_id()
    assert holds.hold(shop.account.id, Decimal(10), reference=reference, subject="campaign", actor="t")
    with pytest.raises(IntegrityError, match="hold_never_overdrawn"), transaction.atomic():
        Hold.objects.filter(pk=reference).update(used=Decimal("10.0001"))
    with pytest.raises(IntegrityError), transaction.atomic():
        holds.hold(shop.account.id, Decimal(1), reference=reference, subject="campaign", actor="t")
    assert holds.use(reference, Decimal("10.0001"), reference=new_id(), actor="t") is None
    assert holds.hold(shop.account.id, Decimal(91), reference=new_id(), subject="campaign", actor="t") is None
    assert shop.money == (90, 10)


@pytest.fixture
def busy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shop]:
    """An account in the test database with every statement committed."""
    with django_db_blocker.unblock():
        yield open_shop()


def test_twenty_at_once_take_the_twelve_that_fit_and_the_rest_is_released_once(busy: Shop) -> None:
    reference = new_id()
    assert holds.hold(busy.account.id, Decimal("12.5"), reference=reference, subject="campaign", actor="t")

    def run(work: Callable[[], object]) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        taken = list(
            pool.map(
                lambda _: run(partial(holds.use, reference, Decimal(1), reference=new_id(), actor="t")),
                range(20),
            )
        )
        released = list(pool.map(lambda _: run(partial(holds.release, reference, actor="t")), range(10)))
    assert sum(one is not None for one in taken) == 12
    assert sum(one is not None for one in released) == 1
    hold = Hold.objects.get(pk=reference)
    assert [hold.used, hold.released, hold.left] == [12, Decimal("0.5"), 0]
    ledger = Ledger.objects.get(pk=busy.account.pk)
    assert [ledger.balance, ledger.held, ledger.seq] == [88, 0, 1 + 1 + 12 + 1]


def break_held(shop: Shop, _: str) -> None:
    Ledger.objects.filter(pk=shop.account.pk).update(held=Decimal(1))


def break_hold(shop: Shop, campaign: str) -> None:
    Hold.objects.filter(pk=row_id(campaign)).update(used=Decimal("0.01"))


def lose_hold(shop: Shop, campaign: str) -> None:
    Hold.objects.filter(pk=row_id(campaign)).delete()


@pytest.mark.parametrize(
    ("check", "break_it"),
    [
        ("held_is_open_holds", break_held),
        ("hold_is_its_entries", break_hold),
        ("hold_entry_has_hold", lose_hold),
    ],
)
def test_the_audit_finds_what_is_off(shop: Shop, check: str, break_it: Callable[[Shop, str], None]) -> None:
    campaign = shop.campaign(shop.list_of(1))
    shop.sent(campaign)
    assert books() == {}
    break_it(shop, campaign)
    assert check in books()


def test_messages_and_queue_rows_know_their_campaign(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(2), metadata={"order": 7})
    shop.sent(campaign)
    advanced(campaign)
    rows = QueueRow.objects.filter(campaign_id=row_id(campaign))
    assert rows.values_list("lane", flat=True).distinct().get() == 3
    first = Message.objects.filter(campaign_id=row_id(campaign)).order_by("id")[0]
    shown = shop.get(f"messages/msg_{first.id.hex}")
    assert shown["campaign_id"] == campaign
    assert shown["metadata"] == {"order": 7}
