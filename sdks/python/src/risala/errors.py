"""What a call raises. Everything is a RisalaError; what the server answered is an ApiError of the kind its status says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RisalaError(Exception):
    """Anything this library raises."""


class SignatureError(RisalaError):
    """A webhook post that is not to be trusted: forged, changed, too old, or without the headers."""


class ConnectionFailedError(RisalaError):
    """No answer came. `answer_lost` is True when the request may have reached the server and been done."""

    def __init__(self, message: str, *, answer_lost: bool) -> None:
        super().__init__(message)
        self.answer_lost = answer_lost


class ApiError(RisalaError):
    """The server refused, or failed.

    `code` is the stable name (`INSUFFICIENT_BALANCE`), `status` the HTTP status, `param` the field it is about,
    `request_id` what to tell the operator, `docs` where it is explained, `retry_after_seconds` when to come again, and
    `body` the whole answer."""

    def __init__(
        self,
        *,
        status: int,
        body: Any,
        request_id: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        error = body.get("error") if isinstance(body, Mapping) else None
        told: Mapping[str, Any] = error if isinstance(error, Mapping) else {}
        self.status = status
        self.body = body
        self.code: str = str(told.get("code") or f"HTTP_{status}")
        self.message: str = str(told.get("message") or f"The server answered {status}.")
        self.docs: str | None = told.get("docs")
        self.param: str | None = told.get("param")
        self.request_id: str = str(told.get("request_id") or request_id)
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"{self.code}: {self.message}")


class InvalidRequestError(ApiError):
    """400, 405, 413, 415, 422: the request is wrong as it is."""


class AuthenticationError(ApiError):
    """401: no key, a wrong one, or one that may not be used from this address."""


class InsufficientBalanceError(ApiError):
    """402: not enough money; nothing was booked."""


class PermissionDeniedError(ApiError):
    """403: this key, account, sender or destination may not."""


class NotFoundError(ApiError):
    """404: there is no such thing, or it is not yours."""


class ConflictError(ApiError):
    """409: the state does not allow it, or the Idempotency-Key was used with another body."""


class RateLimitedError(ApiError):
    """429: too fast, or too many tries."""


class ServerError(ApiError):
    """500 and above."""


_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: AuthenticationError,
    402: InsufficientBalanceError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitedError,
}


def error_for(
    *, status: int, body: Any, request_id: str, retry_after_seconds: float | None
) -> ApiError:
    """The error of the kind that the HTTP status says."""
    kind = _BY_STATUS.get(status) or (ServerError if status >= 500 else InvalidRequestError)
    return kind(
        status=status, body=body, request_id=request_id, retry_after_seconds=retry_after_seconds
    )
