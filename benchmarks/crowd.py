"""Several helper processes started together, let go together, and timed until the last one has ended."""

import time
from collections.abc import Sequence

from benchmarks.processes import Helper


def together(helpers: Sequence[Helper], orders: Sequence[str]) -> float:
    """The seconds from the word to the last answer."""
    began = time.perf_counter()
    for helper, order in zip(helpers, orders, strict=True):
        helper.go(order)
    for helper in helpers:
        helper.result()
    return time.perf_counter() - began
