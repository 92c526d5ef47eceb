"""PostgreSQL alone: durable single-row INSERTs per second by pgbench, and a bare COPY of the rows that a bulk writes."""

import os
import re
import subprocess
from pathlib import Path

from django.db import connection

from config.stack.binaries import postgres_programs

TABLE = "CREATE TABLE IF NOT EXISTS benchmark_row (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, recipient text, body text)"
SCRIPT = "INSERT INTO benchmark_row (recipient, body) VALUES ('+212612345678', 'Your order has left our shop today.');\n"
RATE = re.compile(r"tps = ([\d.]+)")


def commits_per_second(connections: int, seconds: int) -> float:
    """Single-row transactions a second, each durable. 0 when there is no pgbench."""
    program = postgres_programs(None) / "pgbench"
    if not program.exists():
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    script = Path(os.environ["BENCHMARK_LOGS"]) / "insert.sql"
    script.write_text(SCRIPT)
    command = [str(program), "-n", "-M", "prepared", "-f", str(script), "-c", str(connections), "-j", "2"]
    command += ["-T", str(seconds), os.environ["DATABASE_URL"]]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 30)
    found = RATE.search(said.stdout)
    return float(found.group(1)) if found else 0.0
