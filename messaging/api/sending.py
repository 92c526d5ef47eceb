"""The two sending POSTs, as plain views: the hot path of the API. The rules are `messaging/sending/accept.py`; waiting single
messages of a process are committed together (`group.py`)."""

import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.api import idempotency
from accounts.api.codes import shown
from accounts.api.parsing import read_json
from accounts.api.rendering import answer, instant
from accounts.api.scoping import enter
from accounts.api.visit import visit
from accounts.caller import Caller
from accounts.freshness import Fresh
from accounts.ids import created_at, show
from accounts.refusals import Code, Refused
from billing.models import Ledger
from messaging.api import reading, shapes
from messaging.models.message import Batch, Lane, Message
from messaging.sending import accept
from messaging.sending.accept import Idempotency, Replayed, Taken
from messaging.sending.draft import Draft, Sender, check_channel
from messaging.sending.group import Group

ACCEPTED = 202
TWIN_SECONDS = 1.0
TWIN_PAUSE_SECONDS = 0.02
_balances: Fresh[UUID, Decimal] = Fresh(
    lambda account_id: Ledger.objects.values_list("balance", flat=True).get(pk=account_id), seconds=3
)
_group: Group[accept.Order, accept.Answer] = Group(accept.batch)


def sender_of(request: HttpRequest, caller: Caller, lane: Lane) -> Sender:
    """On whose behalf a request sends."""
    return Sender(
        account=caller.account,
        mode=caller.mode,
        lane=lane,
        api_key_id=caller.key_id,
        request_id=visit(request).request_id,
        actor=f"key_{caller.key_id.hex}",
    )


def _settled(given: accept.Answer) -> Taken | Replayed:
    if isinstance(given, Refused):
        raise given
    return given


def _send(order: accept.Order, *, alone: bool) -> Taken | Replayed:
    """Accept an order. A twin whose first request is still running asks again for a moment, holding nothing meanwhile, so
    that parallel repeats all get the one answer; after that it is told to come back."""
    until = time.monotonic() + TWIN_SECONDS
    while True:
        given = accept.batch([order])[0] if alone else _group.ask(order)
        running = isinstance(given, Refused) and given.code is Code.IDEMPOTENCY_IN_PROGRESS
        if not running or connection.in_atomic_block or time.monotonic() > until:
            return _settled(given)
        connection.close()
        time.sleep(TWIN_PAUSE_SECONDS)


def _balance(caller: Caller, taken: Taken) -> Any:
    return taken.balance if taken.balance is not None else _balances.get(caller.account_id)


def _respond(body: Mapping[str, object], *, replayed: bool) -> HttpResponse:
    response = answer(body, ACCEPTED)
    if replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def create(request: HttpRequest) -> HttpResponse:
    """`POST /v1/messages`: one message, or the same text to a list of numbers (document C)."""
    caller = enter(request, "send")
    body = read_json(request)
    drafts, listed = reading.messages(body, caller)
    key = idempotency.key_of(request)
    if listed:
        return _batch(request, caller, drafts, key, body, atomic=False)
    sender = sender_of(request, caller, Lane.NORMAL)
    check_channel(drafts[0].channel, sender)
    order = accept.order(sender, drafts)
    if key is not None:
        order.idempotency = Idempotency(
            key,
            idempotency.request_hash(request, body),
            lambda taken: idempotency.as_text(
                shapes.accepted(taken.ready[0], caller, _balance(caller, taken))
            ),
        )
    outcome = _send(order, alone=False)
    if isinstance(outcome, Replayed):
        return _respond(idempotency.from_text(outcome.answer), replayed=True)
    return _respond(shapes.accepted(outcome.ready[0], caller, _balance(caller, outcome)), replayed=False)


def create_bulk(request: HttpRequest) -> HttpResponse:
    """`POST /v1/messages/bulk`: up to 10,000 messages, money all or nothing, a bad number refused alone."""
    caller = enter(request, "send")
    body = read_json(request)
    drafts, atomic = reading.bulk(body, caller)
    return _batch(request, caller, drafts, idempotency.key_of(request), body, atomic=atomic)


