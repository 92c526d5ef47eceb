"""`/v1/billing/topups` of document A: ask to pay money in; natively also list the top-ups and look at one. The rules are
`billing/paying.py` and `billing/settle.py`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api import idempotency as kept
from accounts.api.pagination import page
from accounts.api.schemas import page_parameters
from accounts.api.viewset import AccountScopedViewSet
from accounts.idempotency import Claim
from accounts.models import Compat, Currency
from accounts.refusals import Code, Refused
from billing import paying, pricing
from billing.api import shapes
from billing.gateways import registry
from billing.models import TopUp
from billing.money import cents, number, parse_positive

FIELDS = {"amount_eur": Currency.EUR, "amount_mad": Currency.MAD}
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A repeated request with the same key within 24 hours gets the same answer and asks for nothing twice.",
)


class TopUpViewSet(AccountScopedViewSet):
    """Money that the account brings. Test keys may ask, too: theirs is never paid and never booked."""

    queryset = TopUp.objects.all()
    kind = "topup"
    lookup_field = "id"
    required_scope = "billing"

    @extend_schema(
        summary="List top-ups",
        parameters=page_parameters(default=50, most=200),
        responses={200: shapes.TOPUPS},
    )
    def list(self, request: Request) -> Response:
        """Newest first, those that an operator booked included."""
        return Response(page(self.get_queryset(), request.query_params, self._row))

    @extend_schema(
        summary="Create a top-up",
        parameters=[KEY_HEADER],
        request={"application/json": shapes.TOPUP_CREATE},
        responses={201: shapes.TOPUP},
    )
    def create(self, request: Request) -> Response:
        """A pending top-up; send the payer to `checkout_url`. The balance grows when the bank says that it was paid."""
        caller = self.caller
        key = kept.key_of(request._request)
        claim = None
        if key is not None:
            claim = Claim(caller.account_id, caller.mode, key, kept.request_hash(request._request, self.body))
        topup, repeated = paying.open_topup(
            caller.account_id,
            caller.account.currency,
            wish(self.body),
            mode=caller.mode,
            actor=f"key_{caller.key_id.hex}",
            claim=claim,
        )
        row = self._row(paying.begin(topup), at_first=True)
        return Response(row, 201, headers={"Idempotent-Replayed": "true"} if repeated else None)

    @extend_schema(summary="Get a top-up", responses={200: shapes.TOPUP})
    def retrieve(self, request: Request, id: str) -> Response:
        """Its `status` is `pending`, `paid` or `failed`; a payment that comes after `failed` still makes it `paid`."""
        return Response(self._row(self.get_object()))

    def _row(self, topup: TopUp, *, at_first: bool = False) -> dict[str, object]:
        """A top-up; `at_first` as it was when it was asked for, so that a repeated request gets the same answer."""
        mad, eur = topup.mad, topup.eur
        if mad is None or eur is None:  # booked by an operator
            mad, eur = pricing.both(topup.amount, topup.currency, topup.mad_per_eur)
        facts: dict[str, object] = {
            "id": ids.show("topup", topup.id),
            "status": TopUp.Status.PENDING.value if at_first else topup.status,
            "amount_eur": number(eur),
            "amount_mad": number(mad),
            "checkout_url": paying.page_of(topup),
        }
        if self.caller.compat == Compat.SMSMAROC:
            return facts
        return facts | _more(topup, at_first=at_first)


def _more(topup: TopUp, *, at_first: bool) -> dict[str, object]:
    facts: dict[str, object] = {
        "mode": topup.mode,
        "payment_method": topup.method,
        "payment_url": topup.payment_url or None,
        "currency": topup.currency,
        "due": {"amount": number(topup.due_amount), "currency": topup.due_currency or topup.currency},
        "booked_amount": None if at_first or topup.booked_amount is None else number(topup.booked_amount),
        "failure": None if at_first else topup.failure or None,
        "created_at": topup.created_at,
        "expires_at": topup.expires_at,
        "paid_at": None if at_first else topup.paid_at,
    }
    bank = registry.bank() if topup.code else None
    if bank is not None:
        facts["transfer"] = {"reference": topup.code, **bank.details()}
    return facts


def wish(body: Mapping[str, Any]) -> paying.Wish:
    """What a body asks for. Raises `Refused` with MISSING_FIELD, INVALID_FIELD or CONFLICTING_FIELDS."""
    given = [name for name in FIELDS if body.get(name) is not None]
    if not given:
        raise Refused(Code.MISSING_FIELD, "amount_eur is required.", param="amount_eur")
    if len(given) > 1:
        raise Refused(Code.CONFLICTING_FIELDS, "Send amount_eur or amount_mad, not both.", param="amount_mad")
    method = body.get("payment_method")
    if method is not None and not isinstance(method, str):
        raise Refused(Code.INVALID_FIELD, "payment_method is a text.", param="payment_method")
    return paying.Wish(
        _amount(body[given[0]], given[0]), FIELDS[given[0]], registry.DEFAULT if method is None else method
    )


def _amount(value: object, param: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refused(Code.INVALID_FIELD, f"{param} is a number, such as 50.", param=param)
    amount = parse_positive(str(value), param=param)
    if amount != cents(amount):
        raise Refused(Code.INVALID_FIELD, f"{param} may have two decimals.", param=param)
    return amount
