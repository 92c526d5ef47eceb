"""`/v1/campaigns` of documents A and B: list, create, get and send; natively also change, delete, estimate, recipients,
pause, resume and cancel. The rules are `campaigns/draft.py`, `start.py` and `control.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.pagination import page
from accounts.api.schemas import page_parameters
from accounts.api.viewset import AccountScopedViewSet
from accounts.refusals import Code, Refused
from billing.models import Ledger
from billing.money import number
from campaigns import control, draft, estimate, progress, start
from campaigns.api import reading, schemas, shapes
from campaigns.models import Campaign, Recipient
from contacts.api.repeats import KEY_HEADER, once
from messaging.api.sending import sender_of
from messaging.api.shapes import status_word
from messaging.models import Lane, Message
from messaging.sending.draft import Sender

STATUS = OpenApiParameter(
    "status", {"type": "string", "enum": list(Campaign.Status.values)}, description="Only these."
)
PAGE = page_parameters(default=50, most=200)
RECIPIENT_PAGE = page_parameters(default=100, most=500)


class CampaignViewSet(AccountScopedViewSet):
    """Campaigns of the account, of the key's mode."""

    queryset = Campaign.objects.all()
    kind = "campaign"
    lookup_field = "id"
    required_scope = "campaigns"

    @extend_schema(summary="List campaigns", parameters=[STATUS, *PAGE], responses={200: schemas.LIST})
    def list(self, request: Request) -> Response:
        """Newest first. Counters are in the single campaign."""
        rows, status = self.get_queryset(), request.query_params.get("status")
        if status:
            if status not in Campaign.Status.values:
                known = ", ".join(Campaign.Status.values)
                raise Refused(Code.INVALID_FIELD, f"status must be one of {known}.", param="status")
            rows = rows.filter(status=status)
        return Response(page(rows, request.query_params, shapes.row))

    @extend_schema(
        summary="Create a campaign",
        parameters=[KEY_HEADER],
        request={"application/json": schemas.CREATE},
        responses={201: schemas.ROW},
    )
    def create(self, request: Request) -> Response:
        """A draft; with `scheduled_at` it is sent at that time by itself."""
        body = self.body

        def work() -> dict[str, Any]:
            content = reading.content(body, self.caller)
            most = reading.most_recipients(self.caller)
            return shapes.row(draft.create(self._sender(request), content, most_recipients=most))

        return once(request._request, self.caller, body, work, status=201)

    @extend_schema(summary="Get a campaign", responses={200: schemas.DETAIL})
    def retrieve(self, request: Request, id: str) -> Response:
        """One campaign and its counters, which are sums over its messages."""
        return self._detail(self.get_object())

    @extend_schema(
        summary="Change a campaign",
        request={"application/json": schemas.CHANGE},
        responses={200: schemas.DETAIL},
    )
    def partial_update(self, request: Request, id: str) -> Response:
        """Changes what the body names, until the campaign is sent. `scheduled_at: null` makes it a draft again."""
        changes = reading.changes(self.body, self.caller)
        return self._detail(draft.edit(self._sender(request), self._named(id), changes))

    @extend_schema(summary="Delete a campaign", responses={200: schemas.DELETED})
    def destroy(self, request: Request, id: str) -> Response:
        """Only what was never sent."""
        campaign_id = self._named(id)
        draft.delete(self._sender(request), campaign_id)
        return Response({"deleted": True, "id": ids.show("campaign", campaign_id)})

    @extend_schema(
        summary="Send a campaign",
        parameters=[KEY_HEADER],
        request=None,
        responses={200: schemas.SENT},
    )
    def send(self, request: Request, id: str) -> Response:
        """Sends to all members of the list who have not opted out; the money for all of them is held first, or nothing is
        sent. A second time is 409 INVALID_STATE."""
        campaign_id = self._named(id)

        def work() -> dict[str, Any]:
            most = reading.most_recipients(self.caller)
            return shapes.sent(start.send(self._sender(request), campaign_id, most_recipients=most))

        return once(request._request, self.caller, self.body, work, status=200)

    @extend_schema(summary="Pause a campaign", request=None, responses={200: schemas.DETAIL})
    def pause(self, request: Request, id: str) -> Response:
        """From the answer on, nothing more is given to carriers."""
        return self._controlled(control.pause, request, id)

    @extend_schema(summary="Resume a campaign", request=None, responses={200: schemas.DETAIL})
    def resume(self, request: Request, id: str) -> Response:
        """Goes on where it was paused; nobody gets it twice."""
        return self._controlled(control.resume, request, id)

    @extend_schema(summary="Cancel a campaign", request=None, responses={200: schemas.DETAIL})
    def cancel(self, request: Request, id: str) -> Response:
        """What no carrier has yet is cancelled and refunded, and the rest of the held money is released."""
        return self._controlled(control.cancel, request, id)

    @extend_schema(summary="Estimate a campaign", request=None, responses={200: schemas.ESTIMATE})
    def estimate(self, request: Request, id: str) -> Response:
        """What sending it now would cost, and whom it would skip; nothing is written."""
        campaign = self.get_object()
        found = estimate.of(campaign, self._sender(request))
        ledger = Ledger.objects.get(account_id=self.caller.account_id)
        left = number(ledger.balance + ledger.credit_limit - found.price)
        return Response(shapes.estimated(campaign, found, balance_after=left))

    @extend_schema(
        summary="List the recipients of a campaign",
        parameters=[
            OpenApiParameter(
                "skipped", bool, description="Only those who get no message, or only the others."
            ),
            *RECIPIENT_PAGE,
        ],
        responses={200: schemas.RECIPIENTS},
    )
    def recipients(self, request: Request, id: str) -> Response:
        """Those who were frozen when sending began, last first, each with what became of the message."""
        campaign, query = self.get_object(), request.query_params
        rows, total = Recipient.objects.filter(campaign_id=campaign.id), campaign.total_count
        wanted = query.get("skipped", "")
        if wanted not in ("", "true", "false"):
            raise Refused(Code.INVALID_FIELD, "skipped must be true or false.", param="skipped")
        if wanted:
            rows = rows.filter(skipped__isnull=wanted == "false")
        known = None if wanted else total
        answer = page(rows, query, shapes.recipient, default=100, most=500, by="number", total=known)
        _add_messages(campaign, answer["data"], self.caller.compat)
        return Response(answer)

    def _controlled(
        self, rule: Callable[[Sender, UUID], Campaign], request: Request, shown_id: str
    ) -> Response:
        return self._detail(rule(self._sender(request), self._named(shown_id)))

    def _detail(self, campaign: Campaign) -> Response:
        return Response(shapes.detail(campaign, progress.of(campaign)))

    def _sender(self, request: Request) -> Sender:
        return sender_of(request._request, self.caller, Lane.BULK)

    def _named(self, shown_id: str) -> UUID:
        return ids.read("campaign", shown_id)


def _add_messages(campaign: Campaign, shown: Sequence[dict[str, Any]], compat: str) -> None:
    """What became of the messages of a page of recipients, in one query."""
    phones = [one["phone"] for one in shown if not one["reason"]]
    rows = Message.objects.filter(
        account_id=campaign.account_id, to__in=phones, id__gte=campaign.id, campaign_id=campaign.id
    ).values_list("to", "id", "status", "error_code")
    found = {to: (message_id, status, code) for to, message_id, status, code in rows}
    for one in shown:
        if one["phone"] in found and not one["reason"]:
            message_id, status, code = found[one["phone"]]
            one["message_id"] = ids.show("message", message_id)
            one["status"], one["reason"] = status_word(status, compat), code
