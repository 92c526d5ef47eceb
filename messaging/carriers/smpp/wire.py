"""Frames of a TCP stream: the header of section 3.2 (command_length, command_id, command_status, sequence_number, four
octets each) and the octets of the body behind it.

A wrong command_length cannot be mended: where the next PDU begins is unknown from there on, so the connection ends."""

import struct
from typing import NamedTuple

HEADER = struct.Struct(">IIII")
HEADER_OCTETS = 16
# A message_payload may have 64 KiB (section 5.3.2.32); nothing that is asked for is larger.
LONGEST_PDU = 70_000
HIGHEST_SEQUENCE = 0x7FFFFFFF  # section 3.2, sequence_number


class Frame(NamedTuple):
    """One PDU: its header, and the body as it came."""

    command: int
    status: int
    sequence: int
    body: bytes


class FrameError(ValueError):
    """The stream holds no PDU where one must begin: garbage, or one larger than is accepted. `whole` are the frames
    that came before it in the same piece."""

    def __init__(self, sentence: str, whole: list[Frame]) -> None:
        super().__init__(sentence)
        self.whole = whole


def frame(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    """A PDU, ready for the wire."""
    return HEADER.pack(HEADER_OCTETS + len(body), command, status, sequence) + body


class Framer:
    """Cuts a stream into frames, however it arrives. `longest` is in octets, header included."""

    def __init__(self, longest: int = LONGEST_PDU) -> None:
        self._longest = longest
        self._left = b""

    def feed(self, data: bytes) -> list[Frame]:
        """The PDUs that are whole now, in order. Raises `FrameError`."""
        octets = self._left + data if self._left else data
        at, end = 0, len(octets)
        found: list[Frame] = []
        while end - at >= HEADER_OCTETS:
            length, command, status, sequence = HEADER.unpack_from(octets, at)
            if not HEADER_OCTETS <= length <= self._longest:
                raise FrameError(f"command_length is {length}", found)
            if at + length > end:
                break
            found.append(Frame(command, status, sequence, octets[at + HEADER_OCTETS : at + length]))
            at += length
        self._left = octets[at:] if at < end else b""
        return found
