"""One load through one worker while something goes wrong, and the account of it."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from services.store.pool import Connection
from simulators.broker import Broker as Device
from simulators.load import Load
from tests.chaos.account import Account, account, progress
from tests.chaos.sender import Sender, Told
from tests.chaos.stage import Stage
from tests.flow.platform import Process, wait_until

VALUES = 7
GIVE_UP = 30.0  # seconds without a change after which what is missing is lost
AT_ONCE = 10  # unreadable messages a second, beside the load


class Size(NamedTuple):
    """How many messages a second are published, for how many seconds, from how many assets."""

    rate: float
    seconds: float
    assets: int = 1000


class Trouble(NamedTuple):
    """What came of a scenario. published is in messages, each acknowledged by the broker.

    recovery_s is from the end of the trouble (or of the load, where that was later) until all
    was stored; notes are a scenario's own numbers.
    """

    scenario: str
    published: int
    unanswered: int
    seconds: float
    recovery_s: float
    peak_memory_mb: float
    account: Account
    notes: dict[str, float]

    @property
    def passed(self) -> bool:
        """Everything was acknowledged, and all of it is there once."""
        return not self.unanswered and self.account.balances


class Mumbler:
    """A device whose messages nobody can read: each has to be among the rejects."""

    def __init__(self, stage: Stage, prefix: str) -> None:
        self.topic = f"city/{prefix}-mumbler/telemetry"
        self.said: set[bytes] = set()
        self.enough = threading.Event()
        self.device = Device(stage.address, "mumbler", say=lambda _: None, patience=60)
        self.thread = threading.Thread(target=self.mumble, name="mumbler", daemon=True)

    def __enter__(self) -> Self:
        self.device.open()
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.device.close()

    def mumble(self) -> None:
        """Says something unreadable now and then."""
        while not self.enough.wait(1 / AT_ONCE):
            words = b"mumble %d" % len(self.said)
            self.said.add(words)
            self.device.publish(self.topic, words)

    def stop(self) -> None:
        """Falls silent, once the broker has answered for all of it."""
        self.enough.set()
        self.thread.join()
        self.device.settle()


def peak_memory_mb(pid: int | None) -> float:
    """The most memory a process ever held; 0 where it is gone."""
    with suppress(FileNotFoundError):
        status = Path(f"/proc/{pid}/status").read_text()
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            return round(int(found[1]) / 1024, 1)
    return 0.0


class Scene:
    """What a scenario may look at and break while its load runs."""

    def __init__(self, stage: Stage, worker: Process, name: str, size: Size) -> None:
        self.stage, self.worker, self.name, self.size = stage, worker, name, size
        self.prefix = f"{name}-{time.time_ns() % 10**9:x}"
        load = Load(size.rate, size.seconds, size.assets, prefix=self.prefix, patience=120)
        self.sender = Sender(load, stage.address)
        self.mumbler = Mumbler(stage, self.prefix)
        self.better_at = 0.0  # when the trouble was over
        self.memory = 0.0
        self.notes: dict[str, float] = {}
        self.trouble: Trouble | None = None

    def stored(self) -> int:
        """Readings stored by now."""
        with self.stage.connect() as conn:
            return progress(conn, self.name, self.mumbler.topic)[0]

    def when_stored(self, share: float) -> None:
        """Returns when this share of the load is stored."""
        wanted = share * self.size.rate * self.size.seconds * VALUES
        wait_until(lambda: self.stored() >= wanted, f"{share:.0%} are stored", self.worker.log)

    def better(self) -> None:
        """The trouble is over: from now on the clock runs until all is stored."""
        self.better_at = time.monotonic()

    def look_at_memory(self) -> None:
        """Remembers the most memory a worker ever held."""
        assert self.worker.process is not None
        self.memory = max(self.memory, peak_memory_mb(self.worker.process.pid))

    def kill_worker(self) -> None:
        """Ends ingest as a power cut would, and starts it again."""
        self.look_at_memory()
        self.worker.kill()
        self.worker.start()

    def settle(self, begun: float) -> None:
        """Waits until all is stored, or nothing more comes, and draws up the account."""
        told = self.sender.told()
        self.mumbler.stop()
        ended = time.monotonic()
        with self.stage.connect() as conn:
            seconds = self.wait_for_all(conn, told)
            self.look_at_memory()
            found = account(
                conn,
                worker=self.name,
                prefix=self.prefix,
                keys=told.keys,
                values=VALUES,
                bad=self.mumbler.said,
            )
        outcome = told.outcome
        self.trouble = Trouble(
            self.name,
            outcome.acknowledged,
            outcome.sent - outcome.acknowledged,
            round(seconds - begun, 2),
            round(seconds - (max(ended, self.better_at) if self.better_at else ended), 2),
            round(self.memory, 1),
            found,
            self.notes,
        )

    def wait_for_all(self, conn: Connection, told: Told) -> float:
        """When the last reading was stored; gives up when nothing changes any more."""
        wanted = (told.outcome.acknowledged * VALUES, len(self.mumbler.said))
        seen, at = (-1, -1), time.monotonic()
        while True:
            now = progress(conn, self.name, self.mumbler.topic)
            if now != seen:
                seen, at = now, time.monotonic()
            all_there = now[0] >= wanted[0] and now[1] >= wanted[1]
            if all_there or time.monotonic() - at > GIVE_UP:
                return at
            time.sleep(0.05)  # asking costs what is watched


@contextmanager
def load(stage: Stage, name: str, size: Size, **environment: str) -> Iterator[Scene]:
    """A load through a worker of this name; at the end of the block `trouble` says what came of it.

    Whatever is stopped in the block has to be started again in it.
    """
    worker = stage.worker(name, **environment)
    scene = Scene(stage, worker, name, size)
    worker.start()
    try:
        worker.ready()
        stage.save_sessions()
        begun = time.monotonic()
        with scene.sender, scene.mumbler:
            yield scene
            scene.settle(begun)
    finally:
        if worker.process is not None and worker.process.poll() is None:
            worker.stop()
