"""`/v1/contacts` of documents A and B: list and search, upsert, import, delete; natively also one contact, and
changing it. The rules are `contacts/upsert.py`, `imports.py`, `change.py` and `search.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.pagination import page, window
from accounts.api.schemas import page_parameters
from accounts.api.viewset import AccountScopedViewSet
from accounts.models import Compat
from accounts.refusals import Code, Refused
from contacts import change, imports, lists, optouts, search, upsert
from contacts.api import reading, schemas
from contacts.api.repeats import KEY_HEADER, once
from contacts.models import Contact, ListMember

DEFAULT, MOST = 100, 500
FILTERS = [
    OpenApiParameter(
        "q", str, description="The beginning of a number, a word of a name, or an e-mail address."
    ),
    OpenApiParameter("list_id", str, description="Members of this list only."),
    *page_parameters(default=DEFAULT, most=MOST),
]
SHORT_IMPORTS = (Compat.SMSMAROC, Compat.ENVOISMS)


class ContactViewSet(AccountScopedViewSet):
    """Contacts of the account, the same for live and test keys."""

    queryset = Contact.objects.all()
    kind = "contact"
    lookup_field = "id"
    required_scope = "contacts"

    @extend_schema(summary="List contacts", parameters=FILTERS, responses={200: schemas.CONTACTS})
    def list(self, request: Request) -> Response:
        """Newest first, all of them or those that `q` and `list_id` leave."""
        query, text = request.query_params, request.query_params.get("q", "").strip()
        list_id = reading.list_id(query)
        chosen = None if list_id is None else lists.own(self.caller.account_id, list_id)
        if text:
            answer = self._found(query, text, list_id)
        elif chosen is not None:
            rows = self.get_queryset().filter(memberships__list_id=chosen.id)
            answer = page(rows, query, _row, default=DEFAULT, most=MOST, total=chosen.count)
        else:
            answer = page(self.get_queryset(), query, _row, default=DEFAULT, most=MOST)
        self._mark(answer["data"])
        return Response(answer)

    def _found(self, query: Mapping[str, str], text: str, list_id: UUID | None) -> dict[str, Any]:
        """The page of a search. Only the contacts it shows are read."""
        asked = window(query, default=DEFAULT, most=MOST)
        beginning = search.wanted(text, self.caller.account.country)
        found = search.find(self.caller.account_id, beginning, list_id=list_id)
        shown = found.first(asked.offset + asked.limit + 1, after=asked.cursor)
        rows = self.get_queryset().filter(id__in=shown)
        answer = page(rows, query, _row, default=DEFAULT, most=MOST, total=len(found.ids))
        return answer | {"total_capped": True} if found.is_cut else answer

    @extend_schema(
        summary="Create or update a contact",
        request={"application/json": schemas.CONTACT_UPSERT},
        responses={201: schemas.CONTACT, 200: schemas.CONTACT},
    )
    def create(self, request: Request) -> Response:
        """One contact per number: a known one is completed by what the body gives. `""` empties a field."""
        body = _body(request)
        given = reading.contact(body, self.caller)
        contact, is_new = upsert.one(self.caller.account_id, given, list_id=reading.list_id(body))
        return Response(self._shown(contact), 201 if is_new else 200)

    @extend_schema(
        summary="Import contacts",
        parameters=[KEY_HEADER],
        request={"application/json": schemas.IMPORT},
        responses={200: schemas.IMPORTED},
    )
    def import_many(self, request: Request) -> Response:
        """Up to 5,000 at once, into a list if one is named. An item that is wrong is skipped alone."""
        body = _body(request)
        return once(request._request, self.caller, body, lambda: self._imported(body), status=200)

    def _imported(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        items = reading.imported(body, self.caller)
        done = imports.contacts(self.caller.account_id, items, list_id=reading.list_id(body))
        answer: dict[str, Any] = {"imported": done.imported, "skipped": len(done.skipped)}
        if self.caller.compat not in SHORT_IMPORTS:
            answer["errors"] = [
                {"index": one.index, "reason": one.reason, "message": one.sentence} for one in done.skipped
            ]
        return answer

    @extend_schema(summary="Get a contact", responses={200: schemas.CONTACT_DETAIL})
    def retrieve(self, request: Request, id: str) -> Response:
        """One contact, with the lists it is in."""
        return Response(self._detail(self.get_object()))

    @extend_schema(
        summary="Change a contact",
        request={"application/json": schemas.CONTACT_CHANGE},
        responses={200: schemas.CONTACT_DETAIL},
    )
    def partial_update(self, request: Request, id: str) -> Response:
        """Changes what the body names; null or `""` empties a field. The number stays: it is whom the contact is."""
        contact, body = self.get_object(), _body(request)
        if any(name in body for name in reading.PHONE_NAMES) and (
            reading.needed_number(body, self.caller) != contact.phone
        ):
            raise Refused(Code.INVALID_FIELD, "A contact keeps its number; make another one.", param="phone")
        changed = change.texts(
            self.caller.account_id,
            contact.id,
            reading.said(body, empty_by_null=True),
            list_id=reading.list_id(body),
        )
        return Response(self._detail(changed))

    @extend_schema(summary="Delete a contact", responses={200: schemas.DELETED})
    def destroy(self, request: Request, id: str) -> Response:
        """Deletes a contact for good. An opt-out of its number stays."""
        contact = self.get_object()
        change.remove(self.caller.account_id, contact.id)
        return Response({"deleted": True, "id": ids.show("contact", contact.id)})

    def _detail(self, contact: Contact) -> dict[str, Any]:
        rows = ListMember.objects.filter(contact=contact).order_by("list_id")
        list_ids = [ids.show("list", list_id) for list_id in rows.values_list("list_id", flat=True)]
        return self._shown(contact) | {"list_ids": list_ids}

    def _shown(self, contact: Contact) -> dict[str, Any]:
        row = _row(contact)
        self._mark([row])
        return row

    def _mark(self, rows: Sequence[dict[str, Any]]) -> None:
        """Say of each shown contact whether it opted out, in one query."""
        account_id = self.caller.account_id
        gone = optouts.among([(account_id, row["phone"]) for row in rows])
        for row in rows:
            row["opted_out"] = (account_id, row["phone"]) in gone


def _body(request: Request) -> Mapping[str, Any]:
    return request.data if isinstance(request.data, dict) else {}


def _row(contact: Contact) -> dict[str, Any]:
    return {
        "id": ids.show("contact", contact.id),
        "phone": contact.phone,
        "name": contact.name or None,
        "email": contact.email or None,
        "custom1": contact.custom1 or None,
        "custom2": contact.custom2 or None,
        "custom3": contact.custom3 or None,
        "opted_out": False,
        "created_at": contact.created_at,
    }
