"""What the whole stack keeps in memory at rest: PostgreSQL, Redis, web, workers, beat and launcher, as `make run` starts
them. PSS: pages that processes share are counted once. Linux only."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import free_port, running, wait_for_http
from benchmarks.table import Row

REST_SECONDS = 6.0
MEGABYTE = 1024 * 1024
ALLOWED_MB = 1024.0
ADDRESSES = ("DATABASE_URL", "REDIS_URL", "RISALA_SECRET_KEY", "DJANGO_SETTINGS_MODULE")


def descendants(pid: int) -> list[int]:
    """A process and everything it started, directly or not."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def pss_bytes(pid: int) -> int:
    """The proportional share of memory of one process; 0 when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))


def measure() -> Iterator[Row]:
    """The row of the goal for memory."""
    if not Path("/proc/self/smaps_rollup").exists():
        sys.stderr.write("  memory is measured on Linux only\n")
        return
    var = Path(tempfile.mkdtemp(prefix="risala-rest-"))
    var.chmod(0o755)
    port = free_port()
    for name in ADDRESSES:
        os.environ.pop(name, None)
    env = {"RISALA_VAR": str(var), "PORT": str(port)}
    log = Path(os.environ["BENCHMARK_LOGS"]) / "rest.log"
    try:
        with running([sys.executable, "-m", "config.stack.launch", "run"], log=log, env=env) as pid:
            wait_for_http(port, "/livez", log=log)
            time.sleep(REST_SECONDS)
            processes = descendants(pid)
            total = sum(pss_bytes(one) for one in processes) / MEGABYTE
    finally:
        shutil.rmtree(var, ignore_errors=True)
    yield Row(
        f"memory at rest, {len(processes)} processes", total, "MB", ALLOWED_MB, "allowed", 1.0, at_most=True
    )
