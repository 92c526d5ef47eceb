"""`/v1/verify/send`, `/check` and `/{session_id}` of documents A and B. The rules are `verify/send.py` and `verify/check.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api import idempotency
from accounts.api.rendering import instant
from accounts.api.viewset import AccountScopedViewSet
from accounts.models import Mode
from accounts.refusals import Refused
from messaging.api.messages import KEY_HEADER
from messaging.api.sending import sender_of
from messaging.models.message import Lane
from verify import check as checking
from verify import send as sending
from verify.api import reading, shapes
from verify.models import Session

ACCEPTED = 202


class SessionViewSet(AccountScopedViewSet):
    """One-time codes of the account, of the key's mode."""

    queryset = Session.objects.all()
    kind = "session"
    lookup_field = "id"
    required_scope = "verify"

    @extend_schema(
        summary="Send a one-time code",
        parameters=[KEY_HEADER],
        request={"application/json": shapes.SEND},
        responses={202: shapes.SENT},
    )
    def send(self, request: Request) -> Response:
        """Sends a new code; an older one to the same number is good for nothing from then on."""
        caller = self.caller
        plain = request._request
        wish = reading.wish(self.body, caller)
        given = idempotency.key_of(plain)
        key = None
        if given is not None:
            key = sending.Key(given, idempotency.request_hash(plain, self.body), self._kept)
        sent = sending.send(sender_of(plain, caller, Lane.URGENT), wish, key=key)
        if isinstance(sent, sending.Replayed):
            return Response(
                idempotency.from_text(sent.answer), ACCEPTED, headers={"Idempotent-Replayed": "true"}
            )
        return Response(self._sent(sent), ACCEPTED)

    def _kept(self, sent: sending.Sent) -> Mapping[str, object]:
        return idempotency.as_text(self._sent(sent))

    def _sent(self, sent: sending.Sent) -> Mapping[str, object]:
        answer: dict[str, object] = {
            "session_id": ids.show("session", sent.session_id),
            "message_id": ids.show("message", sent.message_id),
            "to": sent.to,
            "channel": sent.channel,
            "expires_at": instant(sent.expires_at),
            "status": "sent",
        }
        if self.caller.mode == Mode.TEST:
            answer["sandbox_code"] = sent.code
        return answer

    @extend_schema(
        summary="Check a one-time code",
        request={"application/json": shapes.CHECK},
        responses={200: shapes.CHECKED},
    )
    def check(self, request: Request) -> Response:
        """Right once, within three tries."""
        session_id = reading.text(self.body, "session_id", required=True)
        code = reading.code(self.body)
        done = checking.check(
            self.caller.account_id, mode=self.caller.mode, session_id=_named(session_id), code=code
        )
        return Response(
            {
                "session_id": ids.show("session", done.session_id),
                "verified": True,
                "verified_at": instant(done.verified_at),
            }
        )

    @extend_schema(summary="Get a verification session", responses=OpenApiResponse(shapes.SESSION))
    def retrieve(self, request: Request, id: str) -> Response:
        """Its state, never its code."""
        session = self.get_queryset().filter(pk=_named(id)).first()
        if session is None:
            raise checking.not_found()
        return Response(_row(session))


def _named(text: str) -> UUID:
    """The session that a text names; what is no id names none."""
    try:
        return ids.read("session", text)
    except Refused:
        raise checking.not_found() from None


def _row(session: Session) -> dict[str, Any]:
    over = session.state == Session.State.PENDING and session.expires_at <= datetime.now(UTC)
    shown = ids.show("session", session.id)
    return {
        "id": shown,
        "session_id": shown,
        "message_id": ids.show("message", session.message_id),
        "to": session.phone,
        "channel": session.channel,
        "status": Session.State.EXPIRED.value if over else session.state,
        "attempts": session.attempts,
        "max_attempts": session.max_attempts,
        "expires_at": instant(session.expires_at),
        "verified_at": session.verified_at and instant(session.verified_at),
        "created_at": instant(session.created_at),
    }
