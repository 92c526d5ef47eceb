"""Who is asking, as immutable facts read at most `FACTS_SECONDS` ago: what rules take instead of rows and requests.
Revoking a key or suspending an account therefore acts everywhere within that time."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

from accounts.models import Account

FACTS_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What rules need to know of an account."""

    id: UUID
    name: str
    currency: str
    plan: str
    active: bool
    country: str
    allowed_countries: frozenset[str]
    channels: frozenset[str]
    language: str
    time_zone: str
    default_sender: str
    max_segments: int | None
    codes_to_opted_out: bool

    @classmethod
    def of(cls, account: Account) -> AccountFacts:
        """The facts of a row. An account always may write to its own country and by SMS."""
        return cls(
            id=account.id,
            name=account.name,
            currency=account.currency,
            plan=account.plan,
            active=account.status == Account.Status.ACTIVE,
            country=account.country,
            allowed_countries=frozenset((account.country, *account.allowed_countries)),
            channels=frozenset(("sms", *account.channels)),
            language=account.language,
            time_zone=account.time_zone,
            default_sender=account.default_sender,
            max_segments=account.max_segments,
            codes_to_opted_out=account.codes_to_opted_out,
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated request's identity: the account, and the key that it came with.

    `rate_per_minute` and `rate_per_second` are requests; 0 means no limit. `mode` is `live` or `test`; `compat` the
    dialect of the key; `ip` the caller's address as far as our own proxies vouch for it.
    """

    account: AccountFacts
    key_id: UUID
    key_name: str
    mode: str
    compat: str
    scopes: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]
    rate_per_minute: int
    rate_per_second: int
    service: str
    expires_at: float | None
    ip: str

    @property
    def account_id(self) -> UUID:
        return self.account.id
