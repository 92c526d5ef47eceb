"""Carriers calling us: delivery receipts on a secret path per carrier. Stored raw, then answered; applied from the table.
Receipts that come in at the same moment are stored in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.freshness import Fresh
from messaging import receiving
from messaging.carriers import registry
from messaging.carriers.contract import AnswersChallenges, BadCallback, Callback, Carrier, CarrierConfig
from messaging.carriers.inbound import Inbound, ReceivesTexts
from messaging.models import Carrier as CarrierRow
from messaging.sending import receipt, submit
from messaging.sending.group import Group

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Known:
    """A carrier that may call: its adapter and configuration."""

    adapter: type[Carrier]
    config: CarrierConfig


def _look_up(token: str) -> _Known | None:
    row = CarrierRow.objects.filter(callback_token=token).first()
    if row is None or row.kind not in registry.kinds():
        return None
    return _Known(registry.adapter(row.kind), submit.config_of(row))


_carriers: Fresh[str, _Known | None] = Fresh(_look_up, seconds=3, most=1000)
_receipts: Group[list[receipt.Arrived], None] = Group(
    lambda wishes: receipt.store([arrived for wish in wishes for arrived in wish])[: len(wishes)]
)


def _challenge(known: _Known, callback: Callback) -> str | None:
    """What a carrier that asks whether the address is ours is to be told; None if it does not ask."""
    if not isinstance(known.adapter, AnswersChallenges):
        return None
    return known.adapter.challenge(known.config, callback)


@csrf_exempt
def carrier(request: HttpRequest, token: str) -> HttpResponse:
    """POST or GET `/callbacks/carriers/<token>`. An unknown token answers 404 like any unknown path."""
    known = _carriers.get(token) if "\x00" not in token else None
    if known is None:
        return JsonResponse({"ok": False, "error": "not found"}, status=404)
    callback = Callback(
        method=request.method or "",
        query=request.GET.dict(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )
    try:
        asked = _challenge(known, callback)
        if asked is not None:
            return HttpResponse(asked, content_type="text/plain")
        receipts = known.adapter.receipts(known.config, callback)
        texts = _texts(known, callback)
    except BadCallback as error:
        log.warning("callback refused", carrier=known.config.name, reason=str(error))
        return JsonResponse({"ok": False, "error": "not a receipt of this carrier"}, status=400)
    raw = callback.body or request.META.get("QUERY_STRING", "").encode()
    if receipts:
        _receipts.ask([(known.config.id, found, raw) for found in receipts])
    receiving.receive(texts)
    return JsonResponse({"ok": True})


def _texts(known: _Known, callback: Callback) -> Sequence[Inbound]:
    """What people wrote, where the carrier tells that by the same address."""
    adapter: object = known.adapter
    return adapter.inbound(known.config, callback) if isinstance(adapter, ReceivesTexts) else ()
