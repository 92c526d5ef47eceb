"""`/v1/analytics` of documents A and B; natively also by dimension. The figures are `messaging/analytics.py`'s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.pagination import whole
from accounts.api.rendering import number
from accounts.api.viewset import ApiViewSet
from accounts.caller import Caller
from accounts.models import ApiKey
from accounts.refusals import Code, Refused
from messaging import analytics
from messaging.analytics import NOTHING, Groups, Report, Sums
from messaging.api import schemas, shapes

DEFAULT_DAYS, MOST_DAYS = 30, 90
FINAL = ("delivered", "undeliverable", "failed", "expired", "cancelled")
DIMENSIONS = {
    name: analytics.Dimension(name) for name in ("channel", "country", "sender", "key", "campaign", "reason")
}
GROUPINGS = ("day", "status", *DIMENSIONS)
PARAMETERS = [
    OpenApiParameter(
        "days",
        {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": DEFAULT_DAYS},
        description="The last days, today among them, in the account's time zone.",
    ),
    OpenApiParameter("group_by", str, enum=list(GROUPINGS), description="Adds `groups`, at most 100."),
]


class AnalyticsViewSet(ApiViewSet):
    """What an account's messages of the key's mode came to."""

    required_scope = "analytics"

    @extend_schema(summary="Get analytics", parameters=PARAMETERS, responses={200: schemas.ANALYTICS})
    def retrieve(self, request: Request) -> Response:
        """Messages by the day they were accepted, and what became of them; a few seconds behind."""
        query, caller = request.query_params, self.caller
        days = whole(query, "days", default=DEFAULT_DAYS, least=1, most=MOST_DAYS)
        by = query.get("group_by", "")
        if by and by not in GROUPINGS:
            sentence = f"group_by is one of {', '.join(GROUPINGS)}."
            raise Refused(Code.INVALID_FIELD, sentence, param="group_by")
        window = analytics.window(days, caller.account.time_zone)
        report = analytics.report(caller.account_id, caller.mode, window, by=DIMENSIONS.get(by))
        answer = _shown(report, caller)
        if by:
            answer |= {"group_by": by, **_grouped(report, by, caller)}
        return Response(answer)


def _shown(report: Report, caller: Caller) -> dict[str, Any]:
    window = report.window
    used = dict(report.channels)
    channels = sorted(caller.account.channels | set(used))
    return {
        "window_days": window.days,
        "from_date": window.first,
        "to_date": window.last,
        "time_zone": window.zone,
        "summary": _counts(report.summary, caller.compat),
        "latency": {"p50_seconds": _seconds(report.p50_seconds), "p95_seconds": _seconds(report.p95_seconds)},
        "channels": [
            {"channel": name, **_counts(used.get(name, NOTHING), caller.compat)} for name in channels
        ],
        "daily": [{"date": day, **_counts(sums, caller.compat)} for day, sums in report.daily],
        "failures": _failures(report.failures, caller),
    }


def _counts(sums: Sums, compat: str) -> dict[str, Any]:
    """The figures, statuses by the words that the key's document has for them."""
    words: dict[str, int] = {}
    for status in FINAL:
        word = shapes.status_word(status, compat)
        words[word] = words.get(word, 0) + int(getattr(sums, status))
    return {
        "total": sums.messages,
        **words,
        "in_progress": sums.messages - sums.ended,
        "delivery_rate": round(100 * sums.delivered / sums.messages, 1) if sums.messages else 0,
        "segments": sums.segments,
        "cost_eur": number(sums.price_eur - sums.refunded_eur),
        "cost_mad": number(sums.price_mad - sums.refunded_mad),
        "refunded_eur": number(sums.refunded_eur),
        "refunded_mad": number(sums.refunded_mad),
    }


def _seconds(value: float | None) -> float | None:
    """Buckets tell no more than two digits."""
    return None if value is None else float(f"{value:.2g}")


def _failures(found: Sequence[tuple[str, int]], caller: Caller) -> list[dict[str, Any]]:
    return [
        {**(shapes.explained(code or None, caller.account.language) or {"code": None}), "total": total}
        for code, total in found[: analytics.MOST_GROUPS]
    ]


def _grouped(report: Report, by: str, caller: Caller) -> dict[str, Any]:
    if by == "status":
        counts = _counts(report.summary, caller.compat)
        words = [*dict.fromkeys(shapes.status_word(status, caller.compat) for status in FINAL), "in_progress"]
        return {"groups": [{"status": word, "total": counts[word]} for word in words]}
    if by == "day":
        return {"groups": [{"day": day, **_counts(sums, caller.compat)} for day, sums in report.daily]}
    if by == "reason":
        return {"groups": _failures(report.failures, caller)}
    groups = report.groups or Groups([], capped=False)
    names = _names(groups, caller) if by == "key" else {}
    rows = [
        {by: _value(by, value), **names.get(value, {}), **_counts(sums, caller.compat)}
        for value, sums in groups.rows
    ]
    return {"groups": rows, "groups_capped": groups.capped}


def _value(by: str, value: str) -> str | None:
    if not value:
        return None
    if by == "key":
        return ids.show("api_key", UUID(value))
    return ids.show("campaign", UUID(value)) if by == "campaign" else value


def _names(groups: Groups, caller: Caller) -> Mapping[str, Mapping[str, str]]:
    """What the keys are called, by their ids."""
    rows = ApiKey.objects.filter(
        account_id=caller.account_id, pk__in=[value for value, _ in groups.rows if value]
    )
    return {str(key_id): {"name": name} for key_id, name in rows.values_list("pk", "name")}
