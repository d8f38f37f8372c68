"""Publishes as many readings as a benchmark asks for, at the least cost per message."""

import resource
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from simulators.address import Address
from simulators.forms import FORMS
from simulators.publisher import KNOCK, PATIENCE, Ears, Publisher, Sent, untold
from simulators.wire import ConnectionLost, Line

TICK: Final = 0.01  # seconds between two batches; every system call saved is time for the others
POLL: Final = 0.001  # seconds until a full window is looked at again
CROWD: Final = 15.0  # seconds for which who is not the first tries to get through to the broker
SPARE_FILES: Final = 64  # besides connections: what Python and the pool have open
MOST_IN_FLIGHT: Final = 60_000  # under the 65,535 packet ids of a connection


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
    first: int = 0  # the number of its first asset, where a load is a share of a larger one

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


def publish_load(
    load: Load,
    address: Address,
    sent: Sent = untold,
    *,
    begin: Callable[[], None] = lambda: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Connect, publish the load and wait for the last acknowledgement.

    Nothing but its first two arguments is needed, so that it runs in a spawned process as well.
    begin is called once all are connected; once stopped says so, nothing more is sent.
    A broker that refuses or cannot be reached at the start raises ConnectionRefused or
    ConnectionLost, a system that allows fewer connections BadLoad; a broker that goes away later,
    for longer than the load's patience, ends the load, with what was acknowledged by then.
    """
    allow_files(load.connections)
    ears, publishers = Ears(), list[Publisher]()
    try:
        for assets in _shares(load):
            publishers.append(_connected(load, address, ears, assets, sent))
        begin()
        return _measure(load, publishers, ears, stopped)
    finally:
        for publisher in publishers:
            publisher.close()
        ears.close()


def allow_files(connections: int) -> None:
    """Have the system let us open so many connections; raises BadLoad where it does not."""
    needed = connections + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            raise BadLoad(
                f"{connections} connections in one process need {needed} open files, and the "
                f"system allows {hard} (ulimit -Hn): use more --processes, or fewer connections"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _connected(
    load: Load, address: Address, ears: Ears, assets: list[str], sent: Sent
) -> Publisher:
    """One publisher, connected; whoever is not the first is let in after a while at the latest.

    A broker takes calls one by one, and hangs up on some where many call at once: who got through
    before knows that it is there.
    """
    client = f"{assets[0]}-{time.time_ns():x}"
    deadline = time.monotonic() + (0.0 if assets[0] == _name(load, 0) else CROWD)
    while True:
        try:
            line = Line.open(address, client, PATIENCE)
            break
        except ConnectionLost:
            if time.monotonic() >= deadline:
                raise
            time.sleep(KNOCK)
    return Publisher(
        line,
        ears,
        assets,
        FORMS[load.codec](load.values),
        qos=load.qos,
        window=load.window // load.connections,
        again=lambda: Line.open(address, client, PATIENCE),
        patience=load.patience,
        sent=sent,
    )


def _name(load: Load, number: int) -> str:
    return f"{load.prefix}-{load.first + number:07d}"


def _shares(load: Load) -> list[list[str]]:
    names = [_name(load, number) for number in range(load.assets)]
    cuts = [load.assets * number // load.connections for number in range(load.connections + 1)]
    return [names[begin:end] for begin, end in pairwise(cuts)]


def _measure(
    load: Load, publishers: list[Publisher], ears: Ears, stopped: Callable[[], bool]
) -> Outcome:
    begun, cpu = time.perf_counter(), time.process_time()
    try:
        _run(load, deque(publishers), ears, stopped, begun)
        for publisher in publishers:
            publisher.ask()
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


def _run(
    load: Load,
    publishers: deque[Publisher],
    ears: Ears,
    stopped: Callable[[], bool],
    begun: float,
) -> None:
    total = round(load.rate * load.seconds)
    sent = acknowledged = 0
    born = sum(publisher.born for publisher in publishers) if load.qos else 0
    heard_at = begun
    whole = total if load.patience else 0  # the patient send all of it, however long it takes
    while (elapsed := time.perf_counter() - begun) < load.seconds or sent < whole:
        if stopped():
            return
        due = min(total, int(load.rate * (elapsed + 2 * TICK))) - sent if load.rate else load.window
        offered = _offer(publishers, due)
        sent += offered
        heard = sum(publisher.listen() for publisher in ears.ready())
        acknowledged += heard
        if heard or not load.qos or acknowledged >= sent + born:
            heard_at = begun + elapsed
        elif begun + elapsed - heard_at > PATIENCE:
            raise ConnectionLost(f"no acknowledgement for {PATIENCE:g} s")
        if load.rate or offered < load.window // 4:
            time.sleep(TICK if load.rate else POLL)


def _offer(publishers: deque[Publisher], most: int) -> int:
    """Offer so many messages; the next time begins with whoever was not asked this time."""
    left = most
    for _ in range(len(publishers)):
        if left <= 0:
            break
        left -= publishers[0].offer(left)
        publishers.rotate(-1)
    return most - left
