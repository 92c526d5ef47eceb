"""`/v1/messages`: list, one with its timeline, cancel. The two POSTs are drawn here for the schema and served by
`sending.py`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.pagination import page
from accounts.api.viewset import AccountScopedViewSet
from accounts.refusals import Code, Refused
from messaging.api import reading, schemas, shapes, timeline
from messaging.models import Message
from messaging.models.message import in_statuses
from messaging.sending import cancel
from messaging.sending.draft import CHANNELS

FILTERS = [
    OpenApiParameter(
        "status", str, description="queued, sent, delivered, failed, undeliverable, expired, cancelled …"
    ),
    OpenApiParameter("channel", str, enum=list(CHANNELS)),
    OpenApiParameter("from_date", str, description="ISO 8601, included."),
    OpenApiParameter("to_date", str, description="ISO 8601, included."),
    OpenApiParameter("to", str, description="The recipient, E.164."),
    OpenApiParameter("limit", int, description="1 to 200, 50 without it."),
    OpenApiParameter("offset", int),
    OpenApiParameter("cursor", str, description="next_cursor of the page before."),
]
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A repeated request with the same key within 24 hours gets the same answer and sends nothing twice.",
)


class MessageViewSet(AccountScopedViewSet):
    """Messages of the account, of the key's mode."""

    queryset = Message.objects.all()
    kind = "message"
    lookup_field = "id"
    required_scope = {
        "list": "status",
        "retrieve": "status",
        "cancel": "send",
        "create": "send",
        "bulk": "send",
    }

    @extend_schema(summary="List messages", parameters=FILTERS, responses=OpenApiResponse(schemas.MESSAGES))
    def list(self, request: Request) -> Response:
        """Newest first."""
        rows = self._filtered(request)
        return Response(
            page(rows, request.query_params, lambda row: shapes.row(row, self.caller), default=50, most=200)
        )

    def _filtered(self, request: Request) -> QuerySet[Message]:
        rows: QuerySet[Message] = self.get_queryset()
        query = request.query_params
        if status := query.get("status"):
            statuses = shapes.statuses_of(status, self.caller.compat)
            if not statuses:
                raise Refused(
                    Code.INVALID_FIELD, "status is none of the statuses a message can have.", param="status"
                )
            rows = in_statuses(rows, statuses)
        if channel := query.get("channel"):
            if channel not in CHANNELS:
                raise Refused(
                    Code.INVALID_CHANNEL, "channel must be sms, whatsapp, or telegram.", param="channel"
                )
            rows = rows.filter(channel=channel)
        if to := query.get("to"):
            rows = rows.filter(to=reading.recipient(to))
        if since := reading.instant(query.get("from_date"), self.caller, "from_date"):
            rows = rows.filter(id__gte=ids.floor_of(since))
        if until := reading.instant(query.get("to_date"), self.caller, "to_date"):
            rows = rows.filter(id__lte=ids.ceiling_of(until))
        return rows

    @extend_schema(summary="Get a message", responses=OpenApiResponse(schemas.MESSAGE_PAGE))
    def retrieve(self, request: Request, id: str) -> Response:
        """One message with everything that happened to it."""
        return Response(self._page(self.get_object()))

    def _page(self, message: Message) -> dict[str, Any]:
        story = timeline.of(message)
        return {
            **shapes.row(message, self.caller),
            "error": shapes.failure(message, self._language(), story.carrier_code),
            "upstream_id": story.upstream_id,
            "timeline": story.steps,
        }

    def _language(self) -> str:
        """The reader's language: the first that the client accepts if it is one of ours, else the account's."""
        accepted: str = self.request.headers.get("Accept-Language", "")[:2].lower()
        return accepted if accepted in ("en", "fr", "ar") else self.caller.account.language

    @extend_schema(summary="Cancel a message", request=None, responses=OpenApiResponse(schemas.MESSAGE_PAGE))
    def cancel(self, request: Request, id: str) -> Response:
        """Stops a message that is not yet with a carrier, and gives its price back."""
        message_id = ids.read("message", id)
        return Response(self._page(cancel.one(self.caller.account_id, self.caller.mode, message_id)))

    @extend_schema(
        summary="Send a message",
        parameters=[KEY_HEADER],
        request={"application/json": schemas.SEND},
        responses={202: schemas.SENT_OR_BATCH},
    )
    def create(self, request: Request) -> Response:
        """Queues one message, or the same text to a list of numbers."""
        raise Refused(Code.METHOD_NOT_ALLOWED)

    @extend_schema(
        summary="Send a batch",
        parameters=[KEY_HEADER],
        request={"application/json": schemas.BULK},
        responses={202: schemas.BATCH},
    )
    def bulk(self, request: Request) -> Response:
        """Queues up to 10,000 messages. Refused as a whole when the balance is short."""
        raise Refused(Code.METHOD_NOT_ALLOWED)
