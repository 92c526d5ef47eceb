"""Every example that the documents print with an answer: run against the stack, and the answer compared field by field."""

import pytest

from tests.contract import examples_a, examples_b, examples_c, examples_d, examples_e, printed
from tests.contract.conftest import NewWorld
from tests.contract.example import EXAMPLES, Example
from tests.contract.likeness import unlike

assert examples_a
assert examples_b
assert examples_c
assert examples_d
assert examples_e


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_the_answer_is_the_printed_one(example: Example, world: NewWorld) -> None:
    asked = world(example.document)
    answer = example.run(asked)
    assert answer.status == example.status, answer.raw[:500]
    differs = {path: differs.got for path, differs in example.differs.items()}
    expected = {**example.state, **asked.state, **differs}
    shown = printed.answer(example.document, example.heading)
    assert list(unlike(shown, answer.body, expected, more_rows=example.more_rows)) == []
