"""A page of a list. Going over it goes on to the pages that follow, one request each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, Optional, TypeVar

from risala.calls import Caller

T = TypeVar("T")


class Page(Generic[T]):
    """`data` holds the rows of this page, `total` how many there are in all (None where it is not counted),
    `next_cursor` what the following page begins after, `answer` the whole answer."""

    def __init__(
        self, caller: Caller, path: str, fields: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> None:
        self._caller, self._path, self._fields = caller, path, fields
        self.answer = answer
        self.data: list[T] = list(answer["data"])
        self.total: Optional[int] = answer.get("total")
        self.next_cursor: Optional[str] = answer.get("next_cursor")

    def next_page(self) -> Optional[Page[T]]:
        """The page after this one, None after the last. Raises as any call."""
        if not self.next_cursor:
            return None
        fields = {name: value for name, value in self._fields.items() if name != "offset"}
        page: Page[T] = self._caller.pages(self._path, {**fields, "cursor": self.next_cursor})
        return page

    def __iter__(self) -> Iterator[T]:
        page: Optional[Page[T]] = self
        while page is not None:
            yield from page.data
            page = page.next_page()

    def __repr__(self) -> str:
        return f"<Page of {len(self.data)} rows>"
