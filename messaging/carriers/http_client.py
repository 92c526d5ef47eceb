"""The HTTP client of every carrier that is spoken to over HTTP. One rule matters more than the others: it
says whether a failed call certainly never left (`TryLater`) or may have been read (`Unknown`), because money
hangs on it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import aiohttp
from yarl import URL

from messaging.carriers.contract import TryLater, Unknown

ANSWER_LIMIT_BYTES = 64 * 1024
DNS_CACHE_SECONDS = 60
LONGEST_WAIT_SECONDS = 3600.0
# Under the five seconds after which many servers drop an idle connection: a request written into a connection
# that the server is just closing cannot be told from one that was read, so the race is made rare instead.
KEEPALIVE_SECONDS = 3.0
LONGEST_CONNECT_SECONDS = 5.0
CONNECT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. Header names are lower case; `body` is None when it was cut off, too slow or over 64
    KiB."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class Broken(aiohttp.ClientError):
    """A connection that broke after the request may have left. Not one of those after which aiohttp sends a GET, a PUT
    and the like once more by itself: at a gateway that takes messages by GET, that would be a second message."""


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise  # no byte of the request was written
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise Broken(str(error)) from error


class HttpClient:
    """A pool of connections to one carrier.

    Parameters: `timeout_seconds` bounds a whole call by wall clock, from name lookup to the last byte of the
    answer; `window` is how many connections there may be. Follows no redirect, reads no proxy variable, keeps
    no cookie and asks for no compression, so an answer's size is what came over the wire. The pool belongs to
    the event loop it was first used in; used in another loop it starts anew.
    """

    def __init__(self, *, timeout_seconds: float, window: int) -> None:
        self._timeout_seconds = timeout_seconds
        self._window = window
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def request(
        self, method: str, url: str | URL, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer | TryLater | Unknown:
        """One call. Never sent twice: a connection that breaks after the request may have left is
        `Unknown`."""
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._pool().request(
                    method, url, data=body, headers=headers, allow_redirects=False
                )
            async with response:
                return Answer(response.status, _lower(response.headers), await _body(response, deadline))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            # Name, connect or TLS: no byte of the request was written.
            return TryLater(code=_code(error), cause="unreachable", detail=_detail(error))
        except TimeoutError:
            return Unknown(code="Timeout", detail=f"no answer within {self._timeout_seconds:g} seconds")
        except (aiohttp.ClientError, OSError) as error:
            cause = error.__cause__ if isinstance(error, Broken) else None
            return Unknown(code=_code(cause or error), detail=_detail(error))

    async def close(self) -> None:
        """Close every connection. The client can be used again and then starts with a new pool."""
        session, self._session = self._session, None
        if session is not None and self._loop is asyncio.get_running_loop():
            await session.close()

    def _pool(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            self._session, self._loop = self._new_session(), loop
        return self._session

    def _new_session(self) -> aiohttp.ClientSession:
        connect = min(LONGEST_CONNECT_SECONDS, self._timeout_seconds * CONNECT_SHARE)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._window, ttl_dns_cache=DNS_CACHE_SECONDS, keepalive_timeout=KEEPALIVE_SECONDS
            ),
            # The connect limit ends first, so the wall clock never ends a call that is still connecting.
            timeout=aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect),
            middlewares=(_once,),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity", "User-Agent": "risala"},
            auto_decompress=False,
            trust_env=False,
            raise_for_status=False,
        )


def retry_after_seconds(answer: Answer) -> float | None:
    """The wait an answer asks for: `Retry-After` as seconds or as a date (RFC 9110, 10.2.3), at most one
    hour; None when it asks for none or is not readable."""
    text = answer.headers.get("retry-after", "").strip()
    try:
        seconds = float(text) if text[:1].isdigit() else _until(text)
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS) if isfinite(seconds) else None


def _until(text: str) -> float:
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()


async def _body(response: aiohttp.ClientResponse, deadline: float) -> bytes | None:
    # The status alone may settle the matter, so a body that fails must not hide it.
    received = bytearray()
    try:
        async with asyncio.timeout_at(deadline):
            async for chunk in response.content.iter_any():
                received += chunk
                if len(received) > ANSWER_LIMIT_BYTES:
                    return None
    except (aiohttp.ClientError, OSError):
        return None
    return bytes(received)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _code(error: BaseException) -> str:
    return type(error).__name__


def _detail(error: Exception) -> str:
    return str(error)[:200]
