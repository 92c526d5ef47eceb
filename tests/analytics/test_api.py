"""`GET /v1/analytics`: the shapes of documents A and B, the account's days, groups, reasons and latencies."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from accounts import ids
from accounts.models import Account
from messaging import analytics
from messaging.models import Tally
from messaging.models.message import Status
from tests.analytics.conftest import World
from tests.ops.worlds import opened

MA, FR = "+212612345678", "+33612345678"
ZONE = "Africa/Casablanca"


def some(world: World) -> None:
    ids = world.send(*[MA] * 4)
    world.end(ids[:2], Status.DELIVERED)
    world.end(ids[2:3], Status.UNDELIVERABLE, "UNREACHABLE")
    world.end(ids[3:], Status.FAILED, "CARRIER_REFUSED")


def test_a_finds_its_fields(world: World) -> None:
    some(world)
    answer = world.report(compat="smsmaroc")
    assert answer["window_days"] == 30
    summary = answer["summary"]
    assert {name: summary[name] for name in ("total", "delivered", "failed", "delivery_rate")} == {
        "total": 4,
        "delivered": 2,
        "failed": 1,
        "delivery_rate": 50,
    }
    assert (summary["cost_mad"], summary["cost_eur"]) == (0.84, 0.0765)
    assert "expired" not in summary  # document A calls it undeliverable
    assert [row["channel"] for row in answer["channels"]] == ["sms"]
    assert len(answer["daily"]) == 30
    assert answer["daily"][-1] == {"date": answer["to_date"], **summary}
    assert {row["total"] for row in answer["daily"][:-1]} == {0}


def test_b_finds_its_fields(world: World) -> None:
    some(world)
    summary = world.report(compat="envoisms")["summary"]
    wanted = ("total", "delivered", "failed", "delivery_rate", "cost_mad")
    assert {name: summary[name] for name in wanted} == {
        "total": 4,
        "delivered": 2,
        "failed": 2,
        "delivery_rate": 50,
        "cost_mad": 0.84,
    }


def test_an_account_without_messages_has_zeros(world: World) -> None:
    answer = world.report("?days=1")
    assert (answer["summary"]["total"], answer["summary"]["delivery_rate"]) == (0, 0)
    assert (answer["latency"], answer["failures"]) == ({"p50_seconds": None, "p95_seconds": None}, [])
    assert [row["channel"] for row in answer["channels"]] == ["sms"]


@pytest.mark.parametrize("query", ["?days=0", "?days=91", "?days=x", "?days=-1"])
def test_days_are_from_1_to_90(world: World, query: str) -> None:
    assert world.api().refused("GET", f"analytics{query}") == (400, "INVALID_FIELD", "days")


def test_the_longest_window_has_90_days(world: World) -> None:
    assert len(world.report("?days=90")["daily"]) == 90


def test_another_grouping_is_refused(world: World) -> None:
    assert world.api().refused("GET", "analytics?group_by=weather") == (400, "INVALID_FIELD", "group_by")
    assert world.api(scopes=["send"]).refused("GET", "analytics") == (403, "FORBIDDEN", None)


def test_groups(world: World) -> None:
    key, campaign = UUID(int=1), UUID(int=2)
    some(world)
    world.send(FR, sender="ATLAS", campaign_id=campaign, api_key_id=key)

    def grouped(by: str, *figures: str) -> list[tuple[object, ...]]:
        answer = world.report(f"?group_by={by}")
        assert answer["group_by"] == by
        name = "code" if by == "reason" else by
        return [tuple(row[figure] for figure in (name, *figures)) for row in answer["groups"]]

    assert grouped("country", "total", "delivered") == [("MA", 4, 2), ("FR", 1, 0)]
    assert grouped("sender", "total") == [("RISALA", 4), ("ATLAS", 1)]
    assert grouped("channel", "total") == [("sms", 5)]
    assert grouped("campaign", "total") == [(ids.show("campaign", campaign), 1)]
    assert grouped("key", "total") == [(None, 4), (ids.show("api_key", key), 1)]
    assert grouped("reason", "total", "who_pays") == [
        ("CARRIER_REFUSED", 1, "nobody"),
        ("UNREACHABLE", 1, "customer"),
    ]
    assert grouped("status", "total") == [
        ("delivered", 2),
        ("undeliverable", 1),
        ("failed", 1),
        ("expired", 0),
        ("cancelled", 0),
        ("in_progress", 1),
    ]
    assert grouped("day", "total")[-1][1] == 5


def test_keys_are_shown_with_their_names(world: World) -> None:
    sender = world.api(name="Shop server")
    sender.post("messages", {"to": MA, "message": "Bonjour"}, 202)
    (row,) = world.report("?group_by=key")["groups"]
    assert (row["name"], row["total"], row["key"][:4]) == ("Shop server", 1, "key_")


def test_more_than_a_hundred_groups_are_cut(world: World) -> None:
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    Tally.objects.bulk_create(
        Tally(
            account=world.account,
            mode="live",
            dimension="sender",
            hour=hour,
            value=f"S{number:03}",
            messages=number,
        )
        for number in range(1, 102)
    )
    answer = world.report("?group_by=sender")
    assert (len(answer["groups"]), answer["groups_capped"]) == (100, True)
    assert [row["sender"] for row in answer["groups"][:2]] == ["S101", "S100"]


def test_nothing_is_seen_of_another_account(world: World) -> None:
    some(world)
    stranger = World(opened("Rif").account)
    assert stranger.report("?group_by=country")["groups"] == []
    assert stranger.report()["summary"]["total"] == 0


@pytest.mark.parametrize(
    ("now", "first", "since"),
    [
        # Morocco is at UTC+1, and at UTC in Ramadan.
        (datetime(2026, 7, 10, 23, 30, tzinfo=UTC), date(2026, 7, 10), datetime(2026, 7, 9, 23, tzinfo=UTC)),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), date(2026, 2, 28), datetime(2026, 2, 28, tzinfo=UTC)),
    ],
)
def test_a_day_is_the_accounts(now: datetime, first: date, since: datetime) -> None:
    window = analytics.window(2, ZONE, now)
    assert (window.first, window.last, window.since) == (first, first + timedelta(days=1), since)


def test_hours_fall_on_the_day_of_the_zone(world: World) -> None:
    Account.objects.filter(pk=world.account.pk).update(time_zone="Asia/Tokyo")
    now = datetime.now(UTC)
    today = analytics.window(1, "Asia/Tokyo").since  # 15:00 UTC of the day before, or of this one
    for hour, messages in ((today - timedelta(hours=1), 3), (today, 5)):
        Tally.objects.create(
            account=world.account, mode="live", dimension="all", hour=hour, value="", messages=messages
        )
    answer = world.report("?days=2")
    assert [row["total"] for row in answer["daily"]] == [3, 5]
    assert answer["summary"]["total"] == 8
    assert answer["to_date"] == str((now + timedelta(hours=9)).date())
    assert world.report("?days=1")["summary"]["total"] == 5


@pytest.mark.parametrize(
    ("buckets", "p50", "p95"),
    [
        ({}, None, None),
        ({0: 1}, 0.05, 0.095),
        ({0: 50, 1: 50}, 0.1, 0.13727925),
        ({3: 99, 44: 1}, None, None),
    ],
)
def test_quantiles_are_read_from_buckets(
    buckets: dict[int, int], p50: float | None, p95: float | None
) -> None:
    if 44 in buckets:
        assert 0.2 < (analytics.quantile(buckets, 0.95) or 0) <= 0.2828428
        return
    for share, expected in ((0.5, p50), (0.95, p95)):
        found = analytics.quantile(buckets, share)
        assert found == (None if expected is None else pytest.approx(expected, rel=1e-3))


def test_latency_is_that_of_delivered_messages(world: World) -> None:
    some(world)
    latency = world.report()["latency"]
    assert 0 < latency["p50_seconds"] <= latency["p95_seconds"] < 5
