"""Requests under an `Idempotency-Key` (promise P5) that change contacts: done once, in the transaction that keeps the
answer; told again when repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import psycopg
from django.db import OperationalError, transaction
from django.http import HttpRequest
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from accounts import idempotency
from accounts.api import idempotency as kept
from accounts.api.rendering import encode
from accounts.caller import Caller
from accounts.refusals import Refused

Answer = Mapping[str, Any]
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A repeated request with the same key within 24 hours gets the same answer and does nothing twice.",
)


def once(
    request: HttpRequest, caller: Caller, body: Mapping[str, Any], work: Callable[[], Answer], *, status: int
) -> Response:
    """The answer of `work`, which is done unless this key has its answer already. A refusal frees the key.

    Raises as `work`, and `Refused` with INVALID_FIELD, IDEMPOTENCY_CONFLICT or IDEMPOTENCY_IN_PROGRESS."""
    key = kept.key_of(request)
    if key is None:
        return Response(work(), status)
    claim = idempotency.Claim(caller.account_id, caller.mode, key, kept.request_hash(request, body))
    with transaction.atomic():
        former = _claimed(claim)
        if isinstance(former, Refused):
            raise former
        if former is not None:
            return Response(kept.from_text(former), status, headers={"Idempotent-Replayed": "true"})
        answer: dict[str, Any] = orjson.loads(encode(work()))
        idempotency.keep([(claim.account_id, claim.mode, claim.key, kept.as_text(answer))])
    return Response(answer, status)


def _claimed(claim: idempotency.Claim) -> Answer | Refused | None:
    try:
        return idempotency.claim([claim])[0]
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            return idempotency.still_running()
        raise
