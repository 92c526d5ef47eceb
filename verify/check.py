"""Check a code: one statement spends a try before anything is compared, and holds the session until the verdict is written, so
that no number of parallel guesses gives a fourth try (promise P10)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import show
from accounts.refusals import Code, Refused
from messaging.sending.facts import instant
from verify import codes, limits
from webhooks import publish
from webhooks.event_names import VERIFIED

SEQUENCE = 90

SPEND = """
UPDATE verify_session SET attempts = attempts + 1
 WHERE id = %(id)s AND account_id = %(account)s AND mode = %(mode)s AND state = 'pending' AND attempts < max_attempts
   AND expires_at > statement_timestamp()
RETURNING phone, channel, message_id, mac, max_attempts - attempts
"""
VERIFY = """
UPDATE verify_session SET state = 'verified', verified_at = statement_timestamp(), mac = NULL WHERE id = %s
RETURNING verified_at
"""
FAIL = "UPDATE verify_session SET state = 'failed', mac = NULL WHERE id = %s"
SPENT = """
SELECT extract(epoch FROM statement_timestamp() - created_at)::float8 FROM verify_session
 WHERE id = %s AND account_id = %s AND mode = %s AND state = 'failed' AND expires_at > statement_timestamp()
"""


@dataclass(frozen=True, slots=True)
class Verified:
    """The right code, in time."""

    session_id: UUID
    verified_at: datetime


def not_found() -> Refused:
    """The one refusal for a session that is unknown, another account's, expired, replaced or used."""
    return Refused(
        Code.SESSION_NOT_FOUND, "The session does not exist, has expired or was used; send a new code."
    )


def check(account_id: UUID, *, mode: str, session_id: UUID, code: str) -> Verified:
    """Use a try of the session.

    Raises `Refused(INVALID_CODE)` with `attempts_remaining` in its data, `Refused(MAX_ATTEMPTS)` once none is left,
    whatever the code, and `Refused(SESSION_NOT_FOUND)`.
    """
    with transaction.atomic():
        verdict = _verdict(account_id, mode, session_id, code)
    # Raised only now: an exception inside would give the try back.
    if isinstance(verdict, Refused):
        raise verdict
    return verdict


def _verdict(account_id: UUID, mode: str, session_id: UUID, code: str) -> Verified | Refused:
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"id": session_id, "account": account_id, "mode": mode})
        row = cursor.fetchone()
        if row is None:
            cursor.execute(SPENT, [session_id, account_id, mode])
            spent = cursor.fetchone()
            return _too_many(spent[0]) if spent else not_found()
        phone, channel, message_id, mac, remaining = row
        if codes.matches(bytes(mac), session_id, phone, code):
            cursor.execute(VERIFY, [session_id])
            (verified_at,) = cursor.fetchone()
        elif remaining:
            return _wrong(remaining)
        else:
            cursor.execute(FAIL, [session_id])
            return _wrong(0)
    payload = {
        "session_id": show("session", session_id),
        "message_id": show("message", message_id),
        "to": phone,
        "channel": channel,
        "status": "verified",
        "verified_at": instant(verified_at),
    }
    publish.events(
        [
            publish.Happening(
                subject_id=session_id,
                account_id=account_id,
                mode=mode,
                sequence=SEQUENCE,
                payload=payload,
                type=VERIFIED,
            )
        ]
    )
    return Verified(session_id, verified_at)


def _wrong(remaining: int) -> Refused:
    tries = (
        f"{remaining} {'try is' if remaining == 1 else 'tries are'} left" if remaining else "no try is left"
    )
    return Refused(
        Code.INVALID_CODE,
        f"The code is wrong; {tries}.",
        param="code",
        data={"attempts_remaining": remaining},
    )


def _too_many(age_seconds: float) -> Refused:
    """`Retry-After` says when a new code may be sent: no waiting brings this one back."""
    return Refused(
        Code.MAX_ATTEMPTS,
        "The session reached its number of failed checks; send a new code.",
        retry_after_seconds=max(1, limits.cooldown_left([age_seconds])),
    )
