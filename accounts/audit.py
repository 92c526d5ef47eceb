"""The audit trail: the one way to write an AuditEntry. Entries are never changed or removed (a trigger sees
to it)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from accounts.models import Account, AuditEntry


def record(
    account: Account | UUID | None,
    *,
    actor: str,
    action: str,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
    ip: str | None = None,
) -> AuditEntry:
    """Note that `actor` (an e-mail, a key's public id, a command's name) did `action` to `subject`.

    Parameters: `account` whose trail it belongs to, None for the installation's; `detail` public facts, never
    a secret; `ip` the caller's address if there was one. Joins the transaction that is open, so the entry
    stands or falls with what it tells of."""
    account_id = account.id if isinstance(account, Account) else account
    return AuditEntry.objects.create(
        account_id=account_id,
        actor=actor[:254],
        action=action[:80],
        subject=subject[:120],
        detail=dict(detail or {}),
        ip=ip or None,
    )
