"""Whatever code the documentation calls runnable is run: against the running stack, from the top of its page to the end,
and its printed answers are compared with those that come."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from config.docs import contents, sources
from tests.conftest import NewAccount
from tests.docs.site_samples import Block, Reading, blocks, missing, run
from tests.stand_ins.receiver import running
from tests.webhooks.test_documented_samples import BODY, NEW, OLD, RUNNERS, headers
from webhooks import signing

SERVED = [slug for slug in contents.slugs() if sources.served(sources.read("en", slug))]
ALL = {slug: blocks("en", slug) for slug in SERVED}
RUNNABLE = {slug: [one for one in ALL[slug] if "run" in one.words] for slug in SERVED}
IN_SHELL = [slug for slug in SERVED if any(one.language == "bash" for one in RUNNABLE[slug])]
PROGRAMS = [
    pytest.param(slug, one, id=f"{slug}-{one.language}")
    for slug in SERVED
    for one in RUNNABLE[slug]
    if one.language != "bash"
]
PROFILES = ("standard", "smsmaroc", "envoisms", "smsprovider")


def reading(new_account: NewAccount, slug: str, home: Path, receiver: str = "http://127.0.0.1:9") -> Reading:
    """A reader with a new account and the key that the page asks for."""
    compat = sources.read("en", slug).head.get("compat", "native")
    customer = new_account(credit="500", mode="test", compat=compat)
    return Reading(f"http://127.0.0.1:{customer.port}", customer.key, home, receiver)


@pytest.mark.parametrize("slug", IN_SHELL)
def test_the_commands_of_a_page(slug: str, new_account: NewAccount, tmp_path: Path) -> None:
    with running() as receiver:
        reader = reading(new_account, slug, tmp_path, receiver.url)
        for block in ALL[slug]:
            if "answer" in block.words:
                reader.shows(block)
            elif block.language == "bash" and "run" in block.words:
                expected = int(block.words[1]) if len(block.words) > 1 else None
                status = reader.shell(block)
                assert status == expected if expected else status in (200, 201, 202), reader.answer


@pytest.mark.parametrize(("slug", "block"), PROGRAMS)
def test_the_programs_of_a_page(slug: str, block: Block, new_account: NewAccount, tmp_path: Path) -> None:
    if reason := missing(block.language):
        pytest.skip(reason)
    printed = run(block.language, reading(new_account, slug, tmp_path).filled(block.code), tmp_path)
    assert "msg_" in printed or "vrf_" in printed


def verifier(language: str, kind: str) -> tuple[list[str], str]:
    """The command and program that run a printed `verify` over the asks on its standard input."""
    command, program = RUNNERS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    block = next(one for one in ALL["webhooks"] if one.language == language and one.words == (kind,))
    return command, program.replace("{sample}", block.code.removeprefix("<?php\n"))


def verdicts(language: str, kind: str, asks: list[tuple[bytes, object, str]]) -> list[bool]:
    command, program = verifier(language, kind)
    done = subprocess.run(
        [*command, program],
        input=json.dumps([(body.decode(), given, secret) for body, given, secret in asks]),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    verdict: list[bool] = json.loads(done.stdout)
    return verdict


@pytest.mark.parametrize("language", RUNNERS)
def test_the_printed_check_of_signatures(language: str) -> None:
    now = time.time()
    asks: list[tuple[bytes, object, str]] = [
        (BODY, headers(NEW, at=now), NEW),
        (BODY, headers(NEW, OLD, at=now), OLD),
        (BODY + b" ", headers(NEW, at=now), NEW),
        (BODY, headers(OLD, at=now), NEW),
        (BODY, headers(NEW, at=now - 400), NEW),
        (BODY, headers(NEW, at=now + 400), NEW),
    ]
    assert verdicts(language, "verify", asks) == [True] * 2 + [False] * 4


@pytest.mark.parametrize("language", RUNNERS)
def test_the_printed_check_of_each_profiles_header(language: str) -> None:
    asks: list[tuple[bytes, object, str]] = []
    for profile in PROFILES:
        made = signing.headers(
            profile,
            [NEW],
            event_id="01a1f92f-fd41-76d0-b5ea-45eaa65f91db",
            event_type="message.delivered",
            body=BODY,
            timestamp=int(time.time()),
            brand="Risala",
        )
        values = {
            value for name, value in made.items() if name.startswith("X-") and name.endswith("-Signature")
        }
        assert len(values) == 1
        asks += [(BODY, value, NEW) for value in values]
    asks += [(BODY + b" ", asks[0][1], NEW), (BODY, asks[0][1], OLD), (BODY, "sha256=ab", NEW)]
    assert verdicts(language, "verify-header", asks) == [True] * 4 + [False] * 3
