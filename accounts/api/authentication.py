"""Who sent a request: the API key in `Authorization: Bearer` or `X-API-Key`, looked up by its digest. Keys
are read from PostgreSQL at most once in `FACTS_SECONDS` per process; strangers can fill no cache and ask the
database little."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import structlog
from django.db import DatabaseError
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts import audit, ids
from accounts.api import throttling
from accounts.api.visit import visit
from accounts.caller import FACTS_SECONDS, AccountFacts, Caller
from accounts.keys import SHAPE, digest_of
from accounts.models import ApiKey
from accounts.networks import contains
from accounts.refusals import Code, Refused

log = structlog.get_logger(__name__)

UNKNOWN_SECONDS = 2.0
MOST_KEPT = 10_000
NOTE_SECONDS = 60.0


class KeyRefused(Refused):
    """A request without a good key: 401. `reason` is for dialects that tell more than document A's one
    sentence: `missing`, `conflict`, `malformed`, `unknown`, `inactive`, `expired` or `address`."""

    def __init__(self, reason: str, detail: str, key: ApiKey | None = None) -> None:
        super().__init__(Code.UNAUTHORIZED, detail)
        self.reason = reason
        self.key = key


class _Keys:
    """Keys by digest. A digest that once named a key is always looked up again when it is stale; one that
    named none is remembered for two seconds, in a table that is emptied when full."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[float, ApiKey, Caller]] = {}
        self._unknown: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def get(self, digest: bytes, *, ip: str) -> tuple[ApiKey, Caller] | None:
        """The key's row and facts, None if there is none."""
        now = time.monotonic()
        known = self._known.get(digest)
        if known is not None and now - known[0] < FACTS_SECONDS:
            return known[1], known[2]
        if known is None:
            if now < self._unknown.get(digest, 0.0):
                return None
            throttling.check_address(ip)
        return self._read(digest, now)

    def forget(self) -> None:
        """Drop everything: the next `get` reads anew."""
        with self._lock:
            self._known.clear()
            self._unknown.clear()

    def _read(self, digest: bytes, now: float) -> tuple[ApiKey, Caller] | None:
        key = ApiKey.objects.select_related("account").filter(digest=digest).first()
        with self._lock:
            if key is None:
                self._known.pop(digest, None)
                if len(self._unknown) >= MOST_KEPT:
                    self._unknown.clear()
                self._unknown[digest] = now + UNKNOWN_SECONDS
                return None
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            caller = _facts(key)
            self._known[digest] = (now, key, caller)
            return key, caller


class _AtMostOnce:
    """Tells once per key and `NOTE_SECONDS` that it is time to note something in the database."""

    def __init__(self) -> None:
        self._next: dict[object, float] = {}

    def due(self, subject: object) -> bool:
        now = time.monotonic()
        if now < self._next.get(subject, 0.0):
            return False
        if len(self._next) >= MOST_KEPT:
            self._next.clear()
        self._next[subject] = now + NOTE_SECONDS
        return True


_keys = _Keys()
_uses = _AtMostOnce()
_strays = _AtMostOnce()
_plan_rate: Callable[[str], int] = lambda _plan: 0  # noqa: E731


def use_plan_rates(rate_of: Callable[[str], int]) -> None:
    """Tell where a plan's requests per second come from (0 for no limit). Plans belong to a layer above this
    one, so the door of the API hands the look-up in when it is built."""
    global _plan_rate
    _plan_rate = rate_of
    _keys.forget()


def authenticate(request: HttpRequest) -> Caller:
    """The caller of a request.

    Raises `KeyRefused` (401) for a missing, malformed, unknown, switched-off or expired key, for two
    different ones and for an address that the key does not allow; `Refused(ACCOUNT_INACTIVE)` for a suspended
    account."""
    seen = visit(request)
    if seen.caller is not None:
        return seen.caller
    text = key_text(request)
    found = _keys.get(digest_of(text), ip=seen.ip)
    if found is None:
        raise KeyRefused("unknown", "The API key is not valid.")
    key, facts = found
    seen.compat = facts.compat
    _check(key, facts, seen.ip)
    seen.caller = replace(facts, ip=seen.ip)
    return seen.caller


