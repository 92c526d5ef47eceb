"""Calls of `billing`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import Optional, TypedDict

from risala.calls import OMIT, Resource
from risala.money import Amount, Number
from risala.page import Page


class BillingBalance(TypedDict, total=False):
    balance_mad: Amount
    currency: str
    plan: str
    balance_eur: Amount
    held: Amount


class Price(TypedDict, total=False):
    plan: str
    channel: str
    country: str
    price_eur: Amount
    price_mad: Amount


class TopUpDue(TypedDict, total=False):
    amount: Amount
    currency: str


class TopUpTransfer(TypedDict, total=False):
    reference: str
    account_holder: str
    bank: str
    rib: str
    iban: str
    bic: str


class TopUp(TypedDict, total=False):
    id: str
    status: str
    amount_eur: Amount
    amount_mad: Amount
    checkout_url: str
    mode: str
    payment_method: str
    payment_url: Optional[str]
    currency: str
    due: TopUpDue
    booked_amount: Optional[Amount]
    failure: Optional[str]
    transfer: TopUpTransfer
    created_at: str
    expires_at: Optional[str]
    paid_at: Optional[str]


class Transaction(TypedDict, total=False):
    id: str
    seq: int
    type: str
    amount_mad: Amount
    amount_eur: Amount
    balance_after: Amount
    currency: str
    created_at: str
    mad_per_eur: Amount
    reason: str
    message_id: str
    batch_id: str
    campaign_id: str
    topup_id: str


class BillingCalls(Resource):
    """`client.billing`"""

    def balance(self) -> BillingBalance:
        """Get the balance.

        In both currencies, the other one at the present rate; document B knows MAD only. `held` is
        set aside for campaigns, in the account's currency, and not part of the balance; absent if
        nothing is.
        """
        answer: BillingBalance = self._caller.call("GET", "/v1/billing/balance")
        return answer

    def create_topup(
        self,
        *,
        amount_eur: Number = OMIT,
        amount_mad: Number = OMIT,
        payment_method: str = OMIT,
        idempotency_key: Optional[str] = None,
    ) -> TopUp:
        """Create a top-up.

        A pending top-up; send the payer to `checkout_url`. The balance grows when the bank says
        that it was paid.

        Parameters:
            amount_eur: At least 10, with two decimals. This or amount_mad is required.
            amount_mad: Instead of amount_eur; at least what 10 EUR are.
            payment_method: stripe, cmi or bank_transfer, as far as the operator has configured
                them.
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: TopUp = self._caller.call(
            "POST",
            "/v1/billing/topups",
            {"amount_eur": amount_eur, "amount_mad": amount_mad, "payment_method": payment_method},
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def plans(self, *, country: str = OMIT) -> Page[Price]:
        """List plan prices.

        One row per plan and channel, for one country or all.

        Parameters:
            country: ISO 3166-1 alpha-2, or `all`; else the account's own country.
        """
        answer: Page[Price] = self._caller.pages("/v1/billing/plans", {"country": country})
        return answer

    def topup(self, id: str) -> TopUp:
        """Get a top-up.

        Its `status` is `pending`, `paid` or `failed`; a payment that comes after `failed` still
        makes it `paid`.
        """
        answer: TopUp = self._caller.call("GET", f"/v1/billing/topups/{self._part(id)}")
        return answer

    def topups(self, *, cursor: str = OMIT, limit: int = OMIT, offset: int = OMIT) -> Page[TopUp]:
        """List top-ups.

        Newest first, those that an operator booked included.

        Parameters:
            cursor: next_cursor of the page before.
            limit: Rows of a page.
            offset: Rows to skip; not together with cursor.
        """
        answer: Page[TopUp] = self._caller.pages(
            "/v1/billing/topups", {"cursor": cursor, "limit": limit, "offset": offset}
        )
        return answer

    def transactions(
        self, *, cursor: str = OMIT, limit: int = OMIT, offset: int = OMIT
    ) -> Page[Transaction]:
        """List transactions.

        Usage, top-ups, refunds and adjustments. `seq` has no gaps; `balance_after` can be added up
        again.

        Parameters:
            cursor: next_cursor of the page before.
            limit: Rows of a page.
            offset: Rows to skip; not together with cursor.
        """
        answer: Page[Transaction] = self._caller.pages(
            "/v1/billing/transactions", {"cursor": cursor, "limit": limit, "offset": offset}
        )
        return answer
