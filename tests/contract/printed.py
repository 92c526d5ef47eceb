"""The examples that the five providers print, by document and heading, and how they are run: only the base address, the key
and what an earlier answer gave (ids) are changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.stand_ins.customer import Answer, Customer

FOLDER = Path(__file__).parent / "documents"
NAMES = {"a": "SMS Maroc", "b": "EnvoiSMS.ma", "c": "SMS Provider", "d": "Prosendi", "e": "massej.li"}
BASES = {
    "https://api.smsmaroc.ma": "",
    "https://api.envoisms.ma": "",
    "https://api.smsprovider.com": "",
    "https://prosendi.com/api": "/api",
}
KEYS = ("smr_live_xxx", "env_live_xxx", "YOUR_API_KEY", "your_api_key_here")
# How curl is told to be quiet, where to call from and where to put the head of the answer, so that the command itself stays as
# printed.
CURL_SETTINGS = 'silent\ndump-header = "head.txt"\ninterface = "{address}"\n'
BLOCK = re.compile(r"```(\w+)\n(.*?)\n```", re.DOTALL)
# What the printed Node program needs of axios, on Node's own fetch.
AXIOS = """
exports.post = async (url, body, { headers }) => {
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, data: await answer.json() };
};
"""


@cache
def sections(document: str) -> Mapping[str, list[tuple[str, str]]]:
    """The blocks (language, text) under each heading of a document."""
    _, *parts = re.split(r"^## ", (FOLDER / f"{document}.md").read_text(), flags=re.MULTILINE)
    return {part.partition("\n")[0]: BLOCK.findall(part) for part in parts}


def block(document: str, heading: str, language: str) -> str:
    """The first block of a language under a heading. Raises LookupError when there is none."""
    found = [text for kind, text in sections(document)[heading] if kind == language]
    if not found:
        raise LookupError(f"document {document} has no {language} under {heading!r}")
    return found[0]


def answer(document: str, heading: str) -> Any:
    """The JSON that is printed last under a heading: the answer."""
    return json.loads(
        [text for kind, text in sections(document)[heading] if kind == "json"][-1], parse_float=Decimal
    )


def request(document: str, heading: str) -> Any:
    """The JSON that is printed first under a heading: the body of the request where both are printed as JSON."""
    return json.loads(block(document, heading, "json"))


def changed(text: str, customer: Customer, changes: Mapping[str, str]) -> str:
    """A printed example with the base address, the key and what `changes` names."""
    for base, path in BASES.items():
        text = text.replace(base, f"http://127.0.0.1:{customer.port}{path}")
    for key in KEYS:
        text = text.replace(key, customer.key)
    for printed, value in changes.items():
        text = text.replace(printed, value)
    return text.replace("d'été", "d'\\''été")  # printed within single quotes, where it ends the shell's text


def shell(command: str, home: Path, *, address: str) -> Answer:
    """Run a shell command whose last step is a printed curl, in a folder of its own, from a loopback address."""
    (home / ".curlrc").write_text(CURL_SETTINGS.format(address=address))
    done = _run(["bash", "-c", command], home, CURL_HOME=str(home))
    first, *lines = (home / "head.txt").read_text().strip().splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(int(first.split()[1]), headers, done)


def program(language: str, text: str, home: Path) -> Any:
    """Run a printed program in `js`, `python` or `php` that ends by printing JSON, and read that."""
    if language == "js":
        module = home / "node_modules" / "axios"
        module.mkdir(parents=True)
        (module / "index.js").write_text(AXIOS)
    ending, command = {
        "js": ("js", ["node"]),
        "python": ("py", [sys.executable]),
        "php": ("php", ["php"]),
    }[language]
    (home / f"sample.{ending}").write_text(text)
    return json.loads(_run([*command, f"sample.{ending}"], home), parse_float=Decimal)


def node(text: str, asked: object) -> Any:
    """What a Node program prints as JSON when it is given `asked` as JSON."""
    return json.loads(_run(["node", "-e", text], Path.cwd(), given=json.dumps(asked)))


def has(language: str) -> bool:
    """Whether programs of this language can be run here."""
    return language == "python" or shutil.which({"js": "node"}.get(language, language)) is not None


def _run(command: list[str], home: Path, *, given: str = "", **env: str) -> bytes:
    done = subprocess.run(
        command,
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home), **env},
        input=given.encode(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout
