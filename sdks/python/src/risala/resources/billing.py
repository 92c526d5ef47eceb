"""Calls of `billing`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import TypedDict

from risala.calls import OMIT, Resource
from risala.money import Amount
from risala.page import Page


class BillingBalance(TypedDict, total=False):
    balance_mad: Amount
    currency: str
    plan: str
    balance_eur: Amount


class Price(TypedDict, total=False):
    plan: str
    channel: str
    country: str
    price_eur: Amount
    price_mad: Amount


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

        In both currencies, the other one at the present rate; document B knows MAD only.
        """
        answer: BillingBalance = self._caller.call("GET", "/v1/billing/balance")
        return answer

    def plans(self, *, country: str = OMIT) -> Page[Price]:
        """List plan prices.

        One row per plan and channel, for one country or all.

        Parameters:
            country: ISO 3166-1 alpha-2, or `all`; else the account's own country.
        """
        answer: Page[Price] = self._caller.pages("/v1/billing/plans", {"country": country})
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
