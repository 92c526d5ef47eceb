"""How fast the SMPP session submits, against a bare client with the same window and the same SMSC. Nothing is stored on
either side: this is the wire, the codec and the window."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Helper, free_port, running, wait_for_port
from benchmarks.table import Row, median

COUNT = 60_000
WINDOW = 100
ROUNDS = 3


def rate(module: str, port: int, **more: int | bool) -> float:
    """Messages per second of a client."""
    client = Helper(module)
    client.go(json.dumps({"port": port, "count": COUNT, "window": WINDOW, **more}))
    return COUNT / float(client.result())


def measure() -> Iterator[Row]:
    """The session with a task for each message, and with callbacks."""
    log, port = Path(os.environ["BENCHMARK_LOGS"]) / "smsc.log", free_port()
    with running([sys.executable, "-m", "benchmarks.peers.smsc", str(port)], log=log):
        wait_for_port(port, log=log)
        limits, counted, posts, singles = [], [], [], []
        for _ in range(ROUNDS):
            limits.append(rate("benchmarks.bare_smpp", port, awaited=True))
            counted.append(rate("benchmarks.bare_smpp", port, awaited=False))
            posts.append(rate("benchmarks.session_smpp", port, posted=True))
            singles.append(rate("benchmarks.session_smpp", port, posted=False))
    limit, bare = median(limits), "bare client, each submit awaited"
    yield Row(f"SMPP session, window {WINDOW}, a task a message", median(singles), "/s", limit, bare, 0.5)
    yield Row("the same by callback", median(posts), "/s", limit, bare, 0.5)
    yield Row(
        "the same by callback", median(posts), "/s", median(counted), "bare client, answers only counted"
    )
