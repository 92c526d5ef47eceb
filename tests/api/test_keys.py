"""Keys are 256 random bits of which only the digest is kept; every change of one is in the audit trail."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest

from accounts import keys
from accounts.models import Account, ApiKey, AuditEntry
from accounts.refusals import Code, Refused


def test_only_the_digest_of_a_key_is_kept(account: Account) -> None:
    key, full = keys.issue(account, mode="live", actor="ops@example.com")
    assert re.fullmatch(r"rsl_live_[A-Za-z0-9_-]{43}", full)
    kept = ApiKey.objects.get(pk=key.pk)
    assert bytes(kept.digest) == hashlib.sha256(full.encode()).digest()
    assert kept.prefix == full[:17]
    stored = [str(value) for value in ApiKey.objects.filter(pk=key.pk).values()[0].values()]
    assert not any(full[9:] in value for value in stored)


def test_a_key_has_all_permissions_but_the_gateways(account: Account) -> None:
    key, _ = keys.issue(account)
    assert set(key.scopes) == {
        *("send", "verify", "status", "balance", "contacts", "campaigns"),
        *("webhooks", "billing", "analytics", "api_keys", "optouts"),
    }


def test_making_changing_and_revoking_are_audited(account: Account) -> None:
    key, full = keys.issue(account, actor="a@example.com", ip="196.200.1.4")
    keys.update(key, actor="b@example.com", name="Backup", rate_per_minute=20)
    keys.revoke(key, actor="c@example.com")
    keys.revoke(key, actor="c@example.com")
    trail = list(
        AuditEntry.objects.filter(account=account).order_by("id").values_list("action", "actor", "subject")
    )
    shown = keys.shown_id(key)
    assert trail == [
        ("api_key.issued", "a@example.com", shown),
        ("api_key.updated", "b@example.com", shown),
        ("api_key.revoked", "c@example.com", shown),
    ]
    assert not any(full in str(entry.detail) for entry in AuditEntry.objects.filter(account=account))


def test_a_revoked_key_stays_revoked(account: Account) -> None:
    key, _ = keys.issue(account)
    keys.revoke(key, actor="x")
    with pytest.raises(Refused) as refused:
        keys.update(key, actor="x", active=True)
    assert refused.value.code is Code.INVALID_STATE
    assert not ApiKey.objects.get(pk=key.pk).active


def test_revoking_ends_a_key_that_was_to_live_longer(account: Account) -> None:
    key, _ = keys.issue(account, expires_at=datetime.now(UTC) + timedelta(days=1))
    keys.revoke(key, actor="x")
    ended = ApiKey.objects.get(pk=key.pk).expires_at
    assert ended is not None
    assert ended <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"mode": "demo"}, "mode"),
        ({"compat": "other"}, "compat"),
        ({"service": "fax"}, "service"),
        ({"name": "  "}, "name"),
        ({"scopes": ["send", "all"]}, "permissions[1]"),
        ({"rate_per_minute": -1}, "rate_limit"),
        ({"ip_allow_list": ["10.0.0.0/8", "nowhere"]}, "ip_whitelist[1]"),
    ],
)
def test_a_value_that_a_key_cannot_have_is_refused(
    account: Account, options: dict[str, object], param: str
) -> None:
    with pytest.raises(Refused) as refused:
        keys.issue(account, **options)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.param) == (Code.INVALID_FIELD, param)
    assert not ApiKey.objects.filter(account=account).exists()
