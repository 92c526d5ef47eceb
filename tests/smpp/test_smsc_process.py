"""The SMSC as a process of its own, steered over HTTP."""

import json
import subprocess
import sys
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from messaging.carriers.contract import Accepted, TryLater
from tests.smpp.playing import Seen, run, session_to, text, until


def test_it_is_steered_over_http() -> None:
    command = [sys.executable, "-m", "tests.stand_ins.smsc_process", "--set", "receipts=text"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        listening = json.loads(process.stdout.readline())

        def order(path: str, **query: str) -> dict[str, object]:
            with urlopen(f"http://127.0.0.1:{listening['control']}/{path}?{urlencode(query)}") as answer:
                found: dict[str, object] = json.load(answer)
                return found

        async def test() -> None:
            seen = Seen()
            async with session_to(listening["port"], seen) as session:
                assert await session.bound(5)
                order("_script", modes="throttle,ok")
                assert isinstance((await session.submit([text("one")]))[0], TryLater)
                assert isinstance((await session.submit([text("one")]))[0], Accepted)
                order("_inbound", **{"from": "212611111111", "to": "1234", "text": "STOP"})
                await until(lambda: len(seen.delivered) == 2)

        try:
            run(test())
            stats = order("_stats")
            assert (stats["total"], stats["refused"], stats["accepted"]) == (1, 1, 2)
            with pytest.raises(HTTPError):
                order("_set", mode="no such mode")
        finally:
            process.terminate()
