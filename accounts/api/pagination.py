"""Lists in pages: `limit`, `offset` and `total` as documents A and B have them, and natively `next_cursor`,
which stays fast and steady however long the list is. Counting stops at 10,000, or just
beyond the page that is asked for, so that no list costs more as an account grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet, UUIDField

from accounts.refusals import Code, Refused

COUNT_MOST = 10_000
OFFSET_MOST = 100_000
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for: `limit` rows from `offset`, or those after the row that `cursor`
    names."""

    limit: int
    offset: int
    cursor: str


def window(query: Mapping[str, str], *, default: int, most: int) -> Window:
    """The window in a query string; `default` and `most` rows are the document's.

    Raises `Refused(INVALID_FIELD)` for what is no whole number in bounds, `Refused(CONFLICTING_FIELDS)` for a
    cursor with an offset."""
    limit = whole(query, "limit", default=default, least=1, most=most)
    offset = whole(query, "offset", default=0, least=0, most=OFFSET_MOST)
    cursor = query.get("cursor", "")
    if cursor and offset:
        raise Refused(Code.CONFLICTING_FIELDS, "Send cursor or offset, not both.", param="cursor")
    return Window(limit, offset, cursor)


def whole(query: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number of a query string. Raises `Refused(INVALID_FIELD)` if it is none between `least` and
    `most`."""
    text = query.get(name)
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise Refused(Code.INVALID_FIELD, f"{name} is a whole number from {least} to {most}.", param=name)
    return int(text)


def page(
    rows: QuerySet[M],
    query: Mapping[str, str],
    show: Callable[[M], Mapping[str, Any]],
    *,
    default: int = 50,
    most: int = 200,
    by: str = "id",
    total: int | None = None,
) -> dict[str, Any]:
    """One page of `rows`, newest first by the field `by` (a UUIDv7 or a whole number), each shown by `show`.

    `total` is given where it is known without counting; else it is the number of all rows that match, counted as
    `counted` does, with `total_capped: true` if there are more. `next_cursor` is null on the last page. Raises as
    `window`, and `Refused(INVALID_FIELD)` for a cursor that is none of ours."""
    asked = window(query, default=default, most=most)
    known, capped = counted(rows, seen=asked.offset + asked.limit) if total is None else (total, False)
    part = rows.order_by(f"-{by}")
    if asked.cursor:
        part = part.filter(**{f"{by}__lt": _read_cursor(asked.cursor, rows.model, by)})
    found = list(part[asked.offset : asked.offset + asked.limit + 1])
    shown = found[: asked.limit]
    answer: dict[str, Any] = {
        "data": [show(row) for row in shown],
        "limit": asked.limit,
        "offset": asked.offset,
        "total": known,
        "next_cursor": _show_cursor(getattr(shown[-1], by)) if len(found) > asked.limit else None,
    }
    if capped:
        answer["total_capped"] = True
    return answer


def counted(rows: QuerySet[M], *, seen: int) -> tuple[int, bool]:
    """How many rows there are, and whether there are more than that. Counted up to 10,000, or to one more than `seen`,
    the rows up to the end of a page: who goes on until `total` is reached comes to the end of the list."""
    most = max(COUNT_MOST, seen + 1)
    found = rows.order_by()[: most + 1].count()
    return min(found, most), found > most


def _show_cursor(value: UUID | int) -> str:
    return value.hex if isinstance(value, UUID) else str(value)


def _read_cursor(cursor: str, model: type[Model], by: str) -> UUID | int:
    try:
        if isinstance(model._meta.get_field(by), UUIDField):
            return UUID(hex=cursor)
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
            raise ValueError(cursor)
        return int(cursor)
    except ValueError:
        raise Refused(
            Code.INVALID_FIELD, "cursor is a next_cursor of a former answer.", param="cursor"
        ) from None
