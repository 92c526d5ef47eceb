"""The signed-in reader, and the sandbox key that their examples carry. Of existing keys only the hashes are known, so a key
is made for these pages when the reader asks: a test key without rights over keys or money, which ends after seven days.
Its text lies sealed in the reader's session and is gone with it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from accounts import ids, keys
from accounts.api.visit import client_ip
from accounts.models import Account, ApiKey, Compat, Mode, Scope, User
from accounts.pages.roles import RIGHTS, May
from accounts.refusals import Code, Refused
from accounts.vault import seal, unseal

SLOT = "documentation_keys"
LIFE = timedelta(days=7)
MAKERS = tuple(role for role, rights in RIGHTS.items() if May.DEVELOP in rights)
NOT_FOR_PAGES = (Scope.API_KEYS, Scope.BILLING)
SCOPES = tuple(scope for scope in keys.DEFAULT_SCOPES if scope not in NOT_FOR_PAGES)
MOST_ACCOUNTS = 50


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: `key` is the full text of the key for this page's examples, None if there is none; `accounts` are those
    they may make one for, as (public id, name)."""

    email: str
    key: str | None
    prefix: str
    until: datetime | None
    accounts: tuple[tuple[str, str], ...]


def of(request: HttpRequest, compat: str) -> Reader | None:
    """The reader who asks, with their key of a dialect; None for a stranger, without a look at the database when no
    session is named."""
    user = _user(request)
    if user is None:
        return None
    key, text = _kept(request, compat)
    return Reader(
        email=user.email,
        key=text,
        prefix=key.prefix if key else "",
        until=key.expires_at if key else None,
        accounts=tuple((ids.show("account", account.id), account.name) for account in _accounts(user)),
    )


def make_key(request: HttpRequest, *, account_id: UUID, compat: str) -> None:
    """Make the reader's key of a dialect for an account, in place of the one they had.

    Raises `Refused(FORBIDDEN)` where the reader may not make keys, `Refused(INVALID_FIELD)` for an unknown dialect."""
    user = _user(request)
    account = next((one for one in _accounts(user) if one.id == account_id), None) if user else None
    if user is None or account is None:
        raise Refused(Code.FORBIDDEN, "Your role in this account does not make API keys.")
    if compat not in Compat.values:
        raise Refused(Code.INVALID_FIELD, f"compat is one of {', '.join(Compat.values)}.", param="compat")
    revoke_key(request, compat=compat)
    key, text = keys.issue(
        account,
        mode=Mode.TEST,
        compat=compat,
        name=f"Documentation, {user.email}"[:80],
        scopes=SCOPES,
        expires_at=datetime.now(UTC) + LIFE,
        actor=user.email,
        ip=client_ip(request.META) or None,
    )
    kept = dict(request.session.get(SLOT, {}))
    kept[compat] = {"id": key.id.hex, "sealed": b64encode(seal(text)).decode()}
    request.session[SLOT] = kept


def revoke_key(request: HttpRequest, *, compat: str) -> None:
    """End the reader's key of a dialect, if they have one."""
    user = _user(request)
    key, _ = _kept(request, compat)
    if user is not None and key is not None:
        keys.revoke(key, actor=user.email, ip=client_ip(request.META) or None)
    kept = {name: value for name, value in request.session.get(SLOT, {}).items() if name != compat}
    request.session[SLOT] = kept


def _user(request: HttpRequest) -> User | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    return user if isinstance(user, User) and user.is_active else None


def _accounts(user: User) -> list[Account]:
    memberships = (
        user.memberships.filter(role__in=MAKERS, account__status=Account.Status.ACTIVE)
        .select_related("account")
        .order_by("account__name", "id")[:MOST_ACCOUNTS]
    )
    return [membership.account for membership in memberships]


def _kept(request: HttpRequest, compat: str) -> tuple[ApiKey | None, str | None]:
    """The key in the session and its text, as long as it works."""
    kept = request.session.get(SLOT, {}).get(compat)
    if not kept:
        return None, None
    key = ApiKey.objects.filter(id=UUID(kept["id"]), active=True, expires_at__gt=datetime.now(UTC)).first()
    try:
        return (key, unseal(b64decode(kept["sealed"]))) if key else (None, None)
    except ValueError:
        return None, None
