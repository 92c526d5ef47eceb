"""What a plan grants besides prices, as facts kept a few seconds in the process."""

from dataclasses import dataclass

from accounts.freshness import Fresh
from billing.models import Plan


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """`rate_per_second` is API requests (None: no limit), `share` segments per second before others go first."""

    code: str
    rate_per_second: int | None
    share: int
    refund_undeliverable: bool
    require_sender_approval: bool


def _load(code: str) -> PlanFacts | None:
    row = Plan.objects.filter(code=code).first()
    if row is None:
        return None
    return PlanFacts(
        row.code, row.rate_per_second, row.share, row.refund_undeliverable, row.require_sender_approval
    )


_plans: Fresh[str, PlanFacts | None] = Fresh(_load, seconds=3)


def plan(code: str) -> PlanFacts | None:
    """The facts of a plan, at most 3 s old; None if there is no such plan."""
    return _plans.get(code)
