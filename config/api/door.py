"""The door of the API: the first middleware. Machine paths take a short way of their own, without sessions,
CSRF, languages and the other manners of pages; every answer leaves it as JSON, with its id, version, CORS and
rate headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import Any

import structlog
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, get_resolver
from uuid_utils import uuid7

from accounts.api import authentication, throttling
from accounts.api.rendering import CONTENT_TYPE
from accounts.api.visit import Visit, visit
from accounts.refusals import Code, Refused
from billing.api.speed import rate_per_second
from config.api import health, metrics
from config.api.deadline import within_deadline
from config.api.errors import envelope, translate
from config.api.outage import outage

log = structlog.get_logger(__name__)

ROOTS = ("/v1/", "/api/", "/callbacks/")
KEYED = ("/v1", "/api/")
SINGLES = frozenset({"/v1", "/api", "/api/v1", "/api/sms", "/health", "/livez", "/readyz", "/metrics"})
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
BULK_PATHS = frozenset({"/v1/messages/bulk", "/v1/contacts/import", "/api/sms/send-bulk"})
MOST_PATHS = 1_000
PREFLIGHT_SECONDS = 86_400
VERSION_HEADERS = {"smsmaroc": "X-SMSMaroc-Version", "envoisms": "X-EnvoiSMS.ma-Version"}
"""Documents A and B name the header; their clients get it under that name beside the brand of the house."""
DOCUMENTED_HEADERS = (
    *VERSION_HEADERS.values(),
    *(name.replace("Version", "Signature") for name in VERSION_HEADERS.values()),
)
"""What the same documents let a browser send. A preflight has no key, so that all are allowed to everybody."""


class ApiDoor:
    """Answers API paths itself and passes all others on to the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.pages = get_response
        self.version = f"X-{settings.BRAND_HEADER}-Version"
        self.allow_headers = ", ".join(
            [
                "content-type",
                "authorization",
                "x-api-key",
                "idempotency-key",
                "x-request-id",
                f"X-{settings.BRAND_HEADER}-Signature",
                self.version,
                *DOCUMENTED_HEADERS,
            ]
        )
        self.expose_headers = ", ".join(
            [
                "X-RateLimit-Limit",
                "X-RateLimit-Remaining",
                "X-RateLimit-Reset",
                "Retry-After",
                "X-Request-Id",
                "Idempotent-Replayed",
                self.version,
                *VERSION_HEADERS.values(),
            ]
        )
        self._matches: dict[str, ResolverMatch] = {}
        authentication.use_plan_rates(rate_per_second)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not (path.startswith(ROOTS) or path.rstrip("/") in SINGLES):
            return self.pages(request)
        seen = visit(request)
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        seen.request_id = given if REQUEST_ID.fullmatch(given) else uuid7().hex
        with metrics.measured(request) as figures:
            response = self._answer(request, path)
            figures.status = response.status_code
        self._finish(request, response, seen)
        return response

    def _answer(self, request: HttpRequest, path: str) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return self._preflight()
        try:
            match = self._resolve(path)
            request.resolver_match = match
            if path.startswith(ROOTS) and match.func is not health.health:
                outage.check()
            self._read_body(request, path)
            with within_deadline():
                response: Any = match.func(request, *match.args, **match.kwargs)
                if callable(getattr(response, "render", None)):
                    response = response.render()
            if response.status_code < 500 and (path.startswith("/callbacks/") or visit(request).caller):
                outage.over()
        except Exception as error:  # noqa: BLE001 - the last line: what passes here would be an HTML page
            return self._refuse(request, error)
        answer: HttpResponseBase = response
        return answer

    def _refuse(self, request: HttpRequest, error: Exception) -> HttpResponse:
        refused = translate(error)
        seen = visit(request)
        early = isinstance(error, Refused) and error.code is not Code.SERVICE_UNAVAILABLE
        if early and seen.rate is None and request.path_info.startswith(KEYED):
            # Refused before anyone asked for the key: its dialect and its figures still go on the answer.
            with suppress(Refused, Error):
                authentication.admit(request)
        if refused is None:
            log.exception("request_failed", request_id=seen.request_id, path=request.path_info)
            refused = Refused(Code.INTERNAL_ERROR)
        elif refused.code is Code.SERVICE_UNAVAILABLE:
            log.warning(
                "request_unavailable", request_id=seen.request_id, path=request.path_info, reason=str(error)
            )
        return envelope(refused, request)

    def _resolve(self, path: str) -> ResolverMatch:
        """The view of a path, with or without a slash at its end."""
        path = path.rstrip("/")
        kept = self._matches.get(path)
        if kept is not None:
            return kept
        try:
            match = get_resolver("config.api.urls").resolve(path)
        except Resolver404:
            raise Refused(Code.NOT_FOUND, "There is no such address.") from None
        if not match.kwargs and len(self._matches) < MOST_PATHS:
            self._matches[path] = match
        return match

    def _read_body(self, request: HttpRequest, path: str) -> None:
        """Refuse a body that is too large before reading it; read one of unknown length only as far as is
        allowed. It is read here, so that a slow upload holds no database connection; for a large one a key
        must at least be shown.

        Raises `Refused(PAYLOAD_TOO_LARGE)`, `KeyRefused`.
        """
        meta = request.META
        length = meta.get("CONTENT_LENGTH")
        most = settings.MAX_BULK_BODY_BYTES if path.rstrip("/") in BULK_PATHS else settings.MAX_BODY_BYTES
        too_large = Refused(Code.PAYLOAD_TOO_LARGE, f"The body may have {most:,} bytes here.")
        if length:
            if int(length) > most:
                raise too_large
            if int(length) > settings.MAX_BODY_BYTES:
                authentication.key_text(request)
            _ = request.body
        elif "chunked" in meta.get("HTTP_TRANSFER_ENCODING", "").lower():
            if most > settings.MAX_BODY_BYTES:
                authentication.key_text(request)
            body = meta["wsgi.input"].read(most + 1)
            if len(body) > most:
                raise too_large
            meta["CONTENT_LENGTH"] = str(len(body))
            request._stream = BytesIO(body)

    def _preflight(self) -> HttpResponse:
        response = HttpResponse(status=204)
        del response["Content-Type"]
        response["Access-Control-Allow-Methods"] = "GET, POST, PATCH, PUT, DELETE, OPTIONS"
        response["Access-Control-Allow-Headers"] = self.allow_headers
        response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
        return response

    def _finish(self, request: HttpRequest, response: HttpResponseBase, seen: Visit) -> None:
        response._has_been_logged = True  # type: ignore[attr-defined]  # A client's mistake is no news of ours.
        headers = response.headers
        headers["X-Request-Id"] = seen.request_id
        headers[self.version] = settings.API_VERSION
        if seen.compat in VERSION_HEADERS:
            headers[VERSION_HEADERS[seen.compat]] = settings.API_VERSION
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = self.expose_headers
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Cache-Control", "no-store")
        if isinstance(response, HttpResponse):
            headers.setdefault("Content-Length", str(len(response.content)))  # else it goes out in chunks
        if headers.get("Content-Type") == "application/json":
            headers["Content-Type"] = CONTENT_TYPE
        if request.path_info.startswith(KEYED):
            rate = seen.rate or throttling.take_address(seen.ip)
            headers["X-RateLimit-Limit"] = str(rate.limit)
            headers["X-RateLimit-Remaining"] = str(rate.remaining)
            headers["X-RateLimit-Reset"] = str(rate.reset_seconds)
        if seen.caller is not None and authentication.use_is_due(seen.caller):
            response._resource_closers.append(partial(authentication.note_use, seen.caller))  # type: ignore[attr-defined]
