"""Finding contacts by the beginning of what is known of them. Each contact has a few keys, in small letters without
accents: its number, its name from each of its words on, and its e-mail address. A search is one range of one index and
goes no further than 10,000 keys, so it costs the same however many contacts there are."""

import unicodedata
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from phonenumbers import PhoneMetadata

from contacts.models import KEY_CHARACTERS, Contact, SearchKey

MOST_LOOKED_AT = 10_000
MOST_WORDS = 6
_NUMBER = frozenset("0123456789+-./() \u00a0")
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


def matching(rows: QuerySet[Contact], beginning: str, *, account_id: UUID) -> tuple[QuerySet[Contact], bool]:
    """Those of `rows` (the account's) that `beginning` (what `wanted` gives) finds, and whether only the first 10,000
    keys were looked at because there are more."""
    if not beginning:
        return rows.none(), False
    keys = SearchKey.objects.filter(account_id=account_id, key__startswith=beginning)
    first = keys.order_by("key", "contact_id").values("contact_id")
    is_cut = first[: MOST_LOOKED_AT + 1].count() > MOST_LOOKED_AT
    return rows.filter(id__in=first[:MOST_LOOKED_AT]), is_cut


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
