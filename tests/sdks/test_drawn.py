"""The libraries have every call of the API: they are drawn from its document, and each call goes where the document
says, with everything it was given."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest

from sdks.generator import __main__ as generator
from sdks.generator import names
from sdks.generator.read import Operation, Type, resources
from tests.sdks.library import Library
from tests.stand_ins import receiver
from tests.stand_ins.receiver import Receiver, Reply

SDKS = generator.SDKS
OPERATIONS = [operation for resource in resources(generator.DOCUMENT) for operation in resource.operations]
ODD_ID = "a/b é?"
ANSWER = Reply(body=b'{"data":[]}', headers=(("Content-Type", "application/json; charset=utf-8"),))
PLAIN = {"string": "été &", "integer": 3, "number": 1.5, "boolean": True, "object": {"a": None}, "any": "x"}
TYPES = """
import Client, { Risala, verifySignature, type Message } from 'risala';
const client: Client = new Risala({ apiKey: 'k', baseUrl: 'https://sms.example.com' });
const sent = await client.messages.send({ to: '+212612345678', message: 'x', channel: 'sms' });
const status: string = (await client.messages.get(sent.id!)).status;
for await (const row of await client.messages.list({ limit: 2 })) { const one: Message = row; one.id; }
// @ts-expect-error the text is missing
await client.messages.send({ to: '+212612345678' });
// @ts-expect-error no such channel
await client.messages.send({ to: '+212612345678', message: 'x', channel: 'fax' });
// @ts-expect-error no such field
await client.messages.send({ to: '+212612345678', message: 'x', text: 'x' });
const event: Record<string, any> = verifySignature('{}', {}, ['s'], { profile: 'envoisms' });
"""
TYPES_OF_REQUIRE = """
import risala = require('risala');
new risala.Risala().verify.check({ session_id: 'x', code: '1' }, ).then((done) => done.verified === true);
"""


@pytest.fixture(scope="module")
def recording() -> Iterator[Receiver]:
    with receiver.running() as running:
        running.answer(ANSWER)
        yield running


def example(kind: Type) -> Any:
    """A value of a type."""
    if kind.kind == "array":
        return [example(kind.of[0])]
    if kind.kind == "union":
        return example(kind.of[0])
    return {"b": "c"} if kind.kind == "shape" else PLAIN[kind.kind]


def as_query(value: Any) -> str:
    """A value as it is in a query."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_drawn_files_are_those_of_the_committed_document() -> None:
    assert generator.stale(generator.drawn()) == [], "draw them anew: python -m sdks.generator"


def test_every_operation_has_a_call_of_its_own_name() -> None:
    document = generator.DOCUMENT.read_text()
    assert len(OPERATIONS) == len(re.findall(r"^      operationId: ", document, re.MULTILINE))
    assert len({(operation.resource, operation.name) for operation in OPERATIONS}) == len(OPERATIONS)


def test_each_call_goes_where_the_document_says(library: Library, recording: Receiver) -> None:
    library.connect(recording.url, "rsl_test_any")
    for operation in OPERATIONS:
        fields = {field.name: example(field.type) for field in operation.fields}
        name = f"{operation.resource}.{operation.name}"
        recording.requests.clear()
        library.do("call", name=name, parts=[ODD_ID] * len(operation.path_names), fields=fields or None)
        (request,) = recording.requests
        path, _, query = request.path.partition("?")
        assert (request.method, path) == (operation.method, address(operation)), name
        given = dict(parse_qsl(query)) if operation.method == "GET" else json.loads(request.body or b"{}")
        wanted = {name: as_query(value) for name, value in fields.items()}
        assert given == (wanted if operation.method == "GET" else fields), name
        assert ("idempotency-key" in request.headers) is operation.keyed, name
        assert request.headers["authorization"] == "Bearer rsl_test_any"
        assert request.headers["user-agent"] == f"risala-{library.language}/0.1.0"


