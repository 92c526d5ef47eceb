"""Calls of `api_keys`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, TypedDict, Union

from risala.calls import OMIT, Resource
from risala.page import Page


class ApiKey(TypedDict, total=False):
    id: str
    name: str
    key_prefix: str
    mode: str
    compat: str
    permissions: Union[list[str], str]
    ip_whitelist: list[str]
    rate_limit: int
    active: Union[bool, int]
    last_used_at: Optional[str]
    expires_at: Optional[str]
    created_at: str


class NewApiKey(TypedDict, total=False):
    id: str
    name: str
    key_prefix: str
    api_key: str
    permissions: list[str]
    ip_whitelist: list[str]
    rate_limit: int
    warning: str


class ApiKeyUpdate(TypedDict, total=False):
    updated: bool
    id: str


class ApiKeyDelete(TypedDict, total=False):
    revoked: bool
    id: str


class ApiKeysCalls(Resource):
    """`client.api_keys`"""

    def create(
        self,
        *,
        name: str = OMIT,
        permissions: Sequence[str] = OMIT,
        ip_whitelist: Sequence[str] = OMIT,
        rate_limit: int = OMIT,
    ) -> NewApiKey:
        """Create an API key.

        Makes a key and returns its full text, once.
        """
        answer: NewApiKey = self._caller.call(
            "POST",
            "/v1/api-keys",
            {
                "name": name,
                "permissions": permissions,
                "ip_whitelist": ip_whitelist,
                "rate_limit": rate_limit,
            },
        )
        return answer

    def delete(self, id: str) -> ApiKeyDelete:
        """Revoke an API key.

        Ends a key for good, within five seconds.
        """
        answer: ApiKeyDelete = self._caller.call("DELETE", f"/v1/api-keys/{self._part(id)}")
        return answer

    def list(self) -> Page[ApiKey]:
        """List API keys.

        All keys, active or revoked, newest first; never a full key.
        """
        answer: Page[ApiKey] = self._caller.pages("/v1/api-keys")
        return answer

    def update(
        self,
        id: str,
        *,
        name: str = OMIT,
        permissions: Sequence[str] = OMIT,
        ip_whitelist: Sequence[str] = OMIT,
        rate_limit: int = OMIT,
        active: bool = OMIT,
    ) -> ApiKeyUpdate:
        """Change an API key.

        Changes what the body names. It acts within five seconds.
        """
        answer: ApiKeyUpdate = self._caller.call(
            "PATCH",
            f"/v1/api-keys/{self._part(id)}",
            {
                "name": name,
                "permissions": permissions,
                "ip_whitelist": ip_whitelist,
                "rate_limit": rate_limit,
                "active": active,
            },
        )
        return answer
