"""Writes the PHP library's calls: one class per resource, with the shapes of arrays in its comments."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from sdks.generator import names
from sdks.generator.read import Operation, Resource, Type

FOLDER = Path("php/src/Resources")
HEAD = "Drawn from the OpenAPI document; do not change by hand."
KINDS = {
    "string": "string",
    "integer": "int",
    "number": "int|float",
    "boolean": "bool",
    "object": "array<string, mixed>",
    "any": "mixed",
}
WIDTH = 108


def files(resources: Sequence[Resource]) -> dict[Path, str]:
    """The text of every file by its path below `sdks/`."""
    made = {FOLDER / f"{names.calls(resource.name)}.php": klass(resource) for resource in resources}
    made[FOLDER / "Resources.php"] = index(resources)
    return made


def index(resources: Sequence[Resource]) -> str:
    """All resources of a client, as properties."""
    lines = ["<?php", "", f"// All calls by resource. {HEAD}", "", "declare(strict_types=1);", ""]
    lines += ["namespace Risala\\Resources;", "", "use Risala\\Caller;", ""]
    lines += ["/** What a client offers, one property per resource. */", "abstract class Resources", "{"]
    lines += [f"    public readonly {names.calls(one.name)} ${names.camel(one.name)};" for one in resources]
    lines += ["", "    public function __construct(Caller $caller)", "    {"]
    lines += [
        f"        $this->{names.camel(one.name)} = new {names.calls(one.name)}($caller);" for one in resources
    ]
    return "\n".join([*lines, "    }", "}"]) + "\n"


def klass(resource: Resource) -> str:
    """One resource."""
    lines = ["<?php", "", f"// Calls of `{resource.name}`. {HEAD}", "", "declare(strict_types=1);", ""]
    lines += ["namespace Risala\\Resources;", ""]
    lines += ["use Risala\\Page;"] if any(one.paged for one in resource.operations) else []
    lines += ["use Risala\\Resource;", ""]
    lines += ["/**", f" * `$client->{names.camel(resource.name)}`", " *", *described(resource), " */"]
    lines += [f"final class {names.calls(resource.name)} extends Resource", "{"]
    for position, operation in enumerate(resource.operations):
        lines += [*([""] if position else []), *method(operation)]
    return "\n".join([*lines, "}"]) + "\n"


def described(resource: Resource) -> Iterator[str]:
    """The shapes, as types that editors and PHPStan know."""
    for name, fields in resource.shapes.items():
        yield f" * @phpstan-type {name} array{{"
        for field in fields:
            yield f" *   {field.name}{'' if field.required else '?'}: {hint(field.type)},"
        yield " * }" if name in resource.inputs else " *   ...\n * }"


def method(operation: Operation) -> Iterator[str]:
    """One method with its comment."""
    yield from comment(operation)
    arguments = [f"string ${names.camel(name)}" for name in operation.path_names]
    path = f"'{operation.path}'"
    for name in operation.path_names:
        path = path.replace(f"{{{name}}}", f"' . self::part(${names.camel(name)}) . '")
    path = path.removesuffix(" . ''")
    given = [path] if operation.paged else [f"'{operation.method}'", path]
    if operation.fields:
        needed = any(field.required for field in operation.fields)
        arguments.append("array $fields" if needed else "array $fields = []")
        given.append("$fields")
    if operation.keyed:
        arguments.append("?string $idempotencyKey = null")
        given += ["keyed: true", "idempotencyKey: $idempotencyKey"]
    answer = "Page" if operation.paged else "string" if operation.raw else "array"
    function = "pages" if operation.paged else "call"
    yield f"    public function {names.camel(operation.name)}({', '.join(arguments)}): {answer}"
    yield "    {"
    yield f"        return $this->caller->{function}({', '.join(given)});"
    yield "    }"


def comment(operation: Operation) -> Iterator[str]:
    """The document's words, what goes in, what comes out."""
    yield "    /**"
    for paragraph in (operation.summary.rstrip(".") + ".", *operation.description.split("\n\n")):
        for line in textwrap.wrap(" ".join(paragraph.replace("*/", "* /").split()), WIDTH):
            yield f"     * {line}"
    yield "     *"
    if operation.fields:
        inner = [
            f"     *   {field.name}{'' if field.required else '?'}: {hint(field.type)},"
            for field in operation.fields
        ]
        yield from ("     * @param array{", *inner, "     * } $fields")
    if operation.paged:
        yield f"     * @return Page<{hint(operation.answer)}>"
    elif not operation.raw:
        yield f"     * @return {hint(operation.answer)}"
    yield "     */"


def hint(kind: Type) -> str:
    """A type in PHPDoc's words."""
    if kind.kind == "array":
        made = f"list<{hint(kind.of[0])}>"
    elif kind.kind == "union":
        made = "|".join(dict.fromkeys(hint(part) for part in kind.of))
    else:
        made = kind.name or KINDS[kind.kind]
    return f"{made}|null" if kind.nullable and made != "mixed" else made
