"""The guard against pumping: somebody makes a customer's site send codes to numbers that earn him money, and nobody ever types
them in. Many codes with few verified, or many numbers in a row, close that country to the account for a while (promise P10
keeps codes safe; this keeps the account's money)."""

from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts import audit
from accounts.freshness import Fresh
from accounts.refusals import Code, Refused
from verify.limits import Asked
from verify.models import CountryBlock

SHARE_SECONDS = 5.0
SHORT_GRACE_SECONDS = 60
MANY = 10  # times OTP_PUMPING_SENDS in an hour: from there on the grace is short

BLOCKED = """
SELECT ceil(extract(epoch FROM until - statement_timestamp()))::int FROM verify_countryblock
 WHERE account_id = %s AND country = %s AND until > statement_timestamp()
"""
NEIGHBOURS = """
SELECT count(DISTINCT phone) FROM verify_session
 WHERE account_id = %s AND block = %s AND mode = 'live' AND phone <> %s
   AND created_at > statement_timestamp() - interval '10 minutes'
"""
BUSY = """
SELECT count(*) FROM (SELECT FROM verify_session WHERE account_id = %s AND country = %s AND mode = 'live'
   AND created_at > statement_timestamp() - interval '1 hour' LIMIT %s) AS s
"""
SHARES = """
SELECT count(*) FILTER (WHERE recent), count(*) FILTER (WHERE recent AND (verified OR age >= make_interval(secs => %s))),
       count(*) FILTER (WHERE recent AND (verified OR age >= make_interval(secs => %s))),
       count(*) FILTER (WHERE recent AND verified),
       count(*) FILTER (WHERE NOT recent), count(*) FILTER (WHERE NOT recent AND verified)
  FROM (SELECT state = 'verified' AS verified, statement_timestamp() - created_at AS age,
               created_at > statement_timestamp() - interval '1 hour' AS recent FROM verify_session
         WHERE account_id = %s AND country = %s AND mode = 'live'
           AND created_at > statement_timestamp() - interval '7 days') AS s
"""
CLOSE = """
INSERT INTO verify_countryblock (id, account_id, country, reason, until)
VALUES (%(id)s, %(account)s, %(country)s, %(reason)s, statement_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (account_id, country) DO UPDATE
   SET id = excluded.id, reason = excluded.reason, until = excluded.until, told_at = NULL,
       created_at = statement_timestamp()
 WHERE verify_countryblock.until <= statement_timestamp()
RETURNING id
"""


class Pumping(Exception):
    """The country must be closed; said inside the transaction of the send, done outside it."""

    def __init__(self, reason: CountryBlock.Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def check(asked: Asked) -> None:
    """Raises `Refused(COUNTRY_NOT_ALLOWED)` while the country is closed, `Pumping` if it has to be."""
    with connection.cursor() as cursor:
        cursor.execute(BLOCKED, [asked.account_id, asked.country])
        left = cursor.fetchone()
        if left:
            raise closed(asked.country, left[0])
        cursor.execute(NEIGHBOURS, [asked.account_id, asked.block, asked.phone])
        (neighbours,) = cursor.fetchone()
    if settings.OTP_SEQUENTIAL_NUMBERS and neighbours + 1 > settings.OTP_SEQUENTIAL_NUMBERS:
        raise Pumping(CountryBlock.Reason.SEQUENTIAL)
    if settings.OTP_PUMPING_SENDS and _is_busy(asked) and _shares.get((asked.account_id, asked.country)):
        raise Pumping(CountryBlock.Reason.UNVERIFIED)


def _is_busy(asked: Asked) -> bool:
    """Whether this one would be more than `OTP_PUMPING_SENDS` within the hour."""
    with connection.cursor() as cursor:
        cursor.execute(BUSY, [asked.account_id, asked.country, settings.OTP_PUMPING_SENDS])
        (sent,) = cursor.fetchone()
    return bool(sent >= settings.OTP_PUMPING_SENDS)


def _is_unverified(key: tuple[UUID, str]) -> bool:
    """Whether too few of the hour's codes were verified, also by the account's own measure of the seven days before.

    People need a moment to type: a code of the last `OTP_PUMPING_GRACE_SECONDS` counts only once it is verified, so that a
    launch is not taken for pumping. Where very many were sent, that moment is a minute: what pumping can cost is bounded.
    """
    grace = settings.OTP_PUMPING_GRACE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(SHARES, [grace, min(grace, SHORT_GRACE_SECONDS), *key])
        sent, known, known_soon, verified, sent_before, verified_before = cursor.fetchone()
    if sent > MANY * settings.OTP_PUMPING_SENDS:
        known = known_soon
    enough = 100 * verified >= settings.OTP_PUMPING_SHARE_PERCENT * known
    if known < settings.OTP_PUMPING_SENDS or enough:
        return False
    return bool(sent_before == 0 or 2 * verified * sent_before < verified_before * known)


_shares: Fresh[tuple[UUID, str], bool] = Fresh(_is_unverified, seconds=SHARE_SECONDS)


def forget() -> None:
    """Count the shares anew at the next question; for tests."""
    _shares.forget()


def close(asked: Asked, pumping: Pumping, *, block_id: UUID) -> Refused:
    """Close the country to the account, in a transaction of its own, and note it. Returns what to say."""
    seconds = settings.OTP_PUMPING_BLOCK_SECONDS
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                CLOSE,
                {
                    "id": block_id,
                    "account": asked.account_id,
                    "country": asked.country,
                    "reason": pumping.reason.value,
                    "seconds": seconds,
                },
            )
            made = cursor.fetchone()
        if made:
            audit.record(
                asked.account_id,
                actor="verify guard",
                action="verify.country_closed",
                subject=asked.country,
                detail={"reason": pumping.reason.value, "seconds": seconds},
            )
    return closed(asked.country, seconds)


def closed(country: str, seconds: int) -> Refused:
    """The refusal of a closed country."""
    return Refused(
        Code.COUNTRY_NOT_ALLOWED,
        f"Codes to {country} are stopped for {seconds} s: too many were sent that nobody verified.",
        param="to",
        retry_after_seconds=max(1, seconds),
    )
