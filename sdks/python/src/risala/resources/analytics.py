"""Calls of `analytics`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import Optional, TypedDict

from risala.calls import OMIT, Resource
from risala.money import Amount


class AnalyticsSummary(TypedDict, total=False):
    total: int
    delivered: int
    failed: int
    in_progress: int
    delivery_rate: Amount
    segments: int
    cost_eur: Amount
    cost_mad: Amount
    undeliverable: int
    expired: int
    cancelled: int
    refunded_eur: Amount
    refunded_mad: Amount


class AnalyticsLatency(TypedDict, total=False):
    p50_seconds: Optional[Amount]
    p95_seconds: Optional[Amount]


class AnalyticsChannel(TypedDict, total=False):
    total: int
    delivered: int
    failed: int
    in_progress: int
    delivery_rate: Amount
    segments: int
    cost_eur: Amount
    cost_mad: Amount
    channel: str
    undeliverable: int
    expired: int
    cancelled: int
    refunded_eur: Amount
    refunded_mad: Amount


class AnalyticsDaily(TypedDict, total=False):
    total: int
    delivered: int
    failed: int
    in_progress: int
    delivery_rate: Amount
    segments: int
    cost_eur: Amount
    cost_mad: Amount
    date: str
    undeliverable: int
    expired: int
    cancelled: int
    refunded_eur: Amount
    refunded_mad: Amount


class AnalyticsFailure(TypedDict, total=False):
    code: Optional[str]
    total: int
    message: Optional[str]
    retryable: Optional[bool]
    who_pays: Optional[str]


class AnalyticsGroup(TypedDict, total=False):
    total: int


class Analytics(TypedDict, total=False):
    window_days: int
    summary: AnalyticsSummary
    latency: AnalyticsLatency
    channels: list[AnalyticsChannel]
    daily: list[AnalyticsDaily]
    failures: list[AnalyticsFailure]
    from_date: str
    to_date: str
    time_zone: str
    group_by: str
    groups: list[AnalyticsGroup]
    groups_capped: bool


class AnalyticsCalls(Resource):
    """`client.analytics`"""

    def get(self, *, days: int = OMIT, group_by: str = OMIT) -> Analytics:
        """Get analytics.

        Messages by the day they were accepted, and what became of them; a few seconds behind.

        Parameters:
            days: The last days, today among them, in the account's time zone.
            group_by: Adds `groups`, at most 100.
        """
        answer: Analytics = self._caller.call(
            "GET", "/v1/analytics", {"days": days, "group_by": group_by}
        )
        return answer
