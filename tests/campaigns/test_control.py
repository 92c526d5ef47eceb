"""Pause, resume and cancel: what a carrier is given in between, and what everybody gets in the end."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from accounts.ids import new_id
from campaigns import advance, chunk, forget
from campaigns.models import Campaign
from messaging.carriers.contract import Accepted, TryLater
from messaging.models import Carrier, Message, QueueRow, Standstill
from messaging.sending import claim, outcome, standstill, sweep
from messaging.sending.outcome import Settled
from tests.campaigns.conftest import PRICE, Shop, advanced, books, row, row_id

BULK = 3


def simulator() -> int:
    return Carrier.objects.get(name="simulator").id


def claimed(most: int = 500) -> claim.Claimed:
    return claim.due(simulator(), BULK, new_id(), most)


def submitted(found: claim.Claimed, *, later: int = 0) -> list[UUID]:
    """Let the carrier take what was claimed, but for the first few, which it asks to bring again."""
    now = [Settled(one, TryLater("busy", "queue_full")) for one in found.submissions[:later]]
    now += [Settled(one, Accepted(one.id.hex)) for one in found.submissions[later:]]
    outcome.record(simulator(), now)
    return [one.id for one in found.submissions]


def states(campaign: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for message in shop_messages(campaign):
        found[message.status] = found.get(message.status, 0) + 1
    return found


def shop_messages(campaign: str) -> list[Message]:
    return list(Message.objects.filter(campaign_id=row_id(campaign)))


@pytest.fixture
def running(shop: Shop) -> str:
    """A campaign to ten, of which six messages are made, and two are with the carrier."""
    campaign = shop.campaign(shop.list_of(10))
    shop.sent(campaign)
    chunk.make(row_id(campaign), most=6)
    assert len(submitted(claimed(2))) == 2
    return campaign


def test_a_paused_campaign_gives_nothing_to_carriers_and_makes_nothing(shop: Shop, running: str) -> None:
    paused = shop.do(running, "pause").body
    assert (paused["status"], paused["sent_count"], paused["queued"], paused["pending"]) == (
        "paused",
        2,
        4,
        4,
    )
    assert not claimed()
    sweep.waits_over()
    assert not claimed()
    assert chunk.make(row_id(running)) is chunk.Made.NOT_OURS
    assert advance.running() == []
    assert len(shop_messages(running)) == 6
    assert shop.do(running, "pause").refusal[:2] == (409, "INVALID_STATE")


def test_a_message_that_comes_back_while_it_is_paused_waits_too(shop: Shop, running: str) -> None:
    in_hand = claimed(2)
    shop.do(running, "pause")
    submitted(in_hand, later=2)
    QueueRow.objects.filter(campaign_id=row_id(running)).update(state="ready")  # before any sweep parks them
    assert claimed() == claim.Claimed([], [])
    assert standstill.enforce_all() == 4
    assert QueueRow.objects.filter(campaign_id=row_id(running), state="ready").count() == 0


def test_resumed_it_goes_on_and_repeats_nobody(shop: Shop, running: str) -> None:
    shop.do(running, "pause")
    resumed = shop.do(running, "resume").body
    assert resumed["status"] == "running"
    assert not Standstill.objects.filter(campaign_id=row_id(running)).exists()
    advanced(running)
    taken = submitted(claimed())
    assert len(taken) == 8
    assert not claimed()
    assert sorted(m.to for m in shop_messages(running)) == [f"+2126100000{n:02}" for n in range(1, 11)]
    assert states(running) == {"sent": 10}
    advanced(running)
    assert shop.detail(running)["status"] == "completed"
    assert shop.money == (100 - 10 * PRICE, 0)
    assert shop.do(running, "resume").refusal[:2] == (409, "INVALID_STATE")
    assert books() == {}


def test_cancelled_sums_to_the_coin(shop: Shop, running: str) -> None:
    in_hand = claimed(1)
    shown = shop.do(running, "cancel").body
    assert (shown["status"], shown["sent_count"], shown["cancelled"]) == ("cancelled", 2, 3)
    assert (shown["charged"], shown["refunded"], shown["held"]) == (6 * PRICE, 3 * PRICE, 0)
    assert shop.money == (100 - 3 * PRICE, 0)
    assert not claimed()
    submitted(in_hand, later=1)  # the carrier did not take it: it comes back, and is cancelled as well
    assert standstill.enforce_all() == 1
    assert states(running) == {"sent": 2, "cancelled": 4}
    assert shop.money == (100 - 2 * PRICE, 0)
    assert not Standstill.objects.filter(campaign_id=row_id(running)).exists()
    advanced(running)
    assert len(shop_messages(running)) == 6
    for verb in ("cancel", "pause", "resume", "send"):
        assert shop.do(running, verb).refusal[:2] == (409, "INVALID_STATE")
    assert books() == {}


def test_a_draft_is_cancelled_without_a_trace_in_the_books(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(1))
    assert shop.do(campaign, "cancel").body["status"] == "cancelled"
    assert shop.money == (100, 0)
    assert not Standstill.objects.exists()


def test_few_messages_wait_at_a_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk, "MOST_UNSETTLED", 5)
    campaign = shop.campaign(shop.list_of(12))
    shop.sent(campaign)
    advanced(campaign)
    assert len(shop_messages(campaign)) == 5
    submitted(claimed(3))
    advanced(campaign)
    assert len(shop_messages(campaign)) == 8
    assert row(campaign).made_at is None


def test_counts_outlive_the_messages(shop: Shop) -> None:
    campaign = shop.campaign(shop.list_of(2))
    shop.sent(campaign)
    advanced(campaign)
    shop.do(campaign, "cancel")
    before = shop.detail(campaign)
    assert before["cancelled"] == 2
    Message.objects.filter(campaign_id=row_id(campaign)).delete()
    assert shop.detail(campaign) == before


def test_recipients_are_forgotten_in_time_and_the_counters_stay(shop: Shop) -> None:
    shop.call("POST", "optouts", {"phone": "+212610000002"})
    campaign = shop.campaign(shop.list_of(3))
    shop.sent(campaign)
    advanced(campaign)
    shop.do(campaign, "cancel")
    before = shop.detail(campaign)
    assert (before["cancelled"], before["skipped_by_reason"]) == (2, {"OPTED_OUT": 1})
    Campaign.objects.filter(pk=row_id(campaign)).update(ended_at=datetime.now(UTC) - timedelta(days=89))
    assert forget.run(until=time.monotonic() + 10) == 0
    Campaign.objects.filter(pk=row_id(campaign)).update(ended_at=datetime.now(UTC) - timedelta(days=91))
    assert forget.run(until=time.monotonic() + 10) == 3
    assert shop.get(f"campaigns/{campaign}/recipients")["data"] == []
    assert shop.detail(campaign) == before | {"ended_at": shop.detail(campaign)["ended_at"]}
