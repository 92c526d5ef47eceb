"""Calls of `messages`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional, TypedDict, Union

from risala.calls import OMIT, Resource
from risala.money import Amount
from risala.page import Page


class MessageCost(TypedDict, total=False):
    eur: Amount
    mad: Amount


Message = TypedDict(
    "Message",
    {
        "id": str,
        "message_id": str,
        "to": str,
        "channel": str,
        "body": str,
        "status": str,
        "segments": int,
        "created_at": str,
        "account_id": str,
        "api_key_id": Optional[str],
        "campaign_id": Optional[str],
        "batch_id": Optional[str],
        "from": str,
        "sender_id": str,
        "cascade": bool,
        "message": str,
        "confirmed": bool,
        "error_code": Optional[str],
        "encoding": str,
        "unicode": int,
        "cost": MessageCost,
        "cost_eur": Amount,
        "cost_mad": Amount,
        "refunded": bool,
        "metadata": Optional[Union[dict[str, Any], str]],
        "scheduled_at": Optional[str],
        "sent_at": Optional[str],
        "delivered_at": Optional[str],
        "final_at": Optional[str],
    },
    total=False,
)


AcceptedMessage = TypedDict(
    "AcceptedMessage",
    {
        "success": bool,
        "id": Optional[str],
        "message_id": Optional[str],
        "status": str,
        "to": str,
        "from": str,
        "channel": str,
        "cascade": bool,
        "cost": MessageCost,
        "segments": int,
        "encoding": str,
        "unicode_characters": list[str],
        "credits_used": int,
        "credits_remaining": Optional[int],
        "created_at": str,
        "scheduled_at": str,
        "truncated": bool,
        "duplicate_suspected": bool,
    },
    total=False,
)


class AcceptedBatchMessageError(TypedDict, total=False):
    code: str
    message: str


class AcceptedBatchMessage(TypedDict, total=False):
    id: Optional[str]
    to: str
    status: str
    duplicate_suspected: bool
    error: AcceptedBatchMessageError


class AcceptedBatch(TypedDict, total=False):
    success: bool
    batch_id: str
    total: int
    accepted: int
    rejected: int
    estimated_cost: MessageCost
    messages: list[AcceptedBatchMessage]
    id: Optional[str]
    message_id: Optional[str]
    channel: str
    status: str
    cost: MessageCost
    segments: int
    credits_used: int
    credits_remaining: Optional[int]
    created_at: str


MessageInputMessage = TypedDict(
    "MessageInputMessage",
    {
        "to": str,
        "message": str,
        "variables": Mapping[str, Any],
        "metadata": Mapping[str, Any],
        "from": str,
    },
    total=False,
)


class MessageError(TypedDict, total=False):
    code: str
    message: Optional[str]
    advice: Optional[str]
    retryable: Optional[bool]
    who_pays: Optional[str]
    carrier_code: Optional[str]


class MessageTimeline(TypedDict, total=False):
    at: str
    event: str


MessageDetail = TypedDict(
    "MessageDetail",
    {
        "id": str,
        "message_id": str,
        "to": str,
        "channel": str,
        "body": str,
        "status": str,
        "segments": int,
        "created_at": str,
        "account_id": str,
        "api_key_id": Optional[str],
        "campaign_id": Optional[str],
        "batch_id": Optional[str],
        "from": str,
        "sender_id": str,
        "cascade": bool,
        "message": str,
        "confirmed": bool,
        "error_code": Optional[str],
        "encoding": str,
        "unicode": int,
        "cost": MessageCost,
        "cost_eur": Amount,
        "cost_mad": Amount,
        "refunded": bool,
        "metadata": Optional[Union[dict[str, Any], str]],
        "scheduled_at": Optional[str],
        "sent_at": Optional[str],
        "delivered_at": Optional[str],
        "final_at": Optional[str],
        "upstream_id": Optional[str],
        "error": Optional[MessageError],
        "timeline": list[MessageTimeline],
    },
    total=False,
)


class MessagesCalls(Resource):
    """`client.messages`"""

    def bulk(
        self,
        *,
        messages: Sequence[MessageInputMessage],
        template_id: str = OMIT,
        variables: Mapping[str, Any] = OMIT,
        from_: str = OMIT,
        channel: str = OMIT,
        scheduled_at: str = OMIT,
        atomic: bool = OMIT,
        idempotency_key: Optional[str] = None,
    ) -> AcceptedBatch:
        """Send a batch.

        Queues up to 10,000 messages. Refused as a whole when the balance is short.

        Parameters:
            template_id: An approved template that gives the text, in place of message. A test key
                may use any of its own.
            variables: For all items; an item's own variables go first.
            atomic: Refuse all when one item is refused.
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: AcceptedBatch = self._caller.call(
            "POST",
            "/v1/messages/bulk",
            {
                "messages": messages,
                "template_id": template_id,
                "variables": variables,
                "from": from_,
                "channel": channel,
                "scheduled_at": scheduled_at,
                "atomic": atomic,
            },
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def cancel(self, id: str) -> MessageDetail:
        """Cancel a message.

        Stops a message that is not yet with a carrier, and gives its price back.
        """
        answer: MessageDetail = self._caller.call("POST", f"/v1/messages/{self._part(id)}/cancel")
        return answer

    def get(self, id: str) -> MessageDetail:
        """Get a message.

        One message with everything that happened to it.
        """
        answer: MessageDetail = self._caller.call("GET", f"/v1/messages/{self._part(id)}")
        return answer

    def list(
        self,
        *,
        channel: str = OMIT,
        cursor: str = OMIT,
        from_date: str = OMIT,
        limit: int = OMIT,
        offset: int = OMIT,
        status: str = OMIT,
        to: str = OMIT,
        to_date: str = OMIT,
    ) -> Page[Message]:
        """List messages.

        Newest first.

        Parameters:
            cursor: next_cursor of the page before.
            from_date: ISO 8601, included.
            limit: 1 to 200, 50 without it.
            status: queued, sent, delivered, failed, undeliverable, expired, cancelled …
            to: The recipient, E.164.
            to_date: ISO 8601, included.
        """
        answer: Page[Message] = self._caller.pages(
            "/v1/messages",
            {
                "channel": channel,
                "cursor": cursor,
                "from_date": from_date,
                "limit": limit,
                "offset": offset,
                "status": status,
                "to": to,
                "to_date": to_date,
            },
        )
        return answer

    def send(
        self,
        *,
        to: Union[str, Sequence[str]],
        message: str,
        template_id: str = OMIT,
        variables: Mapping[str, Any] = OMIT,
        from_: str = OMIT,
        channel: str = OMIT,
        cascade: bool = OMIT,
        metadata: Mapping[str, Any] = OMIT,
        buttons: Sequence[Mapping[str, Any]] = OMIT,
        scheduled_at: str = OMIT,
        callback_url: str = OMIT,
        truncate: bool = OMIT,
        idempotency_key: Optional[str] = None,
    ) -> Union[AcceptedMessage, AcceptedBatch]:
        """Send a message.

        Queues one message, or the same text to a list of numbers.

        Parameters:
            to: E.164, or as dialled in the account's country; a list for the same text to many.
            message: At most 1600 characters after control characters are removed.
            template_id: An approved template that gives the text, in place of message. A test key
                may use any of its own.
            variables: What the template's {{names}} stand for.
            from_: Sender id; the account's default without it.
            metadata: Kept with the message, told in webhooks.
            buttons: Interactive buttons, for whatsapp.
            callback_url: Told of this message's states.
            truncate: Cut a longer text instead of refusing it.
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: Union[AcceptedMessage, AcceptedBatch] = self._caller.call(
            "POST",
            "/v1/messages",
            {
                "to": to,
                "message": message,
                "template_id": template_id,
                "variables": variables,
                "from": from_,
                "channel": channel,
                "cascade": cascade,
                "metadata": metadata,
                "buttons": buttons,
                "scheduled_at": scheduled_at,
                "callback_url": callback_url,
                "truncate": truncate,
            },
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer
