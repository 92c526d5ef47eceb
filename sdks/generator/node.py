"""Writes the Node library's calls: one CommonJS module, and the TypeScript declarations of its classes and shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sdks.generator import names
from sdks.generator.read import Field, Operation, Resource, Type

FOLDER = Path("node/resources")
HEAD = "Drawn from the OpenAPI document; do not change by hand."
KINDS = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "object": "Record<string, unknown>",
    "any": "unknown",
}
IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def files(resources: Sequence[Resource]) -> dict[Path, str]:
    """The text of both files by its path below `sdks/`."""
    return {FOLDER / "index.cjs": module(resources), FOLDER / "index.d.ts": declarations(resources)}


def module(resources: Sequence[Resource]) -> str:
    """The program."""
    lines = [f"// All calls by resource. {HEAD}", "'use strict';", ""]
    lines += ["const { Resource } = require('../lib/calls.cjs');"]
    for resource in resources:
        lines += ["", f"class {names.calls(resource.name)} extends Resource {{"]
        for position, operation in enumerate(resource.operations):
            lines += [*([""] if position else []), *method(operation)]
        lines += ["}"]
    made = ", ".join(f"{names.camel(one.name)}: new {names.calls(one.name)}(caller)" for one in resources)
    made = made.replace(", ", ",\n  ")
    lines += ["", f"exports.resources = (caller) => ({{\n  {made},\n}});"]
    return "\n".join(lines) + "\n"


def method(operation: Operation) -> Iterator[str]:
    """One method of a class."""
    arguments = [names.camel(name) for name in operation.path_names]
    path = operation.path
    for name in operation.path_names:
        path = path.replace(f"{{{name}}}", f"${{this._part({names.camel(name)})}}")
    path = f"`{path}`" if operation.path_names else f"'{path}'"
    given = [path] if operation.paged else [f"'{operation.method}'", path]
    if operation.fields:
        arguments.append("fields")
        given.append("fields")
    if operation.keyed:
        arguments.append("options")
        given += (
            ["{ ...options, keyed: true }"] if operation.fields else ["{}", "{ ...options, keyed: true }"]
        )
    function = "pages" if operation.paged else "call"
    yield f"  {names.camel(operation.name)}({', '.join(arguments)}) {{"
    yield f"    return this._caller.{function}({', '.join(given)});"
    yield "  }"


def declarations(resources: Sequence[Resource]) -> str:
    """The types."""
    lines = [f"// Types of all calls. {HEAD}"]
    lines += ["import { CallOptions, Page } from '../lib/types';", ""]
    for resource in resources:
        for name, fields in resource.shapes.items():
            lines += interface(name, fields, incoming=name in resource.inputs)
        for operation in resource.operations:
            if operation.fields:
                lines += interface(fields_name(operation), operation.fields, incoming=True)
        lines += [f"/** `client.{names.camel(resource.name)}` */"]
        lines += [f"export declare class {names.calls(resource.name)} {{"]
        for operation in resource.operations:
            lines += signature(operation)
        lines += ["}", ""]
    lines += ["export interface Resources {"]
    lines += [f"  readonly {names.camel(one.name)}: {names.calls(one.name)};" for one in resources]
    return "\n".join([*lines, "}"]) + "\n"


def fields_name(operation: Operation) -> str:
    """What the fields of a call are called."""
    return f"{names.pascal(operation.resource)}{names.pascal(operation.name)}Fields"


def interface(name: str, fields: Sequence[Field], *, incoming: bool) -> list[str]:
    """A shape. What the caller gives may lack a member that is not required; what comes may gain members."""
    lines = [f"export interface {name} {{"]
    for field in fields:
        if field.description:
            lines.append(f"  /** {' '.join(field.description.split()).replace('*/', '* /')} */")
        member = field.name if IDENTIFIER.fullmatch(field.name) else json.dumps(field.name)
        lines.append(f"  {member}{'' if field.required else '?'}: {hint(field.type, incoming=incoming)};")
    return [*lines, "}", ""]


def hint(kind: Type, *, incoming: bool) -> str:
    """A type in TypeScript's words."""
    if kind.kind == "array":
        inner = hint(kind.of[0], incoming=incoming)
        made = f"({inner})[]" if "|" in inner else f"{inner}[]"
    elif kind.kind == "union":
        made = " | ".join(dict.fromkeys(hint(part, incoming=incoming) for part in kind.of))
    elif incoming and kind.choices:
        made = " | ".join(f"'{choice}'" for choice in kind.choices)
    else:
        made = kind.name or KINDS[kind.kind]
    return f"{made} | null" if kind.nullable and made != "unknown" else made


def signature(operation: Operation) -> Iterator[str]:
    """The declaration of one method."""
    arguments = [f"{names.camel(name)}: string" for name in operation.path_names]
    if operation.fields:
        optional = "" if any(field.required for field in operation.fields) else "?"
        arguments.append(f"fields{optional}: {fields_name(operation)}")
    if operation.keyed:
        arguments.append("options?: CallOptions")
    answer = "Uint8Array" if operation.raw else hint(operation.answer, incoming=False)
    answer = f"Page<{answer}>" if operation.paged else answer
    text = " ".join(f"{operation.summary}. {operation.description}".split()).replace("*/", "* /")
    yield f"  /** {text.strip('. ')}. */"
    yield f"  {names.camel(operation.name)}({', '.join(arguments)}): Promise<{answer}>;"