def admit(request: HttpRequest) -> Caller:
    """Authenticate, then take the request out of the key's buckets; the figures go on the answer either way.

    Raises as `authenticate`, and `Refused(RATE_LIMITED)`; a request without a good key counts against its
    address."""
    seen = visit(request)
    try:
        caller = authenticate(request)
    except KeyRefused:
        seen.rate = throttling.take_address(seen.ip)
        throttling.check(seen.rate)
        raise
    if seen.rate is None:
        seen.rate = throttling.take(caller)
        throttling.check(seen.rate)
    return caller


def key_text(request: HttpRequest) -> str:
    """The key that a request carries. Raises `KeyRefused` if there is none, two different ones, or none of
    our form."""
    authorization = request.META.get("HTTP_AUTHORIZATION", "")
    header = request.META.get("HTTP_X_API_KEY", "").strip()
    scheme, _, credentials = authorization.partition(" ")
    bearer = credentials.strip() if scheme.lower() == "bearer" else ""
    if authorization and header and bearer != header:
        raise KeyRefused("conflict", "Authorization and X-API-Key carry different keys: send one.")
    text = bearer or header
    if not text:
        raise KeyRefused("missing", "Send your API key as Authorization: Bearer <key> or X-API-Key: <key>.")
    if SHAPE.fullmatch(text) is None:
        raise KeyRefused("malformed", "The API key is not valid.")
    return str(text)


def use_is_due(caller: Caller) -> bool:
    """Whether the key's use was not noted for a minute; true once a minute per process."""
    return _uses.due(caller.key_id)


def note_use(caller: Caller) -> None:
    """Write down that the key was used now. Called after the answer is out; a database in trouble is left
    alone."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=Now() - timedelta(seconds=NOTE_SECONDS / 2))
    try:
        ApiKey.objects.filter(stale, pk=caller.key_id).update(last_used_at=Now())
    except DatabaseError as error:
        log.warning("key_use_not_noted", key=str(caller.key_id), reason=str(error))


def forget() -> None:
    """Read every key anew: for the process that changed one, and for tests."""
    _keys.forget()


class KeyAuthentication(BaseAuthentication):
    """The same for DRF views: `request.user` and `request.auth` are the Caller."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        """Raises what `admit` raises."""
        caller = admit(request._request)
        return caller, caller

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _facts(key: ApiKey) -> Caller:
    per_second = key.rate_per_second
    return Caller(
        account=AccountFacts.of(key.account),
        key_id=key.id,
        key_name=key.name,
        mode=key.mode,
        compat=key.compat,
        scopes=frozenset(key.scopes),
        networks=tuple(ip_network(text) for text in key.ip_allow_list),
        rate_per_minute=key.rate_per_minute,
        rate_per_second=_plan_rate(key.account.plan) if per_second is None else per_second,
        service=key.service,
        expires_at=key.expires_at.timestamp() if key.expires_at else None,
        ip="",
    )


def _check(key: ApiKey, facts: Caller, ip: str) -> None:
    if facts.expires_at is not None and facts.expires_at <= time.time():
        raise KeyRefused("expired", "The API key is not valid.", key)
    if not key.active:
        raise KeyRefused("inactive", "The API key is not valid.", key)
    if facts.networks and not contains(facts.networks, ip):
        _note_stray(key, ip)
        raise KeyRefused("address", "The API key is not valid here.", key)
    if not facts.account.active:
        raise Refused(Code.ACCOUNT_INACTIVE, "The account is suspended: ask your operator.")


def _note_stray(key: ApiKey, ip: str) -> None:
    """Tell the owner that it was the address (contract: the answer does not)."""
    if not _strays.due(key.id):
        return
    detail = {"ip": ip, "ip_allow_list": key.ip_allow_list}
    shown = ids.show("api_key", key.id)
    audit.record(
        key.account_id, actor=shown, action="api_key.address_refused", subject=shown, detail=detail, ip=ip
    )
