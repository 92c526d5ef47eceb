"""docs/configuration.md names every environment variable that the product reads, with its default, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from config import env

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "configuration.md"
PRODUCT = ("config", "accounts", "webhooks", "contacts", "billing", "messaging", "verify", "campaigns")
MAY_READ = ("config/env.py", "config/stack")
READERS = frozenset(name for name in vars(env) if not name.startswith("_"))
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \| (.*?) \| .+ \|$", re.MULTILINE)


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def named(call: ast.Call) -> str:
    """The constant text a call begins with, "" if none."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def settings_calls() -> Iterator[ast.Call]:
    """`env.<reader>("NAME", …)` in the settings."""
    for call in calls(ROOT / "config" / "settings.py"):
        function = call.func
        if isinstance(function, ast.Attribute) and ast.unparse(function.value) == "env" and named(call):
            assert function.attr in READERS
            yield call


def names_in_launcher() -> Iterator[str]:
    """What the launcher reads from `os.environ` itself, and what the scripts around it read."""
    for path in [*(ROOT / "config" / "stack").glob("*.py"), ROOT / "config" / "env.py"]:
        for call in calls(path):
            if ast.unparse(call.func) in ("os.environ.get", "os.getenv") and named(call):
                yield named(call)
    script = (ROOT / "config" / "stack" / "prepare.sh").read_text()
    yield from re.findall(r"\$\{([A-Z][A-Z0-9_]*):-", script)


def documented() -> dict[str, str]:
    """name → what the page says its default is."""
    rows = ROW.findall(PAGE.read_text())
    assert len(rows) == len(dict(rows)), "a variable stands on the page twice"
    return dict(rows)


def constant(node: ast.expr) -> object:
    """The value of a constant expression; None for what is known only at the start."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(constant(item) for item in node.elts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = constant(node.left), constant(node.right)
        return left * right if isinstance(left, int) and isinstance(right, int) else None
    return None


def shown(value: object) -> str:
    """A default as the page writes it."""
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{text}`" if text else "–"


def test_the_page_names_every_variable_the_product_reads_and_no_other() -> None:
    assert set(documented()) == {named(call) for call in settings_calls()} | set(names_in_launcher())


def test_the_page_tells_the_defaults_of_the_settings() -> None:
    page = documented()
    for call in settings_calls():
        value = constant(call.args[1]) if len(call.args) > 1 else ""
        if value is not None:
            assert page[named(call)] == shown(value), named(call)


def test_no_other_file_reads_the_environment() -> None:
    """Else a variable could escape the page, and a bad value its sentence."""
    readers = [
        path.relative_to(ROOT).as_posix()
        for package in PRODUCT
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"os\.environ(?!\.setdefault)|os\.getenv", path.read_text())
    ]
    assert [path for path in readers if not path.startswith(MAY_READ)] == []
