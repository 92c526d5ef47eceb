"""Writes the Python library's calls: one module per resource, its shapes as TypedDicts and its calls as a class."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from sdks.generator import names
from sdks.generator.read import Field, Operation, Resource, Type

FOLDER = Path("python/src/risala/resources")
WIDTH = 100
KINDS = {
    "string": "str",
    "integer": "int",
    "boolean": "bool",
    "object": "Mapping[str, Any]",
    "any": "Any",
}


def files(resources: Sequence[Resource]) -> dict[Path, str]:
    """The text of every file by its path below `sdks/`."""
    made = {FOLDER / f"{resource.name}.py": formatted(module(resource)) for resource in resources}
    made[FOLDER / "__init__.py"] = formatted(index(resources))
    return made


def formatted(text: str) -> str:
    """The text in the common form. Raises CalledProcessError when it is no Python."""
    command = [sys.executable, "-m", "ruff", "format", "--line-length", str(WIDTH), "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)  # noqa: S603 - constant
    return done.stdout


def index(resources: Sequence[Resource]) -> str:
    """All resources of a client, as attributes."""
    classes = [(resource.name, names.calls(resource.name)) for resource in resources]
    lines = [
        '"""All calls by resource. Drawn from the OpenAPI document; do not change by hand."""\n',
        "from __future__ import annotations\n",
        "from risala.calls import Caller",
        *(f"from risala.resources.{name} import {made}" for name, made in classes),
        "\n",
        "class Resources:",
        '    """What a client offers, one attribute per resource."""\n',
        "    def __init__(self, caller: Caller) -> None:",
        *(f"        self.{name} = {made}(caller)" for name, made in classes),
    ]
    return "\n".join(lines) + "\n"


def module(resource: Resource) -> str:
    """One resource: shapes first, then the class of its calls."""
    title = names.calls(resource.name)
    lines = [
        f'"""Calls of `{resource.name}`. Drawn from the OpenAPI document; do not change by hand."""\n',
        "from __future__ import annotations\n",
        "%IMPORTS%",
        *(shape(name, fields, resource) for name, fields in resource.shapes.items()),
        f"\n\nclass {title}(Resource):",
        f'    """`client.{resource.name}`"""\n',
        *("\n".join(call(operation)) + "\n" for operation in resource.operations),
    ]
    text = "\n".join(lines)
    return text.replace("%IMPORTS%", "\n".join(imports(text)))


def imports(text: str) -> Iterator[str]:
    """Only what the module uses, in the order of the linter."""
    for source, wanted in (
        ("collections.abc", ("Mapping", "Sequence")),
        ("typing", ("Any", "Optional", "TypedDict", "Union")),
        ("risala.calls", ("OMIT", "Resource")),
        ("risala.money", ("Amount", "Number")),
        ("risala.page", ("Page",)),
    ):
        used = [name for name in wanted if re.search(rf"\b{name}\b", text)]
        if used:
            gap = "\n" if source == "risala.calls" else ""
            yield f"{gap}from {source} import {', '.join(used)}"


def shape(name: str, fields: tuple[Field, ...], resource: Resource) -> str:
    """A TypedDict; in the form of a call where a member has a name that Python keeps for itself."""
    incoming = name in resource.inputs
    pairs = [(field.name, hint(field.type, incoming=incoming, quoted=True)) for field in fields]
    if any(keyword.iskeyword(member) for member, _ in pairs):
        inner = ", ".join(f'"{member}": {kind}' for member, kind in pairs)
        return f'\n\n{name} = TypedDict("{name}", {{{inner}}}, total=False)'
    inner = "\n".join(f"    {member}: {kind}" for member, kind in pairs)
    return f"\n\nclass {name}(TypedDict, total=False):\n{inner}"


def hint(kind: Type, *, incoming: bool, quoted: bool = False) -> str:
    """A type in Python's words. `incoming`: it is given by the caller. `quoted`: it is looked at while Python runs,
    where 3.9 knows no `|`."""
    if kind.kind == "array":
        inner = hint(kind.of[0], incoming=incoming, quoted=quoted)
        made = f"Sequence[{inner}]" if incoming else f"list[{inner}]"
    elif kind.kind == "union":
        parts = list(dict.fromkeys(hint(part, incoming=incoming, quoted=quoted) for part in kind.of))
        made = f"Union[{', '.join(parts)}]" if len(parts) > 1 else parts[0]
    elif kind.kind == "number":
        made = "Number" if incoming else "Amount"
    elif kind.kind == "object":
        made = "Mapping[str, Any]" if incoming else "dict[str, Any]"
    else:
        made = kind.name or KINDS[kind.kind]
    return f"Optional[{made}]" if kind.nullable and made != "Any" else made


def argument(name: str) -> str:
    """The name of an argument: `from` is Python's own word and becomes `from_`."""
    return f"{name}_" if keyword.iskeyword(name) else name


def call(operation: Operation) -> Iterator[str]:
    """One method."""
    parameters = ["self", *(f"{name}: str" for name in operation.path_names)]
    options = [parameter(field) for field in operation.fields]
    if operation.keyed:
        options.append("idempotency_key: Optional[str] = None")
    if options:
        parameters += ["*", *options]
    answer = "bytes" if operation.raw else hint(operation.answer, incoming=False)
    answer = f"Page[{answer}]" if operation.paged else answer
    yield f"    def {operation.name}({', '.join(parameters)}) -> {answer}:"
    yield from documentation(operation)
    function = "self._caller.pages" if operation.paged else "self._caller.call"
    path = f'f"{operation.path}"' if operation.path_names else f'"{operation.path}"'
    for name in operation.path_names:
        path = path.replace(f"{{{name}}}", f"{{self._part({name})}}")
    given = [f'"{operation.method}"', path] if not operation.paged else [path]
    if operation.fields:
        inner = ", ".join(f'"{field.name}": {argument(field.name)}' for field in operation.fields)
        given.append(f"{{{inner}}}")
    if operation.keyed:
        given.append("keyed=True, idempotency_key=idempotency_key")
    yield f"        answer: {answer} = {function}({', '.join(given)})"
    yield "        return answer\n"


def parameter(field: Field) -> str:
    """An argument that may be left out, or must be given."""
    kind = hint(field.type, incoming=True)
    return f"{argument(field.name)}: {kind}" + ("" if field.required else " = OMIT")


def documentation(operation: Operation) -> Iterator[str]:
    """The docstring: the document's own words, and the parameters it says something of."""
    described = [(argument(field.name), field.description) for field in operation.fields if field.description]
    head = (operation.summary or operation.name).rstrip(".") + "."
    if operation.keyed:
        key = "your own key for this call; without one, one is made, and repeats within the call keep it."
        described.append(("idempotency_key", key))
    if not (operation.description or described):
        yield f'        """{head}"""'
        return
    yield f'        """{head}'
    for paragraph in filter(None, operation.description.split("\n\n")):
        yield ""
        yield wrapped(paragraph, " " * 8)
    if described:
        yield "\n        Parameters:"
    for name, text in described:
        yield wrapped(f"{name}: {' '.join(text.split())}", " " * 12, more="    ")
    yield '        """'


def wrapped(text: str, indent: str, *, more: str = "") -> str:
    """Text in lines of the common width; backslashes doubled, as a docstring needs."""
    safe = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.fill(
        safe,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + more,
        break_long_words=False,
        break_on_hyphens=False,
    )
