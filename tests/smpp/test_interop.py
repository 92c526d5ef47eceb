"""Peers that we did not write: smpplib and node's smpp as clients of our server, smpp.twisted3 and node's smpp as servers
of our session. They read what we write and write it back, so no mistake of ours can hide in both ends.

Node's needs `npm install smpp` in a folder that `SMPP_NODE_MODULES` names (its node_modules); otherwise it is not run."""

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import smpplib.client  # type: ignore[import-untyped]
import smpplib.consts  # type: ignore[import-untyped]
import smpplib.exceptions  # type: ignore[import-untyped]
import smpplib.gsm  # type: ignore[import-untyped]

from messaging.carriers.contract import Accepted, TryLater
from messaging.carriers.smpp.coding import Coding, parts
from messaging.carriers.smpp.link import Timing
from messaging.carriers.smpp.pdu import Bind, SubmitSm
from messaging.carriers.smpp.receipts import report
from messaging.carriers.smpp.tlv import find
from messaging.carriers.smpp.unpacking import fragment, join
from tests.smpp.playing import Seen, run, session_to, until
from tests.stand_ins import waiting
from tests.stand_ins.smsc import Smsc, running

TEXTS = ("Bonjour [5 €]", "مرحبا 😀", "Long: " + "été €" * 60, "طويل " * 40)
CODINGS = (Coding(), Coding(long="sar"), Coding(long="payload"))
PATIENT = Timing(answer_seconds=10, idle_seconds=0.3, alive_seconds=5)
NODE_MODULES = os.environ.get("SMPP_NODE_MODULES", "")
with_node = pytest.mark.skipif(
    not (NODE_MODULES and shutil.which("node")), reason="not run: SMPP_NODE_MODULES or node is missing"
)
HERE = Path(__file__).parent


