"""How fast a plan may ask: its requests per second, for the API's limits."""

from __future__ import annotations

from accounts.caller import FACTS_SECONDS
from accounts.freshness import Fresh
from billing.models import Plan


def _load(plan: str) -> int:
    return Plan.objects.filter(code=plan).values_list("rate_per_second", flat=True).first() or 0


_rates = Fresh(_load, seconds=FACTS_SECONDS)


def rate_per_second(plan: str) -> int:
    """Requests per second of a plan's code (document C: 10 and 50); 0 for no limit or an unknown plan."""
    return _rates.get(plan)


def forget() -> None:
    """Read anew at the next look."""
    _rates.forget()
