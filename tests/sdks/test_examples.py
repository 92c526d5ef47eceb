"""The examples of the client libraries, run as their first lines say."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sdks.generator.__main__ import SDKS
from tests.conftest import NewAccount
from tests.sdks.library import missing
from tests.stand_ins.customer import Customer
from tests.stand_ins.running import Stack, free_port
from tests.stand_ins.waiting import until

LANGUAGES = ("node", "php", "python")
SUFFIX = {"python": "py", "node": "mjs", "php": "php"}
PROGRAM = {"python": sys.executable, "node": "node", "php": "php"}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn; not run, with the reason, where it is missing."""
    reason = missing(request.param)
    if reason:
        pytest.skip(reason)
    return str(request.param)


def command(language: str, name: str, *arguments: str) -> list[str]:
    """How an example is run."""
    return [PROGRAM[language], str(SDKS / language / "examples" / f"{name}.{SUFFIX[language]}"), *arguments]


def environment(stack: Stack, customer: Customer, **more: str) -> dict[str, str]:
    """What the examples read."""
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SDKS / "python" / "src")}
    return {**known, "RISALA_BASE_URL": stack.base_url, "RISALA_API_KEY": customer.key, **more}


def printed(language: str, name: str, stack: Stack, customer: Customer, number: str) -> str:
    """What an example prints, as one line."""
    done = subprocess.run(
        command(language, name, number),
        env=environment(stack, customer),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def receiving(language: str, port: int, env: dict[str, str]) -> Iterator[None]:
    """The example that takes webhook posts, running."""
    line = command(language, "receive", str(port))
    if language == "php":
        line = ["php", "-S", f"127.0.0.1:{port}", line[1]]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(line, env=env, stdout=quiet, stderr=quiet)
    try:
        until(lambda: listens(port), what="the example listens")
        yield
    finally:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    """Whether anybody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_message_is_sent(language: str, stack: Stack, new_account: NewAccount) -> None:
    customer = new_account()
    message_id, status, price, currency = printed(language, "send", stack, customer, "+212600000000").split()
    assert (status, price, currency) == ("delivered", "0.28", "MAD")
    assert customer.message(message_id)["status"] == "delivered"


def test_a_code_is_verified(language: str, stack: Stack, new_account: NewAccount) -> None:
    customer = new_account(mode="test")
    assert printed(language, "one_time_code", stack, customer, "+212612345678") == "verified"


def test_posts_are_taken_when_they_are_genuine(language: str, stack: Stack, new_account: NewAccount) -> None:
    customer = new_account()
    port = free_port()
    made = customer.post("/v1/webhooks", {"url": f"http://127.0.0.1:{port}/"}).body
    env = environment(stack, customer, RISALA_WEBHOOK_SECRET=made["secret"])
    with receiving(language, port, env):
        event_id = customer.post(f"/v1/webhooks/{made['id']}/test").body["event_id"]
        path = f"/v1/webhooks/{made['id']}/deliveries/{event_id}"
        until(lambda: customer.get(path).body["state"] == "done", what="the example took the post")
        assert customer.get(path).body["last_status"] == 204
        forged = Customer(port, "", customer.account_id, customer.key_id).call("POST", "/", {"event": "x"})
        assert forged.status == 401
