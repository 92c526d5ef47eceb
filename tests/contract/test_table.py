"""The page about compatibility says what is tested: it is the one that is drawn, names tests that exist, and leaves out no address."""

import ast
from pathlib import Path

import pytest

from tests.contract import table
from tests.contract.example import EXAMPLES
from tests.contract.inventory import ENDPOINTS, MORE
from tests.contract.printed import sections
from tests.contract.rules import RULES

TESTS = Path(__file__).parents[1]
COUNTS = {"a": 36, "b": 29, "c": 4, "d": 5, "e": 7}


def test_the_committed_page_is_the_drawn_one() -> None:
    assert table.PAGE.read_text() == table.page(), "draw it anew: python -m tests.contract.table"


@pytest.mark.parametrize("document", COUNTS)
def test_every_address_of_a_document_is_tested(document: str) -> None:
    endpoints = ENDPOINTS[document]
    assert (len(endpoints), len(set(endpoints))) == (COUNTS[document],) * 2
    answered = {one.heading for one in EXAMPLES if one.document == document}
    tested = answered | {endpoint for known, endpoint in MORE if known == document}
    assert set(endpoints) - tested == set()


@pytest.mark.parametrize("document", COUNTS)
def test_every_printed_answer_is_compared(document: str) -> None:
    """But for those that are templates of errors, and what is no answer."""
    printed = {
        heading for heading, blocks in sections(document).items() if any(kind == "json" for kind, _ in blocks)
    }
    compared = {one.heading for one in EXAMPLES if one.document == document}
    assert printed - compared == {"c": {"Webhook Payload Example"}, "d": {"Errors"}}.get(document, set())


def test_every_test_that_is_named_exists() -> None:
    named = {name for names in MORE.values() for name in names}
    named |= {name for group in RULES.values() for rule in group for name in rule.tests}
    missing = []
    for name in sorted(named):
        file, _, function = name.partition("::")
        path = TESTS / file
        if not path.exists() or (function and function not in functions_of(path)):
            missing.append(name)
    assert missing == []


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}
