"""Which processes are ours, on disk: so that whoever comes later never stops a stranger."""

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import NamedTuple, Self

from scripts.stack.refusals import RightsMissing

LAST = ("mosquitto", "postgres")  # stopped after all that uses them, in this order


class Mark(NamedTuple):
    """A process by its number and its birth: numbers are used again, births are not."""

    name: str
    pid: int
    born: str

    @classmethod
    def of(cls, name: str, pid: int) -> Self:
        """Mark a running process."""
        return cls(name, pid, birth(pid) or "unknown")

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """Read a mark, or None where there is none to read."""
        with contextlib.suppress(OSError, ValueError):
            pid, born = file.read_text().split(maxsplit=1)
            return cls(file.name, int(pid), born.strip())
        return None

    def write(self, folder: Path) -> None:
        """Keep the mark under its name."""
        (folder / self.name).write_text(f"{self.pid} {self.born}\n")

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return birth(self.pid) == self.born

    def send(self, how: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if not self.alive:
            return
        with contextlib.suppress(ProcessLookupError):
            try:
                os.kill(self.pid, how)
            except PermissionError:
                raise RightsMissing(
                    f"{self.name} (process {self.pid}) belongs to another user: run this as that "
                    f"user, or as root."
                ) from None

    def gone_within(self, seconds: float) -> bool:
        """Wait for the process to be gone."""
        until = time.monotonic() + seconds
        while self.alive and time.monotonic() < until:
            time.sleep(0.05)
        return not self.alive


def birth(pid: int) -> str | None:
    """When a process began, as ticks since which boot; None when there is none, or its corpse."""
    try:
        # The name in brackets may hold anything, so count from behind it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    return None if fields[0] in "ZX" else f"{fields[19]} {boot}"


def stop_leftovers(folder: Path) -> list[str]:
    """Stop what a supervisor that was killed has left; the names of what still ran."""
    marks = [mark for file in folder.iterdir() if (mark := Mark.read(file))]
    marks.sort(key=lambda mark: LAST.index(mark.name) if mark.name in LAST else -1)
    found = []
    for mark in marks:
        if mark.alive:
            found.append(mark.name)
            stop(mark)
        (folder / mark.name).unlink(missing_ok=True)
    return found


def stop(mark: Mark) -> None:
    """End a process in good order, and if that takes too long, at once."""
    gentle = signal.SIGINT if mark.name == "postgres" else signal.SIGTERM
    mark.send(gentle)
    if not mark.gone_within(60 if mark.name == "postgres" else 15):
        mark.send(signal.SIGKILL)
        mark.gone_within(15)
