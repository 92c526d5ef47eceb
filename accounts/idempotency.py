"""Idempotency keys (promise P5): taken, answered and freed inside the transaction of the work they protect, so a crash
leaves none behind. Nobody waits for a key: a parallel twin is told that the first one is still running, so that a slow
request delays none of those that are accepted together with its twin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db import connection

from accounts.refusals import Code, Refused


@dataclass(frozen=True, slots=True)
class Claim:
    """A key of an account and mode, and the SHA-256 of method, path and canonical body it came with."""

    account_id: UUID
    mode: str
    key: str
    request_hash: bytes


# The lock is held until the transaction ends: who does not get it at once has a twin that is running.
TAKE = """
INSERT INTO accounts_idempotencykey (account_id, mode, key, request_hash)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[]) AS c(account_id, mode, key, request_hash)
 WHERE pg_try_advisory_xact_lock(hashtextextended(c.account_id::text || c.mode || c.key, 0))
 ORDER BY account_id, mode, key
ON CONFLICT DO NOTHING RETURNING account_id, mode, key
"""
LOOK = """
SELECT k.account_id, k.mode, k.key, k.request_hash, k.body FROM accounts_idempotencykey k
  JOIN unnest(%s::uuid[], %s::text[], %s::text[]) AS c(account_id, mode, key)
    ON k.account_id = c.account_id AND k.mode = c.mode AND k.key = c.key
"""
KEEP = """
UPDATE accounts_idempotencykey k SET status = 202, body = c.body
  FROM ROWS FROM (unnest(%s::uuid[], %s::text[], %s::text[]), jsonb_array_elements(%s::jsonb))
       AS c(account_id, mode, key, body)
 WHERE k.account_id = c.account_id AND k.mode = c.mode AND k.key = c.key
"""
FREE = """
DELETE FROM accounts_idempotencykey k USING unnest(%s::uuid[], %s::text[], %s::text[]) AS c(account_id, mode, key)
 WHERE k.account_id = c.account_id AND k.mode = c.mode AND k.key = c.key
"""
Mark = tuple[UUID, str, str]


def claim(claims: Sequence[Claim]) -> list[Mapping[str, object] | Refused | None]:
    """Take keys. Per claim: None when it is ours now, the stored answer of an equal request, or the conflict.

    A key held by a running transaction is not waited for: the claim gets `still_running()`.
    """
    if not claims:
        return []
    with connection.cursor() as cursor:
        columns = _columns([(c.account_id, c.mode, c.key) for c in claims])
        cursor.execute(TAKE, [*columns, [c.request_hash for c in claims]])
        ours = {(account, mode, key) for account, mode, key in cursor.fetchall()}
        if len(ours) == len(claims):
            return [None] * len(claims)
        cursor.execute(LOOK, columns)
        former = {(row[0], row[1], row[2]): (bytes(row[3]), row[4]) for row in cursor.fetchall()}
    return [None if (c.account_id, c.mode, c.key) in ours else _former(c, former) for c in claims]


def _former(claim: Claim, former: Mapping[Mark, tuple[bytes, object]]) -> Mapping[str, object] | Refused:
    request_hash, body = former.get((claim.account_id, claim.mode, claim.key), (b"", None))
    if body is None:
        return still_running()
    if request_hash != claim.request_hash:
        return Refused(
            Code.IDEMPOTENCY_CONFLICT,
            "This Idempotency-Key was used with another request; use a new key for a new request.",
        )
    answer: Mapping[str, object] = orjson.loads(body) if isinstance(body, str) else body  # type: ignore[assignment]
    return answer


def still_running() -> Refused:
    """The refusal of a twin whose first request has not ended."""
    return Refused(
        Code.IDEMPOTENCY_IN_PROGRESS,
        "The first request with this Idempotency-Key is still running.",
        retry_after_seconds=1,
    )


def keep(answers: Sequence[tuple[UUID, str, str, Mapping[str, object]]]) -> None:
    """Write the answers of keys that are ours."""
    if answers:
        with connection.cursor() as cursor:
            # One JSON array of all answers: an array of JSON texts would be escaped quote by quote on its way.
            bodies = orjson.dumps([a[3] for a in answers]).decode()
            cursor.execute(KEEP, [*_columns([a[:3] for a in answers]), bodies])


def free(marks: Sequence[Mark]) -> None:
    """Give keys back whose work was refused, so that the same key works once the reason is gone."""
    if marks:
        with connection.cursor() as cursor:
            cursor.execute(FREE, _columns(marks))


def _columns(marks: Sequence[Mark]) -> tuple[list[UUID], list[str], list[str]]:
    return [m[0] for m in marks], [m[1] for m in marks], [m[2] for m in marks]
