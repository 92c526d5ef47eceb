"""The Postman collection (format 2.1), made from the OpenAPI document: a folder per tag, a request per operation, with a body
made of the schema's examples."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from config.api.openapi import Document, document

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
SAMPLES = {
    "to": "+212600000000",
    "phone": "+212600000000",
    "number": "+212600000000",
    "message": "Bonjour",
    "url": "https://example.com/webhook",
    "events": ["message.delivered", "message.failed"],
    "code": "123456",
    "country_code": "MA",
}
"""Better words for a field than its type gives."""
LEFT_OUT = frozenset({"body", "secret", "callback_url", "scheduled_at", "buttons", "recipient", "sender_id"})
"""Other names of a field that is there already, and what should be asked for on purpose only."""
DEEPEST = 4


def collection() -> Document:
    """The collection, ready for JSON."""
    folders: dict[str, list[Document]] = {}
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            tag = operation.get("tags", ["other"])[0]
            folders.setdefault(tag, []).append(_request(method.upper(), path, operation))
    return {
        "info": {
            "name": f"{settings.BRAND_NAME} API",
            "description": document()["info"]["description"],
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{apiKey}}", "type": "string"}]},
        "variable": [
            {"key": "baseUrl", "value": settings.PUBLIC_URL},
            {"key": "apiKey", "value": ""},
        ],
        "item": [{"name": tag, "item": items} for tag, items in folders.items()],
    }


def _request(method: str, path: str, operation: Document) -> Document:
    parts = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    request: Document = {
        "method": method,
        "description": operation.get("description", ""),
        "header": [_switched_off(one) for one in _parameters(operation, "header")],
        "url": {
            "raw": "{{baseUrl}}/" + "/".join(parts),
            "host": ["{{baseUrl}}"],
            "path": parts,
            "query": [_switched_off(one) for one in _parameters(operation, "query")],
            "variable": [{"key": one["name"], "value": ""} for one in _parameters(operation, "path")],
        },
    }
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema:
        request["header"].append({"key": "Content-Type", "value": "application/json"})
        body = _indented(sample(schema))
        request["body"] = {"mode": "raw", "raw": body, "options": {"raw": {"language": "json"}}}
    if operation.get("security") == []:
        request["auth"] = {"type": "noauth"}
    return {"name": operation.get("summary") or operation["operationId"], "request": request, "response": []}


def _parameters(operation: Document, place: str) -> list[Document]:
    return [one for one in operation.get("parameters", ()) if one["in"] == place]


def _switched_off(parameter: Document) -> Document:
    """A parameter that may be left out: listed, and not sent until its box is ticked."""
    value = parameter.get("schema", {}).get("default", "")
    description = parameter.get("description", "")
    return {"key": parameter["name"], "value": str(value), "description": description, "disabled": True}


def sample(schema: Document, name: str = "", depth: int = 0) -> Any:
    """A value that a schema allows, as a beginning: its example, its default, else by its type."""
    schema = _resolved(schema)
    for given in ("example", "default", "const"):
        if given in schema:
            return schema[given]
    if name in SAMPLES:
        return SAMPLES[name]
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type")
    kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        return _object(schema, depth)
    if kind == "array":
        return [sample(schema.get("items", {}), name, depth + 1)] if depth < DEEPEST else []
    return {"integer": schema.get("minimum", 1), "number": 1, "boolean": True, "null": None}.get(
        str(kind), ""
    )


def _object(schema: Document, depth: int) -> Document:
    """What must be there, and what has a good example."""
    required = set(schema.get("required", ()))
    return {
        name: sample(part, name, depth + 1)
        for name, part in schema.get("properties", {}).items()
        if depth < DEEPEST and name not in LEFT_OUT - required and (name in required or name in SAMPLES)
    }


def _resolved(schema: Document) -> Document:
    for choice in ("oneOf", "anyOf", "allOf"):
        if schema.get(choice):
            return {**_resolved(schema[choice][0]), **{k: v for k, v in schema.items() if k != choice}}
    if "$ref" in schema:
        found: Document = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _indented(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
