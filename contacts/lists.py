"""Contact lists: made here, filled and emptied here, so that `count` always says how many members there are.
Locks go contacts first, then lists in the order of their ids."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from accounts.refusals import Code, Refused
from contacts.models import Contact, ContactList, ListMember

MOST_PER_ACCOUNT = 1_000
JOIN = """
WITH joined AS (
  INSERT INTO contacts_listmember (list_id, contact_id)
  SELECT %s, contact_id FROM unnest(%s::uuid[]) AS given(contact_id) ORDER BY contact_id
  ON CONFLICT DO NOTHING RETURNING 1
)
UPDATE contacts_contactlist SET count = count + (SELECT count(*) FROM joined) WHERE id = %s
"""
LEAVE = "DELETE FROM contacts_listmember WHERE contact_id = %s RETURNING list_id"
LOCK = "SELECT id FROM contacts_contactlist WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
LESS = "UPDATE contacts_contactlist SET count = count - 1 WHERE id = ANY(%s::uuid[])"


def create(account_id: UUID, *, name: str, description: str) -> ContactList:
    """A new, empty list. Raises `Refused(INVALID_STATE)` beyond 1,000 of an account."""
    if ContactList.objects.filter(account_id=account_id)[:MOST_PER_ACCOUNT].count() >= MOST_PER_ACCOUNT:
        raise Refused(Code.INVALID_STATE, f"An account has at most {MOST_PER_ACCOUNT:,} contact lists.")
    return ContactList.objects.create(account_id=account_id, name=name, description=description)


def own(account_id: UUID, list_id: UUID) -> ContactList:
    """A list of the account. Raises `Refused(NOT_FOUND)`, for another's like for one that does not exist."""
    found = ContactList.objects.filter(account_id=account_id, pk=list_id).first()
    if found is None:
        raise unknown()
    return found


def unknown() -> Refused:
    """The refusal of a list that the account does not have."""
    return Refused(Code.NOT_FOUND, "No such list.", param="list_id")


def join(list_id: UUID, contact_ids: Sequence[UUID]) -> None:
    """Put contacts into a list of the same account; harmless to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(JOIN, [list_id, list(contact_ids), list_id])


def members_after(list_id: UUID, contact_id: UUID | None, *, limit: int) -> list[Contact]:
    """The next members of a list in the order of their ids, after one of them, or the first."""
    members = ListMember.objects.filter(list_id=list_id).select_related("contact").order_by("contact_id")
    if contact_id is not None:
        members = members.filter(contact_id__gt=contact_id)
    return [member.contact for member in members[:limit]]


def leave_all(contact_id: UUID) -> None:
    """Take a contact, whose row is locked, out of every list."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, [contact_id])
        list_ids = [row[0] for row in cursor.fetchall()]
        if list_ids:
            cursor.execute(LOCK, [list_ids])
            cursor.execute(LESS, [list_ids])
