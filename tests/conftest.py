"""What the whole test run shares: a template database, one running stack for the tests over HTTP, and the
check of its books when all is over."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tests.stand_ins import running
from tests.stand_ins.customer import Customer
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import RUN_VARIABLE, Stack
from tests.stand_ins.waiting import until
from tests.turns import InTurn

NewAccount = Callable[..., Customer]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before xdist starts its workers: a folder for the run."""
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="risala-run-"))
        folder.chmod(0o755)
        os.environ[RUN_VARIABLE] = str(folder)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InTurn:
    """How tests are dealt out to the workers."""
    return InTurn(config, log)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where all workers have ended: the books of the shared stack must add up."""
    running.let_go()
    if hasattr(session.config, "workerinput"):
        return
    folder = Path(os.environ[RUN_VARIABLE])
    shared = folder / "shared"
    if (shared / "ready.json").exists():
        until(lambda: running.ended(shared), seconds=60, what="the shared stack has stopped")
        done = audit(shared)
        if done.returncode != 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            said = f"\naudit_books after the run:\n{done.stdout}\n{done.stderr}\n"
            reporter: Any = session.config.pluginmanager.getplugin("terminalreporter")
            reporter.write(said, red=True)
    shutil.rmtree(folder, ignore_errors=True)


def audit(folder: Path) -> "subprocess.CompletedProcess[str]":
    """`audit_books` on the database of a stack that has stopped."""
    env = running.read_env(folder)
    stopped = Stack(0, env["DATABASE_URL"], env["REDIS_URL"], Path(env["RISALA_VAR"]), env)
    return stopped.audited()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """In-process tests copy a migrated database instead of migrating one per worker."""
    databases: dict[str, Any] = settings.DATABASES
    databases["default"]["TEST"]["TEMPLATE"] = running.template()


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The running stack that all tests over HTTP share. Break nothing: use accounts of your own."""
    return running.shared()


@pytest.fixture(scope="session")
def operator(stack: Stack, django_db_blocker: DjangoDbBlocker) -> Operator:
    """Whoever runs the shared stack."""
    return Operator(stack, django_db_blocker)


@pytest.fixture(scope="session")
def new_account(operator: Operator) -> NewAccount:
    """Opens an account with money: `new_account(credit="10", plan="starter", mode="test", compat="smsmaroc")`."""
    return operator.new_account
