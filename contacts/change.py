"""Changing and deleting one contact."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from accounts.refusals import Code, Refused
from contacts import lists, search
from contacts.models import Contact


def texts(account_id: UUID, contact_id: UUID, said: Mapping[str, str], *, list_id: UUID | None) -> Contact:
    """Change what `said` names (`name`, `email`, `custom1` to `custom3`; `""` empties) and put the contact into a list
    if one is given.

    Raises `Refused(NOT_FOUND)` if the account has no such contact or list."""
    with transaction.atomic():
        contact = _locked(account_id, contact_id)
        if list_id is not None:
            lists.own(account_id, list_id)
        for name, value in said.items():
            setattr(contact, name, value)
        if said:
            contact.save(update_fields=list(said))
            search.rekey(account_id, [contact], known=[contact.id])
        if list_id is not None:
            lists.join(list_id, [contact.id])
    return contact


def remove(account_id: UUID, contact_id: UUID) -> None:
    """Delete a contact and take it out of its lists; an opt-out of its number stays. Raises `Refused(NOT_FOUND)`."""
    with transaction.atomic():
        contact = _locked(account_id, contact_id)
        lists.leave_all(contact.id)
        contact.delete()


def _locked(account_id: UUID, contact_id: UUID) -> Contact:
    rows = Contact.objects.select_for_update().filter(account_id=account_id, pk=contact_id)
    contact = rows.first()
    if contact is None:
        raise Refused(Code.NOT_FOUND, "No such contact.")
    return contact
