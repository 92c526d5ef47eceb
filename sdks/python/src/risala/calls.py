"""What the drawn calls stand on: the way to the server, and how a left-out argument is told from None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, Protocol
from urllib.parse import quote


class _Omit:
    """The value of an argument that was not given. None is sent, as null; this is not."""

    def __repr__(self) -> str:
        return "OMIT"


OMIT: Any = _Omit()
Fields = Mapping[str, Any]


class Caller(Protocol):
    """Whoever takes calls to the server."""

    def call(
        self,
        method: str,
        path: str,
        fields: Optional[Fields] = None,
        *,
        keyed: bool = False,
        idempotency_key: Optional[str] = None,
    ) -> Any:
        """One call; what the answer's JSON holds."""

    def pages(self, path: str, fields: Optional[Fields] = None) -> Any:
        """The first page of a list."""


class Resource:
    """Calls that belong together."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    @staticmethod
    def _part(value: str) -> str:
        """A value as one part of a path. Raises ValueError for an empty one, which would name another path."""
        if not value:
            raise ValueError("an id is needed, not an empty text")
        return quote(str(value), safe="")


def given(fields: Optional[Fields]) -> dict[str, Any]:
    """The fields that were given."""
    return {name: value for name, value in (fields or {}).items() if value is not OMIT}
