"""Calls of `campaigns`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional, TypedDict

from risala.calls import OMIT, Resource
from risala.money import Amount
from risala.page import Page


class Campaign(TypedDict, total=False):
    id: str
    number: int
    name: str
    channel: str
    list_id: Optional[str]
    template_id: Optional[str]
    body: Optional[str]
    sender_id: Optional[str]
    buttons: Optional[list[dict[str, Any]]]
    metadata: Optional[dict[str, Any]]
    status: str
    reason: Optional[str]
    reason_detail: Optional[str]
    scheduled_at: Optional[str]
    started_at: Optional[str]
    ended_at: Optional[str]
    created_at: str
    total_count: int


class CampaignCost(TypedDict, total=False):
    eur: Amount
    mad: Amount


class CampaignDetail(TypedDict, total=False):
    id: str
    number: int
    name: str
    channel: str
    list_id: Optional[str]
    template_id: Optional[str]
    body: Optional[str]
    sender_id: Optional[str]
    buttons: Optional[list[dict[str, Any]]]
    metadata: Optional[dict[str, Any]]
    status: str
    reason: Optional[str]
    reason_detail: Optional[str]
    scheduled_at: Optional[str]
    started_at: Optional[str]
    ended_at: Optional[str]
    created_at: str
    total_count: int
    sent_count: int
    queued: int
    delivered: int
    undeliverable: int
    failed: int
    expired: int
    cancelled: int
    pending: int
    skipped: int
    skipped_by_reason: dict[str, Any]
    segments: int
    cost: CampaignCost
    held: Amount
    charged: Amount
    refunded: Amount
    rate: Optional[Amount]
    eta: Optional[str]


class CampaignDelete(TypedDict, total=False):
    deleted: bool
    id: str


class CampaignEstimate(TypedDict, total=False):
    id: str
    total: int
    recipients: int
    skipped: int
    skipped_by_reason: dict[str, Any]
    segments: int
    cost: CampaignCost
    balance_after: Amount
    affordable: bool
    exact: bool


class CampaignRecipients(TypedDict, total=False):
    number: int
    phone: str
    status: str
    reason: Optional[str]
    message_id: Optional[str]
    segments: int
    variables: Optional[dict[str, Any]]


class CampaignSend(TypedDict, total=False):
    id: str
    queued: int
    total: int
    status: str
    number: int
    skipped: int
    preparing: bool
    segments: int
    cost: CampaignCost


class CampaignsCalls(Resource):
    """`client.campaigns`"""

    def cancel(self, id: str) -> CampaignDetail:
        """Cancel a campaign.

        What no carrier has yet is cancelled and refunded, and the rest of the held money is
        released.
        """
        answer: CampaignDetail = self._caller.call("POST", f"/v1/campaigns/{self._part(id)}/cancel")
        return answer

    def create(
        self,
        *,
        name: str,
        channel: str = OMIT,
        list_id: Optional[str] = OMIT,
        template_id: Optional[str] = OMIT,
        body: str = OMIT,
        sender_id: str = OMIT,
        scheduled_at: Optional[str] = OMIT,
        buttons: Optional[Sequence[Mapping[str, Any]]] = OMIT,
        metadata: Optional[Mapping[str, Any]] = OMIT,
        idempotency_key: Optional[str] = None,
    ) -> Campaign:
        """Create a campaign.

        A draft; with `scheduled_at` it is sent at that time by itself.

        Parameters:
            template_id: An approved template, in place of body.
            body: May hold {{name}}, {{phone}}, {{email}}, {{custom1}}, {{custom2}} and {{custom3}}.
            scheduled_at: ISO 8601; without an offset by the clock of the account's time zone.
            buttons: For the channel whatsapp.
            metadata: Your own facts, kept with every message. `throttling` is the pace: N_sec,
                N_min or N_hour.
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: Campaign = self._caller.call(
            "POST",
            "/v1/campaigns",
            {
                "name": name,
                "channel": channel,
                "list_id": list_id,
                "template_id": template_id,
                "body": body,
                "sender_id": sender_id,
                "scheduled_at": scheduled_at,
                "buttons": buttons,
                "metadata": metadata,
            },
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def delete(self, id: str) -> CampaignDelete:
        """Delete a campaign.

        Only what was never sent.
        """
        answer: CampaignDelete = self._caller.call("DELETE", f"/v1/campaigns/{self._part(id)}")
        return answer

    def estimate(self, id: str) -> CampaignEstimate:
        """Estimate a campaign.

        What sending it now would cost, and whom it would skip; nothing is written.
        """
        answer: CampaignEstimate = self._caller.call(
            "POST", f"/v1/campaigns/{self._part(id)}/estimate"
        )
        return answer

    def get(self, id: str) -> CampaignDetail:
        """Get a campaign.

        One campaign and its counters, which are sums over its messages.
        """
        answer: CampaignDetail = self._caller.call("GET", f"/v1/campaigns/{self._part(id)}")
        return answer

    def list(
        self, *, cursor: str = OMIT, limit: int = OMIT, offset: int = OMIT, status: str = OMIT
    ) -> Page[Campaign]:
        """List campaigns.

        Newest first. Counters are in the single campaign.

        Parameters:
            cursor: next_cursor of the page before.
            limit: Rows of a page.
            offset: Rows to skip; not together with cursor.
            status: Only these.
        """
        answer: Page[Campaign] = self._caller.pages(
            "/v1/campaigns", {"cursor": cursor, "limit": limit, "offset": offset, "status": status}
        )
        return answer

    def pause(self, id: str) -> CampaignDetail:
        """Pause a campaign.

        From the answer on, nothing more is given to carriers.
        """
        answer: CampaignDetail = self._caller.call("POST", f"/v1/campaigns/{self._part(id)}/pause")
        return answer

    def recipients(
        self,
        id: str,
        *,
        cursor: str = OMIT,
        limit: int = OMIT,
        offset: int = OMIT,
        skipped: bool = OMIT,
    ) -> Page[CampaignRecipients]:
        """List the recipients of a campaign.

        Those who were frozen when sending began, last first, each with what became of the message.

        Parameters:
            cursor: next_cursor of the page before.
            limit: Rows of a page.
            offset: Rows to skip; not together with cursor.
            skipped: Only those who get no message, or only the others.
        """
        answer: Page[CampaignRecipients] = self._caller.pages(
            f"/v1/campaigns/{self._part(id)}/recipients",
            {"cursor": cursor, "limit": limit, "offset": offset, "skipped": skipped},
        )
        return answer

    def resume(self, id: str) -> CampaignDetail:
        """Resume a campaign.

        Goes on where it was paused; nobody gets it twice.
        """
        answer: CampaignDetail = self._caller.call("POST", f"/v1/campaigns/{self._part(id)}/resume")
        return answer

    def send(self, id: str, *, idempotency_key: Optional[str] = None) -> CampaignSend:
        """Send a campaign.

        Sends to all members of the list who have not opted out; the money for all of them is held
        first, or nothing is sent. A second time is 409 INVALID_STATE.

        Parameters:
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: CampaignSend = self._caller.call(
            "POST",
            f"/v1/campaigns/{self._part(id)}/send",
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def update(
        self,
        id: str,
        *,
        name: str = OMIT,
        channel: str = OMIT,
        list_id: Optional[str] = OMIT,
        template_id: Optional[str] = OMIT,
        body: str = OMIT,
        sender_id: str = OMIT,
        scheduled_at: Optional[str] = OMIT,
        buttons: Optional[Sequence[Mapping[str, Any]]] = OMIT,
        metadata: Optional[Mapping[str, Any]] = OMIT,
    ) -> CampaignDetail:
        """Change a campaign.

        Changes what the body names, until the campaign is sent. `scheduled_at: null` makes it a
        draft again.

        Parameters:
            template_id: An approved template, in place of body.
            body: May hold {{name}}, {{phone}}, {{email}}, {{custom1}}, {{custom2}} and {{custom3}}.
            scheduled_at: ISO 8601; without an offset by the clock of the account's time zone.
            buttons: For the channel whatsapp.
            metadata: Your own facts, kept with every message. `throttling` is the pace: N_sec,
                N_min or N_hour.
        """
        answer: CampaignDetail = self._caller.call(
            "PATCH",
            f"/v1/campaigns/{self._part(id)}",
            {
                "name": name,
                "channel": channel,
                "list_id": list_id,
                "template_id": template_id,
                "body": body,
                "sender_id": sender_id,
                "scheduled_at": scheduled_at,
                "buttons": buttons,
                "metadata": metadata,
            },
        )
        return answer
