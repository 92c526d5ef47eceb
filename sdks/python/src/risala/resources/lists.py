"""Calls of `lists`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import Optional, TypedDict

from risala.calls import OMIT, Resource
from risala.page import Page


class ContactList(TypedDict, total=False):
    id: str
    name: str
    description: Optional[str]
    count: int
    created_at: str


class ListsCalls(Resource):
    """`client.lists`"""

    def create(
        self, *, name: str, description: Optional[str] = OMIT, idempotency_key: Optional[str] = None
    ) -> ContactList:
        """Create a contact list.

        A new, empty list.

        Parameters:
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: ContactList = self._caller.call(
            "POST",
            "/v1/contacts/lists",
            {"name": name, "description": description},
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def get(self, id: str) -> ContactList:
        """Get a contact list.

        One list.
        """
        answer: ContactList = self._caller.call("GET", f"/v1/contacts/lists/{self._part(id)}")
        return answer

    def list(self) -> Page[ContactList]:
        """List contact lists.

        All of them, newest first; `count` is of their members.
        """
        answer: Page[ContactList] = self._caller.pages("/v1/contacts/lists")
        return answer
