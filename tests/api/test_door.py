"""Whatever is asked of a machine address, the answer is the JSON of the API with its headers, never a
page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, cast

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path
from pytest_django.fixtures import Settings

from accounts.api.lean import by_method, lean
from config.api import urls
from config.api.deadline import within_deadline
from tests.api.conftest import Caller, error_of

Make = Callable[..., Caller]
JSON = "application/json; charset=utf-8"


def _breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def _unavailable(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection")


@pytest.fixture
def with_views(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two views that fail, beside the real ones."""
    monkeypatch.setattr(
        urls,
        "urlpatterns",
        [path("v1/breaks", _breaks), path("v1/unavailable", _unavailable), *urls.urlpatterns],
    )
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


@pytest.mark.parametrize("address", ["/v1", "/v1/", "/v1/nothing", "/v1/messages/x/y/z", "/callbacks/none"])
def test_an_unknown_address_is_404_in_json(db: None, client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, JSON)
    assert error_of(answer)["code"] == "NOT_FOUND"


@pytest.mark.parametrize("address", ["/v1/balance", "/health"])
def test_a_wrong_method_is_405_and_says_which_are_right(caller: Make, address: str) -> None:
    answer = caller().send("PUT", address)
    assert (answer.status_code, error_of(answer)["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "GET" in answer["Allow"]


def test_a_slash_at_the_end_is_no_matter(caller: Make) -> None:
    assert caller().get("/v1/balance/").status_code == 200


def test_head_is_get_without_a_body(caller: Make) -> None:
    answer = caller().send("HEAD", "/v1/balance")
    assert (answer.status_code, answer.content) == (200, b"")


def test_any_accept_gets_json(caller: Make) -> None:
    answer = caller().get("/v1/balance", accept="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (200, JSON)


@pytest.mark.parametrize(
    ("given", "kept"), [("my-id_1.2", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("", False)]
)
def test_a_request_has_an_id(client: Client, given: str, kept: bool) -> None:
    answer = client.get("/livez", headers={"x-request-id": given})
    assert (answer["X-Request-Id"] == given) is kept
    assert answer["X-Request-Id"]


def test_the_version_is_on_every_answer(client: Client, settings: Settings) -> None:
    assert client.get("/livez")["X-Risala-Version"] == "1.0"


def test_browsers_may_ask_from_anywhere(client: Client) -> None:
    answer = client.options("/v1/messages", headers={"origin": "https://shop.example"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    allowed = {name.strip().lower() for name in answer["Access-Control-Allow-Headers"].split(",")}
    assert {
        *("content-type", "authorization", "x-api-key", "idempotency-key"),
        *("x-risala-signature", "x-risala-version"),
    } <= allowed
    assert {"GET", "POST", "PATCH", "DELETE"} <= set(answer["Access-Control-Allow-Methods"].split(", "))


def test_browsers_may_read_the_figures(caller: Make) -> None:
    answer = caller().get("/v1/balance")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "X-RateLimit-Remaining" in answer["Access-Control-Expose-Headers"]


def test_no_cookie_and_no_page_policy_on_the_api(caller: Make) -> None:
    answer = caller().get("/v1/balance")
    assert not answer.cookies
    assert "Content-Security-Policy" not in answer


def test_a_body_too_large_is_413_before_it_is_read(caller: Make, settings: Settings) -> None:
    settings.MAX_BODY_BYTES = 20
    asking = caller()
    answer = asking.send("POST", "/v1/api-keys", {"name": "much too long for that"})
    assert (answer.status_code, error_of(answer)["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_the_two_doors_for_many_rows_take_more(caller: Make, settings: Settings) -> None:
    settings.MAX_BODY_BYTES = 20
    answer = caller().send("POST", "/v1/messages/bulk", {"messages": "x" * 100})
    assert answer.status_code != 413


def test_a_chunked_body_is_read_and_bounded(caller: Make, settings: Settings) -> None:
    asking = caller()

    def chunked(body: bytes) -> Any:
        return asking.client.generic(
            "POST",
            "/v1/api-keys",
            headers={"x-api-key": asking.key, "transfer-encoding": "chunked"},
            **cast(
                Any, {"CONTENT_LENGTH": "", "CONTENT_TYPE": "application/json", "wsgi.input": BytesIO(body)}
            ),
        )

    assert chunked(b'{"name":"in chunks"}').status_code == 201
    settings.MAX_BODY_BYTES = 10
    assert chunked(b'{"name":"in chunks"}').status_code == 413


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]
)
def test_what_is_not_json_is_415(caller: Make, content_type: str) -> None:
    asking = caller()
    answer = asking.client.generic(
        "POST", "/v1/api-keys", b"name=x", content_type=content_type, headers={"x-api-key": asking.key}
    )
    assert (answer.status_code, error_of(answer)["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "application/json; charset=UTF-8", "text/json"]
)
def test_json_may_be_named_or_not(caller: Make, content_type: str) -> None:
    asking = caller()
    answer = asking.client.generic(
        "POST", "/v1/api-keys", b"{}", content_type=content_type, headers={"x-api-key": asking.key}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"{", b'{"a":NaN}', b'{"a":1,"a":2}', b"\xff"])
def test_what_is_no_json_object_is_400(caller: Make, body: bytes) -> None:
    asking = caller()
    answer = asking.client.generic(
        "POST", "/v1/api-keys", body, content_type="application/json", headers={"x-api-key": asking.key}
    )
    assert (answer.status_code, error_of(answer)["code"]) == (400, "INVALID_JSON")


def test_a_fault_of_ours_is_500_in_json_and_tells_nothing(with_views: None, db: None, client: Client) -> None:
    answer = client.get("/v1/breaks")
    assert (answer.status_code, answer["Content-Type"], error_of(answer)["code"]) == (
        500,
        JSON,
        "INTERNAL_ERROR",
    )
    assert b"secret" not in answer.content


def test_a_database_in_trouble_is_503_with_retry_after(with_views: None, db: None, client: Client) -> None:
    answer = client.get("/v1/unavailable")
    assert (answer.status_code, error_of(answer)["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert answer["Retry-After"] == "5"


def test_health_is_document_as(db: None, client: Client) -> None:
    facts = client.get("/health").json()
    assert facts["status"] == "ok"
    assert facts["service"] == "risala-api"
    assert facts["version"] == "1.0.0"
    assert len(facts["time"]) == len("2026-04-30T10:30:00.000Z")
    assert facts["time"].endswith("Z")
    assert (facts["database"], facts["redis"]) == ("ok", "ok")
    assert set(facts["queue"]) == {"ready", "uncertain", "oldest_seconds"}


@pytest.mark.parametrize(("address", "status"), [("/livez", 200), ("/readyz", 200), ("/v1/health", 200)])
def test_probes_answer(db: None, client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_metrics_are_for_the_machine_or_a_token(db: None, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "letmein"
    assert b"risala_queue_ready" in client.get("/metrics").content
    assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="198.51.100.1").status_code == 404
    allowed = client.get("/metrics", REMOTE_ADDR="198.51.100.1", headers={"authorization": "Bearer letmein"})
    assert allowed.status_code == 200


def test_a_plain_view_serves_beside_a_viewset() -> None:
    def slow(request: HttpRequest) -> HttpResponse:
        return HttpResponse("slow")

    def fast(request: HttpRequest) -> HttpResponse:
        return HttpResponse("fast")

    both = lean(slow, post=fast)
    asked = HttpRequest()
    asked.method = "POST"
    assert list(both(asked)) == [b"fast"]
    asked.method = "GET"
    assert list(both(asked)) == [b"slow"]
    assert list(by_method(get=slow)(asked)) == [b"slow"]


@pytest.mark.django_db
def test_a_wait_for_the_database_is_cut(settings: Settings) -> None:
    settings.STATEMENT_TIMEOUT_SECONDS = 0
    outcome: list[object] = []

    def wait() -> None:
        began = time.monotonic()
        try:
            with within_deadline(), connection.cursor() as cursor:
                cursor.execute(
                    "SET client_connection_check_interval = '100ms'"
                )  # so that the server notices too
                cursor.execute("SELECT pg_sleep(30)")
        except OperationalError:
            outcome.append(time.monotonic() - began)
        finally:
            connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join(10)
    assert len(outcome) == 1
    assert isinstance(outcome[0], float)
    assert outcome[0] < 5
