"""What the contacts tests share: accounts, and a client of the API that talks JSON through the whole door."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts import keys
from accounts.api import authentication
from accounts.models import Account
from accounts.vault import seal


class Api:
    """A client with one key of an account."""

    def __init__(self, account: Account, **key: Any) -> None:
        authentication.forget()
        self.account = account
        self.key = keys.issue(account.id, rate_per_minute=0, **key)[1]

    def send(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        status, answer, _ = self.told(method, path, body, **headers)
        return status, answer

    def told(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any, Any]:
        """Status, body and headers of an answer. `path` goes out as it is written, percent signs included."""
        data = b"" if body is None else json.dumps(body).encode()
        headers["authorization"] = f"Bearer {self.key}"
        kind = "application/json" if data else ""
        answer = Client().generic(method, f"/v1/{path}", data, content_type=kind, headers=headers)
        return answer.status_code, json.loads(answer.content), answer.headers

    def get(self, path: str) -> Any:
        status, body = self.send("GET", path)
        assert status == 200, body
        return body

    def post(self, path: str, body: object, status: int = 201) -> Any:
        given, answer = self.send("POST", path, body)
        assert given == status, answer
        return answer

    def refused(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, str, str | None]:
        status, answer = self.send(method, path, body, **headers)
        assert answer["success"] is False
        return status, answer["error"]["code"], answer["error"].get("param")

    def phones(self, query: str = "") -> list[str]:
        """The numbers that a list of contacts shows."""
        return [row["phone"] for row in self.get(f"contacts{query}")["data"]]

    def count(self, list_id: str) -> int:
        """The members of a list, as the list says."""
        (row,) = [row for row in self.get("contacts/lists")["data"] if row["id"] == list_id]
        return int(row["count"])


NewApi = Callable[..., Api]


def new_account(**more: Any) -> Account:
    return Account.objects.create(name="Librairie", language="en", callback_secret=seal("callback"), **more)


@pytest.fixture
def new_api(db: None) -> NewApi:
    """Makes a client of a new account, or of `account`: `new_api(compat="smsmaroc", mode="test")`."""

    def make(**key: Any) -> Api:
        account = key.pop("account", None) or new_account(country=key.pop("country", "MA"))
        return Api(account, **key)

    return make


@pytest.fixture
def api(new_api: NewApi) -> Api:
    return new_api()
