"""Makes a process that a child of the launcher forked (web worker, Celery pool process) die with its parent.
Seen without it: granian's workers go on serving after their main process was killed, and a second granian
binds the same port silently."""

import os
import signal
import threading
import time

from config.stack.become import end_with_parent

LAUNCHER_VARIABLE = "RISALA_LAUNCHER"
WATCH_SECONDS = 0.5


def die_with_parent() -> None:
    """End this process with SIGKILL as soon as its parent has ended.

    Does nothing outside a stack started by the launcher. Call it in the process itself, after the fork. The
    kernel does it at once on Linux; the watching thread covers other systems, and a parent that died before
    the kernel was asked.
    """
    if not os.environ.get(LAUNCHER_VARIABLE):
        return
    parent = os.getppid()
    end_with_parent(signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), name="die-with-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
