"""Kannel as a peer: bearerbox and smsbox with the spool store, and an SMSC of ours that takes everything. Skipped, with a
line that says so, where Kannel is not installed (Debian: `apt install kannel`)."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.processes import free_port, running, wait_for_port

HEAD = (
    "GET /cgi-bin/sendsms?username=bench&password=bench&from=RISALA&to=%2B212{n}&text=Your+order+4711+has+left+our+shop"
    "+today.+Thank+you+for+your+trust. HTTP/1.1\r\nHost: 127.0.0.1"
)
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = bench
smsbox-port = {box}
log-level = 4
store-type = spool
store-location = "{spool}"

group = smsc
smsc = smpp
smsc-id = bench
host = 127.0.0.1
port = {smsc}
smsc-username = bench
smsc-password = bench
system-type = ""
transceiver-mode = true
max-pending-submits = 100
enquire-link-interval = 30

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
log-level = 4

group = sendsms-user
username = bench
password = bench
concatenation = true
max-messages = 10
"""


@contextmanager
def spooling(folder: Path) -> Iterator[int | None]:
    """Kannel while inside; gives the port of its HTTP interface, or None when it is not installed."""
    programs = [
        shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        for name in ("bearerbox", "smsbox")
    ]
    if not all(programs):
        sys.stderr.write("  Kannel is not installed: its row is left out (Debian: apt install kannel)\n")
        yield None
        return
    spool = folder / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    ports = {name: free_port() for name in ("admin", "box", "smsc", "http")}
    file = folder / "kannel.conf"
    file.write_text(CONFIGURATION.format(spool=spool, **ports))
    log = folder / "log"
    with ExitStack() as stack:
        stack.enter_context(
            running([sys.executable, "-m", "benchmarks.peers.smsc", str(ports["smsc"])], log=log)
        )
        wait_for_port(ports["smsc"], log=log)
        for program, port in zip(programs, ("box", "http"), strict=True):
            stack.enter_context(running([str(program), str(file)], log=log))
            wait_for_port(ports[port], log=log)
        yield ports["http"]
