"""How campaigns begin: at their time, in the background for great lists, within the limits of the documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from pytest_django import Settings

from accounts.models import AuditEntry
from campaigns import alarm, audience, schedule, start, throttle
from campaigns.models import Campaign, Recipient
from messaging import templates
from messaging.models import QueueRow
from tests.campaigns.conftest import PRICE, Shop, advanced, books, row, row_id


def hour_later() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)


def due_now(campaign: str) -> None:
    Campaign.objects.filter(pk=row_id(campaign)).update(scheduled_at=datetime.now(UTC) - timedelta(seconds=1))


def test_a_scheduled_campaign_begins_at_its_time(shop: Shop) -> None:
    at = hour_later()
    campaign = shop.campaign(shop.list_of(2), scheduled_at=at.isoformat())
    shown = shop.detail(campaign)
    assert (shown["status"], shown["scheduled_at"]) == ("scheduled", at.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    assert start.due() == 0
    due_now(campaign)
    assert start.due() == 1
    assert start.due() == 0
    advanced(campaign)
    assert len(shop.messages(campaign)) == 2
    assert shop.money == (100 - 2 * PRICE, 0)


def test_a_time_without_offset_is_by_the_clock_of_the_account_and_resolved_again(shop: Shop) -> None:
    zone = ZoneInfo("Africa/Casablanca")
    local = hour_later().astimezone(zone).replace(tzinfo=None)
    campaign = shop.campaign(shop.list_of(1), scheduled_at=local.isoformat())
    assert row(campaign).scheduled_at == local.replace(tzinfo=zone)
    # The rules of the zone changed since: what was resolved then is an hour early.
    Campaign.objects.filter(pk=row_id(campaign)).update(scheduled_at=datetime.now(UTC) - timedelta(seconds=1))
    assert start.due() == 0
    assert row(campaign).scheduled_at == local.replace(tzinfo=zone)
    assert row(campaign).status == "scheduled"
    assert schedule.resolve("2026-02-25T10:00:00", "Africa/Casablanca") == datetime(
        2026, 2, 25, 10, tzinfo=UTC
    )
    assert schedule.resolve("2026-06-15T10:00:00", "Africa/Casablanca") == datetime(
        2026, 6, 15, 9, tzinfo=UTC
    )


def test_a_short_balance_at_its_time_fails_it_with_a_mail_and_sends_nothing(
    shops: Callable[..., Shop],
) -> None:
    shop = shops(credit="0.83")
    campaign = shop.campaign(shop.list_of(3), scheduled_at=hour_later().isoformat())
    due_now(campaign)
    start.due()
    advanced(campaign)
    shown = shop.detail(campaign)
    assert (shown["status"], shown["reason"]) == ("failed", "INSUFFICIENT_BALANCE")
    assert "0.84" in shown["reason_detail"]
    assert shop.messages(campaign) == []
    assert shop.money == (Decimal("0.83"), 0)
    assert alarm.tell_due() == 1
    assert alarm.tell_due() == 0
    assert "Soldes" in mail.outbox[0].subject
    assert "0.84" in mail.outbox[0].body
    trail = AuditEntry.objects.filter(account=shop.account, action="campaign.failed").get()
    assert trail.detail["reason"] == "INSUFFICIENT_BALANCE"
    assert shop.do(campaign, "send").refusal[:2] == (409, "INVALID_STATE")
    assert books() == {}


def test_a_scheduled_campaign_becomes_a_draft_again_or_is_sent_before(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(1), scheduled_at=hour_later().isoformat())
    shown = shop.call("PATCH", f"campaigns/{campaign}", {"scheduled_at": None}).body
    assert (shown["status"], shown["scheduled_at"]) == ("draft", None)
    shop.call("PATCH", f"campaigns/{campaign}", {"scheduled_at": hour_later().isoformat()})
    assert shop.sent(campaign)["status"] == "running"


def test_a_great_list_is_frozen_in_the_background(
    shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CAMPAIGN_AT_ONCE = 0
    monkeypatch.setattr(audience, "BATCH", 4)
    campaign = shop.campaign(shop.list_of(10))
    answer = shop.sent(campaign)
    assert (answer["preparing"], answer["queued"], answer["total"]) == (True, 0, 10)
    assert start.freeze_more(row_id(campaign))
    assert row(campaign).total_count == 4
    shop.do(campaign, "pause")
    assert not start.freeze_more(row_id(campaign))
    shop.do(campaign, "resume")
    advanced(campaign)
    numbers = Recipient.objects.filter(campaign_id=row_id(campaign)).order_by("number")
    assert [one.number for one in numbers] == list(range(1, 11))
    assert len({m.to for m in shop.messages(campaign)}) == len(shop.messages(campaign)) == 10
    assert shop.money == (100 - 10 * PRICE, 0)
    assert books() == {}


def test_a_great_list_without_money_fails_in_the_background(
    shops: Callable[..., Shop], settings: Settings
) -> None:
    settings.CAMPAIGN_AT_ONCE = 0
    shop = shops(credit="1")
    campaign = shop.campaign(shop.list_of(4))
    assert shop.do(campaign, "send").status == 200
    advanced(campaign)
    assert shop.detail(campaign)["status"] == "failed"
    assert shop.money == (1, 0)


def test_ten_thousand_for_the_documents_and_any_number_natively(
    shops: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shops(credit="5000")
    monkeypatch.setattr(audience, "BATCH", 10_000)
    many = shop.list_of(10_001)
    campaign = shop.campaign(many, "Bonjour", compat="smsmaroc")
    refused = shop.do(campaign, "send", compat="smsmaroc")
    assert refused.refusal == (400, "TOO_MANY_CONTACTS", "list_id")
    assert (shop.money, row(campaign).status) == ((5000, 0), "draft")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_optout (id, account_id, phone, source) SELECT gen_random_uuid(), %s, %s, 'api'",
            [shop.account.id, "+212610000001"],
        )
    answer = shop.sent(campaign, compat="smsmaroc")
    assert (answer["queued"], answer["total"], answer["preparing"]) == (10_000, 10_001, False)
    assert shop.money == (5000 - 10_000 * PRICE, 10_000 * PRICE)
    native = shop.sent(shop.campaign(many, "Bonjour"))
    assert (native["preparing"], native["total"]) == (True, 10_001)


def test_an_empty_list_is_completed_at_once(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(0))
    answer = shop.sent(campaign)
    assert (answer["queued"], answer["total"]) == (0, 0)
    advanced(campaign)
    assert shop.detail(campaign)["status"] == "completed"
    assert shop.money == (100, 0)


def test_an_approved_template_is_sent_as_it_is_then(shop: Shop) -> None:
    wish = templates.Wish("Soldes", "sms", "marketing", "fr", "Bonjour {{ name }}, le {{custom1}}")
    template = templates.create(shop.account.id, wish)
    shown = f"tpl_{template.id.hex}"
    given = {"name": "Soldes", "template_id": shown}
    assert shop.call("POST", "campaigns", given).refusal[:2] == (403, "TEMPLATE_NOT_APPROVED")
    templates.submit(shop.account.id, template.id, actor="test")
    if (
        not Campaign.objects.filter(account=shop.account).exists()
        and templates.newest(template).state != "approved"
    ):
        templates.approve(templates.newest(template).id, actor="test")
    list_id = shop.list_of(0)
    contact = {
        "phone": "+212612345678",
        "name": "Zoé",
        "custom_fields": {"custom1": "5 mai"},
        "list_id": list_id,
    }
    shop.call("POST", "contacts", contact)
    made = shop.call("POST", "campaigns", given | {"list_id": list_id})
    assert (made.status, made.body["template_id"], made.body["body"]) == (201, shown, None)
    shop.sent(made.body["id"])
    advanced(made.body["id"])
    assert [m.text for m in shop.messages(made.body["id"])] == ["Bonjour Zoé, le 5 mai"]


@pytest.mark.parametrize("text", ["7_sec", "50_min", "119_min", "500_min", "100_hour", "86399_hour"])
def test_any_period_of_a_throttle_allows_exactly_what_was_asked(text: str) -> None:
    pace = throttle.of({"throttling": text})
    assert pace is not None
    stretches = pace.period_seconds // pace.stretch_seconds
    for first in (0, 1, 7, 1000):
        assert sum(pace.allowed(first + n) for n in range(stretches)) == pace.count


def test_behind_a_queue_that_stands_only_one_share_waits(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(20), metadata={"throttling": "60_min"})
    shop.sent(campaign)
    for seconds in (0, 6, 11, 31):
        began = datetime.now(UTC) - timedelta(seconds=seconds)
        Campaign.objects.filter(pk=row_id(campaign)).update(frozen_at=began)
        advanced(campaign)
    assert len(shop.messages(campaign)) == 5


def test_a_throttled_campaign_makes_its_share_of_each_stretch(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(20), metadata={"throttling": "60_min"})
    shop.sent(campaign)

    def made_after(seconds: int) -> int:
        Campaign.objects.filter(pk=row_id(campaign)).update(
            frozen_at=datetime.now(UTC) - timedelta(seconds=seconds)
        )
        advanced(campaign)
        advanced(campaign)
        QueueRow.objects.filter(campaign_id=row_id(campaign)).delete()  # a carrier took them
        return len(shop.messages(campaign))

    assert [made_after(seconds) for seconds in (0, 2, 6, 8, 11, 31)] == [5, 5, 10, 10, 15, 20]
    assert row(campaign).made_at is not None
    assert shop.money == (100 - 20 * PRICE, 0)
