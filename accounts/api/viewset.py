"""The base of every viewset of the API: rows of the caller's account, ids in their public form, JSON only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ViewSet

from accounts import ids
from accounts.api.rendering import AlwaysJson
from accounts.api.scoping import Required, caller_of, visible_to
from accounts.caller import Caller
from accounts.refusals import Code, Refused


class ApiView(APIView):
    """What every view of the API has: a required scope, the caller, and JSON whatever a client accepts."""

    required_scope: ClassVar[Required | Mapping[str, Required]]
    content_negotiation_class = AlwaysJson

    @property
    def caller(self) -> Caller:
        return caller_of(self.request)

    @property
    def body(self) -> Mapping[str, Any]:
        """The JSON object of the request; the parser lets nothing else through."""
        data = self.request.data
        return data if isinstance(data, dict) else {}


class ApiViewSet(ApiView, ViewSet):
    """Operations that are not those of one table."""


class AccountScopedViewSet(ApiView, GenericViewSet[Any]):
    """Operations on the rows of one table: rows by `visible_to`, ids in the public form of `kind`."""

    kind: ClassVar[str]
    pagination_class = None

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        return rows.none() if self.is_drawn else visible_to(rows, self.caller)

    @property
    def is_drawn(self) -> bool:
        """Whether nobody asks: the schema is being drawn."""
        return getattr(self, "swagger_fake_view", False)

    def get_object(self) -> Any:
        """The row that the address names. Raises `Refused(NOT_FOUND)` if the caller has none such."""
        value = ids.read(self.kind, self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        row = self.get_queryset().filter(pk=value).first()
        if row is None:
            raise Refused(Code.NOT_FOUND, f"No such {self.kind.replace('_', ' ')}.")
        return row
