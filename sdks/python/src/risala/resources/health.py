"""Calls of `health`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import Any, TypedDict

from risala.calls import Resource


class Health(TypedDict, total=False):
    status: str
    service: str
    version: str
    time: str
    database: str
    redis: str
    queue: dict[str, Any]


class HealthCalls(Resource):
    """`client.health`"""

    def get(self) -> Health:
        """Health check."""
        answer: Health = self._caller.call("GET", "/v1/health")
        return answer
