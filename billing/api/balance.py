"""`/v1/billing/balance` of documents A and B, its alias `/v1/balance`, and `/v1/account` of document C."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.scoping import ANY_KEY
from accounts.api.viewset import ApiViewSet
from accounts.models import Compat, Currency
from accounts.refusals import Code, Refused
from billing import pricing
from billing.api.shapes import ACCOUNT, BALANCE
from billing.models import Ledger
from billing.money import number


def balance_of(account_id: UUID) -> tuple[Decimal, str]:
    """What an account has, and in which currency. Raises `Refused(NOT_FOUND)` for an account without a
    ledger."""
    found = Ledger.objects.filter(account_id=account_id).values_list("balance", "currency").first()
    if found is None:
        raise Refused(Code.NOT_FOUND, "The account has no ledger.")
    return found


class BalanceViewSet(ApiViewSet):
    """What the account has."""

    required_scope = ("balance", "billing")

    @extend_schema(summary="Get the balance", responses={200: BALANCE})
    def retrieve(self, request: Request) -> Response:
        """In both currencies, the other one at the present rate; document B knows MAD only. `held` is set aside for
        campaigns, in the account's currency, and not part of the balance; absent if nothing is."""
        account = self.caller.account
        balance, currency = balance_of(account.id)
        mad, eur = pricing.both(balance, currency)
        held = Ledger.objects.filter(account_id=account.id).values_list("held", flat=True).first()
        more = {"held": number(held)} if held else {}
        if self.caller.compat == Compat.ENVOISMS:
            return Response(
                {"balance_mad": number(mad), "currency": Currency.MAD.value, "plan": account.plan} | more
            )
        return Response(
            {
                "balance_eur": number(eur),
                "balance_mad": number(mad),
                "currency": currency,
                "plan": account.plan,
            }
            | more
        )


class AccountViewSet(ApiViewSet):
    """Whose key this is."""

    required_scope = ANY_KEY

    @extend_schema(summary="Get the account", responses={200: ACCOUNT})
    def retrieve(self, request: Request) -> Response:
        """The account and what this key may do; its money only for a key that may see it."""
        caller = self.caller
        account = caller.account
        facts: dict[str, object] = {
            "success": True,
            "id": ids.show("account", account.id),
            "name": account.name,
            "status": "active",
            "plan": account.plan,
            "currency": account.currency,
            "country": account.country,
            "allowed_countries": sorted(account.allowed_countries),
            "language": account.language,
            "time_zone": account.time_zone,
            "channels": sorted(account.channels),
            "default_sender": account.default_sender,
            "mode": caller.mode,
            "permissions": sorted(caller.scopes),
            "rate_limit": caller.rate_per_minute,
        }
        if not caller.scopes.isdisjoint({"balance", "billing"}):
            balance, currency = balance_of(account.id)
            mad, eur = pricing.both(balance, currency)
            price = pricing.price_of(account.plan, account.country, "sms")
            facts |= {
                "balance_mad": number(mad),
                "balance_eur": number(eur),
                "credits_remaining": credits(balance, price.in_currency(currency)) if price else None,
            }
        return Response(facts)


def credits(balance: Decimal, price: Decimal) -> int:
    """How many SMS segments to the account's own country a balance pays for (contract of the API, 2.2 row
    19)."""
    return max(0, int((balance / price).to_integral_value(ROUND_FLOOR)))
