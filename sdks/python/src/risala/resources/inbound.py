"""Calls of `inbound`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import Optional, TypedDict

from risala.calls import OMIT, Resource
from risala.page import Page


Inbound = TypedDict(
    "Inbound",
    {
        "id": str,
        "from": str,
        "to": str,
        "channel": str,
        "text": str,
        "status": str,
        "parts": int,
        "parts_missing": int,
        "keyword": Optional[str],
        "effect": Optional[str],
        "reply_to": Optional[str],
        "received_at": str,
    },
    total=False,
)


class InboundCalls(Resource):
    """`client.inbound`"""

    def get(self, id: str) -> Inbound:
        """Get an inbound message.

        One inbound message.
        """
        answer: Inbound = self._caller.call("GET", f"/v1/inbound/{self._part(id)}")
        return answer

    def list(
        self,
        *,
        channel: str = OMIT,
        cursor: str = OMIT,
        from_: str = OMIT,
        from_date: str = OMIT,
        keyword: str = OMIT,
        limit: int = OMIT,
        offset: int = OMIT,
        to: str = OMIT,
        to_date: str = OMIT,
    ) -> Page[Inbound]:
        """List inbound messages.

        Newest first.

        Parameters:
            cursor: next_cursor of the page before.
            from_: Who wrote, E.164.
            from_date: ISO 8601, included.
            limit: Rows of a page.
            offset: Rows to skip; not together with cursor.
            to: The number they wrote to, as it is shown.
            to_date: ISO 8601, included.
        """
        answer: Page[Inbound] = self._caller.pages(
            "/v1/inbound",
            {
                "channel": channel,
                "cursor": cursor,
                "from": from_,
                "from_date": from_date,
                "keyword": keyword,
                "limit": limit,
                "offset": offset,
                "to": to,
                "to_date": to_date,
            },
        )
        return answer
