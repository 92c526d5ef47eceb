"""How many codes may be sent, counted in PostgreSQL over the sessions themselves: nothing to lose, nothing to reset. Each count
is taken under a lock on what it counts, so that parallel requests cannot pass a limit together. Live keys only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from accounts.refusals import Code, Refused

HOUR, TEN_MINUTES, DAY = 3600, 600, 86_400
SHORT_CODE = 4
BLOCK_DIGITS = 2

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) AS key"
TO_PHONE = """
SELECT extract(epoch FROM statement_timestamp() - created_at)::float8, code_length FROM verify_session
 WHERE phone = %s AND mode = 'live' AND created_at > statement_timestamp() - interval '1 day'
 ORDER BY created_at DESC LIMIT 1000
"""
TO_BLOCK = """
SELECT extract(epoch FROM statement_timestamp() - created_at)::float8 FROM verify_session
 WHERE account_id = %s AND block = %s AND mode = 'live' AND created_at > statement_timestamp() - interval '1 hour'
 ORDER BY created_at DESC LIMIT 1000
"""
FROM_IP = """
SELECT extract(epoch FROM statement_timestamp() - created_at)::float8 FROM verify_session
 WHERE account_id = %s AND end_user_ip = %s::inet AND mode = 'live'
   AND created_at > statement_timestamp() - interval '1 hour'
 ORDER BY created_at DESC LIMIT 1000
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is about to be sent. `phone` is E.164; `end_user_ip` is that of the person who waits for the code, if known."""

    account_id: UUID
    mode: str
    phone: str
    country: str
    code_length: int
    end_user_ip: str | None

    @property
    def block(self) -> str:
        """The hundred numbers around it, the telephone's /24."""
        return self.phone[:-BLOCK_DIGITS]


def lock(asked: Asked) -> None:
    """Let nobody else count the same number, block or address until the transaction ends. Always in this order."""
    keys = [f"otp phone {asked.mode} {asked.phone}"]
    if asked.mode == "live":
        keys.append(f"otp block {asked.account_id} {asked.block}")
        if asked.end_user_ip:
            keys.append(f"otp ip {asked.account_id} {asked.end_user_ip}")
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [keys])


def check(asked: Asked) -> None:
    """Raises `Refused(RESEND_COOLDOWN)` or `Refused(RATE_LIMITED)`, with the seconds after which the next may come."""
    to_phone = _rows(TO_PHONE, [asked.phone])
    ages = [row[0] for row in to_phone]
    wait = cooldown_left(ages)
    if wait:
        raise Refused(
            Code.RESEND_COOLDOWN,
            f"A code was sent to this number a moment ago: wait {wait} s before the next.",
            param="to",
            retry_after_seconds=wait,
        )
    number = "too many codes were sent to this number"
    _refuse(_wait(ages, settings.OTP_PHONE_PER_TEN_MINUTES, TEN_MINUTES), number, "to")
    _refuse(_wait(ages, settings.OTP_PHONE_PER_DAY, DAY), number, "to")
    if asked.code_length == SHORT_CODE:
        short = [age for age, length in to_phone if length == SHORT_CODE]
        sentence = "too many 4-digit codes were sent to this number; longer ones are safer"
        _refuse(_wait(short, settings.OTP_SHORT_CODES_PER_HOUR, HOUR), sentence, "code_length")
    block = [row[0] for row in _rows(TO_BLOCK, [asked.account_id, asked.block])]
    _refuse(
        _wait(block, settings.OTP_BLOCK_PER_HOUR, HOUR), "too many codes were sent to its neighbours", "to"
    )
    if asked.end_user_ip:
        from_ip = [row[0] for row in _rows(FROM_IP, [asked.account_id, asked.end_user_ip])]
        sentence = "too many codes were asked for from this address"
        _refuse(_wait(from_ip, settings.OTP_IP_PER_HOUR, HOUR), sentence, "end_user_ip")


def cooldown_left(ages: Sequence[float]) -> int:
    """Seconds until a number may get its next code; `ages` in seconds of those it got, newest first."""
    return _wait(ages, 1 if settings.OTP_COOLDOWN_SECONDS else 0, settings.OTP_COOLDOWN_SECONDS)


def _wait(ages: Sequence[float], most: int, window_seconds: int) -> int:
    """Whole seconds until fewer than `most` fall into the window, 0 if that is now; `most` 0 is no limit."""
    if not most or len(ages) < most or ages[most - 1] >= window_seconds:
        return 0
    return max(1, math.ceil(window_seconds - ages[most - 1]))


def _refuse(wait_seconds: int, why: str, param: str) -> None:
    if wait_seconds:
        sentence = f"Not now: {why}. Try again in {wait_seconds} s."
        raise Refused(Code.RATE_LIMITED, sentence, param=param, retry_after_seconds=wait_seconds)


def _rows(statement: str, parameters: list[Any]) -> list[tuple[float, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
