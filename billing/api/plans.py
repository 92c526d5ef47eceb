"""`/v1/billing/plans` of document A: what a segment costs by plan and channel."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.viewset import ApiViewSet
from accounts.refusals import Code, Refused
from billing.api.shapes import PLANS
from billing.models import Price
from billing.money import number

COUNTRY = OpenApiParameter(
    "country", str, description="ISO 3166-1 alpha-2, or `all`; else the account's own country."
)


class PlanViewSet(ApiViewSet):
    """The operator's price list."""

    required_scope = "billing"

    @extend_schema(summary="List plan prices", parameters=[COUNTRY], responses={200: PLANS})
    def list(self, request: Request) -> Response:
        """One row per plan and channel, for one country or all."""
        asked = request.query_params.get("country") or self.caller.account.country
        if not (asked == "all" or (len(asked) == 2 and asked.isascii() and asked.isalpha())):
            raise Refused(Code.INVALID_FIELD, "country is a code of two letters, or all.", param="country")
        prices = Price.objects.order_by("plan", "channel", "country")
        if asked != "all":
            prices = prices.filter(country=asked.upper())
        rows = [
            {
                "plan": price.plan_id,
                "channel": price.channel,
                "country": price.country,
                "price_eur": number(price.eur),
                "price_mad": number(price.mad),
            }
            for price in prices
        ]
        return Response(
            {"data": rows, "country": asked if asked == "all" else asked.upper(), "count": len(rows)}
        )
