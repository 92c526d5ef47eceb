"""API keys: made, changed and revoked here and nowhere else, each time with an audit entry.
A key is `<brand>_<mode>_<43 characters>`: 256 random bits, of which only the SHA-256 is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit, ids
from accounts.models import Account, ApiKey, Compat, Mode, Scope
from accounts.networks import normalise
from accounts.refusals import Code, Refused

SHAPE = re.compile(r"[A-Za-z0-9]{1,16}_(?:live|test)_[A-Za-z0-9_-]{43}")
DEFAULT_SCOPES = tuple(scope.value for scope in Scope if scope is not Scope.ADMIN_GATEWAY)
LEAST_RATE, MOST_RATE = 10, 1000
DEFAULT_RATE = 100
VISIBLE_RANDOM = 8
MOST_PER_ACCOUNT = 1000


class Changes(TypedDict, total=False):
    """What may be changed about a key after it was made."""

    name: str
    scopes: Sequence[str]
    ip_allow_list: Sequence[str]
    rate_per_minute: int
    rate_per_second: int | None
    active: bool
    expires_at: datetime | None


def digest_of(full_key: str) -> bytes:
    """What is stored of a key. 256 random bits need no salt and no slow hash; a look-up by digest leaks no
    timing."""
    return hashlib.sha256(full_key.encode()).digest()


def issue(
    account: Account | UUID,
    *,
    mode: str = Mode.LIVE,
    compat: str = Compat.NATIVE,
    name: str = "API key",
    scopes: Sequence[str] | None = None,
    ip_allow_list: Sequence[str] = (),
    rate_per_minute: int = DEFAULT_RATE,
    rate_per_second: int | None = None,
    expires_at: datetime | None = None,
    service: str = ApiKey.Service.SMS,
    actor: str = "system",
    ip: str | None = None,
) -> tuple[ApiKey, str]:
    """A new key of an account, and its full text, which is never shown again.

    Parameters: `scopes` None gives all but `admin:gateway`; `ip_allow_list` addresses and CIDR networks,
    empty for any; `rate_per_minute` and `rate_per_second` requests, 0 for no limit, `rate_per_second` None
    for the plan's; `actor` and `ip` who asked, for the audit trail.
    Raises `Refused(INVALID_FIELD)` for a value that a key cannot have."""
    start = f"{settings.BRAND_KEY_PREFIX}_{_known(mode, Mode.values, 'mode')}_"
    full_key = start + secrets.token_urlsafe(32)
    key = ApiKey(
        account_id=account.id if isinstance(account, Account) else account,
        name=_name(name),
        mode=mode,
        compat=_known(compat, Compat.values, "compat"),
        prefix=full_key[: len(start) + VISIBLE_RANDOM][:24],
        digest=digest_of(full_key),
        scopes=list(DEFAULT_SCOPES) if scopes is None else _scopes(scopes),
        ip_allow_list=normalise(ip_allow_list),
        rate_per_minute=_rate(rate_per_minute, "rate_limit"),
        rate_per_second=_rate_or_plans(rate_per_second),
        expires_at=expires_at,
        service=_known(service, ApiKey.Service.values, "service"),
    )
    _keep(key, actor=actor, ip=ip)
    return key, full_key


def _keep(key: ApiKey, *, actor: str, ip: str | None) -> None:
    with transaction.atomic():
        key.save(force_insert=True)
        detail = {"name": key.name, "mode": key.mode, "compat": key.compat, "scopes": key.scopes}
        shown = shown_id(key)
        audit.record(
            key.account_id, actor=actor, action="api_key.issued", subject=shown, detail=detail, ip=ip
        )


def update(key: ApiKey, *, actor: str, ip: str | None = None, **changes: Unpack[Changes]) -> ApiKey:
    """Change a key. It acts everywhere within `accounts.caller.FACTS_SECONDS`.

    Raises `Refused(INVALID_FIELD)` for a value that a key cannot have, `Refused(INVALID_STATE)` for switching
    on a key that has expired or was revoked."""
    if "name" in changes:
        key.name = _name(changes["name"])
    if "scopes" in changes:
        key.scopes = _scopes(changes["scopes"])
    if "ip_allow_list" in changes:
        key.ip_allow_list = normalise(changes["ip_allow_list"])
    if "rate_per_minute" in changes:
        key.rate_per_minute = _rate(changes["rate_per_minute"], "rate_limit")
    if "rate_per_second" in changes:
        key.rate_per_second = _rate_or_plans(changes["rate_per_second"])
    if "expires_at" in changes:
        key.expires_at = changes["expires_at"]
    if "active" in changes:
        _switch(key, changes["active"])
    with transaction.atomic():
        key.save(update_fields=[*changes])
        detail = {field: _told(getattr(key, field)) for field in changes}
        audit.record(
            key.account_id, actor=actor, action="api_key.updated", subject=shown_id(key), detail=detail, ip=ip
        )
    return key


def revoke(key: ApiKey, *, actor: str, ip: str | None = None) -> None:
    """End a key for good: it is switched off and expires now, so that it cannot be switched on again."""
    now = datetime.now(UTC)
    with transaction.atomic():
        ended = ApiKey.objects.filter(pk=key.pk, active=True).update(active=False, expires_at=now)
        ended = ended or ApiKey.objects.filter(pk=key.pk, expires_at__isnull=True).update(expires_at=now)
        if ended:
            audit.record(key.account_id, actor=actor, action="api_key.revoked", subject=shown_id(key), ip=ip)
    key.refresh_from_db(fields=["active", "expires_at"])


def shown_id(key: ApiKey) -> str:
    """The key's public id, `key_…`."""
    return ids.show("api_key", key.id)


def _switch(key: ApiKey, active: bool) -> None:
    expired = key.expires_at is not None and key.expires_at <= datetime.now(UTC)
    if active and expired:
        raise Refused(
            Code.INVALID_STATE, "The key was revoked or has expired: make a new one.", param="active"
        )
    key.active = active


def _name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= 80:
        raise Refused(Code.INVALID_FIELD, "name has 1 to 80 characters.", param="name")
    return cleaned


def _scopes(scopes: Sequence[str]) -> list[str]:
    for index, scope in enumerate(scopes):
        _known(scope, Scope.values, f"permissions[{index}]")
    return list(dict.fromkeys(scopes))


def _rate(rate: int, param: str) -> int:
    if not 0 <= rate <= 1_000_000:
        raise Refused(Code.INVALID_FIELD, "A rate is 0 (no limit) to 1,000,000 requests.", param=param)
    return rate


def _rate_or_plans(rate: int | None) -> int | None:
    return None if rate is None else _rate(rate, "rate_per_second")


def _known(value: str, values: Sequence[str], param: str) -> str:
    if value not in values:
        raise Refused(Code.INVALID_FIELD, f"{param} is one of {', '.join(values)}.", param=param)
    return value


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
