"""Whole PUBLISH packets, cut out of large reads (docs/decisions/0003)."""

import socket
import ssl
from collections.abc import Iterator
from typing import Any, NamedTuple

PUBLISH = 0x30
AGAIN = 0x09  # DUP or RETAIN
PIECE = 262_144  # bytes asked of the socket at once


class Published(NamedTuple):
    """What a PUBLISH packet says; again: sent once more (DUP), or kept for us (RETAIN)."""

    topic: bytes
    payload: bytes
    qos: int
    message_id: int
    again: bool = False


class Piecewise:
    """A socket that is read in large pieces.

    paho gets the small ones it asks for; whole PUBLISH packets are cut off the front.
    """

    def __init__(self, wire: socket.socket) -> None:
        self.wire = wire
        self.encrypted = wire if isinstance(wire, ssl.SSLSocket) else None
        self.buffer = b""
        self.at = 0

    def recv(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        if self.at == len(self.buffer):
            self.buffer, self.at = self.wire.recv(PIECE), 0
        start = self.at
        piece = self.buffer[start : start + size]
        self.at = start + len(piece)
        return piece

    def publishes(self, most: int) -> Iterator[Published]:
        """Cuts off whole PUBLISH packets, up to `most`, until another packet or a part comes.

        Anything out of order is left where it is: paho knows what to say to it.
        """
        while most > 0 and (cut := cut_publish(self.buffer, self.at)):
            published, self.at = cut
            most -= 1
            yield published

    def pending(self) -> int:
        """How many bytes are here already: paho does not wait while there are any.

        TLS may hold some that it has deciphered: of them the kernel knows nothing any more.
        """
        held = self.encrypted.pending() if self.encrypted is not None else 0
        return len(self.buffer) - self.at + held

    def __getattr__(self, name: str) -> Any:
        """Everything else is the socket's own."""
        return getattr(self.wire, name)


def cut_publish(buffer: bytes, at: int) -> tuple[Published, int] | None:
    """The QoS 0 or 1 PUBLISH packet that begins at `at`, and where it ends (MQTT 3.1.1, 3.3).

    None where another packet begins, or where this one is not here to its end.
    """
    end = len(buffer)
    if at + 5 > end or (first := buffer[at]) & 0xF4 != PUBLISH:
        return None
    length, shift, at = buffer[at + 1] & 0x7F, 7, at + 2
    while buffer[at - 1] & 0x80:
        if at == end or shift > 21:
            return None
        length |= (buffer[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
    stop, qos = at + length, first >> 1 & 1
    if stop > end or length < 2:
        return None
    body = at + 2 + (buffer[at] << 8 | buffer[at + 1])
    topic = buffer[at + 2 : body]
    message_id = 0
    if qos:
        if body + 2 > stop:
            return None
        message_id = buffer[body] << 8 | buffer[body + 1]
        body += 2
    published = Published(topic, buffer[body:stop], qos, message_id, bool(first & AGAIN))
    return (published, stop) if body <= stop else None
