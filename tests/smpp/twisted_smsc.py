"""An SMSC that we did not write (smpp.twisted3), as a process: it prints its port, takes every submit_sm of `risala` with
the password `secret`, numbers them from 1, and sends each back to its sender as a deliver_sm."""

import sys
from typing import Any

from smpp.pdu.operations import DeliverSM  # type: ignore[import-untyped]
from smpp.pdu.pdu_types import CommandId, CommandStatus  # type: ignore[import-untyped]
from smpp.twisted.config import SMPPServerConfig  # type: ignore[import-untyped]
from smpp.twisted.protocol import DataHandlerResponse  # type: ignore[import-untyped]
from smpp.twisted.server import SMPPServerFactory  # type: ignore[import-untyped]
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import Portal
from twisted.internet import reactor

ECHOED = ("esm_class", "data_coding", "short_message", "message_payload", "user_message_reference")


class Realm:
    """Whoever knows the password may come in."""

    def requestAvatar(self, name: bytes, mind: object, *interfaces: Any) -> tuple[Any, bytes, Any]:
        return interfaces[0], name, lambda: None


count = 0


def took(system_id: str, smpp: Any, pdu: Any) -> Any:
    """Answer with the next id, and send the text back."""
    global count
    if pdu.id != CommandId.submit_sm:
        return CommandStatus.ESME_RINVCMDID
    count += 1
    echo = {name: pdu.params[name] for name in ECHOED if pdu.params.get(name) is not None}
    deliver = DeliverSM(
        source_addr=pdu.params["destination_addr"], destination_addr=pdu.params["source_addr"], **echo
    )
    reactor.callLater(0, smpp.sendDataRequest, deliver)  # type: ignore[attr-defined]
    return DataHandlerResponse(status=CommandStatus.ESME_ROK, message_id=str(count))


def main() -> None:
    """Until the process is ended."""
    config = SMPPServerConfig(msgHandler=took, systems={"risala": {"max_bindings": 5}})
    realm: Any = Realm()
    portal = Portal(realm)
    checker: Any = InMemoryUsernamePasswordDatabaseDontUse()
    checker.addUser("risala", "secret")
    portal.registerChecker(checker)
    port = reactor.listenTCP(0, SMPPServerFactory(config, auth_portal=portal), interface="127.0.0.1")  # type: ignore[attr-defined]
    sys.stdout.write(f"{port.getHost().port}\n")
    sys.stdout.flush()
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
