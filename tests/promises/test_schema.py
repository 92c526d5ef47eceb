"""The API keeps to its own OpenAPI document under whatever that document allows and forbids: no 5xx, and every
answer has a documented status, type and form."""

import re
import subprocess
import sys
from pathlib import Path

from config.api.openapi import document
from tests.conftest import NewAccount
from tests.stand_ins.running import Stack

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
# Counted and not timed, so that a slow machine does not test less: every operation gets each edge of each field (coverage), right
# and wrong, and so many random requests.
RANDOM_REQUESTS = 8


def test_schemathesis_finds_nothing(stack: Stack, new_account: NewAccount, tmp_path: Path) -> None:
    customer = new_account(mode="test")
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "run",
        f"{stack.base_url}/v1/openapi.json",
        *("--url", stack.base_url),
        *("--header", f"Authorization: Bearer {customer.key}"),
        *("--checks", ",".join(CHECKS)),
        *("--phases", "examples,coverage,fuzzing"),
        *("--mode", "all"),
        *("--max-examples", str(RANDOM_REQUESTS)),
        *("--seed", "20261120"),
        *("--suppress-health-check", "all"),
        *("--warnings", "off"),
        "--continue-on-failure",
        "--no-color",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]
    count = sum(len(operations) for operations in document()["paths"].values())
    assert f"Tested: {count}\n" in done.stdout
    for phase in ("Coverage", "Fuzzing"):
        assert re.search(rf"{phase} \(in [^)]*\)\s+✅ {count} passed\n", done.stdout), done.stdout
