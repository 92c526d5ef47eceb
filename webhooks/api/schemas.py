"""The shapes of answers and bodies of the webhooks API, as JSON Schema for the OpenAPI document."""

from accounts.api.schemas import (
    INSTANT,
    LIST_OR_JSON,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    MAYBE_WHOLE,
    SWITCH,
    TEXT,
    TEXTS,
    WHOLE,
    YES_NO,
    Shape,
    listed,
    obj,
    paged,
)
from webhooks.event_names import SUBSCRIBABLE
from webhooks.signing import MIN_SECRET_CHARACTERS, PROFILES

EVENTS: Shape = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": sorted(SUBSCRIBABLE)}}
PROFILE: Shape = {"type": "string", "enum": list(PROFILES)}
URL: Shape = {"type": "string", "maxLength": 2048, "examples": ["https://example.com/webhook"]}
SECRET: Shape = {"type": "string", "minLength": MIN_SECRET_CHARACTERS, "maxLength": 256}

ENDPOINT = obj(
    *("id", "url", "events", "profile", "active", "last_triggered_at", "last_status", "created_at"),
    id=TEXT,
    url=TEXT,
    events=LIST_OR_JSON,
    profile=PROFILE,
    active=SWITCH,
    disabled_reason=MAYBE_TEXT,
    failing_since=MAYBE_INSTANT,
    last_triggered_at=MAYBE_INSTANT,
    last_status=MAYBE_WHOLE,
    created_at=INSTANT,
)
ENDPOINT_LIST = listed(ENDPOINT)
ENDPOINT_CREATE = obj("url", url=URL, events=EVENTS, secret=SECRET, profile=PROFILE, active=YES_NO)
ENDPOINT_CREATED = obj(
    *("id", "url", "events", "secret", "active", "profile", "created_at"),
    id=TEXT,
    url=TEXT,
    events=TEXTS,
    secret={"type": "string", "description": "Shown this once."},
    active=YES_NO,
    profile=PROFILE,
    created_at=INSTANT,
)
ENDPOINT_UPDATE = obj(url=URL, events=EVENTS, profile=PROFILE, active=YES_NO)
ENDPOINT_UPDATED = obj("updated", "id", updated=YES_NO, id=TEXT)
ENDPOINT_DELETED = obj("deleted", "id", deleted=YES_NO, id=TEXT)
TEST_QUEUED = obj("queued", "id", "event_id", queued=YES_NO, id=TEXT, event_id=TEXT)
ROTATE = obj(secret=SECRET)
ROTATED = obj("id", "secret", "former_valid_until", id=TEXT, secret=TEXT, former_valid_until=INSTANT)

DELIVERY = obj(
    *("event_id", "event", "message_id", "state", "attempts", "next_at", "last_status", "last_error"),
    event_id={"type": "string", "description": "The value of the header webhook-id."},
    event=TEXT,
    message_id=MAYBE_TEXT,
    state={"type": "string", "enum": ["pending", "done", "dead"]},
    attempts=WHOLE,
    next_at=MAYBE_INSTANT,
    last_status=MAYBE_WHOLE,
    last_error=MAYBE_TEXT,
    created_at=INSTANT,
    done_at=MAYBE_INSTANT,
)
DELIVERY_PAGE = paged(DELIVERY)
ATTEMPT = obj(
    *("number", "started_at", "latency_ms", "status", "error", "answer"),
    number=WHOLE,
    started_at=INSTANT,
    latency_ms=WHOLE,
    status=MAYBE_WHOLE,
    error=MAYBE_TEXT,
    answer={"type": "string", "description": "The beginning of the receiver's answer, 1 kB at most."},
)
DELIVERY_DETAIL = obj(
    *DELIVERY["required"],
    "attempt_log",
    **DELIVERY["properties"],
    attempt_log={"type": "array", "items": ATTEMPT},
)
REPLAY = obj("since", since={"type": "string", "format": "date-time"})
REPLAYED = obj(
    *("queued", "id", "next_since"),
    queued={"type": "integer", "description": "How many events are posted again."},
    id=TEXT,
    next_since={
        "type": ["string", "null"],
        "format": "date-time",
        "description": "Where to go on, if there were more than ten thousand.",
    },
)
REPLAYED_ONE = obj("queued", "id", "event_id", queued=YES_NO, id=TEXT, event_id=TEXT)
