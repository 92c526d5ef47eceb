"""Which tests may not run beside each other: those that break a stack of their own (the machine has two cores), and those
that share one receiver. All others are dealt out one by one."""

from __future__ import annotations

from xdist.scheduler.loadscope import LoadScopeScheduling

IN_TURN = ("tests/faults/", "tests/sdks/test_signatures.py")


class InTurn(LoadScopeScheduling):  # type: ignore[misc]
    """Deals out tests; those of one folder or file of `IN_TURN` go to one worker, one after the other.

    xdist's own groups need to rename tests, which pytest 9 does not let them do any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in IN_TURN if nodeid.startswith(place)), nodeid)
