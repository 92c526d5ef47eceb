"""`python -m sdks.generator` writes the drawn files of all libraries; `--check` only says which are not as they would be
drawn, and exits 1."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sdks.generator import node, page, php, python
from sdks.generator.read import resources

SDKS = Path(__file__).resolve().parents[1]
DOCUMENT = SDKS.parent / "docs" / "openapi.yaml"
FOLDERS = (python.FOLDER, php.FOLDER, node.FOLDER)  # nothing in them is written by hand


def drawn() -> dict[Path, str]:
    """The text of every drawn file, by its path below `sdks/`."""
    found = resources(DOCUMENT)
    return {**python.files(found), **node.files(found), **php.files(found), **page.files(found)}


def stale(wanted: dict[Path, str]) -> list[Path]:
    """Files below `sdks/` that are missing, old, or of a resource that is no more."""
    there = {path.relative_to(SDKS) for folder in FOLDERS for path in (SDKS / folder).glob("*.*")}
    old = [
        path
        for path, text in wanted.items()
        if not (SDKS / path).exists() or (SDKS / path).read_text(encoding="utf-8") != text
    ]
    return sorted([*old, *(there - set(wanted))])


def main() -> int:
    """Returns 1 when `--check` found something, else 0."""
    parser = argparse.ArgumentParser(prog="python -m sdks.generator", description=__doc__)
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    wanted = drawn()
    found = stale(wanted)
    for path in found:
        sys.stdout.write(f"{path}\n")
        if checking:
            continue
        if path in wanted:
            (SDKS / path).parent.mkdir(parents=True, exist_ok=True)
            (SDKS / path).write_text(wanted[path], encoding="utf-8")
        else:
            (SDKS / path).unlink()
    return 1 if checking and found else 0


if __name__ == "__main__":
    sys.exit(main())
