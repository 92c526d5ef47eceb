"""Requests that are worked off together: each gets its own answer, and one that is stuck holds up only its own group."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from messaging.sending.group import Group

SECONDS = 20


@pytest.mark.django_db
def test_inside_a_transaction_one_is_worked_off_alone() -> None:
    group: Group[int, int] = Group(lambda wishes: [wish * 2 for wish in wishes])
    assert group.ask(21) == 42


def test_each_of_many_gets_its_own_answer() -> None:
    sizes: list[int] = []

    def work(wishes: Sequence[int]) -> list[int]:
        sizes.append(len(wishes))
        return [wish * 2 for wish in wishes]

    group = Group(work)
    with ThreadPoolExecutor(40) as crowd:
        assert list(crowd.map(group.ask, range(2000), timeout=SECONDS)) == [2 * wish for wish in range(2000)]
    assert sum(sizes) == 2000


def test_one_that_is_stuck_holds_up_no_other() -> None:
    stuck, free = threading.Event(), threading.Event()

    def work(wishes: Sequence[str]) -> list[str]:
        if "slow" in wishes:
            stuck.set()
            assert free.wait(SECONDS)
        return list(wishes)

    group = Group(work)
    with ThreadPoolExecutor(8) as crowd:
        slow = crowd.submit(group.ask, "slow")
        assert stuck.wait(SECONDS)
        assert list(crowd.map(group.ask, map(str, range(20)), timeout=SECONDS)) == list(map(str, range(20)))
        assert not slow.done()
        free.set()
        assert slow.result(SECONDS) == "slow"


def test_a_failure_is_told_to_all_of_its_group_and_to_nobody_after() -> None:
    failing = threading.Event()
    failing.set()

    def work(wishes: Sequence[int]) -> list[int]:
        if failing.is_set():
            raise ValueError("not now")
        return list(wishes)

    group = Group(work)
    with ThreadPoolExecutor(8) as crowd:
        asked = [crowd.submit(group.ask, wish) for wish in range(50)]
        assert all(isinstance(wish.exception(SECONDS), ValueError) for wish in asked)
        failing.clear()
        assert list(crowd.map(group.ask, range(50), timeout=SECONDS)) == list(range(50))
