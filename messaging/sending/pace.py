"""How fast a carrier may be fed: its speed in segments per second, halved when it throttles and recovering 5 % a second.
Counted in Redis for all workers together; without Redis each process keeps the speed by itself, which is approximate."""

import time
from dataclasses import dataclass

import redis
import structlog
from django.conf import settings

log = structlog.get_logger()
RETRY_REDIS_SECONDS = 5.0

# A tenth of a carrier's speed is bulk's own, so that it is never starved; the rest is for all, and bulk leaves a fifth of
# a second's worth in it, so that an urgent message never waits behind a campaign. What bulk leaves unused flows over.
# KEYS[1]; ARGV speed, wanted, pause seconds (0: none), 1 for bulk. Answers how many segments may go now.
TAKE = """
local t = redis.call('TIME'); local now = t[1] + t[2] / 1e6
local h = redis.call('HMGET', KEYS[1], 'tokens', 'share', 'at', 'factor', 'until')
local factor = tonumber(h[4] or '1'); local at = tonumber(h[3] or now - 1); local waits = tonumber(h[5] or '0')
local passed = math.max(0, now - at)
if tonumber(ARGV[3]) > 0 then
  factor = math.max(0.05, factor / 2); waits = math.max(waits, now + tonumber(ARGV[3]))
else
  factor = math.min(1, factor + 0.05 * passed)
end
local speed = tonumber(ARGV[1]) * factor
local share = tonumber(h[2] or '0') + 0.1 * speed * passed
local over = math.max(0, share - math.max(1, 0.1 * speed))
share = share - over
local tokens = math.min(math.max(1, 0.9 * speed), tonumber(h[1] or '0') + 0.9 * speed * passed + over)
local wanted = tonumber(ARGV[2])
local given = 0
if waits <= now then
  if speed == 0 then
    given = wanted
  elseif ARGV[4] == '1' then
    local free = math.max(0, tokens - 0.2 * speed)
    given = math.min(wanted, math.floor(share + free))
    local own = math.min(given, share)
    share = share - own; tokens = tokens - (given - own)
  else
    given = math.min(wanted, math.floor(math.max(0, tokens)))
    tokens = tokens - given
  end
end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'share', share, 'at', now, 'factor', factor, 'until', waits)
redis.call('EXPIRE', KEYS[1], 600)
return given
"""
SPEND = "return redis.call('HINCRBYFLOAT', KEYS[1], 'tokens', -tonumber(ARGV[1]))"


@dataclass(slots=True)
class _Local:
    """The speed of one process while Redis is away."""

    tokens: float = 0.0
    at: float = 0.0
    waits_until: float = 0.0


_redis = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.1, socket_connect_timeout=0.1)
_take = _redis.register_script(TAKE)
_spend = _redis.register_script(SPEND)
_local: dict[int, _Local] = {}
_away_until = 0.0


def _ask(carrier_id: int, speed: int, wanted: int, pause_seconds: float, *, bulk: bool = False) -> int:
    global _away_until
    if time.monotonic() >= _away_until:
        try:
            return int(
                str(_take(keys=[f"pace:{carrier_id}"], args=[speed, wanted, pause_seconds, int(bulk)]))
            )
        except redis.RedisError as error:
            _away_until = time.monotonic() + RETRY_REDIS_SECONDS
            log.warning("carrier speeds are kept per process: Redis is away", error=str(error))
    return _ask_locally(_local.setdefault(carrier_id, _Local()), speed, wanted, pause_seconds)


def _ask_locally(bucket: _Local, speed: int, wanted: int, pause_seconds: float) -> int:
    now = time.monotonic()
    bucket.tokens = min(float(speed), bucket.tokens + speed * (now - bucket.at))
    bucket.at = now
    if pause_seconds:
        bucket.waits_until = now + pause_seconds
    if bucket.waits_until > now:
        return 0
    given = wanted if speed == 0 else min(wanted, int(max(0.0, bucket.tokens)))
    bucket.tokens -= given
    return given


def take(carrier_id: int, *, speed: int, wanted: int, bulk: bool = False) -> int:
    """How many segments of `wanted` may go to the carrier now; `speed` is segments per second, 0 for no limit.

    `bulk` says that the bulk lane asks: it has a tenth of the speed for itself, and leaves room for the others.
    """
    return _ask(carrier_id, speed, wanted, 0.0, bulk=bulk)


def spend(carrier_id: int, segments: int) -> None:
    """Account for segments beyond those taken: long messages cost more than the one each was taken for."""
    if segments <= 0 or time.monotonic() < _away_until:
        return
    try:
        _spend(keys=[f"pace:{carrier_id}"], args=[segments])
    except redis.RedisError:
        return


def throttled(carrier_id: int, *, speed: int, seconds: float) -> None:
    """The carrier said it is too fast: half the speed, and nothing at all for `seconds`."""
    _ask(carrier_id, speed, 0, max(0.05, seconds))
