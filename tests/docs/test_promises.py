"""The documents point to what exists: every test that docs/promises.md names, and every file that a page links to."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = TEST.findall((ROOT / "docs" / "promises.md").read_text())
    assert named
    assert [
        f"{file}::{name}" for file, name in named if name not in functions_of(ROOT / "tests" / file)
    ] == []


def test_every_promise_names_a_test_or_says_that_there_is_none() -> None:
    promises = re.split(r"^## ", (ROOT / "docs" / "promises.md").read_text(), flags=re.MULTILINE)[1:]
    assert [text.split()[0] for text in promises] == [f"P{number}" for number in range(1, 18)]
    silent = [text.split()[0] for text in promises if not TEST.search(text) and "No test" not in text]
    assert silent == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link.strip("<>") for link in LINK.findall(page.read_text())]
    assert [link for link in links if not (page.parent / link).exists()] == []
