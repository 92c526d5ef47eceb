"""The shapes of answers and bodies of the accounts API, as JSON Schema for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from accounts.api.pagination import OFFSET_MOST
from accounts.keys import DEFAULT_SCOPES

Shape = dict[str, Any]


def obj(*required: str, **properties: Shape) -> Shape:
    """An object; `required` are the properties that are always there."""
    shape: Shape = {"type": "object", "properties": properties}
    if required:
        shape["required"] = list(required)
    return shape


def listed(item: Shape, **extra: Shape) -> Shape:
    """A list under `data`."""
    return obj("data", data={"type": "array", "items": item}, **extra)


def paged(item: Shape) -> Shape:
    """A page of a list (accounts/api/pagination.py)."""
    shape = listed(
        item,
        limit={"type": "integer"},
        offset={"type": "integer"},
        total={
            "type": "integer",
            "description": "All rows that match, counted to 10,000, or to just beyond this page.",
        },
        next_cursor={"type": ["string", "null"]},
        total_capped={
            "type": "boolean",
            "description": "Present and true if there are more rows than were counted.",
        },
    )
    shape["required"] = ["data", "limit", "offset", "total", "next_cursor"]
    return shape


def page_parameters(*, default: int, most: int) -> list[OpenApiParameter]:
    """The parameters of a paged list."""
    limit = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    offset = {"type": "integer", "minimum": 0, "maximum": OFFSET_MOST, "default": 0}
    return [
        OpenApiParameter("limit", limit, description="Rows of a page."),
        OpenApiParameter("offset", offset, description="Rows to skip; not together with cursor."),
        OpenApiParameter("cursor", str, description="next_cursor of the page before."),
    ]


TEXT: Shape = {"type": "string"}
TEXTS: Shape = {"type": "array", "items": TEXT}
YES_NO: Shape = {"type": "boolean"}
WHOLE: Shape = {"type": "integer"}
NUMBER: Shape = {"type": "number"}
INSTANT: Shape = {"type": "string", "format": "date-time"}
MAYBE_INSTANT: Shape = {"type": ["string", "null"], "format": "date-time"}
MAYBE_TEXT: Shape = {"type": ["string", "null"]}
MAYBE_WHOLE: Shape = {"type": ["integer", "null"]}
MODE: Shape = {"type": "string", "enum": ["live", "test"]}
SWITCH: Shape = {"type": ["boolean", "integer"], "description": "1 or 0 for keys of document A."}
LIST_OR_JSON: Shape = {
    "type": ["array", "string"],
    "items": TEXT,
    "description": "JSON text for keys of document A.",
}
RATE: Shape = {"type": "integer", "minimum": 10, "maximum": 1000, "default": 100}
SCOPES: Shape = {
    "type": "array",
    "items": {
        "type": "string",
        "enum": list(DEFAULT_SCOPES),
    },
}
ROW = obj(
    *("id", "name", "key_prefix", "mode", "compat", "permissions", "ip_whitelist", "rate_limit", "active"),
    id=TEXT,
    name=TEXT,
    key_prefix=TEXT,
    mode=MODE,
    compat=TEXT,
    permissions=LIST_OR_JSON,
    ip_whitelist=TEXTS,
    rate_limit=WHOLE,
    active=SWITCH,
    last_used_at=MAYBE_INSTANT,
    expires_at=MAYBE_INSTANT,
    created_at=INSTANT,
)
KEY_LIST = listed(ROW)
NETWORKS: Shape = {
    "type": "array",
    "maxItems": 100,
    "items": {"type": "string", "description": "An IPv4 or IPv6 address, or a CIDR network."},
}
KEY_CREATE = obj(
    name={"type": "string", "minLength": 1, "maxLength": 80, "default": "API key"},
    permissions=SCOPES,
    ip_whitelist=NETWORKS,
    rate_limit=RATE,
)
KEY_CREATED = obj(
    *("id", "name", "key_prefix", "api_key", "permissions", "ip_whitelist", "rate_limit", "warning"),
    id=TEXT,
    name=TEXT,
    key_prefix=TEXT,
    api_key={"type": "string", "description": "The full key, shown this once."},
    permissions=TEXTS,
    ip_whitelist=TEXTS,
    rate_limit=WHOLE,
    warning=TEXT,
)
KEY_UPDATE = obj(
    name={"type": "string", "minLength": 1, "maxLength": 80},
    permissions=SCOPES,
    ip_whitelist=NETWORKS,
    rate_limit={"type": "integer", "minimum": 10, "maximum": 1000},
    active=YES_NO,
)
KEY_UPDATED = obj("updated", "id", updated=YES_NO, id=TEXT)
KEY_REVOKED = obj("revoked", "id", revoked=YES_NO, id=TEXT)
