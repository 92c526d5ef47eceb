"""Imports: up to 5,000 contacts at once (document A). What is wrong with one of them skips that one and says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from contacts import upsert
from contacts.upsert import Given

MOST_CONTACTS = 5_000


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why the item at `index` (from 0) is not a contact of its own: a stable word, and a sentence."""

    index: int
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import; `imported` contacts were made or completed. Together with the skipped items that is every
    item."""

    imported: int
    skipped: Sequence[Skipped]


def contacts(account_id: UUID, items: Sequence[Given | Skipped], *, list_id: UUID | None) -> Imported:
    """Make or complete the contacts of a file, in the order of its items. A number that comes again is skipped as
    `duplicate`; what the later item says is kept.

    Raises `Refused(NOT_FOUND)` if the account has no such list; then nothing is imported.
    """
    by_phone: dict[str, Given] = {}
    skipped: list[Skipped] = []
    for index, item in enumerate(items):
        if isinstance(item, Skipped):
            skipped.append(item)
        elif (former := by_phone.get(item.phone)) is not None:
            by_phone[item.phone] = former.completed_by(item)
            skipped.append(Skipped(index, "duplicate", "The number stands in this import before."))
        else:
            by_phone[item.phone] = item
    with transaction.atomic():
        upsert.many(account_id, list(by_phone.values()), list_id=list_id)
    return Imported(len(by_phone), skipped)
