"""Shares a load between processes: they begin together, and each says what the broker took."""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Event
from typing import Final

from simulators.address import Address
from simulators.load import BadLoad, Load, Outcome, publish_load
from simulators.wire import ConnectionLost, ConnectionRefused

MOST_PROCESSES: Final = 64
LOOK: Final = 0.2  # seconds between looks at whether somebody said stop
LAST_WORDS: Final = 5.0  # seconds a process has to end by itself
READY: Final = "ready"


class LoadBroken(Exception):
    """A process of the load ended before there was anything to publish."""


@dataclass(frozen=True, slots=True)
class Together:
    """What came of a shared load: of each process that told, and what is said of the others."""

    outcomes: Sequence[Outcome]
    broken: Sequence[str] = ()
    stopped: bool = False

    @property
    def total(self) -> Outcome:
        """All of it; the seconds are those of whoever took longest."""
        return Outcome(
            sent=sum(each.sent for each in self.outcomes),
            acknowledged=sum(each.acknowledged for each in self.outcomes),
            births=sum(each.births for each in self.outcomes),
            seconds=max((each.seconds for each in self.outcomes), default=0.0),
            cpu_seconds=sum(each.cpu_seconds for each in self.outcomes),
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One process and the line to it."""

    number: int
    process: SpawnProcess
    line: Connection

    def broken(self) -> str:
        """What is said of a process that ended without a word."""
        self.process.join(LAST_WORDS)
        return (
            f"process {self.number} ended (code {self.process.exitcode}) before it could say "
            "what became of its messages"
        )


def shares(load: Load, processes: int) -> list[Load]:
    """Cut a load into one for each process, no asset in two; raises BadLoad."""
    if not 1 <= processes <= min(load.connections, MOST_PROCESSES):
        raise BadLoad(
            f"a load has 1 to {MOST_PROCESSES} processes, and at least one connection for each"
        )
    return [
        replace(
            load,
            rate=load.rate * (connections[1] - connections[0]) / load.connections,
            assets=assets[1] - assets[0],
            connections=connections[1] - connections[0],
            window=load.window * (connections[1] - connections[0]) // load.connections,
            first=load.first + assets[0],
        )
        for connections, assets in zip(
            pairwise(_cuts(load.connections, load.connections, processes)),
            pairwise(_cuts(load.assets, load.connections, processes)),
            strict=True,
        )
    ]


def _cuts(whole: int, connections: int, processes: int) -> list[int]:
    """Where the processes' parts of a whole begin and end: as many for each connection."""
    return [
        whole * (connections * number // processes) // connections
        for number in range(processes + 1)
    ]


def publish_together(load: Load, address: Address, processes: int, stop: Event) -> Together:
    """Publish a load from so many processes until it is done, or stop is set.

    What one of them meets before all are connected ends all, and is raised here: ConnectionLost,
    ConnectionRefused, BadLoad; LoadBroken where one ended without a word. One that breaks later
    is told among the broken, and the others publish their shares.
    """
    with started(shares(load, processes), address) as members:
        if not _all_ready(members, stop):
            return Together([], stopped=True)
        for member in members:
            member.line.send(READY)
        return _gathered(members, stop)


@contextmanager
def started(parts: Sequence[Load], address: Address) -> Iterator[list[Member]]:
    """A process for each part; none of them is left behind."""
    members: list[Member] = []
    context = multiprocessing.get_context("spawn")
    # Ctrl-C reaches everybody at the terminal. It is ours to hear, and we tell them.
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for number, part in enumerate(parts, 1):
            ours, theirs = context.Pipe()
            process = context.Process(target=_publish, args=(part, address, theirs), daemon=True)
            process.start()
            theirs.close()
            members.append(Member(number, process, ours))
        signal.signal(signal.SIGINT, heard)
        yield members
    finally:
        signal.signal(signal.SIGINT, heard)
        for member in members:
            member.line.close()  # which says stop, too
        for member in members:
            member.process.join(LAST_WORDS)
            if member.process.is_alive():
                member.process.kill()
                member.process.join()


def _all_ready(members: Sequence[Member], stop: Event) -> bool:
    waiting = {member.line: member for member in members}
    while waiting:
        if stop.is_set():
            return False
        for line in wait(list(waiting), LOOK):
            member = waiting.pop(line)  # type: ignore[call-overload]
            try:
                word = member.line.recv()
            except (EOFError, ConnectionResetError):
                raise LoadBroken(member.broken()) from None
            if isinstance(word, Exception):
                raise word
    return True


def _gathered(members: Sequence[Member], stop: Event) -> Together:
    waiting = {member.line: member for member in members}
    outcomes: dict[int, Outcome] = {}
    broken: list[str] = []
    told = False
    while waiting:
        if stop.is_set() and not told:
            told = True
            for member in waiting.values():
                member.line.send(READY)  # a second time: it is enough
        for line in wait(list(waiting), LOOK):
            member = waiting.pop(line)  # type: ignore[call-overload]
            try:
                outcomes[member.number] = member.line.recv()
            except (EOFError, ConnectionResetError):
                broken.append(member.broken())
    return Together([outcomes[number] for number in sorted(outcomes)], broken, stopped=told)


def _publish(load: Load, address: Address, line: Connection) -> None:
    """One process: connect, say so, publish once told to, stop at the next word or its absence."""

    def begin() -> None:
        line.send(READY)
        line.recv()

    try:
        line.send(publish_load(load, address, begin=begin, stopped=line.poll))
    except (BadLoad, ConnectionLost, ConnectionRefused) as why:
        line.send(why)
    except (EOFError, BrokenPipeError):
        pass  # nobody waits for us any more
