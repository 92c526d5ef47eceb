"""The examples of carriers in the documents are configurations that can be used as they stand."""

import re
import shlex
from pathlib import Path

import pytest

from messaging.carriers import registry

PAGE = (Path(__file__).parents[2] / "docs" / "carriers.md").read_text()
SECTION = PAGE[PAGE.index("## Any HTTP provider") : PAGE.index("## SIM gateway")]
BLOCKS = [
    block.replace("\\\n", " ")
    for block in re.findall(r"```\n(.*?)```", SECTION, re.DOTALL)
    if "--set" in block
]
EXAMPLES = [part for block in BLOCKS for part in re.split(r"\n(?=#|manage)", block) if "--set" in part]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_used(example: str) -> None:
    words = shlex.split(example, comments=True)
    values = dict(word.split("=", 1) for word in words[words.index("--set") :] if word != "--set")
    given = {key: "AC1" if value.endswith("…") else value for key, value in values.items()}
    assert registry.check("http", *registry.split("http", given)) == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4