@contextmanager
def process(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """A process and what it says; ended afterwards."""
    env = {**os.environ, "NODE_PATH": NODE_MODULES}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as started:
        try:
            yield started
        finally:
            started.terminate()


def submits(text: str, coding: Coding) -> list[SubmitSm]:
    return [
        SubmitSm(
            source_addr_ton=5,
            source_addr="RISALA",
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr="212612345678",
            esm_class=part.esm_class,
            registered_delivery=1,
            data_coding=part.data_coding,
            short_message=part.short_message,
            tlvs=part.tlvs,
        )
        for part in parts(text, coding, reference=77)
    ]


async def say_it_all(port: int) -> None:
    """Submit every text in every form; the server gives it back."""
    seen = Seen()
    async with session_to(port, seen, timing=PATIENT, window=50) as session:
        assert await session.bound(10), seen.states
        number = 0
        for coding in CODINGS:
            for words in TEXTS:
                sent = submits(words, coding)
                results = await session.submit(sent)
                assert results == [Accepted(str(number + at)) for at in range(1, len(sent) + 1)]
                number += len(sent)
                await until(lambda expected=number: len(seen.delivered) == expected)  # type: ignore[misc]
                echoed = seen.delivered[-len(sent) :]
                assert {(each.source_addr, each.destination_addr) for each in echoed} == {
                    ("212612345678", "RISALA")
                }
                found = [fragment(each) for each in echoed]
                # Neither server gives SAR parameters back, so there the parts are put in a row.
                said = "".join(each.text for each in found) if coding.long == "sar" else join(found)
                assert said == words
        await asyncio.sleep(0.5)  # over the silence after which enquire_link goes out
        assert seen.phases == ["connecting", "bound"]
    wrong = Seen()
    async with session_to(port, wrong, credentials=Bind("risala", "wrong")) as session:
        await until(lambda: {"denied", "waiting"} & set(wrong.phases))
        [refused] = await session.submit([SubmitSm()])
        assert isinstance(refused, TryLater)
        assert wrong.states[1].code in ("ESME_RINVPASWD", "ESME_RBINDFAIL")


def test_our_session_and_the_server_of_smpp_twisted3() -> None:
    with process(sys.executable, "-m", "tests.smpp.twisted_smsc") as smsc:
        assert smsc.stdout is not None
        port = int(smsc.stdout.readline())
        run(say_it_all(port))


@with_node
def test_our_session_and_the_server_of_node() -> None:
    with process("node", str(HERE / "node_peer.js"), "server") as smsc:
        assert smsc.stdout is not None
        port = json.loads(smsc.stdout.readline())["port"]
        run(say_it_all(port))


@with_node
def test_the_client_of_node_and_our_server() -> None:
    with running(receipts="text") as smsc:
        with process("node", str(HERE / "node_peer.js"), "client", str(smsc.port), "secret") as client:
            assert client.stdout is not None
            said = [json.loads(line) for line in client.stdout]
        [taken] = smsc.submitted
        assert said[:2] == [{"bound": 0}, {"status": 0, "id": taken.message_id}]
        assert said[2]["delivered"].startswith(f"id:{taken.message_id} ")
        assert said[2]["esm_class"] == 4
        assert taken.text == "Bonjour مرحبا 😀"
        waiting.until(lambda: smsc.gone)
        assert smsc.gone == ["the peer unbound"]
        with process("node", str(HERE / "node_peer.js"), "client", str(smsc.port), "wrong") as client:
            assert client.stdout is not None
            assert json.loads(client.stdout.readline()) == {"bound": 14}


def smpplib_client(smsc: Smsc) -> Any:
    client = smpplib.client.Client("127.0.0.1", smsc.port, allow_unknown_opt_params=True)
    client.logger.setLevel(logging.CRITICAL)
    client.connect()
    return client


def test_the_client_of_smpplib_and_our_server() -> None:
    with running(receipts="both", receipt_ids="decimal") as smsc:
        client = smpplib_client(smsc)
        answers, delivered = [], []
        client.set_message_sent_handler(lambda pdu: answers.append(pdu))
        client.set_message_received_handler(lambda pdu: delivered.append(pdu))
        bound = client.bind_transceiver(system_id="risala", password="secret")
        assert (bound.system_id, bound.sc_interface_version) == (b"SMSC", 0x34)
        text = "مرحبا بكم " * 12
        pieces, encoding, message_type = smpplib.gsm.make_parts(text)
        for piece in pieces:
            client.send_message(
                source_addr_ton=5,
                source_addr="LIB",
                dest_addr_ton=1,
                dest_addr_npi=1,
                destination_addr="212612345678",
                short_message=piece,
                data_coding=encoding,
                esm_class=message_type,
                registered_delivery=True,
                user_message_reference=7,
            )
        while len(answers) < len(pieces) or len(delivered) < len(pieces):
            client.read_once()
        assert {answer.message_id.decode() for answer in answers} == {
            each.message_id for each in smsc.submitted
        }
        assert join(fragment(each.pdu) for each in smsc.submitted) == text
        assert {find(each.pdu.tlvs, 0x0204) for each in smsc.submitted} == {b"\0\7"}
        assert {pdu.receipted_message_id.decode() for pdu in delivered} == {
            str(each.number) for each in smsc.submitted
        }
        assert {pdu.message_state for pdu in delivered} == {2}
        waiting.until(lambda: smsc.accepted_receipts == len(pieces))
        ours = report(smsc.delivered[0][0])
        assert ours is not None
        assert delivered[0].short_message.startswith(f"id:{ours.message_id} ".encode())
        client.unbind()
        client.disconnect()
        waiting.until(lambda: smsc.gone)
        assert smsc.gone == ["the peer unbound"]


def test_smpplib_with_a_wrong_password() -> None:
    with running() as smsc:
        client = smpplib_client(smsc)
        with pytest.raises(smpplib.exceptions.PDUError) as refused:
            client.bind_transmitter(system_id="risala", password="wrong")
        assert refused.value.args[1] == smpplib.consts.SMPP_ESME_RINVPASWD
        client.disconnect()
