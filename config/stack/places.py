"""Where the embedded servers keep their files, and as whom they run. PostgreSQL refuses to run as root, so
under root both servers get an unprivileged uid of their own; when that uid cannot reach the var folder (a
checkout in /root), their files go to /var/lib/risala/<hash of the folder>. The mode of a folder that is not
ours is never changed."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.stack.spawn import Owner, StackError

# Between the uids of people and those of systemd's dynamic users, where systemd's list of uids shows a gap.
SERVER_UID = 60731
LONGEST_SOCKET = 103  # bytes of sun_path on macOS, less its NUL; Linux has 107
FAR_HOME = Path("/var/lib/risala")
LEFTOVER_SECONDS = 20.0


@dataclass(frozen=True)
class Places:
    """The folders of one stack: `home` for data, `run` for sockets, `log`; and the `owner` of the servers."""

    var: Path
    home: Path
    run: Path
    log: Path
    owner: Owner | None


def short_hash(path: Path) -> str:
    """Twelve hexadecimal digits that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def reachable(path: Path, owner: Owner | None) -> bool:
    """Whether `owner` may walk down to `path` (mode bits only); always true for ourselves (None)."""
    if owner is None:
        return True
    for folder in [path, *path.parents]:
        state = folder.stat()
        bit = 0o100 if state.st_uid == owner.uid else 0o010 if state.st_gid == owner.gid else 0o001
        if not state.st_mode & bit:
            return False
    return True


def open_dir(path: Path) -> Path:
    """Create `path` (mode 0755) with its parents unless it exists; an existing folder stays as it is."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir()
        path.chmod(0o755)
    return path


def private_dir(path: Path, owner: Owner | None) -> Path:
    """Create `path` with mode 0700 for `owner`, or check that it is just that.

    Raises StackError when it belongs to someone else: in a shared temp dir that could be a trap.
    """
    uid = os.geteuid() if owner is None else owner.uid
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        state = path.lstat()
        if not path.is_dir() or path.is_symlink() or state.st_uid != uid or state.st_mode & 0o077:
            raise StackError(
                f"{path} must be a folder of uid {uid} with mode 0700, but another user made or changed it. "
                "Start as the user who made it, or set RISALA_VAR to another folder."
            ) from None
    else:
        hand_over(path, owner)
    return path


def hand_over(path: Path, owner: Owner | None) -> None:
    """Give `path` and all below it to `owner`; without one it is ours already."""
    if owner is None:
        return
    try:
        for folder, _, files in os.walk(path):
            os.chown(folder, owner.uid, owner.gid)
            for name in files:
                os.chown(Path(folder, name), owner.uid, owner.gid, follow_symlinks=False)
    except OSError as error:
        raise StackError(
            f"root cannot give {path} to uid {owner.uid} ({error.strerror}); run as an ordinary user instead."
        ) from error


def choose(var: Path) -> Places:
    """Decide where everything lies for the folder `var`, creating what is missing."""
    var = open_dir(var).resolve()
    owner = Owner(SERVER_UID, SERVER_UID) if os.geteuid() == 0 else None
    home = var
    if not reachable(var, owner):
        home = open_dir(open_dir(FAR_HOME) / short_hash(var))
        if not reachable(home, owner):
            raise StackError(
                f"Neither {var} nor {home} can be reached by uid {SERVER_UID}, as whom PostgreSQL runs."
            )
        (var / "servers-are-in").write_text(f"{home}\n")
    run = home / "run"
    if len(os.fsencode(run / ".s.PGSQL.5432")) > LONGEST_SOCKET:
        run = Path(tempfile.gettempdir()).resolve() / f"risala-{short_hash(home)}"
        if not reachable(run.parent, owner):
            run = Path("/tmp") / run.name  # noqa: S108 - private_dir refuses a folder someone else put there
    return Places(var, home, private_dir(run, owner), private_dir(var / "log", None), owner)


def usable_program(program: Path, root: Path, trees: Sequence[Path], owner: Owner | None) -> Path:
    """`program` itself, or its copy when `owner` cannot reach it.

    Copied are `trees`, all below `root` and in the same places below the copy: programs find their libraries
    by relative paths, and wheels put some of those in a folder beside the package.
    """
    if reachable(program.resolve().parent, owner):
        return program
    state = program.stat()
    copy = open_dir(FAR_HOME) / f"programs-{short_hash(program)}-{int(state.st_mtime)}-{state.st_size}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(prefix="copying-", dir=FAR_HOME))
        for tree in trees:
            shutil.copytree(tree, partial / tree.relative_to(root), symlinks=True)
        _open_to_all(partial)
        try:
            partial.rename(copy)
        except OSError:  # another launcher was first
            shutil.rmtree(partial)
    return copy / program.relative_to(root)


def _open_to_all(folder: Path) -> None:
    """Let everybody read a copy of ours, whatever the umask under which its original was installed."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))


def hold_folder(var: Path) -> int:
    """Take the folder for this launcher; the lock is let go when the descriptor is closed or the process
    ends.

    Raises StackError at once when another launcher has it.
    """
    handle = os.open(var / "launcher.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.pread(handle, 20, 0).decode() or "?"
        os.close(handle)
        raise StackError(
            f"Another Risala (pid {pid}) is running on {var}; stop it, or set RISALA_VAR to another folder."
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle


def hold_servers(home: Path) -> int:
    """Take the lock every embedded server inherits, waiting for servers of a killed launcher to end.

    Raises StackError when they do not within 20 s.
    """
    handle = os.open(home / "servers.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            os.close(handle)
            raise StackError(
                f"A PostgreSQL or Redis of an earlier start still uses {home}; end it, then start again."
            ) from None
        return handle
