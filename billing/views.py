"""The page behind `checkout_url`: where a payer is sent on to the bank, and comes back to. It needs no sign-in, so it shows
what whoever holds the top-up's id has to know to pay, and nothing of the account. It only looks: nothing here books."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, get_language_bidi
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import ids
from accounts.models import Mode
from accounts.refusals import Refused
from billing import paying
from billing.gateways import registry
from billing.gateways.contract import Form
from billing.models import TopUp
from billing.wording import Words, words

LOOK_AGAIN_SECONDS = 5


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """`/dashboard/billing?topup=…`. Gateways send browsers back by POST as well; what they say with it is not read."""
    topup = _named(request)
    if topup is None:
        return _page(request, "unknown", status=404)
    state = _state(topup, returned="returned" in request.GET)
    return _page(request, state, topup)


@require_http_methods(["GET", "HEAD"])
def pay(request: HttpRequest) -> HttpResponse:
    """`/dashboard/billing/pay?topup=…`: on to the gateway, by its address or by a form; back to the status if there is
    nothing to pay."""
    topup = _named(request)
    if topup is None:
        return _page(request, "unknown", status=404)
    if _state(topup, returned=False) != "unpaid":
        return HttpResponseRedirect(paying.page_of(topup))
    try:
        form = paying.form_of(topup)
        if form is not None:
            return _forward(request, form)
        address = paying.begin(topup).payment_url
    except Refused:
        return _page(request, "away", topup, status=503)
    return HttpResponseRedirect(address or paying.page_of(topup))


def _named(request: HttpRequest) -> TopUp | None:
    try:
        topup_id = ids.read("topup", request.GET.get("topup", ""))
    except Refused:
        return None
    return TopUp.objects.filter(pk=topup_id).first()


def _state(topup: TopUp, *, returned: bool) -> str:
    if topup.status != TopUp.Status.PENDING:
        return topup.status
    if topup.mode == Mode.TEST:
        return "test"
    if topup.code:
        return "transfer"
    return "waiting" if returned else "unpaid"


def _page(request: HttpRequest, state: str, topup: TopUp | None = None, *, status: int = 200) -> HttpResponse:
    said = words(get_language() or "en")
    shown = {
        "brand": settings.BRAND_NAME,
        "said": said,
        "right_to_left": get_language_bidi(),
        "state": state,
        "headline": getattr(said, state),
        "sentence": getattr(said, f"{state}_more"),
        "rows": _transfer(topup, said) if topup and state == "transfer" else (),
        "pay": f"{paying.PAGE}/pay?topup={ids.show('topup', topup.id)}" if topup and state in CAN_PAY else "",
        "look_again_seconds": LOOK_AGAIN_SECONDS if state == "waiting" else 0,
    }
    return _private(render(request, "billing/return.html", shown, status=status))


CAN_PAY = ("unpaid", "away")


def _transfer(topup: TopUp, said: Words) -> list[tuple[str, str]]:
    bank = registry.bank()
    labels = {
        "account_holder": said.account_holder,
        "bank": said.bank,
        "rib": "RIB",
        "iban": "IBAN",
        "bic": "BIC",
    }
    details = bank.details() if bank else {}
    return [
        (said.amount, f"{topup.due_amount:.2f} {topup.due_currency}"),
        (said.reference, topup.code or ""),
        *((labels[name], value) for name, value in details.items()),
    ]


def _forward(request: HttpRequest, form: Form) -> HttpResponse:
    """The form that enters a gateway: a button, pressed by a script of our own where scripts run."""
    said = words(get_language() or "en")
    shown = {
        "brand": settings.BRAND_NAME,
        "said": said,
        "form": form,
        "right_to_left": get_language_bidi(),
    }
    response = _private(render(request, "billing/forward.html", shown))
    parts = urlsplit(form.action)
    response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return response


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    patch_vary_headers(response, ("Accept-Language",))
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