def _batch(
    request: HttpRequest,
    caller: Caller,
    drafts: Sequence[Draft],
    key: str | None,
    body: Mapping[str, Any],
    *,
    atomic: bool,
) -> HttpResponse:
    sender = sender_of(request, caller, Lane.BULK)
    check_channel(drafts[0].channel, sender)
    order = accept.order(sender, drafts, batch=True, atomic=atomic)
    if order.rejected and not order.ready and drafts[0].param.startswith("to["):
        raise order.rejected[0].refusal  # a list of numbers of which none will do is no batch
    if key is not None:
        order.idempotency = Idempotency(
            key,
            idempotency.request_hash(request, body),
            lambda taken: {
                "batch": order.batch_id.hex if order.batch_id else "",
                "credits": _credits(caller, taken),
            },
        )
    outcome = _send(order, alone=True)
    if isinstance(outcome, Replayed):
        return _respond(_rebuilt(caller, outcome.answer), replayed=True)
    return _respond(_fresh(caller, drafts, outcome), replayed=False)


def _credits(caller: Caller, taken: Taken) -> int | None:
    return shapes.credits_left(caller, _balance(caller, taken))


def _fresh(caller: Caller, drafts: Sequence[Draft], taken: Taken) -> dict[str, object]:
    """The answer to a batch that was just accepted."""
    items = [
        shapes.batch_item(
            r.id,
            r.to,
            shapes.status_word("scheduled" if r.scheduled else "queued", caller.compat),
            flagged=r.duplicate_suspected,
        )
        for r in taken.ready
    ]
    rejected = {r.index: shapes.rejected_item(r, caller.compat) for r in taken.rejected}
    if taken.batch_id is None:
        raise RuntimeError("a batch without an id")
    mad = sum((r.price_mad for r in taken.ready), start=Decimal(0))
    eur = sum((r.price_eur for r in taken.ready), start=Decimal(0))
    segments = sum(r.segments for r in taken.ready)
    return _shown(
        taken.batch_id,
        drafts[0].channel,
        shapes.merged(len(drafts), rejected, items),
        shapes.money(mad, eur),
        segments,
        _credits(caller, taken),
    )


def _shown(
    batch_id: UUID,
    channel: str,
    items: Sequence[Any],
    cost: Mapping[str, object],
    segments: int,
    credits_left: object,
) -> dict[str, object]:
    first = next((item["id"] for item in items if item["id"]), None)
    taken = sum(1 for item in items if item["id"])
    return {
        "success": True,
        "batch_id": show("batch", batch_id),
        "id": first,
        "message_id": first,
        "total": len(items),
        "accepted": taken,
        "rejected": len(items) - taken,
        "channel": channel,
        "status": "queued",
        "estimated_cost": cost,
        "cost": cost,
        "segments": segments,
        "credits_used": segments,
        "credits_remaining": credits_left,
        "created_at": instant(created_at(batch_id)),
        "messages": items,
    }


def _rebuilt(caller: Caller, kept: Mapping[str, Any]) -> dict[str, object]:
    """The first answer to a batch, rebuilt from its rows: kept bodies of ten thousand items would be a burden."""
    batch = Batch.objects.get(id=UUID(kept["batch"]), account_id=caller.account_id)
    flagged = set(batch.flagged)
    rejected = {
        item["index"]: {
            "id": None,
            "to": item["to"],
            "status": "rejected",
            "error": {"code": shown(Code(item["code"]), caller.compat)[1], "message": item["detail"]},
        }
        for item in batch.rejected
    }
    positions = (index for index in range(batch.total) if index not in rejected)
    rows = (
        Message.objects.filter(batch_id=batch.id, id__gte=batch.id)
        .order_by("id")
        .values_list("id", "to", "scheduled_at", "segments")
    )
    items = []
    segments = 0
    for (message_id, to, scheduled_at, count), position in zip(rows, positions, strict=True):
        word = shapes.status_word("scheduled" if scheduled_at else "queued", caller.compat)
        items.append(shapes.batch_item(message_id, to, word, flagged=position in flagged))
        segments += count
    cost = shapes.money(batch.price_mad, batch.price_eur)
    return _shown(
        batch.id, batch.channel, shapes.merged(batch.total, rejected, items), cost, segments, kept["credits"]
    )
