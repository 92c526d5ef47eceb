"""The customers' webhook receiver as a process of its own; prints its address, ends when its standard input does."""

import sys

from tests.stand_ins.receiver import running


def main() -> None:
    """Serve until whoever started us goes."""
    with running() as receiver:
        sys.stdout.write(f"ready\n{receiver.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
