"""Started in front of every child of the launcher: drops privileges, asks the kernel to end the child when
the launcher dies, then becomes the child's program. A program of its own, because code between fork and exec
in a process with threads can hang. Arguments: launcher's pid, signal number, uid, gid (-1: keep), program and
arguments."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
NOT_STARTED = 127


def end_with_parent(signal_number: int) -> None:
    """Have Linux send `signal_number` to this process when the thread that forked it ends; elsewhere,
    nothing.

    The request survives exec but not a change of user, so it comes after one (prctl(2)).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def drop_privileges(uid: int, gid: int) -> None:
    """Become `uid`:`gid` for good, with no other groups; -1 keeps who we are."""
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def main() -> None:
    """Read the arguments, prepare this process, and become the program."""
    launcher, signal_number, uid, gid = (int(argument) for argument in sys.argv[1:5])
    program = sys.argv[5:]
    try:
        drop_privileges(uid, gid)
        end_with_parent(signal_number)
        if os.getppid() != launcher:  # the launcher died before the kernel was asked
            os.kill(os.getpid(), signal.SIGKILL)
        os.execv(program[0], program)  # noqa: S606 - no shell is what we want
    except OSError as error:
        sys.stderr.write(f"cannot start {program[0]}: {error}\n")
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main()
