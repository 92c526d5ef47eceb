"""Calls of `sandbox`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import TypedDict

from risala.calls import OMIT, Resource


class SandboxInbound(TypedDict, total=False):
    accepted: bool


class SandboxCalls(Resource):
    """`client.sandbox`"""

    def inbound(self, *, from_: str, to: str, text: str, channel: str = OMIT) -> SandboxInbound:
        """Play an inbound message.

        For test keys: as if somebody wrote this to a number of the account. Keywords count,
        webhooks are told.

        Parameters:
            from_: Who writes.
            to: The number or sender id written to.
        """
        answer: SandboxInbound = self._caller.call(
            "POST",
            "/v1/sandbox/inbound",
            {"from": from_, "to": to, "text": text, "channel": channel},
        )
        return answer
