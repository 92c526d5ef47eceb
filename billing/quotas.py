"""Monthly quotas: how many live messages an account may send in a calendar month. Counted in the transaction that accepts
them, by conditional update, beside the money and not instead of it (document D); given back with a refund."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from accounts import audit
from accounts.freshness import Fresh
from accounts.ids import show
from accounts.refusals import Code, Refused
from billing.models import MonthlyQuota

THIS_MONTH = "date_trunc('month', now() AT TIME ZONE 'UTC')::date"
TAKE = f"""
WITH c AS (SELECT * FROM unnest(%s::uuid[], %s::int[]) AS c(account_id, wanted)),
 q AS (SELECT q.account_id FROM billing_monthlyquota q JOIN c USING (account_id) ORDER BY q.account_id FOR UPDATE OF q),
 u AS (
  UPDATE billing_monthlyquota x
     SET used = c.wanted + CASE WHEN x.month = {THIS_MONTH} THEN x.used ELSE 0 END, month = {THIS_MONTH}
    FROM q JOIN c USING (account_id)
   WHERE x.account_id = q.account_id
     AND c.wanted + CASE WHEN x.month = {THIS_MONTH} THEN x.used ELSE 0 END <= x.monthly
  RETURNING x.account_id)
SELECT q.account_id FROM q WHERE NOT EXISTS (SELECT FROM u WHERE u.account_id = q.account_id)
"""  # noqa: S608 - put together from constants
GIVE_BACK = """
WITH c AS (SELECT * FROM unnest(%s::uuid[], %s::date[], %s::int[]) AS c(account_id, month, returned)),
 q AS (SELECT q.account_id, q.month FROM billing_monthlyquota q JOIN c USING (account_id, month)
        ORDER BY q.account_id FOR UPDATE OF q)
UPDATE billing_monthlyquota x SET used = greatest(0, x.used - c.returned)
  FROM q JOIN c USING (account_id, month) WHERE x.account_id = q.account_id AND x.month = q.month
"""
LOOK = f"""
SELECT monthly, CASE WHEN month = {THIS_MONTH} THEN used ELSE 0 END FROM billing_monthlyquota WHERE account_id = %s
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a month's quota is used."""

    monthly: int
    used: int

    @property
    def remaining(self) -> int:
        return max(0, self.monthly - self.used)

    @property
    def percentage(self) -> float:
        return round(100.0 * self.used / self.monthly, 2) if self.monthly else 100.0


def usage(account_id: UUID) -> Usage | None:
    """This month's usage; None for an account without a quota."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [account_id])
        row = cursor.fetchone()
    return Usage(*row) if row else None


def _limited(_: None) -> frozenset[UUID]:
    return frozenset(MonthlyQuota.objects.values_list("account_id", flat=True))


_with_quota: Fresh[None, frozenset[UUID]] = Fresh(_limited, seconds=3)


def take(wanted: Mapping[UUID, int]) -> dict[UUID, Refused]:
    """Count messages per account, all or none for each, in the caller's transaction.

    Which accounts have a quota at all is known for three seconds.

    Returns the refusals (QUOTA_EXCEEDED) of accounts whose quota does not hold that many more.
    """
    wanted = {
        account_id: count for account_id, count in wanted.items() if account_id in _with_quota.get(None)
    }
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [list(wanted), list(wanted.values())])
        over = [row[0] for row in cursor.fetchall()]
    return {account_id: _refusal(account_id, wanted[account_id]) for account_id in over}


def give_back(refunded: Iterable[tuple[UUID, datetime]]) -> None:
    """Take refunded messages, as (account id, when it was accepted), off the month they were counted in, in the caller's
    transaction. A month that is over is not counted any more."""
    counts = Counter(
        (account_id, accepted_at.astimezone(UTC).date().replace(day=1))
        for account_id, accepted_at in refunded
    )
    if counts:
        with connection.cursor() as cursor:
            accounts, months = zip(*counts, strict=True)
            cursor.execute(GIVE_BACK, [list(accounts), list(months), list(counts.values())])


def _refusal(account_id: UUID, requested: int) -> Refused:
    found = usage(account_id) or Usage(0, 0)
    return Refused(
        Code.QUOTA_EXCEEDED,
        f"The monthly quota of {found.monthly} messages has {found.remaining} left; this needs {requested}.",
        data={
            "service_type": "sms",
            "requested": requested,
            "remaining": found.remaining,
            "total_quota": found.monthly,
            "usage_percentage": found.percentage,
        },
    )


def set_monthly(account_id: UUID, monthly: int, *, actor: str) -> MonthlyQuota:
    """Give an account a monthly quota, or another one; what was used stays used."""
    quota, _ = MonthlyQuota.objects.update_or_create(account_id=account_id, defaults={"monthly": monthly})
    _with_quota.forget()
    audit.record(
        account_id,
        actor=actor,
        action="quota.set",
        subject=show("account", account_id),
        detail={"monthly": monthly},
    )
    return quota


def remove(account_id: UUID, *, actor: str) -> bool:
    """Take the quota away: only money limits the account. Returns whether it had one."""
    removed = MonthlyQuota.objects.filter(account_id=account_id).delete()[0] > 0
    if removed:
        audit.record(account_id, actor=actor, action="quota.removed", subject=show("account", account_id))
    return removed
