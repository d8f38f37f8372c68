"""One run of an installation by one process: alone on its state folder, deaf to nobody."""

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scripts.stack.home import PORTS, Home
from scripts.stack.installation import Installation
from scripts.stack.marks import Mark, stop_leftovers
from scripts.stack.ports import trouble
from scripts.stack.progress import Said, Tell, keep_log
from scripts.stack.refusals import (
    AlreadyUp,
    BadSetting,
    PortTaken,
    RightsMissing,
    StateUnusable,
)
from scripts.stack.scenario import Scenario
from scripts.stack.summary import summarise

NAME = "supervisor"
INTERRUPTED = 130


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    detach: bool = False
    scenario: Scenario | None = None  # that the simulated city plays; None: there is none
    seconds: float | None = None
    fresh: bool = False
    grafana: Path | None = None


def supervise(home: Home, tell: Tell, wishes: Wishes) -> int:
    """Run the installation until it is told to stop; the exit code.

    Raises a Refusal before anything is started, or when something does not start.
    """
    with alone(home):
        if wishes.fresh:
            home.empty()
            home.prepare()
        keep_log(home.log(NAME), everything=wishes.detach)
        left = stop_leftovers(home.run / "processes")
        if left:
            tell(Said("note", f"stopped what a killed run had left: {', '.join(left)}"))
        check_ports(home, grafana=wishes.grafana is not None)
        return asyncio.run(hold(home, tell, wishes))


async def hold(home: Home, tell: Tell, wishes: Wishes) -> int:
    """Run the installation between its first process and its last."""
    installation = Installation(home, tell, scenario=wishes.scenario, grafana=wishes.grafana)
    began = datetime.now(UTC)
    stopping: list[float] = []

    def stop(why: str) -> None:
        if not stopping:
            stopping.append(time.monotonic())
            tell(Said("note", f"{why}: stopping everything"))
            installation.stop()

    async def end_in_time(seconds: float) -> None:
        await installation.up.wait()
        await asyncio.sleep(seconds)
        tell(Said("note", await asyncio.to_thread(summarise, home, began)))
        stop(f"{seconds:g} seconds are over")

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop, number.name)
    timer = asyncio.create_task(end_in_time(wishes.seconds)) if wishes.seconds else None
    try:
        await installation.run()
    finally:
        if timer is not None:
            timer.cancel()
    tell(Said("note", f"everything is stopped, after {time.monotonic() - stopping[0]:.1f} s"))
    return 0 if installation.up.is_set() else INTERRUPTED


@contextlib.contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold the state folder's lock, which the system takes back however we end.

    Raises AlreadyUp when another process holds it.
    """
    with (home.run / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(f"{home.folder} is up already; scripts/down stops it.") from None
        Mark.of(NAME, os.getpid()).write(home.run)
        try:
            yield
        finally:
            (home.run / NAME).unlink(missing_ok=True)


def is_up(home: Home) -> bool:
    """Whether a supervisor holds the state folder."""
    try:
        with (home.run / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    except PermissionError:
        raise StateUnusable(
            f"{home.folder} belongs to another user: run this as that user, or as root, or set "
            f"CITYOPS_HOME to a folder of your own."
        ) from None
    return False


def wait_for_addresses(home: Home, seconds: float = 180) -> bool:
    """Wait until the running supervisor has everything ready; False if it gave up."""
    until = time.monotonic() + seconds
    while not home.addresses.exists():
        if not is_up(home) or time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def check_ports(home: Home, *, grafana: bool) -> None:
    """Raise PortTaken or BadSetting, naming the variable to set, unless all ports are to be had."""
    for name, (variable, _) in PORTS.items():
        if name == "grafana" and not grafana:
            continue
        port = home.ports[name]
        why = trouble(home.bind, port)
        if why == "taken":
            raise PortTaken(
                f"port {port} of {home.bind}, for {name}, is taken by another program: set "
                f"{variable} to a free one."
            )
        if why == "foreign":
            raise BadSetting(f"CITYOPS_BIND is {home.bind}, an address this machine does not have.")
        if why == "forbidden":
            raise RightsMissing(f"only root may listen on port {port}: set {variable} above 1023.")


def bring_down(home: Home, tell: Tell) -> bool:
    """Stop all of this installation and wait until it is gone; False when nothing ran."""
    found = False
    mark = Mark.read(home.run / NAME) if is_up(home) else None
    if mark is not None and mark.alive:
        found = True
        mark.send(signal.SIGTERM)
        if not mark.gone_within(150):
            tell(Said("note", "the supervisor did not end in time and is killed"))
            mark.send(signal.SIGKILL)
            mark.gone_within(15)
    processes = home.run / "processes"
    left = stop_leftovers(processes) if processes.exists() else []
    if left:
        tell(Said("note", f"stopped what a killed run had left: {', '.join(left)}"))
    if home.run.exists():
        (home.run / NAME).unlink(missing_ok=True)
        home.addresses.unlink(missing_ok=True)
    return found or bool(left)
