"""The files a running stack leaves in its folder for people, tools and tests: `stack.json` (pids, addresses),
`env` (what `manage.py` needs beside it) and `secret_key`. All are readable by their owner only and replaced
in one step."""

import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace `path` by a file of mode 0600 holding `text`; a reader sees the old or the new one, never
    half.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def secret_key(var: Path) -> str:
    """The installation's secret, 384 random bits made once; `RISALA_SECRET_KEY` in the environment comes
    first.
    """
    given = os.environ.get("RISALA_SECRET_KEY")
    if given:
        return given
    path = var / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48) + "\n")
    return path.read_text().strip()


def write_env(var: Path, values: Mapping[str, str]) -> None:
    """`env`: one KEY=VALUE per line, no quoting."""
    write_private(var / "env", "".join(f"{name}={value}\n" for name, value in values.items()))


def write_state(var: Path, state: Mapping[str, object]) -> None:
    """`stack.json`, as it is now."""
    write_private(var / "stack.json", json.dumps(state, indent=2, sort_keys=True) + "\n")
