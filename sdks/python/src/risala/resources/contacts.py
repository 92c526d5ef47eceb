"""Calls of `contacts`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, TypedDict

from risala.calls import OMIT, Resource
from risala.page import Page


class Contact(TypedDict, total=False):
    id: str
    phone: str
    name: Optional[str]
    email: Optional[str]
    custom1: Optional[str]
    custom2: Optional[str]
    custom3: Optional[str]
    opted_out: bool
    created_at: str


class ContactInputCustomFields(TypedDict, total=False):
    custom1: Optional[str]
    custom2: Optional[str]
    custom3: Optional[str]


class ContactInputContact(TypedDict, total=False):
    phone: str
    name: Optional[str]
    email: Optional[str]
    custom_fields: Optional[ContactInputCustomFields]


class ContactImportError(TypedDict, total=False):
    index: int
    reason: str
    message: str


class ContactImport(TypedDict, total=False):
    imported: int
    skipped: int
    errors: list[ContactImportError]


class ContactDetail(TypedDict, total=False):
    id: str
    phone: str
    name: Optional[str]
    email: Optional[str]
    custom1: Optional[str]
    custom2: Optional[str]
    custom3: Optional[str]
    opted_out: bool
    created_at: str
    list_ids: list[str]


class ContactDelete(TypedDict, total=False):
    deleted: bool
    id: str


class ContactsCalls(Resource):
    """`client.contacts`"""

    def create(
        self,
        *,
        phone: str,
        name: Optional[str] = OMIT,
        email: Optional[str] = OMIT,
        custom_fields: Optional[ContactInputCustomFields] = OMIT,
        list_id: Optional[str] = OMIT,
    ) -> Contact:
        """Create or update a contact.

        One contact per number: a known one is completed by what the body gives. `""` empties a
        field.

        Parameters:
            phone: E.164, or as dialled in the account's country.
            email: Kept as it is given; nothing is sent to it.
            list_id: A list that the contact is put into.
        """
        answer: Contact = self._caller.call(
            "POST",
            "/v1/contacts",
            {
                "phone": phone,
                "name": name,
                "email": email,
                "custom_fields": custom_fields,
                "list_id": list_id,
            },
        )
        return answer

    def delete(self, id: str) -> ContactDelete:
        """Delete a contact.

        Deletes a contact for good. An opt-out of its number stays.
        """
        answer: ContactDelete = self._caller.call("DELETE", f"/v1/contacts/{self._part(id)}")
        return answer

    def get(self, id: str) -> ContactDetail:
        """Get a contact.

        One contact, with the lists it is in.
        """
        answer: ContactDetail = self._caller.call("GET", f"/v1/contacts/{self._part(id)}")
        return answer

    def import_many(
        self,
        *,
        contacts: Sequence[ContactInputContact],
        list_id: Optional[str] = OMIT,
        idempotency_key: Optional[str] = None,
    ) -> ContactImport:
        """Import contacts.

        Up to 5,000 at once, into a list if one is named. An item that is wrong is skipped alone.

        Parameters:
            list_id: A list that the contact is put into.
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: ContactImport = self._caller.call(
            "POST",
            "/v1/contacts/import",
            {"contacts": contacts, "list_id": list_id},
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def list(
        self,
        *,
        cursor: str = OMIT,
        limit: int = OMIT,
        list_id: str = OMIT,
        offset: int = OMIT,
        q: str = OMIT,
    ) -> Page[Contact]:
        """List contacts.

        Newest first, all of them or those that `q` and `list_id` leave.

        Parameters:
            cursor: next_cursor of the page before.
            limit: Rows of a page.
            list_id: Members of this list only.
            offset: Rows to skip; not together with cursor.
            q: The beginning of a number, a word of a name, or an e-mail address.
        """
        answer: Page[Contact] = self._caller.pages(
            "/v1/contacts",
            {"cursor": cursor, "limit": limit, "list_id": list_id, "offset": offset, "q": q},
        )
        return answer

    def update(
        self,
        id: str,
        *,
        name: Optional[str] = OMIT,
        email: Optional[str] = OMIT,
        custom_fields: Optional[ContactInputCustomFields] = OMIT,
        list_id: Optional[str] = OMIT,
    ) -> ContactDetail:
        """Change a contact.

        Changes what the body names; null or `""` empties a field. The number stays: it is whom the
        contact is.

        Parameters:
            email: Kept as it is given; nothing is sent to it.
            list_id: A list that the contact is put into.
        """
        answer: ContactDetail = self._caller.call(
            "PATCH",
            f"/v1/contacts/{self._part(id)}",
            {"name": name, "email": email, "custom_fields": custom_fields, "list_id": list_id},
        )
        return answer
