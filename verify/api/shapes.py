"""The shapes of the verify API, as JSON Schema for the OpenAPI document."""

from __future__ import annotations

from accounts.api.schemas import INSTANT, MAYBE_INSTANT, MAYBE_TEXT, TEXT, WHOLE, YES_NO, Shape, obj
from verify.wording import LANGUAGES

CHANNEL: Shape = {"type": "string", "enum": ["sms", "whatsapp", "telegram"], "default": "sms"}
SEND = obj(
    "to",
    to={"type": "string", "example": "+212612345678"},
    channel=CHANNEL,
    code_length={"type": "integer", "minimum": 4, "maximum": 8, "default": 6},
    expiry={"type": "integer", "minimum": 60, "maximum": 1800, "default": 600, "description": "Seconds."},
    brand={"type": "string", "maxLength": 32, "description": "Shown in the text."},
    template={
        "type": "string",
        "maxLength": 1000,
        "description": "Text with {{code}} and, if wanted, {{brand}}; a sentence of ours without it.",
    },
    language={
        "type": "string",
        "enum": list(LANGUAGES),
        "description": "Of our sentence; the account's without it.",
    },
    domain={
        "type": "string",
        "description": "Your site's host name: browsers there offer to fill the code in.",
    },
    otp_button_text={"type": "string", "maxLength": 25, "description": "What WhatsApp's copy button says."},
    end_user_ip={
        "type": "string",
        "description": "Address of the person who waits for the code; limits abuse.",
    },
)
SENT = obj(
    *("session_id", "message_id", "to", "channel", "expires_at", "status"),
    session_id=TEXT,
    message_id=TEXT,
    to=TEXT,
    channel=TEXT,
    expires_at=INSTANT,
    status={"type": "string", "const": "sent"},
    sandbox_code={"type": "string", "description": "Test keys only."},
)
CHECK = obj("session_id", "code", session_id=TEXT, code={"type": "string", "maxLength": 32})
CHECKED = obj(
    *("session_id", "verified", "verified_at"),
    session_id=TEXT,
    verified={"type": "boolean", "const": True},
    verified_at=INSTANT,
)
SESSION = obj(
    *("id", "to", "channel", "status", "expires_at", "verified_at", "created_at"),
    id=TEXT,
    session_id=TEXT,
    message_id=TEXT,
    to=TEXT,
    channel=TEXT,
    status={"type": "string", "enum": ["pending", "verified", "failed", "expired"]},
    attempts=WHOLE,
    max_attempts=WHOLE,
    expires_at=INSTANT,
    verified_at=MAYBE_INSTANT,
    created_at=INSTANT,
)
LOOKUP = obj(
    "number",
    number={"type": "string", "example": "+212612345678"},
    country_code={
        "type": "string",
        "description": "ISO 3166-1 alpha-2, for numbers in local form; the account's country without it.",
    },
)
DESCRIBED = obj(
    *("valid", "number", "country_code", "carrier", "line_type", "ported"),
    valid=YES_NO,
    number=TEXT | {"description": "Without plus."},
    local_format=MAYBE_TEXT,
    international_format=MAYBE_TEXT,
    country_prefix=MAYBE_TEXT,
    country_code=MAYBE_TEXT,
    country_name=MAYBE_TEXT,
    location={"type": ["string", "null"], "description": "Always null: numbers carry no reliable place."},
    carrier=MAYBE_TEXT
    | {"description": "To whom the range was allocated; a ported number may be elsewhere."},
    line_type=TEXT,
    ported={"type": "string", "const": "unknown"},
)
