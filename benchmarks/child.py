"""`python -m benchmarks.child NAME`: one benchmark in a process of its own, so that Django is set up before anything of the
product is imported. Prints its rows as JSON, one a line, and notes for the reader on standard error."""

import importlib
import json
import sys
from dataclasses import asdict

import django


def main() -> None:
    """Run `benchmarks.<NAME>.measure()`."""
    django.setup()
    module = importlib.import_module(f"benchmarks.{sys.argv[1]}")
    for row in module.measure(*sys.argv[2:]):
        sys.stdout.write(json.dumps(asdict(row)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
