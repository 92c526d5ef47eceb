"""The shapes of the messages API, as JSON Schema for the OpenAPI document."""

from accounts.api.schemas import (
    INSTANT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    YES_NO,
    Shape,
    obj,
    paged,
)

CHANNEL: Shape = {"type": "string", "enum": ["sms", "whatsapp", "telegram"], "default": "sms"}
COST = obj("eur", "mad", eur=NUMBER, mad=NUMBER)
METADATA: Shape = {
    "type": "object",
    "additionalProperties": True,
    "description": "Kept with the message, told in webhooks.",
}
BUTTONS: Shape = {
    "type": "array",
    "maxItems": 3,
    "items": obj("type", type={"type": "string", "enum": ["copy", "url", "call"]}),
    "description": "Interactive buttons, for whatsapp.",
}
ANY_TEXT: Shape = {
    "type": "string",
    "description": "At most 1600 characters after control characters are removed.",
}
NUMBER_OR_NUMBERS: Shape = {
    "oneOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 10_000},
    ],
    "description": "E.164, or as dialled in the account's country; a list for the same text to many.",
    "example": "+212612345678",
}
TEMPLATE_ID: Shape = {
    "type": "string",
    "description": "An approved template that gives the text, in place of message. A test key may use any of its own.",
}
VARIABLES: Shape = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number"]},
    "maxProperties": 100,
    "description": "What the template's {{names}} stand for.",
    "example": {"name": "Sara"},
}
SEND = obj(
    to=NUMBER_OR_NUMBERS,
    message=ANY_TEXT,
    body=ANY_TEXT | {"description": "The same as message."},
    template_id=TEMPLATE_ID,
    variables=VARIABLES,
    **{"from": {"type": "string", "description": "Sender id; the account's default without it."}},
    channel=CHANNEL,
    cascade=YES_NO,
    metadata=METADATA,
    buttons=BUTTONS,
    scheduled_at=INSTANT,
    callback_url={"type": "string", "format": "uri", "description": "Told of this message's states."},
    truncate={"type": "boolean", "description": "Cut a longer text instead of refusing it."},
)
SENT = obj(
    *("success", "id", "message_id", "status"),
    success=YES_NO,
    id=MAYBE_TEXT,
    message_id=MAYBE_TEXT,
    to=TEXT,
    **{"from": TEXT},
    channel=TEXT,
    cascade=YES_NO,
    status=TEXT,
    cost=COST,
    segments=WHOLE,
    encoding={"type": "string", "enum": ["gsm7", "ucs2"]},
    unicode_characters=TEXTS | {"description": "The characters that made the text Unicode."},
    credits_used=WHOLE,
    credits_remaining={"type": ["integer", "null"]},
    created_at=INSTANT,
    scheduled_at=INSTANT,
    truncated=YES_NO,
    duplicate_suspected=YES_NO,
)
ITEM = obj(
    *("id", "to", "status"),
    id=MAYBE_TEXT,
    to=TEXT,
    status=TEXT,
    duplicate_suspected=YES_NO,
    error=obj(code=TEXT, message=TEXT),
)
BULK = obj(
    "messages",
    messages={
        "type": "array",
        "minItems": 1,
        "maxItems": 10_000,
        "items": obj(
            to=TEXT,
            message=ANY_TEXT,
            body=ANY_TEXT,
            variables=VARIABLES,
            metadata=METADATA,
            **{"from": TEXT},
        ),
    },
    template_id=TEMPLATE_ID,
    variables=VARIABLES | {"description": "For all items; an item's own variables go first."},
    **{"from": TEXT},
    channel=CHANNEL,
    scheduled_at=INSTANT,
    atomic={"type": "boolean", "default": False, "description": "Refuse all when one item is refused."},
)
BATCH = obj(
    *("success", "batch_id", "total", "accepted", "rejected", "estimated_cost", "messages"),
    success=YES_NO,
    batch_id=TEXT,
    id=MAYBE_TEXT,
    message_id=MAYBE_TEXT,
    total=WHOLE,
    accepted=WHOLE,
    rejected=WHOLE,
    channel=TEXT,
    status=TEXT,
    estimated_cost=COST,
    cost=COST,
    segments=WHOLE,
    credits_used=WHOLE,
    credits_remaining={"type": ["integer", "null"]},
    created_at=INSTANT,
    messages={"type": "array", "items": ITEM},
)
SENT_OR_BATCH: Shape = {"anyOf": [SENT, BATCH]}
MESSAGE = obj(
    *("id", "message_id", "to", "channel", "body", "status", "segments", "created_at"),
    id=TEXT,
    message_id=TEXT,
    account_id=TEXT,
    api_key_id=MAYBE_TEXT,
    campaign_id=MAYBE_TEXT,
    batch_id=MAYBE_TEXT,
    to=TEXT,
    **{"from": TEXT},
    sender_id=TEXT,
    channel=TEXT,
    cascade=YES_NO,
    body=TEXT,
    message=TEXT,
    status=TEXT,
    confirmed=YES_NO
    | {"description": "False while the carrier's answer is lost and no receipt has settled it."},
    error_code=MAYBE_TEXT,
    segments=WHOLE,
    encoding=TEXT,
    unicode=WHOLE,
    cost=COST,
    cost_eur=NUMBER,
    cost_mad=NUMBER,
    refunded=YES_NO | {"description": "The price went back to the balance."},
    metadata={"type": ["object", "string", "null"], "description": "JSON text for keys of document B."},
    scheduled_at=MAYBE_INSTANT,
    created_at=INSTANT,
    sent_at=MAYBE_INSTANT,
    delivered_at=MAYBE_INSTANT,
    final_at=MAYBE_INSTANT,
)
FAILURE: Shape = {
    **obj(
        *("code", "message", "advice", "retryable", "who_pays", "carrier_code"),
        code=TEXT | {"description": "A stable reason, such as UNREACHABLE."},
        message=MAYBE_TEXT
        | {"description": "The reason in the reader's language: Accept-Language, else the account's."},
        advice=MAYBE_TEXT | {"description": "What to do about it."},
        retryable={
            "type": ["boolean", "null"],
            "description": "The same message sent again later may arrive.",
        },
        who_pays=MAYBE_TEXT | {"description": "customer or nobody."},
        carrier_code=MAYBE_TEXT | {"description": "The carrier's own code."},
    ),
    "type": ["object", "null"],
}
STEP = obj("at", "event", at=INSTANT, event=TEXT)
MESSAGE_PAGE: Shape = {
    **MESSAGE,
    "properties": MESSAGE["properties"]
    | {
        "upstream_id": MAYBE_TEXT,
        "error": FAILURE,
        "timeline": {"type": "array", "items": STEP},
    },
}
MESSAGES = paged(MESSAGE)
TEMPLATE_NAME: Shape = {
    "type": "string",
    "minLength": 1,
    "maxLength": 120,
    "description": "Once per account.",
}
TEMPLATE_BODY: Shape = {
    "type": "string",
    "minLength": 1,
    "maxLength": 1600,
    "description": "Words in double braces are filled when it is sent.",
    "example": "Bonjour {{name}}, votre colis arrive {{day}}.",
}
CATEGORY: Shape = {
    "type": "string",
    "enum": ["transactional", "marketing", "otp"],
    "default": "transactional",
}
LANGUAGE: Shape = {
    "type": "string",
    "pattern": "^[a-z]{2,3}([_-][A-Za-z]{2,4})?$",
    "default": "fr",
    "description": "Of the text.",
}
TEMPLATE_STATUS: Shape = {"type": "string", "enum": ["draft", "pending", "approved", "rejected"]}
VERSION = obj(
    *("version", "status", "reason", "body", "created_at", "submitted_at", "decided_at"),
    version=WHOLE,
    status=TEMPLATE_STATUS,
    reason=MAYBE_TEXT,
    body=TEXT,
    created_at=INSTANT,
    submitted_at=MAYBE_INSTANT,
    decided_at=MAYBE_INSTANT,
)
TEMPLATE_ROW = obj(
    *("id", "name", "channel", "category", "language", "status", "version", "body", "variables"),
    *("approved_version", "approved_body", "created_at"),
    id=TEXT,
    name=TEXT,
    channel=TEXT,
    category=TEXT,
    language=TEXT,
    status=TEMPLATE_STATUS | {"description": "Of the newest version."},
    reason=MAYBE_TEXT | {"description": "Why the newest version was rejected."},
    version=WHOLE,
    body=TEXT | {"description": "The newest text."},
    variables=TEXTS,
    approved_version={"type": ["integer", "null"]},
    approved_body=MAYBE_TEXT | {"description": "The text that live keys send."},
    provider_name=MAYBE_TEXT,
    provider_language=MAYBE_TEXT,
    provider_status=MAYBE_TEXT,
    created_at=INSTANT,
    submitted_at=MAYBE_INSTANT,
    decided_at=MAYBE_INSTANT,
)
TEMPLATES = paged(TEMPLATE_ROW)
TEMPLATE: Shape = {
    **TEMPLATE_ROW,
    "properties": TEMPLATE_ROW["properties"] | {"versions": {"type": "array", "items": VERSION}},
}
TEMPLATE_CREATE = obj(
    "name",
    "body",
    name=TEMPLATE_NAME,
    body=TEMPLATE_BODY,
    channel=CHANNEL,
    category=CATEGORY,
    language=LANGUAGE,
)
TEMPLATE_CHANGE = obj(
    name=TEMPLATE_NAME,
    body=TEMPLATE_BODY,
    category={"type": "string", "enum": ["transactional", "marketing", "otp"]},
    language={"type": "string", "pattern": LANGUAGE["pattern"]},
)
TEMPLATE_DELETED = obj("deleted", "id", deleted=YES_NO, id=TEXT)
TEMPLATE_PREVIEW = obj(variables=VARIABLES)
TEMPLATE_PREVIEWED = obj(
    *("text", "missing", "characters", "too_long", "encoding", "segments", "unicode_characters"),
    text=TEXT | {"description": "Variables without a value stay as they are."},
    missing=TEXTS,
    characters=WHOLE,
    too_long=YES_NO,
    encoding={"type": "string", "enum": ["gsm7", "ucs2"]},
    segments=WHOLE,
    unicode_characters=TEXTS,
)
MAYBE_NUMBER: Shape = {"type": ["number", "null"]}
DAY: Shape = {"type": "string", "format": "date"}
COUNTS: Shape = obj(
    *("total", "delivered", "failed", "in_progress", "delivery_rate", "segments", "cost_eur", "cost_mad"),
    total=WHOLE | {"description": "Messages accepted."},
    delivered=WHOLE,
    undeliverable=WHOLE,
    failed=WHOLE,
    expired=WHOLE,
    cancelled=WHOLE,
    in_progress=WHOLE,
    delivery_rate=NUMBER | {"description": "Percent of total."},
    segments=WHOLE,
    cost_eur=NUMBER | {"description": "What was charged and not given back."},
    cost_mad=NUMBER,
    refunded_eur=NUMBER,
    refunded_mad=NUMBER,
)
FAILURE = obj(
    *("code", "total"),
    code=MAYBE_TEXT,
    total=WHOLE,
    message=MAYBE_TEXT,
    retryable={"type": ["boolean", "null"]},
    who_pays=MAYBE_TEXT,
)
ANALYTICS = obj(
    *("window_days", "summary", "channels", "daily", "latency", "failures"),
    window_days=WHOLE,
    from_date=DAY,
    to_date=DAY,
    time_zone=TEXT,
    summary=COUNTS,
    latency=obj(
        "p50_seconds",
        "p95_seconds",
        p50_seconds=MAYBE_NUMBER | {"description": "From acceptance to delivery."},
        p95_seconds=MAYBE_NUMBER,
    ),
    channels={
        "type": "array",
        "items": COUNTS | {"properties": {"channel": TEXT} | COUNTS["properties"]},
    },
    daily={"type": "array", "items": COUNTS | {"properties": {"date": DAY} | COUNTS["properties"]}},
    failures={"type": "array", "items": FAILURE},
    group_by=TEXT,
    groups={
        "type": "array",
        "items": obj("total", total=WHOLE),
        "description": "Each has the name of the dimension, and the figures of the summary.",
    },
    groups_capped=YES_NO,
)
