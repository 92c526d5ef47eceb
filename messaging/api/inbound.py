"""`/v1/inbound`: what people wrote to the account's numbers; and `/v1/sandbox/inbound`, which plays somebody who writes."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.pagination import page
from accounts.api.schemas import (
    INSTANT,
    MAYBE_TEXT,
    TEXT,
    WHOLE,
    YES_NO,
    Shape,
    obj,
    page_parameters,
    paged,
)
from accounts.api.viewset import AccountScopedViewSet, ApiViewSet
from accounts.ids import new_id
from accounts.models import Mode
from accounts.refusals import Code, Refused
from messaging import inbound, receiving
from messaging.api import reading
from messaging.models import Inbound
from messaging.sending import route
from messaging.sending.draft import MAX_CHARACTERS

DEFAULT, MOST = 50, 200
CHANNELS = ("sms", "whatsapp")
KEYWORDS = [value for value in Inbound.Keyword.values if value]
EFFECTS = [value for value in Inbound.Effect.values if value]
INBOUND: Shape = obj(
    *("id", "from", "to", "channel", "text", "status", "parts", "parts_missing", "keyword", "effect"),
    *("reply_to", "received_at"),
    id=TEXT,
    **{"from": TEXT | {"description": "Who wrote."}},
    to=TEXT | {"description": "The number they wrote to."},
    channel=TEXT,
    text=TEXT | {"description": "Empty once its days are over."},
    status=TEXT,
    parts=WHOLE,
    parts_missing=WHOLE | {"description": "Parts of a long text that never came; […] stands in their place."},
    keyword=MAYBE_TEXT | {"description": f"What the text says as a whole: {', '.join(KEYWORDS)}."},
    effect=MAYBE_TEXT | {"description": "opted_out or opted_in, where the text changed that."},
    reply_to=MAYBE_TEXT | {"description": "The last message sent to this number within 30 days."},
    received_at=INSTANT,
)
PLAY: Shape = obj(
    *("from", "to", "text"),
    **{"from": TEXT | {"description": "Who writes.", "example": "+212612345678"}},
    to=TEXT | {"description": "The number or sender id written to.", "example": "+212520000000"},
    text=TEXT,
    channel={"type": "string", "enum": list(CHANNELS), "default": "sms"},
)
FILTERS = [
    OpenApiParameter("from", str, description="Who wrote, E.164."),
    OpenApiParameter("to", str, description="The number they wrote to, as it is shown."),
    OpenApiParameter("keyword", str, enum=KEYWORDS),
    OpenApiParameter("channel", str, enum=list(CHANNELS)),
    OpenApiParameter("from_date", str, description="ISO 8601, included."),
    OpenApiParameter("to_date", str, description="ISO 8601, included."),
    *page_parameters(default=DEFAULT, most=MOST),
]


class InboundViewSet(AccountScopedViewSet):
    """Inbound messages of the account, of the key's mode."""

    queryset = Inbound.objects.all()
    kind = "inbound"
    lookup_field = "id"
    required_scope = "status"

    @extend_schema(summary="List inbound messages", parameters=FILTERS, responses={200: paged(INBOUND)})
    def list(self, request: Request) -> Response:
        """Newest first."""
        rows = self._filtered(request)
        return Response(page(rows, request.query_params, inbound.facts, default=DEFAULT, most=MOST))

    def _filtered(self, request: Request) -> QuerySet[Inbound]:
        rows: QuerySet[Inbound] = self.get_queryset()
        query = request.query_params
        for name, known in (("keyword", KEYWORDS), ("channel", CHANNELS)):
            if value := query.get(name):
                if value not in known:
                    raise Refused(Code.INVALID_FIELD, f"{name} is one of {', '.join(known)}.", param=name)
                rows = rows.filter(**{name: value})
        if sender := query.get("from"):
            rows = rows.filter(sender=receiving.number_of(_with_plus(sender)))
        if to := query.get("to"):
            rows = rows.filter(to=receiving.number_of(_with_plus(to)))
        if since := reading.instant(query.get("from_date"), self.caller, "from_date"):
            rows = rows.filter(id__gte=ids.floor_of(since))
        if until := reading.instant(query.get("to_date"), self.caller, "to_date"):
            rows = rows.filter(id__lte=ids.ceiling_of(until))
        return rows

    @extend_schema(summary="Get an inbound message", responses={200: INBOUND})
    def retrieve(self, request: Request, id: str) -> Response:
        """One inbound message."""
        return Response(inbound.facts(self.get_object()))


class SandboxViewSet(ApiViewSet):
    """What only test keys can do."""

    required_scope = "send"

    @extend_schema(
        summary="Play an inbound message",
        request={"application/json": PLAY},
        responses={202: obj("accepted", accepted=YES_NO)},
    )
    def inbound(self, request: Request) -> Response:
        """For test keys: as if somebody wrote this to a number of the account. Keywords count, webhooks are told."""
        if self.caller.mode != Mode.TEST:
            raise Refused(Code.FORBIDDEN, "Only a test key may play inbound messages.")
        sender = receiving.number_of(_needed(self.body, "from", 64))
        if not sender.startswith("+"):
            raise Refused(
                Code.INVALID_PHONE, "from must be E.164 format, for example +212612345678.", param="from"
            )
        channel = self.body.get("channel") or "sms"
        if channel not in CHANNELS:
            raise Refused(Code.INVALID_CHANNEL, f"channel is one of {', '.join(CHANNELS)}.", param="channel")
        text = receiving.Inbound(
            carrier_id=route.candidates(self.caller.account_id, channel, sender, mode="test")[0].carrier_id,
            channel="whatsapp" if channel == "whatsapp" else "sms",
            from_=sender,
            to=_needed(self.body, "to", 20),
            text=_needed(self.body, "text", MAX_CHARACTERS),
            carrier_reference=new_id().hex,
            received_at=datetime.now(UTC),
        )
        receiving.receive([text], account_id=self.caller.account_id)
        return Response({"accepted": True}, 202)


def _needed(body: Any, name: str, most: int) -> str:
    value = body.get(name)
    if value is None or value == "":
        raise Refused(Code.MISSING_FIELD, f"{name} is required.", param=name)
    if not isinstance(value, str) or len(value) > most:
        raise Refused(Code.INVALID_FIELD, f"{name} is a text of at most {most} characters.", param=name)
    return value


def _with_plus(text: str) -> str:
    """A filter's number; in an address, an unescaped `+` has become a space."""
    return f"+{text.strip()}" if text.startswith(" ") else text
