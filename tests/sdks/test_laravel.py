"""Risala in Laravel, with the components of Laravel that Debian packages: document B's printed lines, the notification
channel and the webhook controller, against the running stack; and the PHP library with a PSR-18 client, their Guzzle."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NewAccount
from tests.stand_ins import receiver
from tests.stand_ins.running import Stack

HERE = Path(__file__).parent / "laravel"
COMPONENTS = ("Http", "Notifications", "Events", "Config")
PLACE = Path("/usr/share/php/Illuminate")
PACKAGES = (
    "php-cli, php-curl, php-guzzlehttp-guzzle and php-illuminate-http, -notifications, -events, -config"
)
here = shutil.which("php") and all((PLACE / name / "autoload.php").exists() for name in COMPONENTS)
pytestmark = pytest.mark.skipif(not here, reason=f"Debian's {PACKAGES} are not all installed here")


def run(program: str, stack: Stack, key: str, *, stdin: str = "", **env: str) -> Any:
    """The JSON that a program prints."""
    known = {"PATH": os.environ["PATH"], "RISALA_BASE_URL": stack.base_url, "RISALA_API_KEY": key}
    done = subprocess.run(
        ["php", program],
        input=stdin,
        env={**known, **env},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_document_b_sends_with_laravels_http(new_account: NewAccount, stack: Stack, tmp_path: Path) -> None:
    customer = new_account(compat="envoisms", plan="croissance")
    printed = (HERE / "document_b.txt").read_text().replace("https://api.envoisms.ma", stack.base_url)
    program = tmp_path / "program.php"
    start = f"<?php require {str(HERE / 'application.php')!r};\n$answer = {printed}"
    program.write_text(f"{start}\necho json_encode([$answer->status(), $answer->json()]);")
    status, body = run(str(program), stack, customer.key)
    assert (status, body["to"], body["from"], body["status"]) == (
        202,
        "+212612345678",
        "MaBoutique",
        "queued",
    )
    shown = customer.wait_for(body["id"])
    assert (shown["status"], shown["body"]) == ("delivered", "Votre commande est en cours de livraison 🚚")


def test_a_notification_that_is_tried_again_is_sent_once(new_account: NewAccount, stack: Stack) -> None:
    customer = new_account()
    first, second = run(str(HERE / "notify.php"), stack, customer.key, RISALA_FROM="Atlas")
    assert first == second
    assert (first["from"], first["status"]) == ("Atlas", "queued")
    (row,) = customer.get("/v1/messages").body["data"]
    assert (row["body"], row["metadata"]) == ("Your order is on its way.", {"order": "A-17"})


def test_the_controller_believes_genuine_posts_only(new_account: NewAccount, stack: Stack) -> None:
    customer = new_account()
    with receiver.running() as running:
        given = {"url": running.url, "events": ["message.delivered"]}
        secret = customer.post("/v1/webhooks", given).body["secret"]
        message_id = customer.send()["id"]
        (request,) = running.wait_for(1)
    body = request.body.decode()
    post = {"headers": request.headers, "body": body}
    forged = post | {"body": body.replace("delivered", "failed")}
    done = run(
        str(HERE / "receive.php"),
        stack,
        customer.key,
        stdin=json.dumps([post, forged]),
        RISALA_WEBHOOK_SECRET=f"whsec_b2xk, {secret}",
    )
    event_id = request.headers["webhook-id"]
    assert done == {"statuses": [204, 401], "told": [[event_id, "message.delivered", message_id]]}


def test_a_psr_18_client_can_carry_the_calls(new_account: NewAccount, stack: Stack, tmp_path: Path) -> None:
    customer = new_account()
    program = tmp_path / "program.php"
    program.write_text(
        f"<?php require {str(HERE / 'application.php')!r};\n"
        "$made = new GuzzleHttp\\Psr7\\HttpFactory();"
        "$guzzle = new GuzzleHttp\\Client();"
        "$client = new Risala\\Client(transport: new Risala\\Http\\Psr18Transport($guzzle, $made, $made));"
        "$sent = $client->messages->send(['to' => '+212612345678', 'message' => 'Bonjour']);"
        "try { $client->messages->get('msg_0'); }"
        "catch (Risala\\Exception\\NotFoundException $error) { echo json_encode([$sent['id'], $error->errorCode]); }"
    )
    message_id, code = run(str(program), stack, customer.key)
    assert code == "NOT_FOUND"
    assert [row["id"] for row in customer.get("/v1/messages").body["data"]] == [message_id]
