"""Opt-outs: who must not be written to. Asked at accept, and again at submit."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection

from contacts.models import OptOut

AMONG = """
SELECT o.account_id, o.phone FROM contacts_optout o
  JOIN unnest(%s::uuid[], %s::text[]) AS asked(account_id, phone)
    ON o.account_id = asked.account_id AND o.phone = asked.phone
"""
REMOVE_ALL = """
DELETE FROM contacts_optout o USING unnest(%s::uuid[], %s::text[]) AS gone(account_id, phone)
 WHERE o.account_id = gone.account_id AND o.phone = gone.phone
"""


def among(pairs: Sequence[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Which (account, E.164 number) pairs are opted out, in one query."""
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(AMONG, [[account for account, _ in pairs], [phone for _, phone in pairs]])
        return set(cursor.fetchall())


def add(account_id: UUID, phone: str, *, source: str) -> OptOut:
    """Opt a number (E.164) out; harmless to repeat."""
    return put(account_id, phone, source=source)[0]


def put(account_id: UUID, phone: str, *, source: str) -> tuple[OptOut, bool]:
    """Like `add`; says also whether the opt-out is new."""
    return OptOut.objects.get_or_create(account_id=account_id, phone=phone, defaults={"source": source})


def remove(account_id: UUID, phone: str) -> bool:
    """Opt a number in again. Returns whether it was opted out."""
    return OptOut.objects.filter(account_id=account_id, phone=phone).delete()[0] > 0


def put_all(pairs: Collection[tuple[UUID, str]], *, source: str) -> None:
    """Opt the numbers of (account, E.164 number) pairs out, in the caller's transaction; those that are out already stay."""
    OptOut.objects.bulk_create(
        [
            OptOut(account_id=account_id, phone=phone, source=source)
            for account_id, phone in sorted(pairs, key=str)
        ],
        ignore_conflicts=True,
    )


def remove_all(pairs: Collection[tuple[UUID, str]]) -> None:
    """Opt the numbers of (account, E.164 number) pairs in again, in the caller's transaction."""
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(REMOVE_ALL, [list(column) for column in zip(*sorted(pairs, key=str), strict=True)])
