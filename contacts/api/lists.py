"""`/v1/contacts/lists` of documents A and B: list and create. The rules are `contacts/lists.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.viewset import AccountScopedViewSet
from contacts import lists
from contacts.api import reading, schemas
from contacts.api.repeats import KEY_HEADER, once
from contacts.models import ContactList


class ListViewSet(AccountScopedViewSet):
    """Contact lists of the account."""

    queryset = ContactList.objects.all()
    kind = "list"
    lookup_field = "id"
    required_scope = "contacts"

    @extend_schema(summary="List contact lists", responses={200: schemas.LISTS})
    def list(self, request: Request) -> Response:
        """All of them, newest first; `count` is of their members."""
        rows = self.get_queryset().order_by("-id")[: lists.MOST_PER_ACCOUNT]
        return Response({"data": [_row(row) for row in rows]})

    @extend_schema(
        summary="Create a contact list",
        parameters=[KEY_HEADER],
        request={"application/json": schemas.LIST_CREATE},
        responses={201: schemas.LIST},
    )
    def create(self, request: Request) -> Response:
        """A new, empty list."""
        body: Mapping[str, Any] = request.data if isinstance(request.data, dict) else {}

        def work() -> dict[str, Any]:
            return _row(lists.create(self.caller.account_id, **reading.new_list(body)))

        return once(request._request, self.caller, body, work, status=201)

    @extend_schema(summary="Get a contact list", responses={200: schemas.LIST})
    def retrieve(self, request: Request, id: str) -> Response:
        """One list."""
        return Response(_row(self.get_object()))


def _row(one: ContactList) -> dict[str, Any]:
    return {
        "id": ids.show("list", one.id),
        "name": one.name,
        "description": one.description or None,
        "count": one.count,
        "created_at": one.created_at,
    }
