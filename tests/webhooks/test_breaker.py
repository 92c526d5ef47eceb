"""When a failing endpoint is spared, probed, and switched off; and how long a delivery waits for its next
try."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from webhooks import breaker, outcome
from webhooks.breaker import Health, Limits, Post, after, probe_seconds
from webhooks.claim import Claimed
from webhooks.courier import Result
from webhooks.egress import Answer
from webhooks.prepare import Job

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SCHEDULE = (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
LIMITS = Limits(SCHEDULE, timedelta(days=5))
WELL = Health(0, None, None, True)
SECOND = timedelta(seconds=1)


def failed(at: datetime = NOW, status: int | None = 500) -> Post:
    return Post(False, status, at)


def taken(at: datetime = NOW) -> Post:
    return Post(True, 200, at)


def go(health: Health, *posts: Post, now: datetime = NOW) -> Health:
    return after(health, posts, now=now, limits=LIMITS)


def test_four_failures_are_counted_and_the_fifth_opens_the_breaker() -> None:
    assert go(WELL, *[failed()] * 4) == Health(4, None, None, True)
    assert go(WELL, *[failed()] * 5) == Health(5, NOW, NOW + 5 * SECOND, True)


def test_a_success_in_between_begins_the_count_anew() -> None:
    assert go(WELL, *[failed()] * 4, taken(), failed()) == Health(1, None, None, True)


def test_posts_under_way_when_it_opened_do_not_lengthen_the_pause() -> None:
    assert go(WELL, *[failed(NOW - SECOND)] * 12) == go(WELL, *[failed(NOW - SECOND)] * 5)


def test_each_failed_probe_takes_the_next_step_of_the_schedule_up_to_half_an_hour() -> None:
    health, now, pauses = go(WELL, *[failed()] * 5), NOW, []
    for _ in range(5):
        now += timedelta(hours=1)
        health = go(health, failed(now), now=now)
        assert health.not_before is not None
        pauses.append((health.not_before - now).total_seconds())
    assert pauses == [300, 1800, 1800, 1800, 1800]
    assert health.failing_since == NOW


def test_one_success_closes_the_breaker() -> None:
    opened = go(WELL, *[failed()] * 9)
    assert go(opened, taken(NOW + SECOND), now=NOW + SECOND) == WELL


def test_410_switches_off_at_once_with_its_reason() -> None:
    assert go(WELL, failed(status=410)) == Health(0, None, None, False, breaker.REASON_GONE)


def test_five_days_of_only_failures_switch_off_and_not_a_second_less() -> None:
    opened = Health(9, NOW, NOW, True)
    at = NOW + timedelta(days=5)
    early = go(opened, failed(at - SECOND), now=at - SECOND)
    assert (early.active, early.disabled_reason) == (True, "")
    late = go(opened, failed(at), now=at)
    assert (late.active, late.disabled_reason) == (False, "Every delivery failed for 5 days.")


def test_an_endpoint_that_is_off_already_is_not_switched_off_again() -> None:
    off = Health(9, NOW - timedelta(days=9), None, False)
    assert go(off, failed(NOW), failed(status=410)).disabled_reason == ""


@pytest.mark.parametrize("schedule", [(0,), (0, 1), (3,)])
def test_a_short_schedule_still_has_a_pause(schedule: Sequence[float]) -> None:
    assert [probe_seconds(n, schedule) for n in range(3)] == [schedule[-1]] * 3


def result(attempts: int, status: int | None, *, retry_after: float | None = None, **job: Any) -> Result:
    claimed = Claimed(UUID(int=1), UUID(int=2), UUID(int=3), "message.sent", "", attempts, NOW)
    made = Job(claimed, "https://example.com/", "standard", ("x" * 16,), b"{}", False, **job)
    return Result(made, Answer(status, "", 5, None, retry_after), NOW)


def test_the_nth_failure_waits_for_the_nth_step_a_fifth_more_or_less() -> None:
    for attempts in range(len(SCHEDULE) - 1):
        step = SCHEDULE[attempts + 1]
        waits = [outcome.verdict(result(attempts, 500), SCHEDULE) for _ in range(200)]
        assert {state for state, _ in waits} == {"pending"}
        assert all(0.8 * step <= wait <= 1.2 * step for _, wait in waits)
        assert max(wait for _, wait in waits) - min(wait for _, wait in waits) > 0.2 * step


def test_ten_tries_in_all() -> None:
    assert outcome.verdict(result(8, None), SCHEDULE)[0] == "pending"
    assert outcome.verdict(result(9, None), SCHEDULE) == ("dead", 0.0)


def test_retry_after_is_honoured_up_to_twice_the_step() -> None:
    assert outcome.verdict(result(1, 503, retry_after=500), SCHEDULE) == ("pending", 500.0)
    assert outcome.verdict(result(1, 429, retry_after=86400), SCHEDULE) == ("pending", 600.0)
    assert outcome.verdict(result(1, 429, retry_after=1), SCHEDULE)[1] >= 240


def test_gone_or_lost_is_dead_at_once_and_taken_is_done() -> None:
    assert outcome.verdict(result(0, 410), SCHEDULE) == ("dead", 0.0)
    assert outcome.verdict(result(0, None, problem="x", lost=True), SCHEDULE) == ("dead", 0.0)
    assert outcome.verdict(result(0, 204), SCHEDULE) == ("done", 0.0)
    assert outcome.verdict(result(9, 200), SCHEDULE) == ("done", 0.0)
