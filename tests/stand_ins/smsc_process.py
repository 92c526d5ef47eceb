"""The SMSC of `smsc.py` as a process, steered over HTTP, so that it outlives whatever a test kills.

`python -m tests.stand_ins.smsc_process --port 2775 --control 2776 --set receipts=text --set mode=ok`; it prints a line
of JSON with both ports when it listens, then `GET /_stats`, `/_set?mode=throttle&stat=UNDELIV`, `/_script?modes=ok,0x0B`
(also `receipt_modes`), `/_submitted` (what it took last: id, from, to, text, registered), `/_inbound?from=…&to=…&text=…`,
`/_cut`. Answers are JSON."""

import argparse
import asyncio
import sys
from dataclasses import fields
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from tests.stand_ins.smsc import MODES, RECEIPT_MODES, Smsc

SETTABLE = {each.name: each.type for each in fields(Smsc) if each.type in (str, int, float)}
SHOWN = 1000


class BadOrder(ValueError):
    """What was asked does not exist."""


def set_fields(smsc: Smsc, values: dict[str, str]) -> None:
    """Change settings. Raises `BadOrder` for a name or a mode that does not exist."""
    for name, value in values.items():
        if name not in SETTABLE:
            raise BadOrder(f"there is no setting {name!r}: {', '.join(sorted(SETTABLE))}")
        if (name == "mode" and value not in MODES and not value.startswith("0x")) or (
            name == "receipt_mode" and value not in RECEIPT_MODES
        ):
            raise BadOrder(f"there is no mode {value!r}: {', '.join((*MODES, *RECEIPT_MODES))}")
        kind: Any = SETTABLE[name]
        setattr(smsc, name, kind(value))


def obey(smsc: Smsc, path: str, query: dict[str, str]) -> object:
    """Carry out one order. Raises `BadOrder`, `KeyError`, `ValueError`."""
    if path == "/_set":
        set_fields(smsc, query)
    elif path == "/_script":
        smsc.script.extend(filter(None, query.get("modes", "").split(",")))
        smsc.receipt_script.extend(filter(None, query.get("receipt_modes", "").split(",")))
    elif path == "/_inbound":
        smsc.inbound(query["from"], query["to"], query["text"])
    elif path == "/_cut":
        smsc.cut()
    elif path == "/_submitted":
        return [
            {
                "id": each.message_id,
                "from": each.pdu.source_addr,
                "to": each.pdu.destination_addr,
                "text": each.text,
                "registered": each.pdu.registered_delivery,
            }
            for each in list(smsc.submitted)[-SHOWN:]
        ]
    elif path != "/_stats":
        raise BadOrder(f"there is no {path}")
    return smsc.stats()


async def control(smsc: Smsc, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one answer, closed."""
    try:
        target = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode("latin-1")
        asked = urlsplit(target)
        status, answer = 200, obey(smsc, asked.path, dict(parse_qsl(asked.query)))
    except (
        ValueError,
        KeyError,
        IndexError,
        asyncio.IncompleteReadError,
        asyncio.LimitOverrunError,
    ) as error:
        status, answer = 400, {"error": str(error)}
    body = orjson.dumps(answer)
    head = f"HTTP/1.1 {status} As Asked\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
    writer.close()


async def serve(port: int, control_port: int, settings: dict[str, str]) -> None:
    """Until the process is ended."""
    smsc = Smsc()
    set_fields(smsc, settings)
    await smsc.start(port)
    server = await asyncio.start_server(lambda r, w: control(smsc, r, w), "127.0.0.1", control_port)
    listening = {"port": smsc.port, "control": server.sockets[0].getsockname()[1]}
    sys.stdout.write(orjson.dumps(listening).decode() + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main() -> None:
    """Run until interrupted."""
    parser = argparse.ArgumentParser(description="An SMSC on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control", type=int, default=0, help="the port of the HTTP interface")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    chosen = parser.parse_args()
    settings = dict(each.split("=", 1) for each in chosen.set)
    try:
        asyncio.run(serve(chosen.port, chosen.control, settings))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
