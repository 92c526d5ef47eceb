"""How one operation is drawn in the OpenAPI document: its id and its group. What all share is in
openapi.py."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema

VERBS = {"partial_update": "update", "destroy": "delete"}


class Schema(AutoSchema):
    """One operation of the API."""

    def get_operation_id(self) -> str:
        """The action and the words of the path: `list_api_keys`, `get_billing_balance`."""
        action = getattr(self.view, "action", None) or self.method.lower()
        verb = VERBS.get(action, "get" if action == "retrieve" else action)
        return "_".join([verb, *self._words()]).replace("-", "_")

    def get_tags(self) -> list[str]:
        """The first word of the path."""
        return [self._words()[0]]

    def get_auth(self) -> list[Any]:
        """Nothing of its own: every operation takes a key, as the document says once."""
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Never: our lists are objects with `data`, and say so themselves."""
        return False

    def _words(self) -> list[str]:
        path = re.sub(r"^/v1", "", self.path)
        return [word for word in path.split("/") if word and not word.startswith("{")] or ["root"]
