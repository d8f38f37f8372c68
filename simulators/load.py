"""Publishes as many readings as a benchmark asks for, at the least cost per message."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from simulators.address import Address
from simulators.forms import FORMS
from simulators.packets import Packets
from simulators.wire import PINGREQ, ConnectionLost, Line

TICK: Final = 0.01  # seconds between two batches; every system call saved is time for the others
POLL: Final = 0.001  # seconds until a full window is looked at again
PATIENCE: Final = 30.0  # seconds without any answer after which the broker counts as gone
KNOCK: Final = 0.1  # seconds between two calls at a broker that is away
MOST_IN_FLIGHT: Final = 60_000  # under the 65,535 packet ids of a connection

# Told of every block of packets: the assets they are of, and the time they carry (epoch ms).
Sent = Callable[[list[str], int], None]


class BadLoad(Exception):
    """A load that nobody could publish as asked."""


@dataclass(frozen=True, slots=True)
class Load:
    """What to publish: so many messages a second (0: all the broker takes) for so many seconds.

    With patience the number of messages counts, and the seconds may become more.
    """

    rate: float
    seconds: float
    assets: int = 1000
    connections: int = 4
    qos: int = 1
    values: int = 7
    window: int = 4000  # messages sent and not yet acknowledged, over all connections
    codec: str = "native"  # one of simulators.forms.FORMS
    prefix: str = "load"  # assets are called prefix-0000000 and so on
    patience: float = 0.0  # seconds a lost broker is waited for; 0: its loss ends the load

    def __post_init__(self) -> None:
        """Refuse what could not be kept; raises BadLoad."""
        if not 0 < self.connections <= self.assets <= 10_000_000:
            raise BadLoad("a load needs connections, and at least one asset for each of them")
        if self.qos not in {0, 1} or not 1 <= self.values <= 64 or self.seconds <= 0:
            raise BadLoad("a load is QoS 0 or 1, 1 to 64 values a message, for some seconds")
        if not self.connections <= self.window <= self.connections * MOST_IN_FLIGHT:
            raise BadLoad(f"a window is 1 to {MOST_IN_FLIGHT} messages a connection")
        if self.codec not in FORMS:
            raise BadLoad(f"a load speaks one of {', '.join(FORMS)}")
        if self.patience and not self.qos:
            raise BadLoad("nothing of QoS 0 is sent again: there is no patience with it")
        if not 0 <= self.rate <= 1000 * self.assets:
            raise BadLoad(
                f"{self.rate:g} messages a second from {self.assets} assets is over one a "
                "millisecond each: their times would repeat"
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load; with QoS 0, acknowledged is what the broker had read at the end."""

    sent: int
    acknowledged: int
    births: int  # among them: what assets of some conventions say first
    seconds: float  # from the first message to the last acknowledgement
    cpu_seconds: float  # of the publishing process, connecting left out


class Publisher:
    """One connection, its packets and its share of the window.

    With patience, what the broker had not acknowledged when it went away is sent again on the
    next connection: packets are kept until then. Acknowledgements come in the order of the
    messages (MQTT-4.6.0-2), so their number says which.
    """

    def __init__(
        self, load: Load, address: Address, client: str, assets: list[str], sent: Sent
    ) -> None:
        self.sent = 0
        form = FORMS[load.codec](load.values)
        self._packets = Packets(assets, qos=load.qos, form=form)
        self._assets, self._told = assets, sent
        self._window = load.window // load.connections
        self._counted = bool(load.qos)
        self._address, self._client, self._patience = address, client, load.patience
        self._owed: deque[tuple[int, bytes]] = deque()  # packets, and how many were sent before
        self._earlier = 0  # acknowledged over connections that are gone
        self._line = Line.open(address, client, PATIENCE)
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

    def listen(self, *, wait: bool = False) -> None:
        """Count the answers that have come; with wait, block until at least one has."""
        try:
            self._line.listen(wait=wait)
        except ConnectionLost as lost:
            self._again(lost)

    def settle(self) -> None:
        """Wait until the broker has answered for everything; raises ConnectionLost."""
        if not self._counted:
            self._line.send(PINGREQ)
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
        self._line.drop()
        while time.monotonic() < deadline:
            try:
                self._line = Line.open(self._address, self._client, PATIENCE)
                for before, packets in self._owed:
                    done = max(0, self._earlier - before) * self._packets.size
                    self._line.send(packets[done:])
            except ConnectionLost as why:
                lost = why
                time.sleep(KNOCK)
            else:
                return
        raise lost


def untold(_assets: list[str], _now: int) -> None:
    """Nobody wants to know what is sent."""


def publish_load(load: Load, address: Address, sent: Sent = untold) -> Outcome:
    """Connect, publish the load and wait for the last acknowledgement.

    Nothing but its arguments is needed, so that it runs in a spawned process as well.
    A broker that refuses or cannot be reached at the start raises ConnectionRefused or
    ConnectionLost; one that goes away later, for longer than the load's patience, ends the load,
    with what was acknowledged by then.
    """
    publishers: list[Publisher] = []
    try:
        for assets in _shares(load):
            client = f"{load.prefix}-{time.time_ns():x}-{len(publishers)}"
            publishers.append(Publisher(load, address, client, assets, sent))
        return _measure(load, publishers)
    finally:
        for publisher in publishers:
            publisher.close()


def _shares(load: Load) -> list[list[str]]:
    names = [f"{load.prefix}-{number:07d}" for number in range(load.assets)]
    cuts = [load.assets * number // load.connections for number in range(load.connections + 1)]
    return [names[begin:end] for begin, end in pairwise(cuts)]


def _measure(load: Load, publishers: list[Publisher]) -> Outcome:
    begun, cpu = time.perf_counter(), time.process_time()
    try:
        _run(load, publishers, begun)
        for publisher in publishers:
            publisher.settle()
    except ConnectionLost:
        pass  # what is missing from acknowledged says it
    return Outcome(
        sent=sum(publisher.sent for publisher in publishers),
        acknowledged=sum(publisher.acknowledged for publisher in publishers),
        births=sum(publisher.born for publisher in publishers),
        seconds=time.perf_counter() - begun,
        cpu_seconds=time.process_time() - cpu,
    )


def _run(load: Load, publishers: list[Publisher], begun: float) -> None:
    total = round(load.rate * load.seconds)
    sent = acknowledged = 0
    heard_at = begun
    whole = total if load.patience else 0  # the patient send all of it, however long it takes
    while (elapsed := time.perf_counter() - begun) < load.seconds or sent < whole:
        due = min(total, int(load.rate * (elapsed + 2 * TICK))) - sent if load.rate else load.window
        offered = _offer(publishers, due)
        sent += offered
        publishers.append(publishers.pop(0))  # the next tick begins, and often ends, with another
        for publisher in publishers:
            if publisher.in_flight:
                publisher.listen()
        heard = sum(publisher.acknowledged for publisher in publishers)
        if heard != acknowledged or not sum(publisher.in_flight for publisher in publishers):
            acknowledged, heard_at = heard, begun + elapsed
        elif begun + elapsed - heard_at > PATIENCE:
            raise ConnectionLost(f"no acknowledgement for {PATIENCE:g} s")
        if load.rate or offered < load.window // 4:
            time.sleep(TICK if load.rate else POLL)


def _offer(publishers: list[Publisher], most: int) -> int:
    left = most
    for publisher in publishers:
        if left <= 0:
            break
        left -= publisher.offer(left)
    return most - left
