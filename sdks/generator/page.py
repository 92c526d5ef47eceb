"""Writes sdks/CALLS.md: every call of the libraries beside the operation it makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sdks.generator import names
from sdks.generator.read import Operation, Resource

HEAD = """# All calls

Drawn from the OpenAPI document. Parts of the path come first, then the fields of the [API](../docs/openapi.yaml) by their names:
in Python as keyword arguments, in Node as an object, in PHP as an array. *keyed*: the call takes an `Idempotency-Key` and has one
of its own otherwise. *list*: the answer is a page, and going over it goes on to the next.

| Python | Node, PHP | operation | | what it does |
|---|---|---|---|---|
"""


def files(resources: Sequence[Resource]) -> dict[Path, str]:
    """The text of the page by its path below `sdks/`."""
    rows = [row(operation) for resource in resources for operation in resource.operations]
    return {Path("CALLS.md"): HEAD + "\n".join(rows) + "\n"}


def row(operation: Operation) -> str:
    """One line of the table."""
    other = f"{names.camel(operation.resource)}.{names.camel(operation.name)}"
    words = ", ".join([*(["keyed"] if operation.keyed else []), *(["list"] if operation.paged else [])])
    python = f"{operation.resource}.{operation.name}"
    return f"| `{python}` | `{other}` | {operation.method} {operation.path} | {words} | {operation.summary} |"
