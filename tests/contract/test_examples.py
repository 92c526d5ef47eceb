"""Every example that the documents print with an answer: run against the stack, the answer compared field by field with the printed
one, and held against our own OpenAPI document, which is one for the clients of all of them."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from config.api.openapi import document
from tests.contract import (
    examples_a,
    examples_b,
    examples_c,
    examples_campaigns,
    examples_d,
    examples_e,
    printed,
)
from tests.contract.conftest import NewWorld
from tests.contract.example import EXAMPLES, Example
from tests.contract.likeness import unlike

assert examples_a
assert examples_b
assert examples_c
assert examples_d
assert examples_e
assert examples_campaigns
SLOT = re.compile(r"\{\w+\}|:\w+")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_the_answer_is_the_printed_one(example: Example, world: NewWorld) -> None:
    asked = world(example.document)
    answer = example.run(asked)
    assert answer.status == example.status, answer.raw[:500]
    differs = {path: differs.got for path, differs in example.differs.items()}
    expected = {**example.state, **asked.state, **differs}
    shown = printed.answer(example.document, example.heading)
    assert list(unlike(shown, answer.body, expected, more_rows=example.more_rows)) == []
    if is_in_the_schema(example):
        said = Draft202012Validator(schema_of(example)).iter_errors(json.loads(answer.raw))
        assert [f"{error.json_path}: {error.message}" for error in said] == []


def is_in_the_schema(example: Example) -> bool:
    """Whether the OpenAPI document describes the answer: D and E have addresses of their own, with the documents' shapes alone."""
    return example.document in "abc" and " /v1/" in example.heading


def schema_of(example: Example) -> dict[str, Any]:
    """The JSON Schema of an example's answer."""
    method, path = example.heading.split()
    described = {SLOT.sub("{}", known): operations for known, operations in document()["paths"].items()}
    response = described[SLOT.sub("{}", path)][method.lower()]["responses"][str(example.status)]
    schema: dict[str, Any] = response["content"]["application/json"]["schema"]
    return {**schema, "components": document()["components"]}
