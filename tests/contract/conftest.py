"""What the tests of the documents share: the world of an example."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.example import World
from tests.stand_ins.operator import Operator

NewWorld = Callable[[str], World]


@pytest.fixture
def world(operator: Operator, tmp_path: Path) -> Iterator[NewWorld]:
    """Makes the world of a document's examples: `world("b")`."""
    made: list[World] = []

    def make(document: str) -> World:
        made.append(World(operator, tmp_path, document))
        return made[-1]

    yield make
    for one in made:
        one.close()
