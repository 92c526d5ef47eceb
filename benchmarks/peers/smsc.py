"""An SMSC that takes every message at once (SMPP 3.4: bind, submit_sm, enquire_link, unbind), for Kannel to talk to."""

import asyncio
import contextlib
import struct
import sys

HEADER = struct.Struct(">IIII")
RESPONSE = 0x80000000
SUBMIT = 0x00000004
BINDS = frozenset({0x00000001, 0x00000002, 0x00000009})


class Session(asyncio.Protocol):
    """One bind. asyncio sets TCP_NODELAY, without which answers wait for each other."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole PDU in what came, in one write."""
        self.buffer += data
        answers = []
        position = 0
        while len(self.buffer) - position >= 16:
            length, command, _, sequence = HEADER.unpack_from(self.buffer, position)
            if len(self.buffer) - position < length:
                break
            position += length
            if not command & RESPONSE:
                body = self.body(command)
                answers.append(HEADER.pack(16 + len(body), command | RESPONSE, 0, sequence) + body)
        del self.buffer[:position]
        self.transport.write(b"".join(answers))

    def body(self, command: int) -> bytes:
        """The message id of a submit, our name for a bind, nothing else."""
        if command == SUBMIT:
            self.count += 1
            return f"{self.count:x}\0".encode()
        return b"bench\0" if command in BINDS else b""


async def serve(port: int) -> None:
    """Until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1])))