def address(operation: Operation) -> str:
    """The path with the odd id in it."""
    return re.sub(r"{\w+}", quote(ODD_ID, safe=""), operation.path)


@pytest.mark.parametrize(
    ("method", "path", "is_list", "name"),
    [
        ("GET", "/v1/campaigns", True, "campaigns.list"),
        ("POST", "/v1/campaigns", False, "campaigns.create"),
        ("GET", "/v1/campaigns/{id}", False, "campaigns.get"),
        ("POST", "/v1/campaigns/{id}/send", False, "campaigns.send"),
        ("GET", "/v1/campaigns/{id}/messages", True, "campaigns.messages"),
        ("GET", "/v1/analytics", False, "analytics.get"),
        ("GET", "/v1/billing/topups", True, "billing.topups"),
        ("GET", "/v1/billing/topups/{id}", False, "billing.topup"),
        ("POST", "/v1/billing/topups", False, "billing.create_topup"),
        ("DELETE", "/v1/contacts/lists/{id}", False, "lists.delete"),
        ("DELETE", "/v1/contacts/lists/{id}/contacts/{contact_id}", False, "lists.delete_contact"),
        ("DELETE", "/v1/optouts/{phone}", False, "optouts.delete"),
    ],
)
def test_new_operations_get_fitting_names(method: str, path: str, is_list: bool, name: str) -> None:
    assert ".".join(names.call(method, path, is_list=is_list)) == name


def test_the_versions_agree() -> None:
    python = re.findall(r'VERSION = "(.+)"', (SDKS / "python/src/risala/version.py").read_text())
    node = json.loads((SDKS / "node/package.json").read_text())["version"]
    php = json.loads((SDKS / "php/composer.json").read_text())["version"]
    assert python == [node]
    assert node == php


def test_python_needs_nothing_and_is_of_3_9() -> None:
    project = tomllib.loads((SDKS / "python/pyproject.toml").read_text())["project"]
    assert (project["dependencies"], project["requires-python"]) == ([], ">=3.9")
    for path in (SDKS / "python/src").rglob("*.py"):
        ast.parse(path.read_text(), str(path), feature_version=(3, 9))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed here")
def test_import_and_require_give_the_same() -> None:
    program = (
        "import * as one from './index.mjs'; import { createRequire } from 'node:module';"
        "const other = createRequire(import.meta.url)('./index.cjs');"
        "const { default: standard, ...rest } = one;"
        "const same = Object.keys(other).sort().join() === Object.keys(rest).sort().join()"
        " && Object.keys(rest).every((name) => rest[name] === other[name]) && standard === other.Risala;"
        "process.exit(same ? 0 : 1);"
    )
    command = ["node", "--input-type=module", "-e", program]
    assert subprocess.run(command, cwd=SDKS / "node", check=False).returncode == 0


@pytest.mark.skipif(
    shutil.which("tsc") is None, reason="tsc (npm install -g typescript) is not installed here"
)
def test_the_types_of_typescript(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "risala").symlink_to(SDKS / "node")
    (tmp_path / "import.mts").write_text(TYPES)
    (tmp_path / "require.cts").write_text(TYPES_OF_REQUIRE)
    options = ["--noEmit", "--strict", "--module", "node16", "--moduleResolution", "node16"]
    options += ["--target", "es2022", "--lib", "es2022,dom"]
    command = ["tsc", *options, "import.mts", "require.cts"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("php") is None, reason="php is not installed here")
def test_every_php_file_is_php() -> None:
    program = (
        "foreach (array_slice($argv, 1) as $file) { token_get_all(file_get_contents($file), TOKEN_PARSE); }"
    )
    files = [str(path) for folder in ("php", "laravel") for path in (SDKS / folder).rglob("*.php")]
    assert len(files) > 20
    done = subprocess.run(
        ["php", "-r", program, "--", *files], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stdout + done.stderr
