"""Calls of `account`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import Optional, TypedDict

from risala.calls import Resource
from risala.money import Amount


class Account(TypedDict, total=False):
    success: bool
    id: str
    name: str
    plan: str
    currency: str
    country: str
    language: str
    time_zone: str
    channels: list[str]
    mode: str
    status: str
    allowed_countries: list[str]
    default_sender: str
    permissions: list[str]
    rate_limit: int
    balance_mad: Amount
    balance_eur: Amount
    credits_remaining: Optional[int]


class AccountCalls(Resource):
    """`client.account`"""

    def get(self) -> Account:
        """Get the account.

        The account and what this key may do; its money only for a key that may see it.
        """
        answer: Account = self._caller.call("GET", "/v1/account")
        return answer
