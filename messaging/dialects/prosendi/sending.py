"""`POST /api/sms/send` and `/api/sms/send-bulk` of document D."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse

from accounts import idempotency as kept_answers
from accounts import ids
from accounts.api import idempotency
from accounts.api.parsing import read_json
from accounts.api.rendering import answer
from accounts.caller import Caller
from accounts.idempotency import still_running
from accounts.models import Mode
from accounts.refusals import Code, Refused
from billing import pricing, quotas
from billing.api.balance import balance_of
from messaging import sims, soon
from messaging.api.sending import sender_of
from messaging.dialects.prosendi.errors import NoCompany, enter, name_of
from messaging.dialects.prosendi.words import COUNTRY, SANDBOX, SERVICE, WORDS, reason_of
from messaging.models import Lane, Message, Sim
from messaging.sending import accept
from messaging.sending.accept import Idempotency, Order, Rejected, Replayed, Taken
from messaging.sending.draft import Draft, Ready

MOST_MESSAGES = 1_000
WAIT_SECONDS = 3.0
DECIDED_SECONDS = 5.0
RECIPIENT = re.compile(r"(?:\+?223)?([67][0-9]{7})", re.ASCII)
"""Document D, validation: `^(\\+223)?[67][0-9]{7}$`, and its own valid example without the plus."""


def _text(body: Mapping[str, Any], name: str, param: str) -> str:
    value = body.get(name)
    if value is None or value == "":
        raise Refused(Code.MISSING_FIELD, f"{param}{name} is required.", param=param + name)
    if not isinstance(value, str):
        raise Refused(Code.INVALID_FIELD, f"{param}{name} must be a string.", param=param + name)
    return value


def _whole(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise Refused(Code.INVALID_FIELD, f"{name} must be a positive integer.", param=name)
    return value


def _recipient(text: str, param: str = "") -> str:
    """E.164. Raises `Refused(INVALID_PHONE)`."""
    found = RECIPIENT.fullmatch("".join(text.split()))
    if found is None:
        raise Refused(
            Code.INVALID_PHONE,
            f"Invalid phone number format: {param}recipient must match ^(\\+223)?[67][0-9]{{7}}$.",
            param=param + "recipient",
        )
    return f"+223{found[1]}"


def _pool(caller: Caller, sim_id: int | None) -> list[Sim]:
    """The SIMs a request may use, best first. Raises `Refused(NO_ROUTE)`."""
    if caller.mode == Mode.TEST and not sims.of_account(caller.account_id):
        return [SANDBOX]
    return sims.candidates(caller.account_id, sim_id)


def _shares(caller: Caller, pool: Sequence[Sim], wanted: int) -> Sequence[Sim | None]:
    """A SIM for each message; test messages use none of its room."""
    return sims.share(pool, wanted) if caller.mode == Mode.LIVE else [pool[0]] * wanted


def _draft(to: str, text: str, sim: Sim, campaign_id: int | None, param: str = "") -> Draft:
    metadata: dict[str, object] = {"sim_id": sim.id, "sim_port": sim.port, "sim_slot": sim.slot}
    if campaign_id is not None:
        metadata["campaign_id"] = campaign_id
    return Draft(to=to, text=text, param=param, country=COUNTRY, sim=sims.chosen(sim), metadata=metadata)


def _order(request: HttpRequest, caller: Caller, drafts: Sequence[Draft], *, batch: bool) -> Order:
    lane = Lane.BULK if batch else Lane.NORMAL
    order = accept.order(sender_of(request, caller, lane), drafts, batch=batch, atomic=not batch)
    if caller.mode == Mode.LIVE:
        order.reserve = sims.reserve
    return order


def _accept(order: Order, caller: Caller) -> Taken | Replayed:
    """Raises `Refused`; a short balance says, like a quota, how many more it pays for.

    Never together with other orders: each locks its SIMs in the order of their ids, so none waits for another in a ring.
    """
    given = accept.batch([order])[0]
    if not isinstance(given, Refused):
        return given
    if given.code is Code.INSUFFICIENT_BALANCE:
        given.data = _paid_for(caller, len(order.ready))
    raise given


def _paid_for(caller: Caller, requested: int) -> dict[str, object]:
    try:
        balance, currency = balance_of(caller.account_id)
    except Refused:
        raise NoCompany from None
    price = pricing.price_of(caller.account.plan, COUNTRY, SERVICE)
    remaining = max(0, int(balance / price.in_currency(currency))) if price else 0
    usage = quotas.usage(caller.account_id)
    return {
        "service_type": SERVICE,
        "requested": requested,
        "remaining": remaining,
        "total_quota": usage.monthly if usage else remaining,
        "usage_percentage": usage.percentage if usage else 100.0,
    }


def send(request: HttpRequest) -> HttpResponse:
    """One message. Answers once a carrier has it, or with `pending` after three seconds."""
    caller = enter(request, "send")
    body = read_json(request)
    to, text = _recipient(_text(body, "recipient", "")), _text(body, "message", "")
    campaign_id = _whole(body, "campaign_id")
    pool = _pool(caller, _whole(body, "sim_number_id"))
    sim = _shares(caller, pool, 1)[0] or pool[0]
    order = _order(request, caller, [_draft(to, text, sim, campaign_id)], batch=False)
    key = idempotency.key_of(request)
    if key is not None:
        order.idempotency = Idempotency(key, idempotency.request_hash(request, body), _undecided)
    outcome = _accept(order, caller)
    if isinstance(outcome, Taken):
        return _decided(outcome.ready[0].id, caller, key, seconds=WAIT_SECONDS)
    if "text" in outcome.answer:
        return _replay(outcome)
    message_id = UUID(str(outcome.answer["sms_id"]))
    if (datetime.now(UTC) - ids.created_at(message_id)).total_seconds() < DECIDED_SECONDS:
        raise still_running()
    return _decided(message_id, caller, key, seconds=0)


def _undecided(taken: Taken) -> Mapping[str, object]:
    """What is kept with the message, until its answer is: the answer says what the carrier said."""
    return {"sms_id": taken.ready[0].id.hex}


def _decided(message_id: UUID, caller: Caller, key: str | None, *, seconds: float) -> HttpResponse:
    """The answer, kept under the key from now on."""
    body = _sent(message_id, caller, soon.wait(message_id, seconds=seconds))
    if key is not None:
        kept_answers.keep([(caller.account_id, caller.mode, key, idempotency.as_text(body))])
    return answer(body)


def _replay(outcome: Replayed) -> HttpResponse:
    response = answer(orjson.loads(str(outcome.answer["text"])))
    response["Idempotent-Replayed"] = "true"
    return response


def _sent(message_id: UUID, caller: Caller, fate: soon.Fate) -> dict[str, object]:
    to, sender = Message.objects.values_list("to", "sender").get(pk=message_id)
    word = WORDS[fate.status]
    data: dict[str, object] = {
        "sms_id": str(message_id),
        "task_id": _task_id(message_id, fate.reference),
        "sim_number": sender,
        "recipient": to,
        "status": "sent" if word == "delivered" else word,
    }
    if word in ("failed", "cancelled"):
        data["failure_reason"] = reason_of(fate.error_code, caller)
        sentence = "Échec de l'envoi du SMS"
        return {"success": False, "message": sentence, "error": "sending_failed", "data": data}
    sentence = "SMS accepté, envoi en cours" if word == "pending" else "SMS envoyé avec succès"
    return {"success": True, "message": sentence, "data": data}


def _task_id(message_id: UUID, reference: str | None = None) -> str:
    """Digits: the carrier's reference where it is a number, else made of the message's id."""
    if reference and reference.isascii() and reference.isdigit():
        return reference
    return str(message_id.int % 10**15).zfill(15)


def send_bulk(request: HttpRequest) -> HttpResponse:
    """Up to a thousand; each item is taken or refused alone, money and quota are all or nothing."""
    caller = enter(request, "send")
    body = read_json(request)
    items = _items(body)
    order = _bulk_order(request, caller, body, items)
    key = idempotency.key_of(request)
    render = partial(_bulk_answer, items)
    if key is not None:
        hashed = idempotency.request_hash(request, body)
        order.idempotency = Idempotency(key, hashed, lambda taken: idempotency.as_text(render(taken)))
    outcome = _accept(order, caller)
    return _replay(outcome) if isinstance(outcome, Replayed) else answer(render(outcome))


def _items(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = body.get("messages")
    if not isinstance(items, list) or not items:
        raise Refused(
            Code.MISSING_FIELD, "messages is required: a list of {recipient, message}.", param="messages"
        )
    if len(items) > MOST_MESSAGES:
        raise Refused(Code.TOO_MANY_MESSAGES, f"messages may hold {MOST_MESSAGES:,} items.", param="messages")
    if not all(isinstance(item, dict) for item in items):
        raise Refused(Code.INVALID_FIELD, "Each of messages is {recipient, message}.", param="messages")
    return items


def _bulk_order(
    request: HttpRequest, caller: Caller, body: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> Order:
    """The items as one order, those that are wrong set aside in their places."""
    campaign_id = _whole(body, "campaign_id")
    pool = _pool(caller, _whole(body, "sim_number_id"))
    good: dict[int, tuple[str, str]] = {}
    rejected = []
    for index, item in enumerate(items):
        try:
            good[index] = _item(item, f"messages[{index}].")
        except Refused as refusal:
            rejected.append(Rejected(index, str(item.get("recipient", "")), refusal))
    drafts: dict[int, Draft] = {}
    for (index, (to, text)), sim in zip(good.items(), _shares(caller, pool, len(good)), strict=True):
        if sim is None:
            rejected.append(Rejected(index, to, Refused(Code.NO_ROUTE, sims.NO_SIM)))
        else:
            drafts[index] = _draft(to, text, sim, campaign_id, f"messages[{index}].")
    order = _order(request, caller, list(drafts.values()), batch=True)
    places = list(drafts)
    rejected += [Rejected(places[one.index], one.to, one.refusal) for one in order.rejected]
    order.rejected = sorted(rejected, key=lambda one: one.index)
    return order


def _item(item: Mapping[str, Any], param: str) -> tuple[str, str]:
    """Recipient and text. Raises `Refused`."""
    return _recipient(_text(item, "recipient", param), param), _text(item, "message", param)


def _bulk_answer(items: Sequence[Mapping[str, Any]], taken: Taken) -> dict[str, object]:
    results = {one.index: _refused_item(items[one.index], one.refusal) for one in taken.rejected}
    results |= {accept.position_of(one): _taken_item(one) for one in taken.ready}
    success, failed = len(taken.ready), len(taken.rejected)
    return {
        "success": True,
        "message": f"Envoi terminé: {success} succès, {failed} échecs",
        "summary": {"total": len(items), "success": success, "failed": failed},
        "results": [results[index] for index in range(len(items))],
    }


def _taken_item(ready: Ready) -> dict[str, object]:
    return {
        "recipient": ready.to,
        "success": True,
        "sms_id": str(ready.id),
        "task_id": _task_id(ready.id),
        "sim_number": ready.sender,
    }


def _refused_item(item: Mapping[str, Any], refused: Refused) -> dict[str, object]:
    return {
        "recipient": item.get("recipient"),
        "success": False,
        "sms_id": None,
        "task_id": None,
        "sim_number": None,
        "error": name_of(refused),
        "message": refused.detail,
    }
