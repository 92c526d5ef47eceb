"""What the launcher shows and keeps: its own sentences and its children's lines, each with the name of who
said it. The terminal gets what it can take, the log files get everything: a reader that stopped reading must
not stop the stack."""

import os
import re
import select
import sys
from pathlib import Path

LARGEST_LOG = 10 * 1024 * 1024  # bytes; then NAME.log becomes NAME.log.1
PIECE = select.PIPE_BUF  # a pipe that polls as writable takes this much without blocking


def say(text: str) -> None:
    """Write lines of the launcher itself to stdout, waiting a little for a slow reader."""
    _show(f"{text}\n".encode(), patience_seconds=2.0)


def _show(data: bytes, *, patience_seconds: float) -> None:
    """Write to stdout as far as that blocks no longer than `patience_seconds` for each piece; drop the
    rest.
    """
    try:
        descriptor = sys.stdout.fileno()
        for start in range(0, len(data), PIECE):
            if not select.select([], [descriptor], [], patience_seconds)[1]:
                return
            os.write(descriptor, data[start : start + PIECE])
    except (OSError, ValueError):  # stdout is closed; the log files go on
        return


class ChildLog:
    """The lines of one child: shown with its name, kept in `<folder>/<name>.log`."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / (re.sub(r"[^\w.-]", "_", name) + ".log")
        self._unfinished = b""

    def feed(self, data: bytes) -> None:
        """Take output as it comes; whole lines are shown and kept."""
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        if len(self._unfinished) > LARGEST_LOG:
            lines, self._unfinished = [*lines, self._unfinished], b""
        self._write(lines)

    def close(self) -> None:
        """The child has closed its output: an unfinished line is a line."""
        if self._unfinished:
            self._write([self._unfinished])
            self._unfinished = b""

    def _write(self, lines: list[bytes]) -> None:
        if not lines:
            return
        prefix = f"{self.name:<8} | ".encode()
        _show(b"".join(prefix + line + b"\n" for line in lines), patience_seconds=0)
        if self.path.exists() and self.path.stat().st_size > LARGEST_LOG:
            self.path.replace(self.path.with_suffix(".log.1"))
        with self.path.open("ab") as file:
            file.write(b"\n".join(lines) + b"\n")
