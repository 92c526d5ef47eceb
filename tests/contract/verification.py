"""The programs by which documents B and C tell their readers to verify a post, run by Node.js as they are printed."""

import re
import shutil
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from tests.contract import printed

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="the documents' programs run on Node.js")
WRONG_LENGTH = "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH"
ASK = """
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const answers = asked.map(([body, signature, secret]) => {
  try { return %s; } catch (error) { return error.code; }
});
console.log(JSON.stringify(answers));
"""


class Post(NamedTuple):
    """What a receiver has of one post: its body, the header's value, and the secret it was given."""

    body: bytes
    signature: str
    secret: str


def by_document_b(posts: Sequence[Post]) -> list[object]:
    """What document B's function says of each post; the code of the error where it throws. Its TypeScript is run without its
    types, and as a script."""
    sample = printed.block("b", "Signature Validation", "ts")
    sample = re.sub(r": string\b", "", sample).replace("export ", "")
    sample = sample.replace("import crypto from 'node:crypto';", "const crypto = require('node:crypto');")
    return _ask(sample, "verifySignature(body, signature, secret)", posts)


def by_document_c(posts: Sequence[Post]) -> list[object]:
    """What document C's function says of each post; the code of the error where it throws."""
    sample = printed.block("c", "Webhook Security", "js")
    return _ask(sample, "verifyWebhook(JSON.parse(body), signature, secret)", posts)


def _ask(sample: str, call: str, posts: Sequence[Post]) -> list[object]:
    asked = [[post.body.decode(), post.signature, post.secret] for post in posts]
    answers: list[object] = printed.node(sample + ASK % call, asked)
    return answers
