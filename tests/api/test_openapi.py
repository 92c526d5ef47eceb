"""The OpenAPI document is drawn from the code, and the committed one is that."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.test import Client

from config.api.openapi import as_yaml, document


def test_the_committed_document_is_the_drawn_one() -> None:
    committed = (Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_bytes()
    assert committed == as_yaml(), "draw it anew: manage.py openapi > docs/openapi.yaml"


def test_it_is_served_without_a_key(db: None, client: Client) -> None:
    assert client.get("/v1/openapi.yaml").content == as_yaml()
    assert client.get("/v1/openapi.json").json() == document()
    assert document()["openapi"] == "3.1.1"


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_every_operation_tells_its_errors_and_figures() -> None:
    for path, operations in document()["paths"].items():
        for operation in operations.values():
            answers = operation["responses"]
            assert path == "/v1/health" or {"401", "403", "429", "503"} <= set(answers), path
            for status, answer in answers.items():
                if status.startswith("2") and path != "/v1/health":
                    assert set(answer["headers"]) >= {"X-RateLimit-Limit", "X-RateLimit-Remaining"}, path


def test_the_reference_is_a_page_of_our_own_files(client: Client) -> None:
    page = client.get("/docs/reference")
    assert page.status_code == 200
    assert b"http://" not in page.content.replace(b"http://127.0.0.1", b"")
    assert b"https://" not in page.content
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe-eval" not in page["Content-Security-Policy"]


def test_the_page_of_errors_has_a_row_for_each(client: Client) -> None:
    page = client.get("/docs/errors").content.decode()
    assert 'id="insufficient_balance"' in page
    assert "<td>402</td>" in page
