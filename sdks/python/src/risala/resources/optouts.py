"""Calls of `optouts`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import TypedDict

from risala.calls import OMIT, Resource
from risala.page import Page


class OptOut(TypedDict, total=False):
    phone: str
    opted_out_at: str
    source: str


class OptOutCreate(TypedDict, total=False):
    phone: str
    opted_out: bool


class OptoutsCalls(Resource):
    """`client.optouts`"""

    def create(self, *, phone: str) -> OptOutCreate:
        """Create an opt-out.

        From now on nothing is sent to the number, not even what waits already. The contact with
        this number shows it.

        Parameters:
            phone: E.164, or as dialled in the account's country.
        """
        answer: OptOutCreate = self._caller.call("POST", "/v1/optouts", {"phone": phone})
        return answer

    def delete(self, phone: str) -> OptOutCreate:
        """Remove an opt-out.

        The number may be written to again. Harmless to repeat.
        """
        answer: OptOutCreate = self._caller.call("DELETE", f"/v1/optouts/{self._part(phone)}")
        return answer

    def list(self, *, cursor: str = OMIT, limit: int = OMIT, offset: int = OMIT) -> Page[OptOut]:
        """List opt-outs.

        Newest first, however they came about.

        Parameters:
            cursor: next_cursor of the page before.
            limit: Rows of a page.
            offset: Rows to skip; not together with cursor.
        """
        answer: Page[OptOut] = self._caller.pages(
            "/v1/optouts", {"cursor": cursor, "limit": limit, "offset": offset}
        )
        return answer
