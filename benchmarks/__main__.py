"""`python -m benchmarks [NAME …]`: starts PostgreSQL and Redis in a folder of its own, runs the benchmarks one after the
other, prints one table, and removes everything. Bounded to four minutes; what does not fit on a busy machine is named."""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.processes import ROOT
from benchmarks.table import Row, drawn, machine
from config.stack import embedded, parts
from config.stack.spawn import StackError

ALL = ("accept", "bulk", "campaign", "dispatch", "smpp", "webhooks", "memory", "scale")
ALL_SECONDS = 240.0
LEAST_SECONDS = 15.0
SETTLE_SECONDS = 1.0


def say(text: str) -> None:
    """A line for the person who waits."""
    print(text, flush=True)


def environment(servers: embedded.Servers) -> dict[str, str]:
    """What the product needs to run on these servers."""
    return {
        **os.environ,
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "RISALA_VAR": str(servers.places.var),
        "RISALA_SECRET_KEY": secrets.token_urlsafe(48),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "WEBHOOK_ALLOW_PRIVATE": "1",
        "LOG_LEVEL": "WARNING",
        "BENCHMARK_LOGS": str(servers.places.log),
    }


def measured(name: str, env: dict[str, str], options: Sequence[str], *, longest_seconds: float) -> list[Row]:
    """The rows of one benchmark; those it had, with the reason printed, when it fails or its time is over."""
    began = time.monotonic()
    say(f"{name} …")
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.child", name, *options],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        said, _ = process.communicate(timeout=longest_seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        said, _ = process.communicate()
        say(f"  {name} was stopped after {longest_seconds:.0f} s")
    rows = [Row(**json.loads(line)) for line in said.splitlines() if line.startswith("{")]
    if process.returncode:
        say(f"  {name} failed; what it found until then is below")
    say(f"  {time.monotonic() - began:.0f} s")
    return rows


def run(names: Sequence[str], servers: embedded.Servers, messages: int) -> list[Row]:
    """All the benchmarks asked for, on started servers."""
    env = environment(servers)
    for arguments in (("migrate", "--no-input", "-v", "0"), ("bootstrap", "--json")):
        subprocess.run(parts.manage(*arguments), env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    rows = []
    until = time.monotonic() + ALL_SECONDS
    for name in names:
        left = until - time.monotonic()
        if left < LEAST_SECONDS:
            say(
                f"{name} is left out: {ALL_SECONDS:.0f} s are over. `python -m benchmarks {name}` runs it alone."
            )
            continue
        time.sleep(SETTLE_SECONDS)
        rows += measured(name, env, [str(messages)] if name == "scale" else [], longest_seconds=left)
    return rows


def main() -> int:
    """Print the table; always 0 unless the servers do not start: a benchmark informs, it does not judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}; all of them without one"
    )
    parser.add_argument(
        "--messages", type=int, default=1_000_000, help="how many stored messages `scale` goes up to"
    )
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.names) - set(ALL))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    var = Path(tempfile.mkdtemp(prefix="risala-bench-"))
    var.chmod(0o755)  # under root the servers run as somebody else
    say(machine())
    folders = {var}
    try:
        with embedded.start(var) as servers:
            folders |= {servers.places.var, servers.places.home, servers.places.run}
            rows = run(chosen.names or ALL, servers, chosen.messages)
    except StackError as error:
        say(str(error))
        return 1
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    say(f"\n{machine()}\n{drawn(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
