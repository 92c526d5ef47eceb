"""Calls of `balance`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import TypedDict

from risala.calls import Resource
from risala.money import Amount


class Balance(TypedDict, total=False):
    balance_mad: Amount
    currency: str
    plan: str
    balance_eur: Amount
    held: Amount


class BalanceCalls(Resource):
    """`client.balance`"""

    def get(self) -> Balance:
        """Get the balance.

        In both currencies, the other one at the present rate; document B knows MAD only. `held` is
        set aside for campaigns, in the account's currency, and not part of the balance; absent if
        nothing is.
        """
        answer: Balance = self._caller.call("GET", "/v1/balance")
        return answer
