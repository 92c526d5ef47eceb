"""`POST /api/v1/send`, `/send-bulk` and the calculator of document E."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.api import idempotency
from accounts.api.rendering import answer, number
from accounts.api.scoping import ANY_KEY, enter
from accounts.caller import Caller
from accounts.refusals import Refused
from billing.api.balance import balance_of
from messaging import serials
from messaging.api.sending import sender_of
from messaging.dialects.massejli import reading
from messaging.dialects.massejli.errors import name_of
from messaging.dialects.massejli.words import ENGLISH, UNICODE, shown
from messaging.models import Lane
from messaging.sending import accept
from messaging.sending.accept import Idempotency, Order, Rejected, Replayed, Taken
from messaging.sending.draft import Draft, Ready, Sender, prepare
from messaging.sending.group import Group

CREATED = 201
_group: Group[Order, accept.Answer] = Group(accept.batch)


def send(request: HttpRequest) -> HttpResponse:
    """`POST /api/v1/send`: one message."""
    caller = enter(request, "send")
    body = reading.body_of(request)
    order = _order(request, caller, [reading.one(body, caller)], Lane.NORMAL)
    return _settle(request, body, order, partial(_one, caller))


def send_bulk(request: HttpRequest) -> HttpResponse:
    """`POST /api/v1/send-bulk`: one text to up to a thousand numbers; a bad number is refused alone."""
    caller = enter(request, "send")
    body = reading.body_of(request)
    order = _order(request, caller, reading.many(body, caller), Lane.BULK)
    return _settle(request, body, order, partial(_many, caller))


def _order(request: HttpRequest, caller: Caller, drafts: Sequence[Draft], lane: Lane) -> Order:
    ids = serials.take(caller.account_id, len(drafts))
    numbered = [
        replace(draft, metadata={serials.FIELD: serial}) for draft, serial in zip(drafts, ids, strict=True)
    ]
    bulk = lane is Lane.BULK
    try:
        return accept.order(sender_of(request, caller, lane), numbered, batch=bulk, atomic=not bulk)
    except Refused as refused:
        raise reading.renamed(refused) from None


def _settle(request: HttpRequest, body: Mapping[str, Any], order: Order, render: Any) -> HttpResponse:
    key = idempotency.key_of(request)
    if key is not None:
        hashed = idempotency.request_hash(request, body)
        order.idempotency = Idempotency(key, hashed, lambda taken: idempotency.as_text(render(taken)))
    outcome = accept.batch([order])[0] if order.batch else _group.ask(order)
    if isinstance(outcome, Refused):
        raise reading.renamed(outcome)
    if isinstance(outcome, Replayed):
        response = answer(idempotency.from_text(outcome.answer), CREATED)
        response["Idempotent-Replayed"] = "true"
        return response
    return answer(render(outcome), CREATED)


def _one(caller: Caller, taken: Taken) -> dict[str, object]:
    ready = taken.ready[0]
    data = {
        "message_id": _serial(ready),
        "cost": number(ready.price),
        "balance": _balance(caller, taken),
        "currency": caller.account.currency,
        "to": ready.to,
        "sender_id": ready.sender,
        "status": "pending",
        "segments": ready.segments,
        "message_type": _kind(ready),
        "schedule_time": shown(ready.visible_at, caller) if ready.scheduled else None,
    }
    return {"success": True, "message": "SMS sent successfully", "data": data}


def _many(caller: Caller, taken: Taken) -> dict[str, object]:
    data = {
        "total": len(taken.ready) + len(taken.rejected),
        "sent": len(taken.ready),
        "failed": len(taken.rejected),
        "cost": number(sum((ready.price for ready in taken.ready), Decimal(0))),
        "balance": _balance(caller, taken),
        "currency": caller.account.currency,
        "messages": [
            {
                "message_id": _serial(ready),
                "to": ready.to,
                "status": "pending",
                "segments": ready.segments,
                "cost": number(ready.price),
            }
            for ready in taken.ready
        ],
        "errors": [_error(rejected) for rejected in taken.rejected],
    }
    return {"success": True, "message": "Bulk SMS sent successfully", "data": data}


def _serial(ready: Ready) -> object:
    return (ready.draft.metadata or {}).get(serials.FIELD)


def _kind(ready: Ready) -> int:
    return ENGLISH if ready.encoding == "gsm7" else UNICODE


def _balance(caller: Caller, taken: Taken) -> int | float:
    return number(balance_of(caller.account_id)[0] if taken.balance is None else taken.balance)


def _error(rejected: Rejected) -> dict[str, object]:
    refused = rejected.refusal
    return {
        "index": rejected.index,
        "to": rejected.to,
        "error": {"code": name_of(refused.code)[1], "message": refused.detail},
    }


def calculate(request: HttpRequest) -> HttpResponse:
    """`POST` or `GET /api/v1/calculate`: what a message would cost; sends nothing."""
    caller = enter(request, ANY_KEY)
    drafts = reading.either(reading.body_of(request), caller)
    sender = sender_of(request, caller, Lane.NORMAL)
    priced, errors = _priced(drafts, sender)
    if not priced and len(drafts) == 1:
        raise reading.renamed(errors[0].refusal)
    total = sum((ready.price for ready in priced), Decimal(0))
    balance, currency = balance_of(caller.account_id)
    data = {
        "recipients": len(drafts),
        "valid": len(priced),
        "invalid": len(errors),
        "segments": sum(ready.segments for ready in priced),
        "segments_per_message": priced[0].segments if priced else None,
        "message_type": _kind(priced[0]) if priced else None,
        "cost": number(total),
        "currency": currency,
        "balance": number(balance),
        "sufficient_balance": total <= balance,
        "breakdown": [
            {
                "to": ready.to,
                "country": ready.country,
                "segments": ready.segments,
                "cost": number(ready.price),
            }
            for ready in priced
        ],
        "errors": [_error(rejected) for rejected in errors],
    }
    return answer({"success": True, "message": "Cost calculated successfully", "data": data})


def _priced(drafts: Sequence[Draft], sender: Sender) -> tuple[list[Ready], list[Rejected]]:
    priced, errors = [], []
    for index, draft in enumerate(drafts):
        try:
            priced.append(prepare(draft, sender))
        except Refused as refused:
            errors.append(Rejected(index, draft.to, refused))
    return priced, errors
