"""What the API knows of one HTTP request beside its bytes: its id, who sent it, what its limit says. Kept
with the request, so that the door can put it on the answer whatever happened in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.api.throttling import Rate
from accounts.caller import Caller
from accounts.networks import read_address

SLOT = "risala.visit"


@dataclass(slots=True)
class Visit:
    """`ip` is the caller's address as far as our own proxies vouch for it, `""` if it has none (a UNIX
    socket); `compat` the dialect to answer refusals in, known once the key is, even if that key is then
    refused."""

    request_id: str = ""
    ip: str = ""
    compat: str = "native"
    caller: Caller | None = None
    rate: Rate | None = None


def visit(request: HttpRequest) -> Visit:
    """The visit of a request; made at the first call."""
    known: Visit | None = request.META.get(SLOT)
    if known is None:
        known = request.META[SLOT] = Visit(ip=client_ip(request.META))
    return known


def client_ip(meta: Mapping[str, Any]) -> str:
    """The address of the client. Each proxy of ours appends to X-Forwarded-For the address that it was called
    from, so only the last `TRUSTED_PROXY_HOPS` entries are ours and the first of those is the client; the
    rest is hearsay."""
    seen: str = meta.get("REMOTE_ADDR") or ""
    hops: int = settings.TRUSTED_PROXY_HOPS
    if hops and (forwarded := meta.get("HTTP_X_FORWARDED_FOR")):
        entries = [part.strip() for part in forwarded.split(",")]
        vouched = _plain(entries[-min(hops, len(entries))])
        if vouched:
            return vouched
    return _plain(seen) if ":" in seen else seen


def _plain(text: str) -> str:
    """An address in one spelling, without the port that some proxies add; `""` if it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(read_address(text))
    except ValueError:
        return ""
