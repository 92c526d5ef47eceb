"""The shapes of answers and bodies of the campaigns API, as JSON Schema for the OpenAPI document."""

from __future__ import annotations

from accounts.api.schemas import (
    INSTANT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Shape,
    obj,
    paged,
)
from campaigns.models import BODY_CHARACTERS, NAME_CHARACTERS, Campaign

BUTTONS: Shape = {
    "type": ["array", "null"],
    "maxItems": 3,
    "items": obj("type", type={"type": "string", "enum": ["copy", "url", "call"]}),
    "description": "For the channel whatsapp.",
}
METADATA: Shape = {
    "type": ["object", "null"],
    "description": "Your own facts, kept with every message. `throttling` is the pace: N_sec, N_min or N_hour.",
    "example": {"throttling": "50_min"},
}
WRITTEN = {
    "channel": {"type": "string", "enum": ["sms", "whatsapp", "telegram"], "default": "sms"},
    "list_id": MAYBE_TEXT,
    "template_id": {"type": ["string", "null"], "description": "An approved template, in place of body."},
    "body": {
        "type": "string",
        "maxLength": BODY_CHARACTERS,
        "description": "May hold {{name}}, {{phone}}, {{email}}, {{custom1}}, {{custom2}} and {{custom3}}.",
    },
    "sender_id": TEXT,
    "scheduled_at": {
        "type": ["string", "null"],
        "description": "ISO 8601; without an offset by the clock of the account's time zone.",
    },
    "buttons": BUTTONS,
    "metadata": METADATA,
}
NAME: Shape = {"type": "string", "minLength": 1, "maxLength": NAME_CHARACTERS}
CREATE = obj("name", name=NAME, **WRITTEN)
CHANGE = obj(name=NAME, **WRITTEN)
MONEY = obj("eur", "mad", eur=NUMBER, mad=NUMBER)
BY_REASON: Shape = {
    "type": "object",
    "additionalProperties": WHOLE,
    "description": "By error code, such as OPTED_OUT.",
}
ROW_FIELDS = {
    "id": TEXT,
    "number": {"type": "integer", "description": "Its integer id, counted in the account."},
    "name": TEXT,
    "channel": TEXT,
    "list_id": MAYBE_TEXT,
    "template_id": MAYBE_TEXT,
    "body": MAYBE_TEXT,
    "sender_id": MAYBE_TEXT,
    "buttons": BUTTONS,
    "metadata": METADATA,
    "status": {"type": "string", "enum": list(Campaign.Status.values)},
    "reason": {"type": ["string", "null"], "description": "Why it failed: an error code."},
    "reason_detail": MAYBE_TEXT,
    "scheduled_at": MAYBE_INSTANT,
    "started_at": MAYBE_INSTANT,
    "ended_at": MAYBE_INSTANT,
    "created_at": INSTANT,
    "total_count": {
        "type": "integer",
        "description": "Recipients, skipped ones included; 0 until it is sent.",
    },
}
ROW = obj(*ROW_FIELDS, **ROW_FIELDS)
LIST = paged(ROW)
COUNTS = {
    "sent_count": {"type": "integer", "description": "Messages that carriers took."},
    **dict.fromkeys(
        ("queued", "delivered", "undeliverable", "failed", "expired", "cancelled", "pending", "skipped"),
        WHOLE,
    ),
    "skipped_by_reason": BY_REASON,
    "segments": WHOLE,
    "cost": MONEY,
    "held": {"type": "number", "description": "Still set aside, in the account's currency."},
    "charged": {"type": "number", "description": "Of messages made so far, in the account's currency."},
    "refunded": {"type": "number", "description": "Given back for messages, in the account's currency."},
    "rate": {
        "type": ["number", "null"],
        "description": "Messages per second since the start, while it runs.",
    },
    "eta": MAYBE_INSTANT,
}
DETAIL = obj(*ROW_FIELDS, *COUNTS, **ROW_FIELDS, **COUNTS)
SENT_FIELDS = {
    "id": TEXT,
    "queued": {"type": "integer", "description": "Recipients that get a message."},
    "total": {"type": "integer", "description": "Members of the list."},
    "status": TEXT,
    "number": WHOLE,
    "skipped": WHOLE,
    "preparing": {
        "type": "boolean",
        "description": "The recipients of a great list are still being counted; `queued` grows until they are.",
    },
    "segments": WHOLE,
    "cost": MONEY,
}
SENT = obj(*SENT_FIELDS, **SENT_FIELDS)
ESTIMATE_FIELDS = {
    "id": TEXT,
    "total": WHOLE,
    "recipients": WHOLE,
    "skipped": WHOLE,
    "skipped_by_reason": BY_REASON,
    "segments": WHOLE,
    "cost": MONEY,
    "balance_after": {"type": "number", "description": "In the account's currency, credit limit included."},
    "affordable": YES_NO,
    "exact": {"type": "boolean", "description": "False when only the first 20,000 members were looked at."},
}
ESTIMATE = obj(*ESTIMATE_FIELDS, **ESTIMATE_FIELDS)
RECIPIENT_FIELDS = {
    "number": WHOLE,
    "phone": TEXT,
    "status": {"type": "string", "description": "pending, skipped, or the status of the message."},
    "reason": {"type": ["string", "null"], "description": "Why it was skipped or failed: a stable code."},
    "message_id": MAYBE_TEXT,
    "segments": WHOLE,
    "variables": {"type": ["object", "null"], "additionalProperties": TEXT},
}
RECIPIENTS = paged(obj(*RECIPIENT_FIELDS, **RECIPIENT_FIELDS))
DELETED = obj("deleted", "id", deleted=YES_NO, id=TEXT)
