"""A client of the API with one key, for tests."""

import json
from typing import Any

from django.test import Client

from accounts import keys
from accounts.api import authentication
from tests.webhooks.conftest import Customer

URL = "https://mon-serveur.ma/api/receiver"


class Api:
    """A client of the API with one key of a customer."""

    def __init__(self, customer: Customer, **key: Any) -> None:
        authentication.forget()
        self.key = keys.issue(customer.account, rate_per_minute=0, **key)[1]

    def send(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        data = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.key}"}
        kind = "application/json" if data else ""
        answer = Client().generic(method, f"/v1/{path}", data, content_type=kind, headers=headers)
        return answer.status_code, json.loads(answer.content)

    def get(self, path: str) -> Any:
        status, body = self.send("GET", path)
        assert status == 200, body
        return body

    def make(self, **body: object) -> Any:
        status, made = self.send("POST", "webhooks", {"url": URL} | body)
        assert status == 201, made
        return made

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, str, str | None]:
        status, answer = self.send(method, path, body)
        assert answer["success"] is False
        return status, answer["error"]["code"], answer["error"].get("param")
