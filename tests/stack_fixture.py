"""A pytest plugin (`-p tests.stack_fixture`): one real PostgreSQL and one real Redis for the whole run, all
xdist workers included. It is a plugin and not a conftest because Django's settings are read before the first
conftest. `DATABASE_URL` and `REDIS_URL`, when set, are used instead."""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from config.stack import embedded
from config.stack.spawn import StackError

# Only for a server whose data nobody will miss: the tests are about what commits, not about what a power cut
# leaves.
FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "5s"}
RUNNING = pytest.StashKey[embedded.Servers]()


def start_missing(config: pytest.Config) -> None:
    """Start what the environment does not name, and name it there, so that xdist workers inherit it.

    Raises pytest.UsageError when a server cannot be started.
    """
    wanted = {name: not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")}
    if not any(wanted.values()):
        return
    var = Path(tempfile.mkdtemp(prefix="risala-test-"))
    var.chmod(0o755)  # under root the servers run as somebody else
    try:
        servers = embedded.start(
            var, postgres=wanted["DATABASE_URL"], redis=wanted["REDIS_URL"], extra_postgres=FAST
        )
    except StackError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[RUNNING] = servers
    os.environ["RISALA_VAR"] = str(var)
    os.environ.setdefault("RISALA_SECRET_KEY", "for-tests-only-" + "x" * 40)
    if servers.postgres:
        os.environ["DATABASE_URL"] = servers.database_url
    if servers.redis:
        os.environ["REDIS_URL"] = servers.redis_url


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Before anything reads Django's settings: pytest-django does so in this very hook."""
    start_missing(early_config)
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started, and remove its folder."""
    servers = config.stash.get(RUNNING, None)
    if servers is not None:
        servers.stop()
        for folder in {servers.places.var, servers.places.home, servers.places.run}:
            shutil.rmtree(folder, ignore_errors=True)
