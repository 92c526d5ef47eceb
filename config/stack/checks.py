"""`python -m config.stack.checks all|static`: the checks that need no running product, two at a time, then
the tests. Prints what failed and a table; exits 1 if anything did. Those that need a database get an embedded
one in a temporary folder."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from config.stack import embedded
from config.stack.launch import ROOT

APPS = ("accounts", "webhooks", "contacts", "billing", "messaging", "verify", "campaigns")
PACKAGES = ("config", *APPS, "tests", "benchmarks", "sdks")
MODULE = (sys.executable, "-m")
SHOWN_LINES = 60  # of what a failing check said
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Outcome:
    """How one check ended."""

    name: str
    status: int
    seconds: float
    text: str


def say(text: str) -> None:
    """Write to stdout, all of it, however slow the reader."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def static_checks() -> dict[str, list[str]]:
    """Command lines by name, the slowest first. Folders that do not exist yet are left out."""
    packages = [name for name in PACKAGES if (ROOT / name).is_dir()]
    checks = {
        "mypy": [*MODULE, "mypy", *packages],
        "imports": [str(BIN / "lint-imports")],
        "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        "ruff": [*MODULE, "ruff", "check", "--output-format=concise", "--quiet", "."],
        "format": [*MODULE, "ruff", "format", "--check", "--output-format=concise", "."],
        "sizes": [*MODULE, "config.stack.sizes"],
    }
    if any((ROOT / "templates").rglob("*.html")):
        checks["templates"] = [*MODULE, "djlint", "--check", "--lint", "--quiet", "templates"]
    return checks


def run_check(name: str, command: list[str], env: Mapping[str, str]) -> Outcome:
    """Run one check to its end, keeping what it prints."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - from the table above
        command,
        cwd=ROOT,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outcome = Outcome(name, done.returncode, time.monotonic() - began, done.stdout)
    say(f"{'ok  ' if outcome.status == 0 else 'FAIL'} {name} ({outcome.seconds:.1f} s)")
    return outcome


def run_static(names: list[str]) -> list[Outcome]:
    """All checks but the tests, beside each other."""
    checks = {name: command for name, command in static_checks().items() if not names or name in names}
    with tempfile.TemporaryDirectory(prefix="risala-check-") as folder:
        var = Path(folder)
        var.chmod(0o755)  # under root the servers run as somebody else
        env = {"RISALA_SECRET_KEY": "for-checks-only-" + "x" * 40, **os.environ, "RISALA_VAR": str(var)}
        wanted = {name: not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")}
        with embedded.start(
            var,
            postgres=wanted["DATABASE_URL"],
            redis=wanted["REDIS_URL"],
            extra_postgres={"fsync": "off"},
        ) as servers:
            env["DATABASE_URL"] = env.get("DATABASE_URL") or servers.database_url
            env["REDIS_URL"] = env.get("REDIS_URL") or servers.redis_url
            with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
                return list(pool.map(lambda name: run_check(name, checks[name], env), checks))


def run_tests(arguments: list[str]) -> Outcome:
    """pytest, in as many processes as there are processors and at least two, its output shown as it comes."""
    processes = str(max(2, os.cpu_count() or 2))
    command = [*MODULE, "pytest", "-p", "tests.stack_fixture", "-n", processes, "-q", *arguments]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - from the line above
    return Outcome("pytest", done.returncode, time.monotonic() - began, "")


def report(outcomes: list[Outcome]) -> int:
    """Print what failing checks said, then the table; returns the exit status."""
    failed = [outcome for outcome in outcomes if outcome.status != 0]
    for outcome in failed:
        if outcome.text:
            lines = outcome.text.rstrip().splitlines()
            more = f"\n… and {len(lines) - SHOWN_LINES} more lines" if len(lines) > SHOWN_LINES else ""
            say(f"\n--- {outcome.name} ---\n" + "\n".join(lines[:SHOWN_LINES]) + more)
    say(
        "\n"
        + "\n".join(
            f"{o.name:<12}{'ok' if o.status == 0 else 'FAILED':<8}{o.seconds:8.1f} s" for o in outcomes
        )
    )
    return 1 if failed else 0


def main() -> int:
    """Returns 0 when everything passed, else 1."""
    parser = argparse.ArgumentParser(prog="python -m config.stack.checks", description=__doc__)
    parser.add_argument("what", choices=("all", "static", "tests"))
    parser.add_argument("rest", nargs="*", help="names of checks (static), or arguments for pytest (tests)")
    wish, options = parser.parse_known_args()
    wish.rest += options
    outcomes = [] if wish.what == "tests" else run_static(wish.rest if wish.what == "static" else [])
    if wish.what != "static":
        outcomes.append(run_tests(wish.rest if wish.what == "tests" else []))
    return report(outcomes)


if __name__ == "__main__":
    sys.exit(main())
