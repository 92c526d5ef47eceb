"""The OpenAPI 3.1 document: drawn from the code by drf-spectacular, then given what every operation shares:
keys, rate headers, errors. `python -m config.api.openapi` writes it out; `docs/openapi.yaml` is that, and a
test compares them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from accounts.api.lean import by_method
from accounts.refusals import Code
from config.api.errors import TABLE, sentence

Document = dict[str, Any]
DESCRIPTION = """\
Every answer is JSON. Send your API key as `Authorization: Bearer <key>` or `X-API-Key: <key>`.

Test keys (`…_test_…`) go to a simulator and cost nothing. Every answer carries `X-RateLimit-Limit`,
`X-RateLimit-Remaining` and `X-RateLimit-Reset` (seconds); a refusal for speed is `429` and overload
is `503`, both with `Retry-After`. Errors have one form, and `error.code` is stable."""
RATE_HEADERS = {
    "X-RateLimit-Limit": "Requests that the tighter of the key's limits allows (per minute or per second).",
    "X-RateLimit-Remaining": "Requests left of it.",
    "X-RateLimit-Reset": "Seconds until it is whole again.",
}
ALWAYS = (400, 401, 403, 404, 429, 500, 503)
WITH_BODY = (402, 409, 413, 415, 422)
HEALTH: Document = {
    "get": {
        "operationId": "get_health",
        "summary": "Health check",
        "tags": ["health"],
        "security": [],
        "responses": {
            "200": {
                "description": "The service is well; `degraded` without Redis.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["status", "service", "version", "time"],
                            "properties": {
                                "status": {"type": "string", "enum": ["ok", "degraded"]},
                                "service": {"type": "string"},
                                "version": {"type": "string"},
                                "time": {"type": "string", "format": "date-time"},
                                "database": {"type": "string"},
                                "redis": {"type": "string"},
                                "queue": {"type": "object"},
                            },
                        }
                    }
                },
            }
        },
    }
}


@cache
def document() -> Document:
    """The whole document. Treat it as read-only: it is made once."""
    generator = SchemaGenerator(urlconf="config.api.urls")  # type: ignore[no-untyped-call]
    drawn = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    document: Document = json.loads(json.dumps(drawn))
    document["info"] = {
        "title": f"{settings.BRAND_NAME} API",
        "version": settings.SERVICE_VERSION,
        "description": DESCRIPTION,
    }
    document["servers"] = [{"url": "/"}]
    document["paths"]["/v1/health"] = json.loads(json.dumps(HEALTH))
    document["paths"] = dict(sorted(document["paths"].items()))
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    document["security"] = [{"bearer": []}, {"apiKey": []}]
    parts["headers"] = {name: _header(text) for name, text in RATE_HEADERS.items()}
    parts["headers"]["Retry-After"] = _header("Seconds to wait before asking again.")
    parts.setdefault("schemas", {})["Error"] = _error_shape()
    parts["responses"] = {f"Error{status}": _error(status) for status in sorted({*ALWAYS, *WITH_BODY})}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path != "/v1/health":
                _share(method, operation)
    return document


def as_yaml() -> bytes:
    """The document in YAML."""
    text: bytes = OpenApiYamlRenderer().render(document(), renderer_context={})  # type: ignore[no-untyped-call]
    return text


def _share(method: str, operation: Document) -> None:
    """Give an operation the errors and headers that all have."""
    operation.pop("security", None)
    answers = operation["responses"]
    for answer in answers.values():
        answer.setdefault("headers", {}).update(_rate_references())
        answer["description"] = answer.get("description") or operation.get("summary", "")
    for status in (*ALWAYS, *(WITH_BODY if method in ("post", "patch", "put", "delete") else ())):
        answers.setdefault(str(status), {"$ref": f"#/components/responses/Error{status}"})
    operation["responses"] = dict(sorted(answers.items()))


def _header(description: str) -> Document:
    return {"description": description, "schema": {"type": "integer"}}


def _rate_references() -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in RATE_HEADERS}


def _error(status: int) -> Document:
    codes = [code for code, meaning in TABLE.items() if meaning.status == status]
    headers = _rate_references()
    if status in (409, 429, 503):
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    return {
        "description": ", ".join(codes),
        "headers": headers,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Error"},
                "examples": {code.value: {"value": _example(code)} for code in codes},
            }
        },
    }


def _example(code: Code) -> Document:
    return {
        "success": False,
        "error": {
            "code": code.value,
            "message": sentence(code, "en"),
            "docs": f"https://example.com/docs/errors#{code.value.lower()}",
            "request_id": "0198a1b2c3d47e5f8a9b0c1d2e3f4a5b",
        },
    }


def _error_shape() -> Document:
    text = {"type": "string"}
    error = {
        "type": "object",
        "required": ["code", "message", "docs", "request_id"],
        "properties": {
            "code": {"type": "string", "description": "Stable. Keys of document C get its lower-case names."},
            "message": text,
            "docs": text,
            "param": {"type": "string", "description": "The field at fault, such as `messages[3].to`."},
            "request_id": text,
        },
    }
    return {
        "type": "object",
        "required": ["success", "error"],
        "properties": {"success": {"type": "boolean", "const": False}, "error": error},
    }


def _yaml(request: HttpRequest) -> HttpResponse:
    return HttpResponse(as_yaml(), content_type="application/yaml; charset=utf-8")


def _json(request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps(document()), content_type="application/json; charset=utf-8")


yaml_view = by_method(get=_yaml)
json_view = by_method(get=_json)
