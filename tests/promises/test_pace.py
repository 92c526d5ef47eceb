"""A carrier's speed holds for all lanes together, bulk leaves room for urgent messages, and is itself never starved."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from messaging.sending import pace

numbers = itertools.count(1_000_000)


@pytest.fixture
def carrier_id() -> int:
    """A carrier that nobody else feeds."""
    return next(numbers) + hash(pytest) % 1_000_000


def test_no_more_than_a_second_of_speed_goes_at_once(carrier_id: int) -> None:
    given = pace.take(carrier_id, speed=100, wanted=1000)
    again = pace.take(carrier_id, speed=100, wanted=1000)
    assert 80 <= given <= 100
    assert again <= 20


def test_bulk_leaves_room_for_an_urgent_message(carrier_id: int) -> None:
    pace.take(carrier_id, speed=100, wanted=1000, bulk=True)
    pace.take(carrier_id, speed=100, wanted=1000, bulk=True)
    assert pace.take(carrier_id, speed=100, wanted=5) == 5


def test_bulk_has_a_share_that_others_cannot_take(carrier_id: int) -> None:
    pace.take(carrier_id, speed=100, wanted=1000)
    assert pace.take(carrier_id, speed=100, wanted=1000, bulk=True) >= 8


def test_a_throttled_carrier_gets_nothing_for_a_while(carrier_id: int) -> None:
    pace.throttled(carrier_id, speed=100, seconds=60)
    assert pace.take(carrier_id, speed=100, wanted=10) == 0


def test_no_limit_is_no_limit(carrier_id: int) -> None:
    assert pace.take(carrier_id, speed=0, wanted=5000) == 5000


@pytest.mark.parametrize("bulk", [False, True])
def test_the_slowest_carrier_still_gets_a_message(carrier_id: int, bulk: bool) -> None:
    assert pace.take(carrier_id, speed=1, wanted=10, bulk=bulk) <= 2
    with time_passed(carrier_id, seconds=2):
        assert pace.take(carrier_id, speed=1, wanted=10, bulk=bulk) >= 1


@contextmanager
def time_passed(carrier_id: int, *, seconds: float) -> Iterator[None]:
    """As if the last question had been asked earlier."""
    key = f"pace:{carrier_id}"
    before = float(str(pace._redis.hget(key, "at").decode()))  # type: ignore[union-attr]
    pace._redis.hset(key, "at", str(before - seconds))
    yield
