"""`/v1/verify/lookup` of document B: what a number says of itself, from libphonenumber's tables; nobody is asked."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from phonenumbers import SUPPORTED_REGIONS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.viewset import ApiViewSet
from accounts.refusals import Code, Refused
from contacts.countries import COUNTRIES
from contacts.phone import describe
from verify.api import reading, shapes


class LookupViewSet(ApiViewSet):
    """Facts of numbers."""

    required_scope = "verify"

    @extend_schema(
        summary="Look a number up",
        request={"application/json": shapes.LOOKUP},
        responses={200: shapes.DESCRIBED},
    )
    def lookup(self, request: Request) -> Response:
        """Free of charge, and offline: allocation, not portability."""
        number = reading.text(self.body, "number", required=True)
        country = reading.text(self.body, "country_code").strip().upper() or self.caller.account.country
        if country not in SUPPORTED_REGIONS:
            raise Refused(
                Code.INVALID_FIELD, "country_code must be a country such as MA or FR.", param="country_code"
            )
        found = describe(number, country)
        known = COUNTRIES.get(found.country or "")
        return Response(
            {
                "valid": found.valid,
                "number": found.digits,
                "local_format": found.local,
                "international_format": found.e164,
                "country_prefix": found.dialling_code,
                "country_code": found.country,
                "country_name": known.name_en if known else None,
                "location": None,
                "carrier": found.carrier,
                "line_type": found.line_type,
                "ported": "unknown",
            }
        )
