"""Places are shared: a turn for everybody, few for the slow, none for the broken until the database has
spoken."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from webhooks.claim import Claimed
from webhooks.pace import AHEAD, AHEAD_WHEN_PROVEN, FIRST_WINDOW, MAX_WINDOW, SLOTS, SLOW_SLOTS, Pace
from webhooks.prepare import Job

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def jobs(endpoint: int, count: int, *, failing: bool = False) -> list[Job]:
    return [
        Job(
            Claimed(UUID(int=n), UUID(int=endpoint), UUID(int=n), "message.sent", "", 0, NOW),
            "https://example.com/",
            "standard",
            ("x" * 16,),
            b"{}",
            failing,
        )
        for n in range(count)
    ]


def land(
    pace: Pace, flown: list[Job], *, taken: bool = True, status: int | None = 200, latency_ms: int = 5
) -> None:
    for job in flown:
        pace.landed(job.claimed.endpoint_id, taken=taken, status=status, latency_ms=latency_ms)


def per_endpoint(flown: list[Job]) -> Counter[int]:
    return Counter(job.claimed.endpoint_id.int for job in flown)


def test_an_endpoint_begins_with_two_posts_and_earns_eight() -> None:
    pace = Pace()
    pace.add(jobs(1, 200))
    seen = []
    for _ in range(8):
        flown = pace.next()
        seen.append(len(flown))
        land(pace, flown)
    assert seen == [2, 4, 8, 8, 8, 8, 8, 8]
    assert pace.flying == 0
    assert pace.waiting == 200 - sum(seen)
    assert pace.begun == sum(seen)


def test_a_turn_for_everybody_before_anybodys_second() -> None:
    pace = Pace()
    for endpoint in range(1, 50):
        pace.add(jobs(endpoint, 10))
    flown = pace.next()
    assert len(flown) == SLOTS
    assert set(per_endpoint(flown[:49])) == set(range(1, 50))


def test_those_who_had_no_place_come_first_next_time() -> None:
    pace = Pace()
    for endpoint in range(1, 101):
        pace.add(jobs(endpoint, 1))
    first = pace.next()
    land(pace, first)
    assert len(pace.next()) == 100 - SLOTS


def test_slow_and_failing_endpoints_share_half_of_the_places() -> None:
    pace = Pace()
    for endpoint in range(1, 101):
        pace.add(jobs(endpoint, 5, failing=True))
    assert len(pace.next()) == SLOW_SLOTS
    pace.add(jobs(999, 5))
    assert per_endpoint(pace.next()) == {999: FIRST_WINDOW}


def test_an_endpoint_that_turns_slow_falls_back_to_one_place() -> None:
    pace = Pace()
    pace.add(jobs(1, 100))
    for _ in range(4):
        land(pace, pace.next())
    flown = pace.next()
    assert len(flown) == MAX_WINDOW
    land(pace, flown, latency_ms=5000)
    flown = pace.next()
    assert len(flown) == 1
    land(pace, flown)
    assert len(pace.next()) == 2


def test_five_failures_in_a_row_stop_an_endpoint_until_its_jobs_are_taken_back() -> None:
    pace = Pace()
    pace.add(jobs(1, 20))
    posted = 0
    while flown := pace.next():
        posted += len(flown)
        land(pace, flown, taken=False, status=500)
    assert 5 <= posted <= 6
    assert pace.allowances() == {UUID(int=1): 0}
    assert len(pace.drop([])) == 20 - posted
    assert pace.idle
    assert pace.allowances() == {}


def test_410_stops_an_endpoint_at_once() -> None:
    pace = Pace()
    pace.add(jobs(1, 20))
    land(pace, pace.next(), taken=False, status=410)
    assert pace.next() == []


def test_what_waited_too_long_is_not_posted_but_taken_back() -> None:
    pace = Pace()
    pace.add(jobs(1, 3))
    for job, _ in list(pace._lanes[UUID(int=1)].waiting):
        pace._lanes[UUID(int=1)].waiting.popleft()
        pace._lanes[UUID(int=1)].waiting.append((job, -1000.0))
    assert pace.next() == []
    assert len(pace.drop([])) == 3
    assert (pace.waiting, pace.flying, pace.begun) == (0, 0, 0)


def test_more_is_leased_ahead_for_those_who_proved_quick() -> None:
    pace = Pace()
    pace.add(jobs(1, 60))
    flown = pace.next()
    assert pace.allowances() == {UUID(int=1): 0}
    for _ in range(5):
        land(pace, flown)
        flown = pace.next()
    held = pace.waiting + pace.flying
    assert pace.allowances() == {UUID(int=1): MAX_WINDOW * AHEAD_WHEN_PROVEN - held}
    assert AHEAD < AHEAD_WHEN_PROVEN
