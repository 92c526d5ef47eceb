"""The first page of the dashboard: how today goes, what needs a look, and the first steps of a new account."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey
from accounts.pages.charts import Bar, Series, bars
from accounts.pages.place import Place, enter
from accounts.pages.roles import May
from billing.models import Ledger
from campaigns.models import Campaign
from messaging import analytics
from messaging.api.shapes import explained
from messaging.models import Message
from webhooks.models import Endpoint

DAYS = 30
MOST_DAYS_LEFT = 365  # beyond a year the figure says nothing
SERIES = (
    Series(_("Delivered"), "good"),
    Series(_("Not delivered"), "bad"),
    Series(_("On their way"), "rest"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps of an account."""

    label: str | Promise
    done: bool
    url: str


def _rate(sums: analytics.Sums) -> float | None:
    ended = sums.delivered + sums.undeliverable + sums.failed + sums.expired
    return round(100 * sums.delivered / ended, 1) if ended else None


def _stack(sums: analytics.Sums) -> tuple[float, ...]:
    bad = sums.undeliverable + sums.failed + sums.expired
    return (sums.delivered, bad, max(0, sums.messages - sums.delivered - bad - sums.cancelled))


def _days_left(ledger: Ledger, report: analytics.Report) -> int | None:
    week = [sums for _day, sums in report.daily[-7:]]
    in_mad = ledger.currency == "MAD"
    each = ((s.price_mad - s.refunded_mad) if in_mad else (s.price_eur - s.refunded_eur) for s in week)
    spent = sum(each, Decimal(0))
    days = int(ledger.balance / (spent / 7)) if spent > 0 else None
    return days if days is not None and days <= MOST_DAYS_LEFT else None


def _first_steps(place: Place) -> list[Step]:
    account = place.account
    delivered = Message.objects.filter(account_id=account.id, mode__in=("live", "test"), status="delivered")
    steps = [
        Step(
            _("Make an API key, or send from the browser"),
            ApiKey.objects.filter(account=account).exists(),
            "page-developers",
        ),
        Step(_("Send a message and see it delivered"), delivered.exists(), "page-send"),
        Step(
            _("Let your server be told of every change"),
            Endpoint.objects.filter(account=account).exists(),
            "",
        ),
    ]
    return [] if all(step.done for step in steps) else steps


@enter()
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """GET `/dashboard/`."""
    report = analytics.report(place.account.id, place.mode, analytics.window(DAYS, place.account.time_zone))
    today = report.daily[-1][1]
    ledger = Ledger.objects.get(account_id=place.account.id)
    language = request.LANGUAGE_CODE
    stacks = [Bar(date_format(day, "j M"), _stack(sums)) for day, sums in report.daily]
    running = Campaign.objects.filter(
        account_id=place.account.id, mode=place.mode, status__in=("running", "paused")
    )
    context: dict[str, Any] = {
        "report": report,
        "today": today,
        "today_bad": today.undeliverable + today.failed + today.expired,
        "rate": _rate(report.summary),
        "rate_today": _rate(today),
        "days_left": None if place.is_test else _days_left(ledger, report),
        "chart": bars(stacks, SERIES, title=_("Messages by day")),
        "failures": [(explained(code, language), count) for code, count in report.failures[:5]],
        "running": running.order_by("-id")[:5],
        "steps": _first_steps(place),
        "may_send": place.may(May.SEND),
        "messages_url": reverse("page-messages"),
    }
    return render(request, "dashboard/home.html", context)
