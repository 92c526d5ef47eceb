"""Payment gateways calling us: read by the gateway's own rules, settled, and only then answered. What we cannot do now (no
database) is answered 503 at the door, and the gateway comes again."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.refusals import Code, Refused
from billing import settle
from billing.gateways import registry
from billing.gateways.bank_transfer import BankTransfer
from billing.gateways.contract import BadCallback, Callback, Gateway, Verdict

log = structlog.get_logger()


@csrf_exempt
def payment(request: HttpRequest, gateway: str) -> HttpResponse:
    """POST `/callbacks/<gateway>`. One that is not configured answers 404 like any unknown path."""
    found = registry.find(gateway)
    if found is None or isinstance(found, BankTransfer) or request.method != "POST":
        raise Refused(Code.NOT_FOUND, "There is no such address.")
    reply = found.reply(_verdict(found, request))
    return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type)


def _verdict(gateway: Gateway, request: HttpRequest) -> Verdict:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        fact = gateway.read(Callback(headers, request.body))
    except BadCallback as error:
        log.warning("payment callback refused", gateway=gateway.name, reason=str(error))
        return Verdict.FORGED
    return settle.apply(gateway.name, fact) if fact else Verdict.NOTED
