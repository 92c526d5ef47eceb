"""Finding contacts by the beginning of what is known of them. Each contact has a few keys, in small letters without
accents: its number, its name from each of its words on, and its e-mail address. A search is one range of one index and
goes no further than 10,000 keys, so it costs the same however many contacts there are."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from phonenumbers import PhoneMetadata

from contacts.models import KEY_CHARACTERS, Contact, SearchKey

MOST_LOOKED_AT = 10_000
MOST_WORDS = 6
_NUMBER = frozenset("0123456789+-./() \u00a0")
# As an array: ten thousand numbers in an IN cost the planner more than the search.
AMONG = "SELECT contact_id FROM contacts_listmember WHERE list_id = %s AND contact_id = ANY(%s::uuid[])"
STALE = """
DELETE FROM contacts_searchkey k
 WHERE k.contact_id = ANY(%s::uuid[])
   AND NOT EXISTS (SELECT 1 FROM unnest(%s::uuid[], %s::text[]) AS now(contact_id, key)
                    WHERE now.contact_id = k.contact_id AND now.key = k.key)
"""
FRESH = """
INSERT INTO contacts_searchkey (account_id, contact_id, key)
SELECT %s, now.contact_id, now.key FROM unnest(%s::uuid[], %s::text[]) AS now(contact_id, key)
ON CONFLICT DO NOTHING
"""


def fold(text: str) -> str:
    """Small letters and digits without accents, other characters as single spaces: `Zoé d'Agadir` is `zoe d agadir`."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(
        "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char)).split()
    )


def keys_of(phone: str, name: str | None, email: str | None) -> set[str]:
    """What a contact is found by: the number without `+`, the name from each of its first six words on, and the
    address; at most 60 characters of each."""
    found = {phone[1:], fold(email or "")}
    found.update(_from_each_word(fold(name or "")))
    found.discard("")
    return {key[:KEY_CHARACTERS].rstrip() for key in found}


def _from_each_word(folded: str) -> Iterator[str]:
    words = folded.split()
    for start in range(min(len(words), MOST_WORDS)):
        yield " ".join(words[start:])


def wanted(text: str, country: str) -> str:
    """The beginning that a search text asks for; `""` if it holds nothing to search by. A number may be written with
    `+`, `00`, or as dialled in `country` (ISO 3166-1 alpha-2) where that has a trunk prefix (libphonenumber)."""
    if set(text) <= _NUMBER:
        return _digits(text, country)[:KEY_CHARACTERS]
    return fold(text)[:KEY_CHARACTERS].rstrip()


def _digits(text: str, country: str) -> str:
    digits = "".join(char for char in text if char.isdigit())
    if text.lstrip().startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    metadata = PhoneMetadata.metadata_for_region(country)
    trunk = metadata.national_prefix if metadata else None
    if metadata and trunk and digits.startswith(trunk):
        return f"{metadata.country_code}{digits.removeprefix(trunk)}"
    return digits


@dataclass(frozen=True, slots=True)
class Found:
    """The contacts that a search finds, newest first; `is_cut` if only the first 10,000 keys were looked at because
    there are more."""

    ids: Sequence[UUID]
    is_cut: bool

    def first(self, count: int, *, after: str) -> Sequence[UUID]:
        """So many of the ids, of those after the one that `after` names in hexadecimal digits, if it does."""
        digits = after.replace("-", "").lower()
        rest = [one for one in self.ids if one.hex < digits] if digits else self.ids
        return rest[:count]


def find(account_id: UUID, beginning: str, *, list_id: UUID | None) -> Found:
    """The contacts of an account, or of one of its lists, that `beginning` (what `wanted` gives) finds."""
    if not beginning:
        return Found((), is_cut=False)
    keys = SearchKey.objects.filter(account_id=account_id, key__startswith=beginning)
    looked_at = list(
        keys.order_by("key", "contact_id").values_list("contact_id", flat=True)[: MOST_LOOKED_AT + 1]
    )
    first = set(looked_at[:MOST_LOOKED_AT])
    if list_id is not None and first:
        with connection.cursor() as cursor:
            cursor.execute(AMONG, [list_id, list(first)])
            first = {row[0] for row in cursor.fetchall()}
    return Found(sorted(first, reverse=True), is_cut=len(looked_at) > MOST_LOOKED_AT)


def rekey(account_id: UUID, contacts: Sequence[Contact], *, known: Sequence[UUID]) -> None:
    """Write the keys of contacts of an account; `known` are the ids of those that may have had others before. Belongs
    in the transaction that wrote them."""
    if not contacts:
        return
    pairs = [(c.id, key) for c in contacts for key in sorted(keys_of(c.phone, c.name, c.email))]
    columns = [contact_id for contact_id, _ in pairs], [key for _, key in pairs]
    with connection.cursor() as cursor:
        if known:
            cursor.execute(STALE, [list(known), *columns])
        cursor.execute(FRESH, [account_id, *columns])
