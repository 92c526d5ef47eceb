"""Suspend an account, or let it act again. A suspended account's keys answer ACCOUNT_INACTIVE and what it has queued is
not submitted; both within `caller.FACTS_SECONDS`."""

from uuid import UUID

from django.db import transaction

from accounts import audit, ids
from accounts.models import Account
from accounts.refusals import Code, Refused


def suspend(account_id: UUID, *, actor: str, reason: str = "", ip: str | None = None) -> bool:
    """Suspend. Returns whether anything changed. Raises `Refused(NOT_FOUND)`."""
    return _set(account_id, Account.Status.SUSPENDED, actor=actor, reason=reason, ip=ip)


def activate(account_id: UUID, *, actor: str, reason: str = "", ip: str | None = None) -> bool:
    """Let the account act again. Returns whether anything changed. Raises `Refused(NOT_FOUND)`."""
    return _set(account_id, Account.Status.ACTIVE, actor=actor, reason=reason, ip=ip)


def _set(account_id: UUID, status: Account.Status, *, actor: str, reason: str, ip: str | None) -> bool:
    with transaction.atomic():
        changed = Account.objects.filter(id=account_id).exclude(status=status).update(status=status)
        if changed:
            account = Account.objects.get(id=account_id)
            audit.record(
                account,
                actor=actor,
                action=f"account.{'activated' if status == Account.Status.ACTIVE else 'suspended'}",
                subject=ids.show("account", account_id),
                detail={"reason": reason},
                ip=ip,
            )
        elif not Account.objects.filter(id=account_id).exists():
            raise Refused(Code.NOT_FOUND, "There is no such account.")
    return bool(changed)
