"""`/v1/webhooks/{id}/deliveries` and replay: what was posted to a webhook in the last thirty days, what
came of it, and posting it again (promise P8)."""

from __future__ import annotations

from datetime import UTC, datetime

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api import fields
from accounts.api.pagination import page
from accounts.refusals import Code, Refused
from webhooks import replay
from webhooks.api import schemas
from webhooks.api.endpoints import OwnEndpoints
from webhooks.event_names import TEST
from webhooks.models import Delivery, DeliveryAttempt

STATE = OpenApiParameter("state", str, enum=[state.value for state in Delivery.State])
LIMIT = OpenApiParameter("limit", int, description="50 unless given, 200 at most.")
OFFSET = OpenApiParameter("offset", int)
CURSOR = OpenApiParameter("cursor", str, description="The next_cursor of a former answer.")


class DeliveryViewSet(OwnEndpoints):
    """Deliveries of one webhook."""

    @extend_schema(
        summary="List deliveries",
        parameters=[STATE, LIMIT, OFFSET, CURSOR],
        responses={200: schemas.DELIVERY_PAGE},
    )
    def list(self, request: Request, id: str) -> Response:
        """The last thirty days, newest first."""
        rows = Delivery.objects.filter(endpoint=self.get_object(), event_id__gte=replay.oldest())
        if state := request.query_params.get("state"):
            if state not in Delivery.State.values:
                sentence = f"state is one of {', '.join(Delivery.State.values)}."
                raise Refused(Code.INVALID_FIELD, sentence, param="state")
            rows = rows.filter(state=state)
        return Response(page(rows, request.query_params, _row, by="event_id"))

    @extend_schema(summary="Get a delivery", responses={200: schemas.DELIVERY_DETAIL})
    def retrieve(self, request: Request, id: str, event_id: str) -> Response:
        """One delivery with each of its attempts and the beginning of the receiver's answers."""
        endpoint, event = self.get_object(), ids.read("event", event_id)
        rows = Delivery.objects.filter(endpoint=endpoint, event_id=event, event_id__gte=replay.oldest())
        delivery = rows.first()
        if delivery is None:
            raise Refused(Code.NOT_FOUND, "No such event.")
        attempts = DeliveryAttempt.objects.filter(endpoint=endpoint, event_id=event).order_by("number")
        return Response(_row(delivery) | {"attempt_log": [_attempt(attempt) for attempt in attempts]})

    @extend_schema(
        summary="Replay events",
        request={"application/json": schemas.REPLAY},
        responses={200: schemas.REPLAYED},
    )
    def replay(self, request: Request, id: str) -> Response:
        """Posts again every event since an instant that the webhook subscribes to, also those of a time
        when it was switched off. Receivers know repeated events by `webhook-id`."""
        endpoint = self.get_object()
        body = request.data if isinstance(request.data, dict) else {}
        instant = fields.instant(body, "since")
        if instant > datetime.now(UTC):
            raise Refused(Code.INVALID_FIELD, "since is an instant of the past.", param="since")
        made = replay.since(endpoint, instant)
        shown_id = ids.show("endpoint", endpoint.id)
        return Response({"queued": made.queued, "id": shown_id, "next_since": made.next_since})

    @extend_schema(summary="Replay one event", request=None, responses={200: schemas.REPLAYED_ONE})
    def replay_one(self, request: Request, id: str, event_id: str) -> Response:
        """Posts one event again."""
        endpoint, event = self.get_object(), ids.read("event", event_id)
        replay.one(endpoint, event)
        return Response({"queued": True, "id": ids.show("endpoint", endpoint.id), "event_id": str(event)})


def _row(delivery: Delivery) -> dict[str, object]:
    of_message = delivery.type.startswith("message.") and delivery.type != TEST
    return {
        "event_id": str(delivery.event_id),
        "event": delivery.type,
        "message_id": ids.show("message", delivery.subject_id) if of_message else None,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": delivery.next_at if delivery.state == Delivery.State.PENDING else None,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error or None,
        "created_at": delivery.created_at,
        "done_at": delivery.done_at,
    }


def _attempt(attempt: DeliveryAttempt) -> dict[str, object]:
    return {
        "number": attempt.number,
        "started_at": attempt.started_at,
        "latency_ms": attempt.latency_milliseconds,
        "status": attempt.status,
        "error": attempt.error or None,
        "answer": attempt.answer,
    }
