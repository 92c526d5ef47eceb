"""Starting and ending one child process: own session (a terminal's Ctrl-C must not reach it), own user, dies
with the launcher. Only the child's main pid is ever signalled; what it forked is its own business, until it
must die."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

BECOME = Path(__file__).with_name("become.py")


class StackError(Exception):
    """The stack cannot start or go on; the text is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Owner:
    """The unprivileged user a server runs as when the launcher is root."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    output: int | IO[bytes],
    death_signal: signal.Signals = signal.SIGKILL,
    owner: Owner | None = None,
    keep: tuple[int, ...] = (),
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` (first word: an absolute path) with stdout and stderr going to `output`.

    `death_signal` reaches it when this process dies; `keep` are file descriptors it inherits (the flocks).
    Raises RuntimeError outside the main thread: Linux ties the death signal to the thread that forked.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are started from the main thread only")
    who = owner or Owner(-1, -1)
    arguments = [str(os.getpid()), str(int(death_signal)), str(who.uid), str(who.gid)]
    return subprocess.Popen(  # noqa: S603 - every command is built by the launcher itself
        [sys.executable, "-I", "-S", str(BECOME), *arguments, *command],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=keep,
        cwd=cwd,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> int:
    """Send each signal of `steps` and wait its seconds, until the process has ended; at last SIGKILL to its
    group.

    Returns its exit status, negative when a signal ended it.
    """
    for signal_number, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(signal_number)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()
