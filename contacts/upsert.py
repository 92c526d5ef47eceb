"""Contacts by their number, made or completed: one or thousands in one statement, so that parallel writers of the same
number end with one contact."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import new_id
from contacts import lists, search
from contacts.models import Contact

UPSERT = """
INSERT INTO contacts_contact AS c (id, account_id, phone, name, email, custom1, custom2, custom3)
SELECT g.id, %s, g.phone, g.name, g.email, g.custom1, g.custom2, g.custom3
  FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
       AS g(id, phone, name, email, custom1, custom2, custom3)
 ORDER BY g.phone
ON CONFLICT (account_id, phone) DO UPDATE SET
  name = COALESCE(EXCLUDED.name, c.name), email = COALESCE(EXCLUDED.email, c.email),
  custom1 = COALESCE(EXCLUDED.custom1, c.custom1), custom2 = COALESCE(EXCLUDED.custom2, c.custom2),
  custom3 = COALESCE(EXCLUDED.custom3, c.custom3)
RETURNING id, phone, name, email, custom1, custom2, custom3, created_at, xmax = 0
"""

# Locked in the order of UPSERT, so that what is read here is what UPSERT finds.
FORMER = """
SELECT id, name, email FROM contacts_contact WHERE account_id = %s AND phone = ANY(%s::text[])
 ORDER BY phone FOR NO KEY UPDATE
"""


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of the contact with a number (E.164). None: nothing is said, and what is known stays; `""`
    empties."""

    phone: str
    name: str | None = None
    email: str | None = None
    custom1: str | None = None
    custom2: str | None = None
    custom3: str | None = None

    def completed_by(self, later: "Given") -> "Given":
        """This, with what `later` says in its place."""
        said = {name: value for name in TEXTS if (value := getattr(later, name)) is not None}
        return replace(self, **said)


TEXTS = ("name", "email", "custom1", "custom2", "custom3")


def one(account_id: UUID, given: Given, *, list_id: UUID | None) -> tuple[Contact, bool]:
    """The contact with this number, and whether it is new. Raises as `many`."""
    with transaction.atomic():
        contacts, made = many(account_id, [given], list_id=list_id)
    return contacts[0], bool(made)


def many(
    account_id: UUID, given: Sequence[Given], *, list_id: UUID | None
) -> tuple[list[Contact], frozenset[UUID]]:
    """The contacts with these numbers, each given once, and the ids of those that are new; all of them put into a list
    of the account if one is named. Belongs in a transaction.

    Raises `Refused(NOT_FOUND)` if the account has no such list.
    """
    if list_id is not None:
        lists.own(account_id, list_id)
    new_ids, phones = [new_id() for _ in given], [one.phone for one in given]
    texts: list[list[str | None]] = [[getattr(one, name) for one in given] for name in TEXTS]
    with connection.cursor() as cursor:
        cursor.execute(FORMER, [account_id, phones])
        former = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(UPSERT, [account_id, new_ids, phones, *texts])
        rows = cursor.fetchall()
    names = ("id", "phone", *TEXTS, "created_at")
    contacts = [Contact(account_id=account_id, **dict(zip(names, row[:-1], strict=True))) for row in rows]
    made = frozenset(row[0] for row in rows if row[-1])
    renamed = [c for c in contacts if former.get(c.id) != (c.name, c.email)]
    search.rekey(account_id, renamed, known=[c.id for c in renamed if c.id not in made])
    if list_id is not None:
        lists.join(list_id, [contact.id for contact in contacts])
    return contacts, made
