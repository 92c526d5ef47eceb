"""Holds: money set aside for what will be sent in parts (a campaign). All of it or nothing is held; parts are charged from it,
and what is left is released once. With `ledger.py` the only files that change money, in the same way: one statement that
moves the balance and writes its entry, guarded by the rows themselves. Call last in a transaction: the lock is hot."""

from decimal import Decimal
from uuid import UUID

from django.db import connection

from accounts.ids import new_id
from billing.ledger import Booked

RATE = "(SELECT mad_per_eur FROM billing_exchangerate WHERE valid_from <= now() ORDER BY valid_from DESC LIMIT 1)"
COLUMNS = (
    "id, account_id, seq, kind, debit, credit, amount, currency, mad_per_eur, reference, subject, hold_id, balance_after,"
    " held_after, actor, reason"
)
HOLD = f"""
WITH w AS (
  UPDATE billing_ledger SET balance = balance - %(amount)s, held = held + %(amount)s, seq = seq + 1
   WHERE account_id = %(account)s AND balance + credit_limit >= %(amount)s
  RETURNING account_id, currency, seq, balance, held),
 h AS (INSERT INTO billing_hold (id, account_id, subject, amount, used, released)
       SELECT %(hold)s, account_id, %(subject)s, %(amount)s, 0, 0 FROM w)
INSERT INTO billing_entry ({COLUMNS})
SELECT %(entry)s, account_id, seq, 'hold', 'wallet', 'held', %(amount)s, currency, {RATE}, %(hold)s, %(subject)s, %(hold)s,
       balance, held, %(actor)s, '' FROM w
RETURNING seq, balance_after
"""  # noqa: S608 - put together from constants
USE = f"""
WITH h AS (
  UPDATE billing_hold SET used = used + %(amount)s
   WHERE id = %(hold)s AND used + released + %(amount)s <= amount RETURNING id, account_id, subject),
 w AS (
  UPDATE billing_ledger l SET held = l.held - %(amount)s, seq = l.seq + 1 FROM h WHERE l.account_id = h.account_id
  RETURNING l.account_id, l.currency, l.seq, l.balance, l.held, h.subject)
INSERT INTO billing_entry ({COLUMNS})
SELECT %(entry)s, account_id, seq, 'hold_charge', 'held', 'revenue', %(amount)s, currency, {RATE}, %(reference)s, subject,
       %(hold)s, balance, held, %(actor)s, '' FROM w
RETURNING seq, balance_after
"""  # noqa: S608 - put together from constants
RELEASE = f"""
WITH o AS (
  SELECT id, amount - used - released AS rest FROM billing_hold
   WHERE id = %(hold)s AND amount - used - released > 0 FOR UPDATE),
 h AS (
  UPDATE billing_hold x SET released = x.released + o.rest FROM o WHERE x.id = o.id
  RETURNING x.account_id, x.subject, o.rest),
 w AS (
  UPDATE billing_ledger l SET balance = l.balance + h.rest, held = l.held - h.rest, seq = l.seq + 1
    FROM h WHERE l.account_id = h.account_id
  RETURNING l.account_id, l.currency, l.seq, l.balance, l.held, h.subject, h.rest)
INSERT INTO billing_entry ({COLUMNS})
SELECT %(entry)s, account_id, seq, 'hold_release', 'held', 'wallet', rest, currency, {RATE}, %(hold)s, subject, %(hold)s,
       balance, held, %(actor)s, '' FROM w
RETURNING seq, balance_after
"""  # noqa: S608 - put together from constants


def _booked(statement: str, **values: UUID | Decimal | str) -> Booked | None:
    values["entry"] = new_id()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return Booked(*row) if row else None


def hold(account_id: UUID, amount: Decimal, *, reference: UUID, subject: str, actor: str) -> Booked | None:
    """Set money aside for what `reference` names (`subject` says what that is); the reference is the hold's id from then on.

    Returns None when the balance and the credit limit do not have it: nothing changed. A second hold of one reference
    raises `IntegrityError`.
    """
    return _booked(HOLD, account=account_id, amount=amount, hold=reference, subject=subject, actor=actor)


def use(hold_id: UUID, amount: Decimal, *, reference: UUID, actor: str) -> Booked | None:
    """Charge a part of a hold for what `reference` names, once per reference.

    Returns None when the hold has less than that left, or there is no such hold: nothing changed.
    """
    return _booked(USE, amount=amount, hold=hold_id, reference=reference, actor=actor)


def release(hold_id: UUID, *, actor: str) -> Booked | None:
    """Give what is left of a hold back to the balance; nothing can be used of it from then on.

    Returns None when nothing was left, or there is no such hold: nothing changed.
    """
    return _booked(RELEASE, hold=hold_id, actor=actor)
