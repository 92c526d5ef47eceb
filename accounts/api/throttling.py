"""How fast a key may ask. Two token buckets per key (a minute's and a second's), kept in Redis as the time at
which each will be full again, taken from together by one script in one round trip. Without Redis each process
counts for itself its share of the limit: approximate, never an error, never slow (promise P13)."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from accounts.caller import Caller
from accounts.refusals import Code, Refused

log = structlog.get_logger(__name__)

MINUTE = 60_000_000
SECOND = 1_000_000
UNLIMITED = 1_000_000
ADDRESS_PER_SECOND = 20
BREAKER_SECONDS = 5.0
MOST_LOCAL = 20_000

# KEYS: one per window. ARGV: limit and microseconds of each window. What is kept is the instant at which the
# bucket is full again (the "theoretical arrival time" of the generic cell rate algorithm, ITU-T I.371).
# Answers: allowed, limit, remaining, microseconds until full, microseconds until the next request may come.
SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local full, wait, worst = {}, 0, nil
local kept = redis.call('MGET', unpack(KEYS))
for i = 1, #KEYS do
  local limit, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local step = window / limit
  local was = math.min(math.max(tonumber(kept[i] or now), now), now + window)
  full[i] = was + step
  local over = full[i] - now - window
  if over > 0.5 and over > wait then
    wait = over
    worst = {0, limit, 0, math.ceil(was - now), math.ceil(over)}
  end
end
if worst then return worst end
for i = 1, #KEYS do
  local limit, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  redis.call('SET', KEYS[i], string.format('%.3f', full[i]), 'PX', math.ceil((full[i] - now) / 1000) + 1000)
  local left = math.floor((window - (full[i] - now)) / (window / limit) + 0.001)
  if not worst or left < worst[3] then worst = {1, limit, left, math.ceil(full[i] - now), 0} end
end
return worst
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one request left of a limit. The figures are those of the tighter window: of the bucket with fewer
    requests remaining, or of the one that refused.

    `limit` and `remaining` are requests, `reset_seconds` the time until the bucket is full again;
    `retry_after_seconds` is None when the request may pass.
    """

    limit: int
    remaining: int
    reset_seconds: int
    retry_after_seconds: int | None


NO_LIMIT = Rate(UNLIMITED, UNLIMITED, 0, None)
Window = tuple[int, int]


class _Redis:
    """One connection per thread, and a breaker that stays open for some seconds once Redis did not answer."""

    def __init__(self) -> None:
        self._threads = threading.local()
        self._lock = threading.Lock()
        self._pool: ConnectionPool | None = None
        self._sha = ""
        self._away_until = 0.0

    def take(self, keys: list[str], numbers: list[int]) -> list[int] | None:
        """The script's answer, or None while Redis is away."""
        if time.monotonic() < self._away_until:
            return None
        reused = getattr(self._threads, "connection", None) is not None
        try:
            return self._ask(keys, numbers)
        except (RedisError, OSError) as error:
            self._drop()
            if (
                reused
                and isinstance(error, RedisConnectionError)
                and not isinstance(error, RedisTimeoutError)
            ):
                return self.take(keys, numbers)  # Redis was restarted since this thread last asked.
            self._away_until = time.monotonic() + BREAKER_SECONDS
            log.warning("rate_limits_local", reason=str(error), seconds=BREAKER_SECONDS)
            return None

    def _ask(self, keys: list[str], numbers: list[int]) -> list[int]:
        connection = self._connection()
        for _ in range(2):
            try:
                command = connection.pack_command("EVALSHA", self._sha, len(keys), *keys, *numbers)
                connection.send_packed_command(command, check_health=False)
                answer: list[int] = connection.read_response()
                return answer
            except NoScriptError:
                self._load(connection)
        raise RedisError("The script does not stay loaded.")

    def _connection(self) -> Any:
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._pooled().make_connection()
            connection.connect()  # type: ignore[no-untyped-call]
            self._threads.connection = connection
            if not self._sha:
                self._load(connection)
        return connection

    def _pooled(self) -> ConnectionPool:
        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool.from_url(
                    settings.REDIS_URL,
                    socket_timeout=settings.REDIS_TIMEOUT_SECONDS,
                    socket_connect_timeout=settings.REDIS_TIMEOUT_SECONDS,
                    retry=Retry(NoBackoff(), 0),
                )
            return self._pool

    def _load(self, connection: Any) -> None:
        connection.send_command("SCRIPT", "LOAD", SCRIPT)
        sha = connection.read_response()
        self._sha = sha.decode() if isinstance(sha, bytes) else sha

    def _drop(self) -> None:
        connection = getattr(self._threads, "connection", None)
        self._threads.connection = None
        if connection is not None:
            connection.disconnect()


