"""The samples in docs/webhooks.md accept our posts, and refuse changed, old and foreign ones."""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from webhooks import signing

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
BODY = '{"event":"message.delivered","metadata":{"ville":"Fès"}}'.encode()
NEW, OLD = signing.new_secret(), signing.new_secret()

RUNNERS = {
    "js": (
        ["node", "--input-type=module", "-e"],
        "{sample}\nimport fs from 'node:fs';\n"
        "const asks = JSON.parse(fs.readFileSync(0, 'utf8'));\n"
        "console.log(JSON.stringify(asks.map(([body, headers, secret]) =>"
        " verify(Buffer.from(body), headers, secret))));",
    ),
    "python": (
        [sys.executable, "-c"],
        "{sample}\nimport json, sys\n"
        "print(json.dumps([verify(body.encode(), headers, secret) for body, headers, secret in json.load(sys.stdin)]))",
    ),
    "php": (
        ["php", "-r"],
        "{sample}\necho json_encode(array_map(fn($ask) => verify($ask[0], $ask[1], $ask[2]),"
        " json_decode(stream_get_contents(STDIN), true)));",
    ),
}


def sample(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?verify.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def headers(*secrets: str, at: float, body: bytes = BODY) -> dict[str, str]:
    made = signing.headers(
        "standard",
        secrets,
        event_id="01a1f92f-fd41-76d0-b5ea-45eaa65f91db",
        event_type="message.delivered",
        body=body,
        timestamp=int(at),
        brand="Risala",
    )
    return {name.lower(): value for name, value in made.items()}


@pytest.mark.parametrize("language", RUNNERS)
def test_the_sample_verifies(language: str) -> None:
    command, program = RUNNERS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    now = time.time()
    asks = [
        (BODY, headers(NEW, at=now), NEW),
        (BODY, headers(NEW, OLD, at=now), OLD),
        (BODY, headers(NEW, at=now - 200), NEW),
        (BODY + b" ", headers(NEW, at=now), NEW),
        (BODY, headers(OLD, at=now), NEW),
        (BODY, headers(NEW, at=now - 400), NEW),
        (BODY, headers(NEW, at=now + 400), NEW),
        (BODY, headers(NEW, at=now) | {"webhook-timestamp": str(int(now) + 9)}, NEW),
        (BODY, headers(NEW, at=now) | {"webhook-signature": "v1,short"}, NEW),
    ]
    done = subprocess.run(
        [*command, program.replace("{sample}", sample(language))],
        input=json.dumps([(body.decode(), head, secret) for body, head, secret in asks]),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert json.loads(done.stdout) == [True] * 3 + [False] * 6
