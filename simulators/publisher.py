"""One connection of a load: its packets, its share of the window, and what it is owed."""

import selectors
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from simulators.forms import Form
from simulators.packets import Packets
from simulators.wire import PINGREQ, ConnectionLost, Line

PATIENCE: Final = 30.0  # seconds without any answer after which the broker counts as gone
KNOCK: Final = 0.1  # seconds between two calls at a broker that is away

# Told of every block of packets: the assets they are of, and the time they carry (epoch ms).
Sent = Callable[[list[str], int], None]


def untold(_assets: list[str], _now: int) -> None:
    """Nobody wants to know what is sent."""


class Ears:
    """Tells which of many connections have an answer waiting, in one question to the system."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def lend(self, line: Line, owner: "Publisher") -> None:
        """Listen for a line's owner."""
        self._selector.register(line, selectors.EVENT_READ, owner)

    def take_back(self, line: Line) -> None:
        """Listen no more; before the line is dropped."""
        self._selector.unregister(line)

    def ready(self) -> list["Publisher"]:
        """Those that were answered something."""
        return [key.data for key, _ in self._selector.select(0)]

    def close(self) -> None:
        """Listen for nobody any more."""
        self._selector.close()


class Publisher:
    """One connection, its packets and its share of the window.

    With patience, what the broker had not acknowledged when it went away is sent again on the
    next connection: packets are kept until then. Acknowledgements come in the order of the
    messages (MQTT-4.6.0-2), so their number says which.
    """

    def __init__(
        self,
        line: Line,
        ears: Ears,
        assets: list[str],
        form: Form,
        *,
        qos: int,
        window: int,
        again: Callable[[], Line] | None = None,
        patience: float = 0.0,
        sent: Sent = untold,
    ) -> None:
        self.sent = 0
        self._packets = Packets(assets, qos=qos, form=form)
        self._assets, self._told = assets, sent
        self._window, self._counted = window, bool(qos)
        self._call_again, self._patience = again, patience
        self._owed: deque[tuple[int, bytes]] = deque()  # packets, and how many were sent before
        self._earlier = 0  # acknowledged over connections that are gone
        self._line, self._ears = line, ears
        ears.lend(line, self)
        births = self._packets.births(time.time_ns() // 1_000_000)
        self.born = len(births)
        if births:
            self._line.send(memoryview(b"".join(births)))
            self.sent += self.born

    @property
    def in_flight(self) -> int:
        """Messages that fill the window."""
        return self.sent - self.acknowledged if self._counted else 0

    @property
    def acknowledged(self) -> int:
        """Messages the broker has answered for; none of QoS 0 before the last ping is answered."""
        if self._counted:
            return self._earlier + self._line.answers.acknowledged
        return self.sent if self._line.answers.pongs else 0

    def offer(self, most: int) -> int:
        """Send up to so many messages as the window has room for, in one piece."""
        room = min(most, self._window - self.in_flight)
        if room <= 0:
            return 0
        now = time.time_ns() // 1_000_000
        begin = self._packets.next
        packets, count = self._packets.take(room, now)
        if count:
            self._told(self._assets[begin : begin + count], now)
            if self._patience:
                self._owe(bytes(packets))
            self.sent += count
            try:
                self._line.send(packets)
            except ConnectionLost as lost:
                self._again(lost)
        return count

    def listen(self, *, wait: bool = False) -> int:
        """Count the answers that have come, and return how many messages they acknowledge.

        With wait, block until there is at least one answer.
        """
        before = self.acknowledged
        try:
            self._line.listen(wait=wait)
        except ConnectionLost as lost:
            self._again(lost)
        return self.acknowledged - before if self._counted else 0

    def ask(self) -> None:
        """Ask for a last answer, where messages have none of their own."""
        if not self._counted:
            self._line.send(PINGREQ)

    def settle(self) -> None:
        """Wait until the broker has answered for everything; raises ConnectionLost."""
        while self.acknowledged < self.sent:
            self.listen(wait=True)

    def close(self) -> None:
        """Say goodbye."""
        self._line.close()

    def _owe(self, packets: bytes) -> None:
        while len(self._owed) > 1 and self._owed[1][0] <= self.acknowledged:
            self._owed.popleft()
        self._owed.append((self.sent, packets))

    def _again(self, lost: ConnectionLost) -> None:
        """Connect anew and send what is owed; raises ConnectionLost when patience is at its end."""
        deadline = time.monotonic() + self._patience
        self._earlier = self.acknowledged
        self._ears.take_back(self._line)
        self._line.drop()
        while self._call_again is not None and time.monotonic() < deadline:
            try:
                self._line = self._call_again()
                for before, packets in self._owed:
                    done = max(0, self._earlier - before) * self._packets.size
                    self._line.send(packets[done:])
            except ConnectionLost as why:
                lost = why
                time.sleep(KNOCK)
            else:
                self._ears.lend(self._line, self)
                return
        raise lost
