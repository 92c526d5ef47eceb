"""Carriers calling us: delivery receipts on a secret path per carrier. Stored raw, then answered; applied from the table."""

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from messaging.carriers import registry
from messaging.carriers.contract import BadCallback, Callback
from messaging.models import Carrier
from messaging.sending import receipt, submit

log = structlog.get_logger()


@csrf_exempt
def carrier(request: HttpRequest, token: str) -> HttpResponse:
    """POST or GET `/callbacks/carriers/<token>`. An unknown token answers 404 like any unknown path."""
    row = Carrier.objects.filter(callback_token=token).first()
    if row is None or row.kind not in registry.kinds():
        return JsonResponse({"ok": False, "error": "not found"}, status=404)
    callback = Callback(
        method=request.method or "",
        query=request.GET.dict(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )
    try:
        receipts = registry.adapter(row.kind).receipts(submit.config_of(row), callback)
    except BadCallback as error:
        log.warning("callback refused", carrier=row.name, reason=str(error))
        return JsonResponse({"ok": False, "error": "not a receipt of this carrier"}, status=400)
    receipt.store(row.pk, receipts, raw=callback.body or request.META.get("QUERY_STRING", "").encode())
    return JsonResponse({"ok": True})
