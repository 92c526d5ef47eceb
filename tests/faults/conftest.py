"""What the fault tests share: a stack of their own that they may break, and ways to break it."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.stand_ins import running
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack

SHORT = {
    "LEASE_SECONDS": "1",
    "CARRIER_TIMEOUT_SECONDS": "2",
    "UNKNOWN_GRACE_SECONDS": "1",
    "CAMPAIGN_AT_ONCE": "0",
    "WEBHOOK_ALLOW_PRIVATE": "1",
    "WEBHOOK_SCHEDULE": "0,1,1,1,1,1,1,1",
    **running.PAYMENT_SETTINGS,
}


@pytest.fixture(scope="session")
def breakable() -> Iterator[Stack]:
    """A stack with servers of its own, for the tests of the group `breaking`."""
    with running.own(**SHORT) as stack:
        yield stack


@pytest.fixture(scope="session")
def its_operator(breakable: Stack, django_db_blocker: DjangoDbBlocker) -> Operator:
    """Whoever runs the breakable stack."""
    return Operator(breakable, django_db_blocker)


def children(pid: int) -> list[int]:
    """The processes that a process has forked, by /proc."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def kill(*pids: int) -> int:
    """SIGKILL; returns how many were alive to get it."""
    killed = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed
