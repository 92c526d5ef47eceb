"""The health of an endpoint after some posts: the breaker that spares a dead receiver (and everybody else's
place in the queue), and when it is switched off for good. Pure rules; `outcome.py` stores what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES_TO_OPEN = 5
MAX_PROBE_SECONDS = 1800.0  # a receiver that came back waits half an hour at most, whatever the schedule says
GONE = 410
REASON_GONE = "The receiver answered 410 Gone."
REASON_FAILING = "Every delivery failed for {days:g} days."


@dataclass(frozen=True, slots=True)
class Health:
    """What is stored of an endpoint. The breaker is open while `failing_since` is set: then no post goes
    out before `not_before`, and one at a time. `disabled_reason` is set when these posts switched the
    endpoint off."""

    consecutive_failures: int
    failing_since: datetime | None
    not_before: datetime | None
    active: bool
    disabled_reason: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One finished post, as far as health goes. `claimed_at` is the database's time when it was taken to be
    sent."""

    taken: bool
    status: int | None
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """`schedule` are the seconds between the tries of one delivery; `disable_after` the time of only
    failures after which an endpoint is switched off."""

    schedule: Sequence[float]
    disable_after: timedelta


def after(health: Health, posts: Sequence[Post], *, now: datetime, limits: Limits) -> Health:
    """The health of an endpoint after `posts`, in the order they finished; `now` is the database's time.

    One success closes the breaker. Posts that were under way when it opened say nothing new and do not
    lengthen its pauses. A 410 switches the endpoint off at once (RFC 9110 section 15.5.11), `disable_after`
    of failures later.
    """
    for post in posts:
        health = _after_one(health, post, now, limits)
    return health


def _after_one(health: Health, post: Post, now: datetime, limits: Limits) -> Health:
    if post.taken:
        return replace(health, consecutive_failures=0, failing_since=None, not_before=None)
    if post.status == GONE and health.active:
        return replace(health, active=False, disabled_reason=REASON_GONE)
    since = health.failing_since
    if since is not None and post.claimed_at < since:
        return health
    failures = health.consecutive_failures + 1
    if failures < FAILURES_TO_OPEN:
        return replace(health, consecutive_failures=failures)
    opened = replace(
        health,
        consecutive_failures=failures,
        failing_since=since or now,
        not_before=now + timedelta(seconds=probe_seconds(failures - FAILURES_TO_OPEN, limits.schedule)),
    )
    if health.active and since is not None and now - since >= limits.disable_after:
        days = limits.disable_after / timedelta(days=1)
        return replace(opened, active=False, disabled_reason=REASON_FAILING.format(days=days))
    return opened


def probe_seconds(failed_probes: int, schedule: Sequence[float]) -> float:
    """The pause before the next probe: the schedule's steps one by one, at most half an hour."""
    steps = schedule[1:] or schedule
    return min(steps[min(failed_probes, len(steps) - 1)], MAX_PROBE_SECONDS)
