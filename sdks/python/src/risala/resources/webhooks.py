"""Calls of `webhooks`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, TypedDict, Union

from risala.calls import OMIT, Resource
from risala.page import Page


class Webhook(TypedDict, total=False):
    id: str
    url: str
    events: Union[list[str], str]
    profile: str
    active: Union[bool, int]
    last_triggered_at: Optional[str]
    last_status: Optional[int]
    created_at: str
    disabled_reason: Optional[str]
    failing_since: Optional[str]


class NewWebhook(TypedDict, total=False):
    id: str
    url: str
    events: list[str]
    secret: str
    active: bool
    profile: str
    created_at: str


class WebhookUpdate(TypedDict, total=False):
    updated: bool
    id: str


class WebhookDelete(TypedDict, total=False):
    deleted: bool
    id: str


class Delivery(TypedDict, total=False):
    event_id: str
    event: str
    message_id: Optional[str]
    state: str
    attempts: int
    next_at: Optional[str]
    last_status: Optional[int]
    last_error: Optional[str]
    created_at: str
    done_at: Optional[str]


class DeliveryDetailAttemptLog(TypedDict, total=False):
    number: int
    started_at: str
    latency_ms: int
    status: Optional[int]
    error: Optional[str]
    answer: str


class DeliveryDetail(TypedDict, total=False):
    event_id: str
    event: str
    message_id: Optional[str]
    state: str
    attempts: int
    next_at: Optional[str]
    last_status: Optional[int]
    last_error: Optional[str]
    attempt_log: list[DeliveryDetailAttemptLog]
    created_at: str
    done_at: Optional[str]


class WebhookReplayDelivery(TypedDict, total=False):
    queued: bool
    id: str
    event_id: str


class WebhookReplay(TypedDict, total=False):
    queued: int
    id: str
    next_since: Optional[str]


class NewSecret(TypedDict, total=False):
    id: str
    secret: str
    former_valid_until: str


class WebhooksCalls(Resource):
    """`client.webhooks`"""

    def create(
        self,
        *,
        url: str,
        events: Sequence[str] = OMIT,
        secret: str = OMIT,
        profile: str = OMIT,
        active: bool = OMIT,
    ) -> NewWebhook:
        """Create a webhook.

        Registers an HTTPS address. The secret is generated unless given, and shown this once.
        """
        answer: NewWebhook = self._caller.call(
            "POST",
            "/v1/webhooks",
            {"url": url, "events": events, "secret": secret, "profile": profile, "active": active},
        )
        return answer

    def delete(self, id: str) -> WebhookDelete:
        """Delete a webhook.

        Switches a webhook off; nothing more is posted to it.
        """
        answer: WebhookDelete = self._caller.call("DELETE", f"/v1/webhooks/{self._part(id)}")
        return answer

    def deliveries(
        self,
        id: str,
        *,
        cursor: str = OMIT,
        limit: int = OMIT,
        offset: int = OMIT,
        state: str = OMIT,
    ) -> Page[Delivery]:
        """List deliveries.

        The last thirty days, newest first.

        Parameters:
            cursor: The next_cursor of a former answer.
            limit: 50 unless given, 200 at most.
        """
        answer: Page[Delivery] = self._caller.pages(
            f"/v1/webhooks/{self._part(id)}/deliveries",
            {"cursor": cursor, "limit": limit, "offset": offset, "state": state},
        )
        return answer

    def delivery(self, id: str, event_id: str) -> DeliveryDetail:
        """Get a delivery.

        One delivery with each of its attempts and the beginning of the receiver's answers.
        """
        answer: DeliveryDetail = self._caller.call(
            "GET", f"/v1/webhooks/{self._part(id)}/deliveries/{self._part(event_id)}"
        )
        return answer

    def get(self, id: str) -> Webhook:
        """Get a webhook.

        One webhook, without its secret.
        """
        answer: Webhook = self._caller.call("GET", f"/v1/webhooks/{self._part(id)}")
        return answer

    def list(self) -> Page[Webhook]:
        """List webhooks.

        All webhooks, active or not, newest first; never a secret.
        """
        answer: Page[Webhook] = self._caller.pages("/v1/webhooks")
        return answer

    def replay(self, id: str, *, since: str) -> WebhookReplay:
        """Replay events.

        Posts again every event since an instant that the webhook subscribes to, also those of a
        time when it was switched off. Receivers know repeated events by `webhook-id`.
        """
        answer: WebhookReplay = self._caller.call(
            "POST", f"/v1/webhooks/{self._part(id)}/replay", {"since": since}
        )
        return answer

    def replay_delivery(self, id: str, event_id: str) -> WebhookReplayDelivery:
        """Replay one event.

        Posts one event again.
        """
        answer: WebhookReplayDelivery = self._caller.call(
            "POST", f"/v1/webhooks/{self._part(id)}/deliveries/{self._part(event_id)}/replay"
        )
        return answer

    def rotate(self, id: str, *, secret: str = OMIT) -> NewSecret:
        """Rotate a webhook's secret.

        Gives a new secret, shown this once. `webhook-signature` is made with both for a day.
        """
        answer: NewSecret = self._caller.call(
            "POST", f"/v1/webhooks/{self._part(id)}/rotate", {"secret": secret}
        )
        return answer

    def test(self, id: str) -> WebhookReplayDelivery:
        """Test a webhook.

        Posts a `message.test` event to the webhook, signed like any other.
        """
        answer: WebhookReplayDelivery = self._caller.call(
            "POST", f"/v1/webhooks/{self._part(id)}/test"
        )
        return answer

    def update(
        self,
        id: str,
        *,
        url: str = OMIT,
        events: Sequence[str] = OMIT,
        profile: str = OMIT,
        active: bool = OMIT,
    ) -> WebhookUpdate:
        """Change a webhook.

        Changes what the body names. Switching it on again forgets its failures.
        """
        answer: WebhookUpdate = self._caller.call(
            "PATCH",
            f"/v1/webhooks/{self._part(id)}",
            {"url": url, "events": events, "profile": profile, "active": active},
        )
        return answer
