"""With `holds.py` the only files that change money. Every change is one statement that moves the balance and writes its entries, guarded by
the balance itself; `UNIQUE(kind, reference)` makes each exactly-once. Call inside a transaction, last: the lock is hot."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import new_id
from billing.models import Entry, Ledger


@dataclass(frozen=True, slots=True)
class Movement:
    """One amount to charge or refund: `reference` is what it is for (once per kind), `subject` names what that is."""

    account_id: UUID
    amount: Decimal
    reference: UUID
    subject: str
    actor: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A written entry: its number in the account and the balance after it."""

    seq: int
    balance_after: Decimal


MOVE_MANY = """
WITH c AS (
  SELECT * FROM unnest(%(accounts)s::uuid[], %(amounts)s::numeric[], %(references)s::uuid[], %(subjects)s::text[],
                       %(actors)s::text[], %(ids)s::uuid[])
    WITH ORDINALITY AS c(account_id, amount, reference, subject, actor, id, position)),
 t AS (SELECT account_id, sum(amount) AS total, count(*) AS n FROM c GROUP BY account_id),
 k AS (SELECT l.account_id FROM billing_ledger l WHERE l.account_id = ANY(%(accounts)s::uuid[])
        ORDER BY l.account_id FOR UPDATE),
 w AS (
  UPDATE billing_ledger l SET balance = l.balance + %(sign)s * t.total, seq = l.seq + t.n
    FROM t JOIN k USING (account_id)
   WHERE l.account_id = t.account_id AND (%(sign)s > 0 OR l.balance + l.credit_limit >= t.total)
  RETURNING l.account_id, l.currency, l.held, l.seq - t.n AS seq_before, l.balance - %(sign)s * t.total AS balance_before)
INSERT INTO billing_entry (id, account_id, seq, kind, debit, credit, amount, currency, mad_per_eur, reference, subject,
                           balance_after, held_after, actor, reason)
SELECT c.id, c.account_id, w.seq_before + row_number() OVER p, %(kind)s, %(debit)s, %(credit)s, c.amount, w.currency,
       (SELECT mad_per_eur FROM billing_exchangerate WHERE valid_from <= now() ORDER BY valid_from DESC LIMIT 1),
       c.reference, c.subject, w.balance_before + %(sign)s * sum(c.amount) OVER p, w.held, c.actor, ''
  FROM c JOIN w USING (account_id)
WINDOW p AS (PARTITION BY c.account_id ORDER BY c.position)
RETURNING reference, seq, balance_after
"""


def _move_many(
    movements: Sequence[Movement], *, kind: str, debit: str, credit: str, sign: int
) -> dict[UUID, Booked]:
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE_MANY,
            {
                "accounts": [m.account_id for m in movements],
                "amounts": [m.amount for m in movements],
                "references": [m.reference for m in movements],
                "subjects": [m.subject for m in movements],
                "actors": [m.actor for m in movements],
                "ids": [new_id() for _ in movements],
                "kind": kind,
                "debit": debit,
                "credit": credit,
                "sign": sign,
            },
        )
        return {reference: Booked(seq, balance) for reference, seq, balance in cursor.fetchall()}


def charge(movements: Sequence[Movement]) -> dict[UUID, Booked]:
    """Take each amount from its account's balance, many accounts in one statement, rows locked in account order.

    Returns the entries by reference. An account whose movements do not all fit its balance and credit limit gets none
    of them: its references are missing from the answer, and the caller must undo what they were for.
    """
    return (
        _move_many(movements, kind="charge", debit="wallet", credit="revenue", sign=-1) if movements else {}
    )


def refund(movements: Sequence[Movement]) -> dict[UUID, Booked]:
    """Give each amount back. The caller has made sure that it was charged and is refunded once (a second is an error)."""
    return _move_many(movements, kind="refund", debit="revenue", credit="wallet", sign=1) if movements else {}


def open(account_id: UUID, currency: str) -> Ledger:
    """The ledger of a new account, at zero."""
    return Ledger.objects.create(account_id=account_id, currency=currency)


def _move_one(
    movement: Movement, *, kind: str, debit: str, credit: str, sign: int, reason: str
) -> Booked | None:
    with transaction.atomic():
        ledger = Ledger.objects.select_for_update().get(account_id=movement.account_id)
        if Entry.objects.filter(kind=kind, reference=movement.reference).exists():
            return None
        if sign < 0 and ledger.balance + ledger.credit_limit < movement.amount:
            return None
        ledger.balance += sign * movement.amount
        ledger.seq += 1
        ledger.save(update_fields=["balance", "seq"])
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO billing_entry (id, account_id, seq, kind, debit, credit, amount, currency, mad_per_eur,"
                " reference, subject, balance_after, held_after, actor, reason) SELECT %s, %s, %s, %s, %s, %s, %s, %s,"
                " (SELECT mad_per_eur FROM billing_exchangerate WHERE valid_from <= now() ORDER BY valid_from DESC LIMIT 1),"
                " %s, %s, %s, %s, %s, %s",
                [
                    new_id(), movement.account_id, ledger.seq, kind, debit, credit, movement.amount, ledger.currency,
                    movement.reference, movement.subject, ledger.balance, ledger.held, movement.actor, reason,
                ],
            )  # fmt: skip
        return Booked(ledger.seq, ledger.balance)


def topup(
    account_id: UUID, amount: Decimal, *, reference: UUID, actor: str, reason: str = ""
) -> Booked | None:
    """Bring money in, once per `reference`. Returns None when that reference is booked already: nothing changed."""
    movement = Movement(account_id, amount, reference, "topup", actor)
    return _move_one(movement, kind="topup", debit="cash", credit="wallet", sign=1, reason=reason)


def adjust(account_id: UUID, amount: Decimal, *, reference: UUID, actor: str, reason: str) -> Booked | None:
    """Correct a balance by a signed amount: a new entry by a named person with a reason, never an edit.

    Returns None when the reference is booked already, or when a deduction does not fit the balance.
    """
    movement = Movement(account_id, abs(amount), reference, "adjustment", actor)
    places = ("adjust", "wallet") if amount > 0 else ("wallet", "adjust")
    sign = 1 if amount > 0 else -1
    return _move_one(movement, kind="adjust", debit=places[0], credit=places[1], sign=sign, reason=reason)
