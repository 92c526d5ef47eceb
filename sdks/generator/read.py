"""The OpenAPI document as the writers of the libraries need it: operations by resource, and the shapes of what goes in
and comes out. Knows nothing of any language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sdks.generator import names

METHODS = ("get", "post", "patch", "put", "delete")
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Type:
    """`kind` is string, integer, number, boolean, object, any, array (of `of[0]`), union (of `of`) or shape
    (called `name`). `choices` are the allowed strings, where the document lists them."""

    kind: str
    of: tuple[Type, ...] = ()
    name: str = ""
    nullable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One member of a shape, or one parameter."""

    name: str
    type: Type
    required: bool
    description: str = ""


@dataclass(frozen=True)
class Operation:
    """One call. `path_names` are in the order of the path; `fields` go into the query of a GET, else into the body.
    `keyed`: it takes an `Idempotency-Key`. `paged`: it answers a list, of `answer`. `raw`: the answer is no JSON."""

    method: str
    path: str
    resource: str
    name: str
    summary: str
    description: str
    path_names: tuple[str, ...]
    fields: tuple[Field, ...]
    keyed: bool
    paged: bool
    raw: bool
    answer: Type


@dataclass
class Resource:
    """The calls of one resource, and its shapes by name: those it answers with, and those that go in."""

    name: str
    operations: list[Operation] = field(default_factory=list)
    shapes: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    inputs: set[str] = field(default_factory=set)


def resources(document: Path) -> list[Resource]:
    """Everything the document has, by the names of resources and calls. Raises ValueError when two operations would
    get the same name."""
    read = yaml.safe_load(document.read_text(encoding="utf-8"))
    found: dict[str, Resource] = {}
    for path, item in sorted(read["paths"].items()):
        for method in METHODS:
            if method in item:
                _add(found, method.upper(), path, item[method])
    for resource in found.values():
        resource.operations.sort(key=lambda operation: operation.name)
        # PHP does not tell topUp from topup.
        taken = [operation.name.replace("_", "") for operation in resource.operations]
        if len(taken) != len(set(taken)):
            raise ValueError(f"two calls of one name in {resource.name}: {taken}")
    return [found[name] for name in sorted(found)]


def _add(found: dict[str, Resource], method: str, path: str, item: Schema) -> None:
    answer, raw = _answer_schema(item)
    rows = answer.get("properties", {}).get("data", {})
    paged = rows.get("type") == "array"
    resource_name, name = names.call(method, path, is_list=paged)
    resource = found.setdefault(resource_name, Resource(resource_name))
    titles = names.answers(resource_name, name)
    resource.operations.append(
        Operation(
            method=method,
            path=path,
            resource=resource_name,
            name=name,
            summary=item.get("summary", ""),
            description=item.get("description", ""),
            path_names=tuple(part[1:-1] for part in path.split("/") if part.startswith("{")),
            fields=tuple(_inputs(resource, item, f"{resource_name}.{name}")),
            keyed=any(parameter["name"] == "Idempotency-Key" for parameter in item.get("parameters", ())),
            paged=paged,
            raw=raw,
            answer=_shape(resource, rows.get("items", {}) if paged else answer, titles),
        )
    )


def _answer_schema(item: Schema) -> tuple[Schema, bool]:
    """The schema of the first good answer, and whether it is something else than JSON."""
    for status, answer in item["responses"].items():
        if status.startswith("2"):
            content = answer.get("content", {})
            json = content.get("application/json")
            return (json["schema"], False) if json else ({}, bool(content))
    return {}, False


def _inputs(resource: Resource, item: Schema, call: str) -> Iterator[Field]:
    title = names.answers(resource.name, "get")[0]
    for parameter in item.get("parameters", ()):
        if parameter["in"] == "query":
            kind = _type(resource, parameter.get("schema", {}), title)
            required = bool(parameter.get("required"))
            yield Field(parameter["name"], kind, required, parameter.get("description", ""))
    content = item.get("requestBody", {}).get("content", {})
    before = set(resource.shapes)
    body = _without_aliases(call, content.get("application/json", {}).get("schema", {}))
    yield from _fields(resource, body, title + "Input")
    resource.inputs |= set(resource.shapes) - before


def _without_aliases(call: str, schema: Schema) -> Schema:
    """A body as the libraries offer it: one name for one thing, also in the lists within."""
    if schema.get("type") == "array":
        return {**schema, "items": _without_aliases(call, schema["items"])}
    if "properties" not in schema:
        return schema
    kept = {
        name: _without_aliases(call, part)
        for name, part in schema["properties"].items()
        if (call, name) not in names.ALIASES
    }
    wanted = [name for name in kept if (call, name) in names.WANTED]
    return {**schema, "properties": kept, "required": [*schema.get("required", ()), *wanted]}


def _fields(resource: Resource, schema: Schema, title: str) -> tuple[Field, ...]:
    required = set(schema.get("required", ()))
    made = (
        Field(
            name,
            _type(resource, _opened(name, part), title + names.pascal(_one(name, part))),
            name in required,
            part.get("description", ""),
        )
        for name, part in schema.get("properties", {}).items()
    )
    return tuple(sorted(made, key=lambda one: not one.required))


def _one(name: str, schema: Schema) -> str:
    """What one of a list is called."""
    return names.singular(name) if schema.get("type") == "array" else name


def _opened(name: str, schema: Schema) -> Schema:
    """Where the document lists only a part of what objects may hold, no members at all, so that all may be given."""
    if name not in names.OPEN or "items" not in schema:
        return schema
    return {**schema, "items": {"type": "object"}}


def _shape(resource: Resource, schema: Schema, titles: tuple[str, ...]) -> Type:
    """The type of an answer; each form of an answer of several gets a title of its own."""
    forms = schema.get("oneOf") or schema.get("anyOf")
    if not forms:
        return _type(resource, schema, titles[0])
    given = [titles[n] if n < len(titles) else f"{titles[0]}{n + 1}" for n in range(len(forms))]
    return Type(
        "union", tuple(_type(resource, form, title) for form, title in zip(forms, given, strict=True))
    )


def _type(resource: Resource, schema: Schema, title: str) -> Type:
    forms = schema.get("oneOf") or schema.get("anyOf")
    if forms:
        return Type("union", tuple(_type(resource, form, title) for form in forms))
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    nullable = "null" in kinds
    kinds = [kind for kind in kinds if kind != "null"]
    if len(kinds) > 1:
        parts = tuple(_type(resource, {**schema, "type": kind}, title) for kind in kinds)
        return Type("union", parts, nullable=nullable)
    return _single(resource, {**schema, "type": kinds[0] if kinds else "any"}, title, nullable=nullable)


def _single(resource: Resource, schema: Schema, title: str, *, nullable: bool) -> Type:
    if schema["type"] == "array":
        return Type("array", (_type(resource, schema.get("items", {}), title),), nullable=nullable)
    if schema["type"] == "object" and schema.get("properties"):
        return Type("shape", name=_named(resource, schema, title), nullable=nullable)
    choices = tuple(one for one in schema.get("enum", ()) if isinstance(one, str))
    return Type(schema["type"], nullable=nullable, choices=choices)


def _named(resource: Resource, schema: Schema, title: str) -> str:
    """The name of the shape: an equal one has its name already, another of the same name gets `Detail` behind it."""
    fields = _fields(resource, schema, title)
    for name, known in resource.shapes.items():
        if known == fields:
            return name
    while title in resource.shapes:
        title += "Detail"
    resource.shapes[title] = fields
    return title
