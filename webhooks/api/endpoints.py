"""`/v1/webhooks` of documents A and B: list, create, change, delete, test; natively also the rotation of
secrets. Lists keep document A's types for its own clients (events as JSON text, active as 1 or 0)."""

from __future__ import annotations

import json

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import fields
from accounts.api.viewset import AccountScopedViewSet
from accounts.ids import show
from accounts.models import Compat
from accounts.refusals import Code, Refused
from webhooks import endpoints
from webhooks.api import schemas
from webhooks.models import Endpoint


class OwnEndpoints(AccountScopedViewSet):
    """The caller's endpoints. For clients of document B a deleted one is gone; for the others it is
    inactive."""

    queryset = Endpoint.objects.filter(kind=Endpoint.Kind.REGISTERED)
    kind = "endpoint"
    lookup_field = "id"
    required_scope = "webhooks"

    def get_queryset(self) -> QuerySet[Endpoint]:
        rows = super().get_queryset()
        if not self.is_drawn and self.caller.compat == Compat.ENVOISMS:
            return rows.filter(deleted_at__isnull=True)
        return rows

    def get_object(self) -> Endpoint:
        """The endpoint that the address names. Raises `Refused(NOT_FOUND)`."""
        try:
            endpoint: Endpoint = super().get_object()
        except Refused:
            raise Refused(Code.NOT_FOUND, "No such webhook.") from None
        return endpoint

    @property
    def actor(self) -> endpoints.Actor:
        return endpoints.Actor(f"api key {self.caller.key_name}", self.caller.ip)


class EndpointViewSet(OwnEndpoints):
    """Webhooks: the addresses that events are posted to."""

    @extend_schema(summary="List webhooks", responses={200: schemas.ENDPOINT_LIST})
    def list(self, request: Request) -> Response:
        """All webhooks, active or not, newest first; never a secret."""
        rows = self.get_queryset().order_by("-id")[:1000]
        return Response({"data": [_row(row, self.caller.compat) for row in rows]})

    @extend_schema(
        summary="Create a webhook",
        request={"application/json": schemas.ENDPOINT_CREATE},
        responses={201: schemas.ENDPOINT_CREATED},
    )
    def create(self, request: Request) -> Response:
        """Registers an HTTPS address. The secret is generated unless given, and shown this once."""
        body = fields.body_of(request)
        profile = fields.text(body, "profile")
        active = fields.yes_or_no(body, "active")
        endpoint, secret = endpoints.create(
            self.caller.account_id,
            url=fields.needed_text(body, "url"),
            events=fields.texts(body, "events"),
            secret=fields.text(body, "secret"),
            profile=endpoints.profile_for(self.caller.compat) if profile is None else profile,
            active=active is not False,
            by=self.actor,
        )
        shown = {
            "id": show("endpoint", endpoint.id),
            "url": endpoint.url,
            "events": endpoint.events,
            "secret": secret,
            "active": endpoint.active,
            "profile": endpoint.profile,
            "created_at": endpoint.created_at,
        }
        return Response(shown, status=201)

    @extend_schema(summary="Get a webhook", responses={200: schemas.ENDPOINT})
    def retrieve(self, request: Request, id: str) -> Response:
        """One webhook, without its secret."""
        return Response(_row(self.get_object(), self.caller.compat))

    @extend_schema(
        summary="Change a webhook",
        request={"application/json": schemas.ENDPOINT_UPDATE},
        responses={200: schemas.ENDPOINT_UPDATED},
    )
    def partial_update(self, request: Request, id: str) -> Response:
        """Changes what the body names. Switching it on again forgets its failures."""
        endpoint = self.get_object()
        body = fields.body_of(request)
        changes: endpoints.Changes = {}
        if (url := fields.text(body, "url")) is not None:
            changes["url"] = url
        if (events := fields.texts(body, "events")) is not None:
            changes["events"] = events
        if (profile := fields.text(body, "profile")) is not None:
            changes["profile"] = profile
        if (active := fields.yes_or_no(body, "active")) is not None:
            changes["active"] = active
        endpoints.update(endpoint, by=self.actor, **changes)
        return Response({"updated": True, "id": show("endpoint", endpoint.id)})

    @extend_schema(summary="Delete a webhook", responses={200: schemas.ENDPOINT_DELETED})
    def destroy(self, request: Request, id: str) -> Response:
        """Switches a webhook off; nothing more is posted to it."""
        endpoint = self.get_object()
        endpoints.remove(endpoint, by=self.actor)
        return Response({"deleted": True, "id": show("endpoint", endpoint.id)})

    @extend_schema(summary="Test a webhook", request=None, responses={200: schemas.TEST_QUEUED})
    def test(self, request: Request, id: str) -> Response:
        """Posts a `message.test` event to the webhook, signed like any other."""
        endpoint = self.get_object()
        event_id = endpoints.test(endpoint, mode=self.caller.mode)
        return Response({"queued": True, "id": show("endpoint", endpoint.id), "event_id": str(event_id)})

    @extend_schema(
        summary="Rotate a webhook's secret",
        request={"application/json": schemas.ROTATE},
        responses={200: schemas.ROTATED},
    )
    def rotate(self, request: Request, id: str) -> Response:
        """Gives a new secret, shown this once. `webhook-signature` is made with both for a day."""
        endpoint = self.get_object()
        secret, until = endpoints.rotate(
            endpoint, by=self.actor, secret=fields.text(fields.body_of(request), "secret")
        )
        return Response({"id": show("endpoint", endpoint.id), "secret": secret, "former_valid_until": until})


def _row(endpoint: Endpoint, compat: str) -> dict[str, object]:
    document_a = compat == Compat.SMSMAROC
    return {
        "id": show("endpoint", endpoint.id),
        "url": endpoint.url,
        "events": json.dumps(endpoint.events, separators=(",", ":")) if document_a else endpoint.events,
        "profile": endpoint.profile,
        "active": int(endpoint.active) if document_a else endpoint.active,
        "disabled_reason": endpoint.disabled_reason or None,
        "failing_since": endpoint.failing_since,
        "last_triggered_at": endpoint.last_triggered_at,
        "last_status": endpoint.last_status,
        "created_at": endpoint.created_at,
    }
