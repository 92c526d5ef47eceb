"""JSON bodies coming in: strict (accounts/strict_json.py), and always an object at the top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.http import HttpRequest
from rest_framework.parsers import BaseParser

from accounts.refusals import Code, Refused
from accounts.strict_json import BadJson, loads


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body of a request.

    Raises `Refused(UNSUPPORTED_MEDIA_TYPE)` if it says to be something else (saying nothing is fine),
    `Refused(INVALID_JSON)` if it is not strict JSON or no object.
    """
    check_type(request.META.get("CONTENT_TYPE", ""))
    return parse(request.body)


def check_type(content_type: str) -> None:
    """Raises `Refused(UNSUPPORTED_MEDIA_TYPE)` unless this is JSON in UTF-8, or nothing."""
    if content_type in ("", "application/json"):
        return
    kind, _, parameters = content_type.lower().partition(";")
    kind = kind.strip()
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "') or "utf-8"
    is_json = kind in ("application/json", "text/json") or (
        kind.startswith("application/") and kind.endswith("+json")
    )
    if not is_json or charset not in ("utf-8", "utf8", "us-ascii"):
        sentence = "Send the body as Content-Type: application/json, in UTF-8."
        raise Refused(Code.UNSUPPORTED_MEDIA_TYPE, sentence)


def parse(body: bytes) -> dict[str, Any]:
    """Raises `Refused(INVALID_JSON)` with the sentence that says what is wrong."""
    try:
        value = loads(body)
    except BadJson as error:
        raise Refused(Code.INVALID_JSON, str(error)) from None
    if not isinstance(value, dict):
        raise Refused(Code.INVALID_JSON, "The body must be a JSON object, such as {…}.")
    return value


class StrictJsonParser(BaseParser):
    """The same for DRF views. It takes every media type, so that the refusal is ours and says what would be
    right."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Raises as `read_json`."""
        check_type(media_type or "")
        return parse(stream.read())
