"""The only door to customers' URLs. Every POST to an address a customer gave us goes through `Egress`,
which connects to public addresses only, follows nothing, and is bounded in time and size. No ORM, no
settings."""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Self
from weakref import WeakKeyDictionary

import aiohttp
from aiohappyeyeballs import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest, ConnectionKey
from aiohttp.tracing import Trace
from yarl import URL

from webhooks.addresses import Address, Forbidden, ParsedUrl, check_url, is_public

CONNECT_SECONDS = 3.0
BODY_SECONDS = 2.0
TOTAL_PER_FIRST_BYTE = 1.5  # ten seconds for the first byte, fifteen for all
POOL_SECONDS = 15.0
IDLE_CONNECTIONS = 256  # far below the usual limit of 1,024 open files
MAX_READ_BYTES = 16 * 1024
MAX_EXCERPT_BYTES = 1024
MAX_ERROR_CHARACTERS = 200
MAX_RETRY_AFTER_SECONDS = 7 * 86400.0
# One sentence for a name without an address and for one that leads inside: it must not tell which internal
# names exist.
NOT_PUBLIC = "The host name does not lead to public addresses only."
REDIRECTED = "The receiver answered with a redirect, which is not followed."
CLOSED = "The connection was closed before an answer."

__all__ = ["Address", "Answer", "Egress", "Forbidden", "ParsedUrl", "check_url", "is_public"]

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one POST.

    `status` is None when no answer arrived, and then `error` says why in a sentence that may be shown to
    the customer. `body_excerpt` holds at most 1 kB of the answer; `latency_ms` counts milliseconds until
    the status or the failure. `retry_after_seconds` is the receiver's wish (RFC 9110 section 10.2.3), if it
    stated one.
    """

    status: int | None
    body_excerpt: str
    latency_ms: int
    error: str | None
    retry_after_seconds: float | None

    @property
    def taken(self) -> bool:
        """Whether the receiver took the event: any 2xx, nothing else."""
        return self.status is not None and 200 <= self.status < 300


class _NotPublic(OSError):
    """Raised inside the connector, where aiohttp expects an OSError."""


class Egress:
    """A pooled client for customers' URLs, used as `async with Egress(…) as egress` inside one event loop.

    `connections` must be at least the number of posts the caller runs at once: waiting for a free
    connection counts against a post's own time, so that nobody should ever wait for one.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        connections: int = 128,
        user_agent: str = "Webhooks/1.0",
        resolve: Resolve | None = None,
        permits: Callable[[Address], bool] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allow_private` opens http and inner addresses, for tests and development. `permits` replaces the
        judgement of addresses (an operator's own networks), `resolve` the look-up of a name, `tls` the
        trusted authorities."""
        self._allow_private = allow_private
        self._permits = permits or (_anything if allow_private else is_public)
        self._connections = connections
        self._user_agent = user_agent
        self._tls = tls or _authorities()
        # Threads stuck in a dead name server must not keep other customers' names waiting: one for each post.
        self._threads = ThreadPoolExecutor(max_workers=connections, thread_name_prefix="resolve")
        self._resolver = _CheckedResolver(resolve or self._look_up, self._permits)

    async def __aenter__(self) -> Self:
        connector = _CheckedConnector(self._permits, self._resolver, self._tls, self._connections)
        trace = aiohttp.TraceConfig()
        trace.on_connection_reuseconn.append(_note_reuse)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            trace_configs=[trace],
            headers={"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout_seconds: float = 10.0
    ) -> Answer:
        """POST `body` once. Never raises for anything a URL, a name server, a network or a receiver can do.

        `timeout_seconds` is for the first byte of the answer; the whole post ends after one and a half
        times that by the clock on the wall, connecting (name, TCP and TLS together) after three seconds at
        most.
        """
        began = time.monotonic()
        try:
            target, literal = _target(url, self._allow_private)
            if literal is not None and not self._permits(literal):
                raise Forbidden("The address in the URL is not public.")
            return await self._exchange(target, body, headers, timeout_seconds, began)
        except Forbidden as error:
            return _failed(str(error), began)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return _failed(_sentence(error, timeout_seconds), began)

    async def _exchange(
        self, target: URL, body: bytes, headers: Mapping[str, str], timeout_seconds: float, began: float
    ) -> Answer:
        seen = SimpleNamespace(reused=False)
        try:
            return await self._once(target, body, headers, timeout_seconds, began, seen)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # A kept connection that the receiver closed while we wrote says nothing about the receiver.
            if not seen.reused:
                raise
        return await self._once(target, body, headers, timeout_seconds, began, seen)

    async def _once(
        self,
        target: URL,
        body: bytes,
        headers: Mapping[str, str],
        timeout_seconds: float,
        began: float,
        seen: SimpleNamespace,
    ) -> Answer:
        deadline = began + timeout_seconds * TOTAL_PER_FIRST_BYTE
        async with asyncio.timeout_at(deadline):
            response = await self._session.post(
                target,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_read=timeout_seconds),
                trace_request_ctx=seen,
            )
        latency_ms = _since(began)
        try:
            excerpt = await _read(response, deadline)
        finally:
            response.release()
        return Answer(
            status=response.status,
            body_excerpt=excerpt,
            latency_ms=latency_ms,
            error=REDIRECTED if 300 <= response.status < 400 else None,
            retry_after_seconds=retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC)),
        )

    async def _look_up(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(sockaddr[0]) for *_, sockaddr in found]


class _CheckedResolver(AbstractResolver):
    """Resolves a name once per connection and refuses it altogether when any of its addresses is not
    permitted."""

    def __init__(self, resolve: Resolve, permits: Callable[[Address], bool]) -> None:
        self._resolve = resolve
        self._permits = permits

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            addresses = [ip_address(text) for text in await self._resolve(host, port)]
        except (OSError, ValueError) as error:
            raise _NotPublic(NOT_PUBLIC) from error
        if not addresses or not all(self._permits(address) for address in addresses):
            raise _NotPublic(NOT_PUBLIC)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in dict.fromkeys(addresses)
        ]

    async def close(self) -> None:
        """Nothing is held."""


class _CheckedConnector(aiohttp.TCPConnector):
    """Judges the address of every socket before it connects (`socket_factory` also sees literal addresses,
    which skip the resolver) and again on the connected socket, before a byte of the request is written."""

    def __init__(
        self,
        permits: Callable[[Address], bool],
        resolver: AbstractResolver,
        tls: ssl.SSLContext,
        connections: int,
    ) -> None:
        super().__init__(
            resolver=resolver,
            use_dns_cache=False,
            ssl=tls,
            limit=connections,
            keepalive_timeout=POOL_SECONDS,
            socket_factory=self._open,
        )
        self._permits = permits
        self._born: WeakKeyDictionary[ResponseHandler, float] = WeakKeyDictionary()

    def _open(self, info: AddrInfoType) -> socket.socket:
        family, kind, proto, _, sockaddr = info
        self._judge(sockaddr)
        return socket.socket(family, kind, proto)

    def _judge(self, sockaddr: object) -> None:
        if not isinstance(sockaddr, tuple) or not self._permits(ip_address(sockaddr[0])):
            raise _NotPublic(NOT_PUBLIC)

    async def _create_connection(
        self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> ResponseHandler:
        protocol = await super()._create_connection(req, traces, timeout)
        try:
            self._judge(protocol.transport.get_extra_info("peername") if protocol.transport else None)
        except _NotPublic:
            protocol.abort()
            raise
        self._born[protocol] = time.monotonic()
        return protocol

    def _release(self, key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        """Keep a connection for further posts to the same host, unless it is old (the name may lead
        elsewhere by now) or too many lie idle (a thousand customers with one event each would use up the
        open files)."""
        age_seconds = time.monotonic() - self._born.get(protocol, 0.0)
        idle = sum(len(waiting) for waiting in self._conns.values())
        full = idle >= IDLE_CONNECTIONS or age_seconds > POOL_SECONDS
        super()._release(key, protocol, should_close=should_close or full)


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """The Retry-After header as seconds from `now` (RFC 9110 section 10.2.3: seconds or a date), None if
    unreadable. The past counts as 0, and more than a week as a week."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), MAX_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), MAX_RETRY_AFTER_SECONDS)


@lru_cache(maxsize=4096)
def _target(url: str, allow_private: bool) -> tuple[URL, Address | None]:
    """The checked URL, in the client's type, and its literal address. Refusals are not remembered."""
    parsed = check_url(url, allow_private=allow_private)
    return URL(str(parsed), encoded=True), parsed.literal


@cache
def _authorities() -> ssl.SSLContext:
    """The trusted authorities of this machine: read once, it takes milliseconds."""
    return ssl.create_default_context()


def _anything(_: Address) -> bool:
    return True


async def _note_reuse(
    _: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceConnectionReuseconnParams
) -> None:
    context.trace_request_ctx.reused = True


async def _read(response: aiohttp.ClientResponse, deadline: float) -> str:
    """The beginning of the answer's body. The status decides a delivery and the body is only for the log,
    so a body that is long, slow or broken is dropped together with its connection and changes nothing."""
    read = bytearray()
    try:
        async with asyncio.timeout_at(min(time.monotonic() + BODY_SECONDS, deadline)):
            while len(read) < MAX_READ_BYTES and not response.content.at_eof():
                read += await response.content.readany()
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        response.close()
    if not response.content.at_eof():
        response.close()
    text = bytes(read[:MAX_EXCERPT_BYTES]).decode("utf-8", "replace")
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL text holds no NUL


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _failed(sentence: str, began: float) -> Answer:
    return Answer(
        status=None,
        body_excerpt="",
        latency_ms=_since(began),
        error=sentence[:MAX_ERROR_CHARACTERS],
        retry_after_seconds=None,
    )


def _sentence(error: BaseException, timeout_seconds: float) -> str:
    if any(isinstance(cause, _NotPublic) for cause in _causes(error)):
        return NOT_PUBLIC
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = getattr(error.certificate_error, "verify_message", "") or "it does not fit the host name"
        return f"The TLS certificate was not accepted: {reason.rstrip('.')}."
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence.format(
                connect=f"{CONNECT_SECONDS:g}",
                first=f"{timeout_seconds:g}",
                total=f"{timeout_seconds * TOTAL_PER_FIRST_BYTE:g}",
            )
    return "The answer was not valid HTTP."


# The first kind that fits, so the narrow ones come first.
_SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ConnectionTimeoutError, "No connection within {connect} seconds."),
    (aiohttp.SocketTimeoutError, "No answer within {first} seconds."),
    (TimeoutError, "No answer within {total} seconds."),
    (aiohttp.ClientConnectorSSLError, "The TLS handshake failed."),
    (aiohttp.ClientConnectorError, "No connection: the receiver refused it or cannot be reached."),
    (aiohttp.ServerDisconnectedError, CLOSED),
    (OSError, CLOSED),
)


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = getattr(error, "os_error", None) or error.__cause__
    return found
