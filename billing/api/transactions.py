"""`/v1/billing/transactions` of document A: the account's ledger entries, newest first (contract of the API,
3.24)."""

from __future__ import annotations

from decimal import Decimal

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.pagination import page
from accounts.api.schemas import page_parameters
from accounts.api.viewset import AccountScopedViewSet
from billing import pricing
from billing.api.shapes import TRANSACTIONS
from billing.models import Entry, Ledger
from billing.money import number

TYPES = {
    Entry.Kind.TOPUP: "top-up",
    Entry.Kind.CHARGE: "usage",
    Entry.Kind.REFUND: "refund",
    Entry.Kind.HOLD: "hold",
    Entry.Kind.HOLD_CHARGE: "usage",
    Entry.Kind.HOLD_RELEASE: "hold_release",
    Entry.Kind.ADJUST: "adjustment",
}


class TransactionViewSet(AccountScopedViewSet):
    """The account's ledger entries."""

    queryset = Entry.objects.all()
    kind = "entry"
    required_scope = "billing"

    @extend_schema(
        summary="List transactions",
        parameters=page_parameters(default=50, most=200),
        responses={200: TRANSACTIONS},
    )
    def list(self, request: Request) -> Response:
        """Usage, top-ups, refunds and adjustments. `seq` has no gaps; `balance_after` can be added up
        again."""
        seq = Ledger.objects.filter(account_id=self.caller.account_id).values_list("seq", flat=True).first()
        return Response(page(self.get_queryset(), request.query_params, row, by="seq", total=seq or 0))


def row(entry: Entry) -> dict[str, object]:
    """An entry as the customer sees it, the other currency at the rate that was stored with it."""
    mad, eur = pricing.both(signed(entry), entry.currency, entry.mad_per_eur)
    shown: dict[str, object] = {
        "id": ids.show("entry", entry.id),
        "seq": entry.seq,
        "type": TYPES[Entry.Kind(entry.kind)],
        "amount_mad": number(mad),
        "amount_eur": number(eur),
        "balance_after": number(entry.balance_after),
        "currency": entry.currency,
        "mad_per_eur": entry.mad_per_eur,
        "created_at": entry.created_at,
    }
    if entry.subject in ids.PREFIXES:
        shown[f"{entry.subject}_id"] = ids.show(entry.subject, entry.hold_id or entry.reference)
    if entry.reason:
        shown["reason"] = entry.reason
    return shown


def signed(entry: Entry) -> Decimal:
    """What the entry did to the balance: plus into it, minus out of it, nothing when held money was spent."""
    if entry.credit == Entry.Place.WALLET:
        return entry.amount
    return -entry.amount if entry.debit == Entry.Place.WALLET else Decimal(0)
