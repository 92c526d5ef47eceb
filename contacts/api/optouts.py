"""`/v1/optouts` of document A: whom an account must not write to. The rules are `contacts/optouts.py`."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pagination import page
from accounts.api.schemas import page_parameters
from accounts.api.viewset import AccountScopedViewSet
from contacts import optouts
from contacts.api import reading, schemas
from contacts.models import OptOut

DEFAULT, MOST = 100, 500
PATH_PHONE = OpenApiParameter(
    "phone", str, OpenApiParameter.PATH, description="The number; its plus in any encoding, or left out."
)


class OptOutViewSet(AccountScopedViewSet):
    """Opt-outs of the account, the same for live and test keys."""

    queryset = OptOut.objects.all()
    lookup_field = "phone"
    required_scope = "optouts"

    @extend_schema(
        summary="List opt-outs",
        parameters=page_parameters(default=DEFAULT, most=MOST),
        responses={200: schemas.OPT_OUTS},
    )
    def list(self, request: Request) -> Response:
        """Newest first, however they came about."""
        return Response(page(self.get_queryset(), request.query_params, _row, default=DEFAULT, most=MOST))

    @extend_schema(
        summary="Create an opt-out",
        request={"application/json": schemas.OPT_OUT_CREATE},
        responses={201: schemas.OPTED, 200: schemas.OPTED},
    )
    def create(self, request: Request) -> Response:
        """From now on nothing is sent to the number, not even what waits already. The contact with this number shows
        it."""
        body = request.data if isinstance(request.data, dict) else {}
        number = reading.needed_number(body, self.caller)
        _, is_new = optouts.put(self.caller.account_id, number, source=OptOut.Source.API)
        return Response({"phone": number, "opted_out": True}, 201 if is_new else 200)

    @extend_schema(summary="Remove an opt-out", parameters=[PATH_PHONE], responses={200: schemas.OPTED})
    def destroy(self, request: Request, phone: str) -> Response:
        """The number may be written to again. Harmless to repeat."""
        number = reading.number_in_path(phone, self.caller)
        optouts.remove(self.caller.account_id, number)
        return Response({"phone": number, "opted_out": False})


def _row(one: OptOut) -> dict[str, object]:
    return {"phone": one.phone, "opted_out_at": one.created_at, "source": one.source}
