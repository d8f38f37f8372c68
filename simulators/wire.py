"""The few MQTT 3.1.1 packets a publisher needs, as bytes, on a plain socket."""

import socket
import struct
from typing import Final, Self

from simulators.address import Address

PINGREQ: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"
LONGEST_PACKET: Final = 268_435_455
REFUSALS: Final = {
    1: "it does not speak MQTT 3.1.1",
    2: "it does not take our client id",
    3: "its service is unavailable",
    4: "the user name or password is wrong",
    5: "the account is not authorised",
}


class ConnectionRefused(Exception):
    """The broker answered, and the answer was no."""


class ConnectionLost(Exception):
    """The broker, or the way to it, is gone."""


def connect(client: str, username: str | None, password: str | None, keepalive: int = 0) -> bytes:
    """Return the CONNECT packet of a clean session; keepalive 0 promises no pings."""
    flags = 0x02 | (0x80 if username is not None else 0) | (0x40 if password is not None else 0)
    body = _text("MQTT") + struct.pack("!BBH", 4, flags, keepalive) + _text(client)
    body += b"".join(_text(part) for part in (username, password) if part is not None)
    return b"\x10" + length(len(body)) + body


def publish(topic: str, payload: bytes, *, packet_id: int | None = None) -> bytes:
    """Return a PUBLISH packet: QoS 1 with a packet id (1 to 65535), QoS 0 without."""
    head, number = (b"\x30", b"") if packet_id is None else (b"\x32", struct.pack("!H", packet_id))
    body = _text(topic) + number + payload
    return head + length(len(body)) + body


def length(number: int) -> bytes:
    """Return the remaining length of a packet, seven bits a byte, lowest first."""
    if not 0 <= number <= LONGEST_PACKET:
        raise ValueError(f"a packet of {number} bytes does not fit MQTT")
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("!H", len(encoded)) + encoded


class Answers:
    """Counts what a broker answers a publisher: PUBACKs and PINGRESPs, and nothing else."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self.pongs = 0
        self._rest = b""

    def take(self, data: bytes) -> None:
        """Count the packets in what came off the socket; a torn one waits for its other half."""
        data = self._rest + data
        whole = len(data) // 4
        if data[0::4].count(0x40) == data[1::4].count(0x02) == whole and not len(data) % 4:
            self.acknowledged += whole  # PUBACKs alone, end to end: counted without a loop
            self._rest = b""
        else:
            self._rest = self._walk(data)

    def _walk(self, data: bytes) -> bytes:
        at = 0
        while len(data) - at >= 2 and len(data) - at >= 2 + data[at + 1]:
            if data[at] == 0x40:
                self.acknowledged += 1
            elif data[at] == 0xD0:
                self.pongs += 1
            else:
                raise ConnectionLost(f"the broker sent a packet no publisher expects: {data[at]}")
            at += 2 + data[at + 1]
        return data[at:]


class Line:
    """One connection to a broker: sends whole packets, counts the answers."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self.answers = Answers()

    @classmethod
    def open(cls, address: Address, client: str, patience: float = 30.0) -> Self:
        """Connect and wait for the broker's yes; raises ConnectionRefused or ConnectionLost."""
        try:
            connection = socket.create_connection((address.host, address.port), patience)
        except OSError as why:
            raise ConnectionLost(f"the broker at {address} cannot be reached: {why}") from why
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _block(connection, patience)
            connection.sendall(connect(client, address.username, address.password))
            answer = _exactly(connection, 4)
        except OSError as why:
            connection.close()
            raise ConnectionLost(f"the broker at {address} cannot be reached: {why}") from why
        if answer[0] != 0x20 or answer[3] != 0:
            connection.close()
            reason = REFUSALS.get(answer[3], f"code {answer[3]}")
            raise ConnectionRefused(f"the broker at {address} refuses us: {reason}")
        return cls(connection)

    def fileno(self) -> int:
        """The system's number of the connection, for whoever waits on many."""
        return self._socket.fileno()

    def send(self, packets: bytes | memoryview) -> None:
        """Send all of it, waiting where the broker is slow to read."""
        try:
            self._socket.sendall(packets)
        except OSError as why:
            raise ConnectionLost(f"the broker went away: {why}") from why

    def listen(self, *, wait: bool = False) -> None:
        """Count the answers that have come; with wait, block until at least one has."""
        try:
            data = self._socket.recv(1 << 18, 0 if wait else socket.MSG_DONTWAIT)
        except BlockingIOError as why:
            if wait:
                raise ConnectionLost("the broker no longer answers") from why
            return
        except OSError as why:
            raise ConnectionLost(f"the broker went away: {why}") from why
        if not data:
            raise ConnectionLost("the broker closed the connection")
        self.answers.take(data)

    def drop(self) -> None:
        """Hang up without a word; what was answered is somebody else's to remember."""
        self._socket.close()
        self.answers = Answers()

    def close(self) -> None:
        """Say goodbye, so that no last will speaks for us."""
        try:
            self._socket.sendall(DISCONNECT)
        except OSError:
            pass
        finally:
            self._socket.close()


def _block(connection: socket.socket, patience: float) -> None:
    """Bound every wait in the kernel: Python's own timeout would make recv wait as well."""
    bound = struct.pack("@ll", int(patience), int(patience % 1 * 1_000_000))
    connection.settimeout(None)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, bound)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, bound)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionResetError("it hung up before it answered")
        data += part
    return data