class _Local:
    """The same buckets in this process, in microseconds of its own clock."""

    def __init__(self) -> None:
        self._full: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, keys: list[str], windows: list[Window]) -> list[int]:
        """As the script answers."""
        now = time.monotonic() * 1e6
        with self._lock:
            if len(self._full) > MOST_LOCAL:
                self._full = {key: full for key, full in self._full.items() if full > now}
            after = [
                min(max(self._full.get(key, now), now), now + window) + window / limit
                for key, (limit, window) in zip(keys, windows, strict=True)
            ]
            over = [full - now - window for full, (_, window) in zip(after, windows, strict=True)]
            worst = max(range(len(keys)), key=over.__getitem__)
            if over[worst] > 0.5:
                limit, window = windows[worst]
                until_full = after[worst] - window / limit - now
                return [0, limit, 0, math.ceil(until_full), math.ceil(over[worst])]
            self._full.update(zip(keys, after, strict=True))
        left = [
            math.floor((window - (full - now)) / (window / limit) + 0.001)
            for full, (limit, window) in zip(after, windows, strict=True)
        ]
        least = min(range(len(keys)), key=left.__getitem__)
        return [1, windows[least][0], left[least], math.ceil(after[least] - now), 0]


_redis = _Redis()
_local = _Local()
_floods: dict[str, float] = {}


def take(caller: Caller) -> Rate:
    """One request of a key out of its buckets. A bulk counts as one."""
    windows = []
    if caller.rate_per_minute:
        windows.append((caller.rate_per_minute, MINUTE))
    if caller.rate_per_second:
        windows.append((caller.rate_per_second, SECOND))
    return _take("rate:" + caller.key_id.hex, windows) if windows else NO_LIMIT


def take_address(ip: str) -> Rate:
    """One request that came without a good key out of its address's bucket of 20 a second."""
    rate = _take("rate:ip:" + ip, [(ADDRESS_PER_SECOND, SECOND)])
    if rate.retry_after_seconds is not None:
        if len(_floods) >= MOST_LOCAL:
            _floods.clear()
        _floods[ip] = time.monotonic() + 1 / ADDRESS_PER_SECOND
    return rate


def check_address(ip: str) -> None:
    """Raises `Refused(RATE_LIMITED)` while the last answer about an address said that its bucket is empty:
    strangers who try key after key reach neither Redis nor the database until then."""
    until = _floods.get(ip)
    if until is not None and time.monotonic() < until:
        raise Refused(Code.RATE_LIMITED, "Too many requests: try again in 1 s.", retry_after_seconds=1)


def check(rate: Rate) -> None:
    """Raises `Refused(RATE_LIMITED)` if the bucket was empty."""
    if rate.retry_after_seconds is not None:
        sentence = f"Too many requests: try again in {rate.retry_after_seconds} s."
        raise Refused(Code.RATE_LIMITED, sentence, retry_after_seconds=rate.retry_after_seconds)


def _take(name: str, windows: list[Window]) -> Rate:
    keys = [f"{name}:{window}" for _, window in windows]
    numbers = [number for window in windows for number in window]
    answer = _redis.take(keys, numbers)
    if answer is None:
        processes = max(1, getattr(settings, "WEB_WORKERS", 2))
        shares = {max(1, limit // processes): limit for limit, _ in windows}
        answer = _local.take(keys, [(max(1, limit // processes), window) for limit, window in windows])
        answer[1] = shares[answer[1]]
    allowed, limit, remaining, reset, retry = answer
    return Rate(
        limit=limit,
        remaining=remaining,
        reset_seconds=-(-reset // SECOND),
        retry_after_seconds=None if allowed else max(1, -(-retry // SECOND)),
    )
