"""The size budgets: files of at most 400 lines, functions of at most 40, no file named for nothing in
particular. An exception stands in `EXCEPTIONS` with its reason; one that is no longer needed fails too."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config.stack.checks import say
from config.stack.launch import ROOT

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
NAMES_OF_NOTHING = frozenset({"utils", "helpers", "common", "misc", "services", "signals"})
FREE_OF_LENGTH = ("tests", "benchmarks", "migrations", "resources")  # resources: drawn, a line per field

# "path" for a file, "path::function" for a function: the reason it may be longer.
EXCEPTIONS: dict[str, str] = {}


def tracked_files() -> list[Path]:
    """The Python files git knows or would add, relative to the project."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        return [path for line in listing.stdout.splitlines() if (ROOT / (path := Path(line))).exists()]
    folders = (
        path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "." and path.name != "var"
    )
    return [path.relative_to(ROOT) for folder in folders for path in folder.rglob("*.py")]


def findings(path: Path) -> Iterator[tuple[str, str]]:
    """What is over its budget in one file: (key of the exception, sentence)."""
    text = (ROOT / path).read_text()
    if path.stem in NAMES_OF_NOTHING:
        yield f"{path}", f"{path}: a file is named for what it holds"
    lines = text.count("\n")
    if lines > LONGEST_FILE and "migrations" not in path.parts:
        yield f"{path}", f"{path}: {lines} lines, at most {LONGEST_FILE}"
    if any(part in FREE_OF_LENGTH for part in path.parts):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                sentence = f"{path}:{node.lineno}: {node.name} has {length} lines, at most {LONGEST_FUNCTION}"
                yield f"{path}::{node.name}", sentence


def main() -> int:
    """Print everything over budget; returns 1 if there is any."""
    found = [finding for path in tracked_files() for finding in findings(path)]
    problems = [sentence for key, sentence in found if key not in EXCEPTIONS]
    keys = {key for key, _ in found}
    problems += [f"{key}: an exception that is not needed any more" for key in EXCEPTIONS if key not in keys]
    if problems:
        say("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
