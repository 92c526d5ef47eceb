"""The base of every viewset of the API: rows of the caller's account, ids in their public form, JSON only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.viewsets import GenericViewSet

from accounts import ids
from accounts.api.rendering import AlwaysJson
from accounts.api.scoping import Required, caller_of, visible_to
from accounts.caller import Caller
from accounts.refusals import Code, Refused


class AccountScopedViewSet(GenericViewSet[Any]):
    """The base of every viewset: rows by `visible_to`, ids in their public form, JSON only."""

    required_scope: ClassVar[Required | Mapping[str, Required]]
    kind: ClassVar[str]
    content_negotiation_class = AlwaysJson
    lookup_value_regex = "[^/]+"
    pagination_class = None

    @property
    def caller(self) -> Caller:
        return caller_of(self.request)

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return visible_to(rows, self.caller)

    def get_object(self) -> Any:
        """The row that the address names. Raises `Refused(NOT_FOUND)` if the caller has none such."""
        value = ids.read(self.kind, self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        row = self.get_queryset().filter(pk=value).first()
        if row is None:
            raise Refused(Code.NOT_FOUND, f"No such {self.kind.replace('_', ' ')}.")
        return row
