"""JSON going out: UTF-8, amounts as trimmed numbers, instants as ISO 8601 in UTC with milliseconds and Z."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

CONTENT_TYPE = "application/json; charset=utf-8"
OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def number(amount: Decimal) -> int | float:
    """An exact amount as the shortest JSON number that reads back the same: 2.00 is 2, 0.2200 is 0.22. Exact
    up to fifteen significant digits, which is a hundred thousand million with four places."""
    whole = int(amount)
    return whole if amount == whole else float(amount)


def instant(moment: datetime) -> str:
    """`2026-04-30T10:30:00.000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def encode(data: object) -> bytes:
    """The bytes of an answer. Raises TypeError for what JSON has no form for."""
    try:
        return orjson.dumps(data, default=_plain, option=OPTIONS)
    except orjson.JSONEncodeError:
        # Integers beyond 64 bits, which a customer's metadata may hold.
        return json.dumps(data, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def answer(data: object, status: int = 200) -> HttpResponse:
    """A JSON answer for plain views."""
    return HttpResponse(encode(data), status=status, content_type=CONTENT_TYPE)


class JsonRenderer(BaseRenderer):
    """The same for DRF views."""

    media_type = "application/json"
    format = "json"
    charset = "utf-8"
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else encode(data)


class AlwaysJson(BaseContentNegotiation):
    """The API speaks JSON whatever a client says to accept: never HTML, never 406."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next(iter(parsers), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (UUID, date, Promise)):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
