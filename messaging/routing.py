"""Routes as rows: add one, remove one, and explain where a message would go. Which carrier is taken is `sending/route.py`'s rule."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.models import Account, Mode
from accounts.refusals import Code, Refused
from billing.pricing import PriceFacts, price_of
from contacts.phone import InvalidPhone, parse
from messaging.connecting import named
from messaging.models import Route
from messaging.sending import route

PREFIX = re.compile(r"(\+[1-9]\d{0,14})?", re.ASCII)
MOST_PRIORITY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Explained:
    """Where a message to `to` would go: the carriers in the order they would be tried, and the price of a segment."""

    to: str
    country: str
    channel: str
    candidates: Sequence[route.Candidate]
    price: PriceFacts | None


def add(
    *,
    carrier: str,
    prefix: str,
    channel: str,
    priority: int,
    weight: int = 1,
    account: Account | None = None,
    actor: str,
) -> Route:
    """A new route. `prefix` begins with `+`, or is empty for every number; a lower `priority` goes first.

    Raises `Refused(INVALID_FIELD)` and, for the carrier, `Refused(NOT_FOUND)`.
    """
    if not PREFIX.fullmatch(prefix):
        raise Refused(
            Code.INVALID_FIELD, "prefix must be such as +212, or empty for every number.", param="prefix"
        )
    if not 0 < len(channel) <= 12:
        raise Refused(Code.INVALID_FIELD, "channel must have 1 to 12 characters.", param="channel")
    if not 0 <= priority <= MOST_PRIORITY or not 1 <= weight <= MOST_PRIORITY:
        raise Refused(Code.INVALID_FIELD, "priority must be 0 or more, weight 1 or more.", param="priority")
    with transaction.atomic():
        row = Route.objects.create(
            carrier=named(carrier),
            prefix=prefix,
            channel=channel,
            account=account,
            priority=priority,
            weight=weight,
        )
        detail = {"prefix": prefix, "channel": channel, "priority": priority, "weight": weight}
        audit.record(account, actor=actor, action="route.added", subject=f"route to {carrier}", detail=detail)
    route.forget()
    return row


def remove(route_id: int, *, actor: str) -> Route:
    """Take a route away; returns it as it was. What is queued for its carrier still goes there.

    Raises `Refused(NOT_FOUND)`.
    """
    with transaction.atomic():
        row = (
            Route.objects.select_for_update(of=("self",))
            .select_related("carrier")
            .filter(pk=route_id)
            .first()
        )
        if row is None:
            raise Refused(Code.NOT_FOUND, f"There is no route {route_id}.")
        detail = {
            "prefix": row.prefix,
            "channel": row.channel,
            "priority": row.priority,
            "weight": row.weight,
        }
        subject = f"route to {row.carrier.name}"
        audit.record(row.account_id, actor=actor, action="route.removed", subject=subject, detail=detail)
        row.delete()
    route.forget()
    return row


def explain(to: str, *, account: Account, channel: str = "sms", mode: str = Mode.LIVE) -> Explained:
    """Where a message of an account to a number would go now, and what a segment costs.

    Raises `Refused(INVALID_PHONE)`.
    """
    try:
        phone = parse(to, account.country)
    except InvalidPhone as error:
        raise Refused(Code.INVALID_PHONE, error.sentence, param="to") from error
    return Explained(
        to=phone.e164,
        country=phone.country,
        channel=channel,
        candidates=route.candidates(account.id, channel, phone.e164, mode=mode),
        price=price_of(account.plan, phone.country, channel),
    )
