"""What document E shows: balance, history, prices, and the account with its figures."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts import ids
from accounts.api.pagination import OFFSET_MOST, counted, whole
from accounts.api.rendering import answer, number
from accounts.api.scoping import ANY_KEY, enter, visible_to
from accounts.caller import Caller
from accounts.freshness import Fresh
from accounts.refusals import Code, Refused
from billing.api.balance import balance_of
from billing.models import Price
from contacts.countries import COUNTRIES
from messaging import serials
from messaging.dialects.massejli.words import WORDS, midnight, shown, statuses_of
from messaging.models import Message
from messaging.models.message import in_statuses

PER_PAGE, MOST_PER_PAGE = 20, 100
STATISTICS_DAYS = 30
STATISTICS_SECONDS = 10.0
MOST_COUNTED = 50_000
BY_STATUS = """
SELECT status, count(*) FROM (
  SELECT status FROM messaging_message WHERE account_id = %s AND mode = %s AND id >= %s ORDER BY id DESC LIMIT %s) m
 GROUP BY status
"""


def balance(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/balance`."""
    caller = enter(request, ("balance", "billing"))
    amount, currency = balance_of(caller.account_id)
    return answer({"success": True, "data": {"balance": number(amount), "currency": currency}})


def logs(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/logs`: the history, newest first. Counting stops at 10,000 or just beyond the page, pages at 100,000 messages."""
    caller = enter(request, "status")
    query = request.GET
    page = whole(query, "page", default=1, least=1, most=OFFSET_MOST)
    per_page = whole(query, "per_page", default=PER_PAGE, least=1, most=MOST_PER_PAGE)
    start = (page - 1) * per_page
    if start > OFFSET_MOST:
        raise Refused(
            Code.INVALID_FIELD, f"Pages reach back {OFFSET_MOST:,} messages; use date_to.", param="page"
        )
    rows = _filtered(caller, query)
    total, _ = counted(rows, seen=start + per_page)
    found = rows.order_by("-id")[start : start + per_page]
    data = {
        "logs": [_row(message, caller) for message in found],
        "pagination": {
            "page": page,
            "per_page": per_page,
            "total": total,
            "total_pages": -(-total // per_page),
        },
    }
    return answer({"success": True, "data": data})


def _filtered(caller: Caller, query: Any) -> QuerySet[Message]:
    rows = visible_to(Message.objects.all(), caller)
    if status := query.get("status"):
        rows = in_statuses(rows, statuses_of(status))
    if since := query.get("date_from"):
        rows = rows.filter(id__gte=ids.floor_of(midnight(since, caller, "date_from")))
    if until := query.get("date_to"):
        # The day itself is included; a day has 23 to 25 hours, so the next midnight is asked for by date.
        day_after = midnight(until, caller, "date_to") + timedelta(hours=36)
        rows = rows.filter(id__lt=ids.floor_of(midnight((shown(day_after, caller) or "")[:10], caller, "")))
    return rows


def _row(message: Message, caller: Caller) -> dict[str, object]:
    return {
        "message_id": serials.of(message),
        "to": message.to,
        "message": message.text,
        "sender_id": message.sender,
        "status": WORDS[message.status],
        "segments": message.segments,
        "cost": number(message.price),
        "currency": message.currency,
        "schedule_time": shown(message.scheduled_at, caller),
        "created_at": shown(message.created_at, caller),
        "sent_at": shown(message.sent_at, caller),
        "delivered_at": shown(message.delivered_at, caller),
    }


def pricing(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/pricing`: what a segment costs in every country that has a price."""
    caller = enter(request, ANY_KEY)
    account = caller.account
    rows = Price.objects.filter(plan_id=account.plan, channel="sms").order_by("country")
    prices = [
        {
            "country": _name(row.country),
            "country_code": row.country,
            "prefix": f"+{COUNTRIES[row.country].dialling_code}" if row.country in COUNTRIES else None,
            "price": number(row.eur if account.currency == "EUR" else row.mad),
            "currency": account.currency,
            "allowed": row.country in account.allowed_countries,
        }
        for row in rows
    ]
    return answer({"success": True, "data": {"pricing": prices, "currency": account.currency}})


def _name(country: str) -> str:
    return COUNTRIES[country].name("en") if country in COUNTRIES else country


def account(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/account`: whose key this is, and the figures of the last 30 days (of at most 50,000 messages)."""
    caller = enter(request, ANY_KEY)
    facts = caller.account
    data: dict[str, object] = {
        "id": ids.show("account", facts.id),
        "name": facts.name,
        "status": "active",
        "plan": facts.plan,
        "country": facts.country,
        "time_zone": facts.time_zone,
        "sender_id": facts.default_sender or None,
        "mode": caller.mode,
        "rate_limit": caller.rate_per_minute,
        "currency": facts.currency,
    }
    if not caller.scopes.isdisjoint({"balance", "billing"}):
        data["balance"] = number(balance_of(facts.id)[0])
    data["statistics"] = _statistics.get((facts.id, caller.mode))
    return answer({"success": True, "data": data})


def _counted(key: tuple[UUID, str]) -> dict[str, object]:
    floor = ids.floor_of(datetime.now(UTC) - timedelta(days=STATISTICS_DAYS))
    with connection.cursor() as cursor:
        cursor.execute(BY_STATUS, [*key, floor, MOST_COUNTED])
        rows = cursor.fetchall()
    counts = dict.fromkeys(("delivered", "sent", "pending", "failed"), 0)
    for status, count in rows:
        counts[WORDS[status]] += count
    total = sum(counts.values())
    rate = round(100 * counts["delivered"] / total, 2) if total else 0
    return {"days": STATISTICS_DAYS, "total": total, **counts, "delivery_rate": rate}


_statistics: Fresh[tuple[UUID, str], dict[str, object]] = Fresh(_counted, seconds=STATISTICS_SECONDS)
