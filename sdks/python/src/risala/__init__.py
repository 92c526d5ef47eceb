"""Client of a Risala installation: SMS and WhatsApp messages, one-time codes, contacts, webhooks.

from risala import Risala

client = Risala(api_key="rsl_live_…", base_url="https://sms.example.com")
client.messages.send(to="+212612345678", message="Hello")
"""

from risala.client import Risala
from risala.errors import (
    ApiError,
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    InsufficientBalanceError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RisalaError,
    ServerError,
    SignatureError,
)
from risala.page import Page
from risala.signatures import verify_signature
from risala.version import VERSION as __version__

__all__ = [
    "ApiError",
    "AuthenticationError",
    "ConflictError",
    "ConnectionFailedError",
    "InsufficientBalanceError",
    "InvalidRequestError",
    "NotFoundError",
    "Page",
    "PermissionDeniedError",
    "RateLimitedError",
    "Risala",
    "RisalaError",
    "ServerError",
    "SignatureError",
    "__version__",
    "verify_signature",
]
