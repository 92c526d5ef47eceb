"""The client: holds the key and the address, makes calls, repeats what may be repeated."""

from __future__ import annotations

import json
import os
import ssl
import time
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Optional
from urllib.parse import urlencode

from risala.calls import Fields, given
from risala.errors import ApiError, RisalaError, error_for
from risala.page import Page
from risala.patience import pause_seconds, worth_repeating
from risala.resources import Resources
from risala.version import VERSION
from risala.wire import HttpTransport, Request, Response, Transport

LONGEST_WAIT_SECONDS = 60.0


class Risala(Resources):
    """A client of one API key. It may be shared between threads.

    Parameters: `api_key` and `base_url` (default: the environment's RISALA_API_KEY and RISALA_BASE_URL);
    `timeout_seconds` for connecting and for each wait; `retries` how often a call is made again at most;
    `longest_wait_seconds` a longer Retry-After is not waited for, the error is raised; `tls` and `transport` for
    certificates, and for another way to the server. Raises ValueError for a missing key or address."""

    def __init__(
        self,
        api_key: Optional[str] = None,
        base_url: Optional[str] = None,
        *,
        timeout_seconds: float = 30.0,
        retries: int = 3,
        longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
        tls: Optional[ssl.SSLContext] = None,
        transport: Optional[Transport] = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        key = api_key or os.environ.get("RISALA_API_KEY", "")
        address = base_url or os.environ.get("RISALA_BASE_URL", "")
        if not key or not address:
            raise ValueError("api_key and base_url are needed")
        root = address.rstrip("/")
        root = root[: -len("/v1")] if root.endswith("/v1") else root
        self._key, self._retries, self._sleep = key, retries, sleep
        self._longest_wait_seconds = longest_wait_seconds
        self._transport = transport or HttpTransport(root, timeout_seconds=timeout_seconds, tls=tls)
        super().__init__(self)

    def call(
        self,
        method: str,
        path: str,
        fields: Optional[Fields] = None,
        *,
        keyed: bool = False,
        idempotency_key: Optional[str] = None,
    ) -> Any:
        """Any call of the API, also one this library has no method for.

        `fields` go into the query of a GET, else into the JSON body. `keyed`: the call takes an Idempotency-Key; one is
        made when none is given. Returns the answer's JSON (bytes for another type). Raises RisalaError."""
        key = (idempotency_key or str(uuid.uuid4())) if keyed else None
        return self._patiently(self._request(method, path, given(fields), key))

    def pages(self, path: str, fields: Optional[Fields] = None) -> Page[Any]:
        """The first page of a list. Raises RisalaError."""
        wanted = given(fields)
        return Page(self, path, wanted, self.call("GET", path, wanted))

    def _request(
        self, method: str, path: str, fields: Mapping[str, Any], key: Optional[str]
    ) -> Request:
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Accept": "application/json",
            "User-Agent": f"risala-python/{VERSION}",
        }
        body: Optional[bytes] = None
        if method == "GET":
            query = urlencode({name: _in_query(value) for name, value in fields.items()})
            path += f"?{query}" if query else ""
        elif fields:
            headers["Content-Type"] = "application/json"
            body = json.dumps(fields, default=_as_json).encode()
        if key:
            headers["Idempotency-Key"] = key
        return Request(method, path, headers, body, repeatable=method == "GET" or key is not None)

    def _patiently(self, request: Request) -> Any:
        attempt = 0
        while True:
            try:
                return _answer(self._transport.send(request))
            except RisalaError as error:
                again = attempt < self._retries
                if not again or not worth_repeating(error, repeatable=request.repeatable):
                    raise
                pause = pause_seconds(error, attempt=attempt)
                if pause > self._longest_wait_seconds:
                    raise
            self._sleep(pause)
            attempt += 1


def _in_query(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _as_json(value: Any) -> Any:
    """What json does not know: a Decimal as the number it is, a datetime in ISO 8601. Raises TypeError for others."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _answer(response: Response) -> Any:
    """What a response holds. Raises ApiError when it is a refusal."""
    body: Any = response.body
    if "json" in response.headers.get("content-type", ""):
        try:
            body = json.loads(response.body, parse_float=Decimal)
        except ValueError:
            body = None
    if 200 <= response.status < 300 and body is not None:
        return body
    raise _refusal(response, body)


def _refusal(response: Response, body: Any) -> ApiError:
    told = response.headers.get("retry-after", "")
    return error_for(
        status=response.status,
        body=body,
        request_id=response.headers.get("x-request-id", ""),
        retry_after_seconds=float(told) if told.isdigit() else None,
    )
