"""Programs kept running: started, waited for, started again when they end, stopped."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from scripts.stack.marks import Mark
from scripts.stack.person import Person
from scripts.stack.progress import Said, Tell
from scripts.stack.refusals import BadSetting, NotReady
from scripts.stack.server import last_lines, mortal

WRONG_CONFIGURATION = 2  # a service's exit code: trying again changes nothing
LONGEST_PAUSE = 30.0
LONGEST_LOG = 10_000_000  # bytes, above which a log becomes the old one at the next start


@dataclass(frozen=True)
class Program:
    """What is run, as whom, and how one sees that it serves."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(repr=False)
    person: Person
    folder: Path
    log: Path
    ready: Callable[[], bool]
    ready_file: Path | None = None  # removed before each start
    remark: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 60.0  # seconds to become ready
    grace: float = 15.0  # seconds to end in good order


class Keeper:
    """Keeps one program running."""

    def __init__(self, program: Program, marks: Path, tell: Tell) -> None:
        self.program = program
        self.ready = asyncio.Event()
        self._marks = marks
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._serves_since: float | None = None
        self.lives = 0  # how often it was started

    @property
    def serving_for(self) -> float:
        """Seconds it has served by now; 0 while it does not."""
        return 0.0 if self._serves_since is None else time.monotonic() - self._serves_since

    async def keep(self) -> None:
        """Run the program for ever; the pauses between its lives grow from 1 to 30 seconds.

        Raises NotReady when it does not become ready the first time. What was ready once and
        then finds its configuration wrong stays down, and the others go on without it.
        """
        first, pause = time.monotonic(), 1.0
        while True:
            began = time.monotonic()
            process = await self._start()
            await self._wait_until_ready(process, first, began)
            code = await process.wait()
            self._serves_since = None
            (self._marks / self.program.name).unlink(missing_ok=True)
            if code == WRONG_CONFIGURATION or not self.ready.is_set():
                self._judge(code, time.monotonic() - first)
            if code == WRONG_CONFIGURATION:
                self._note(
                    f"its configuration is wrong, so it stays down: {reason(self._last_words(1))}"
                )
                return
            pause = 1.0 if time.monotonic() - began > 60 else pause
            # Its last line says why only where it ended by itself.
            why = f": {self._last_words(1)}" if code > 0 else ""
            self._note(f"{ending(code)}, again in {pause:.0f} s{why}")
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _judge(self, code: int, since: float) -> None:
        """Give up on a program that never was ready."""
        if self.ready.is_set():
            return
        if code == WRONG_CONFIGURATION:
            raise BadSetting(f"{self.program.name}: {reason(self._last_words(1))}")
        if since > self.program.patience:
            raise NotReady(f"{self.program.name} {ending(code)}: {self._last_words()}")

    async def _start(self) -> asyncio.subprocess.Process:
        program = self.program
        if program.ready_file is not None:
            program.ready_file.unlink(missing_ok=True)
        with append(program.log) as log:
            self._process = await asyncio.create_subprocess_exec(
                *mortal(program.command, program.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=program.folder,
                env=dict(program.environment),
                start_new_session=True,
                **program.person.switch,
            )
        Mark.of(program.name, self._process.pid).write(self._marks)
        self.lives += 1
        return self._process

    async def _wait_until_ready(
        self, process: asyncio.subprocess.Process, first: float, began: float
    ) -> None:
        again = self.ready.is_set()
        while process.returncode is None:
            if await asyncio.to_thread(self.program.ready):
                self.ready.set()
                self._serves_since = time.monotonic()
                took = time.monotonic() - (began if again else first)
                remark = "again" if again else self.program.remark
                self._tell(Said("step", self.program.name, took, remark))
                return
            if not again and time.monotonic() - first > self.program.patience:
                raise NotReady(
                    f"{self.program.name} was not ready after {self.program.patience:.0f} s: "
                    f"{self._last_words()}"
                )
            await asyncio.sleep(0.05)

    def reload(self) -> bool:
        """Have a program that serves read its files anew; False while it does not serve.

        One that is only starting would die of the signal.
        """
        return self._tell_process(signal.SIGHUP)

    def restart(self) -> bool:
        """Have a program that serves end in good order, to be started again; False as `reload`."""
        return self._tell_process(self.program.stop_signal)

    def _tell_process(self, how: signal.Signals) -> bool:
        if self._process is None or self._serves_since is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        return True

    async def stop(self) -> None:
        """End the program, in good order if it can, and what it started with it."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.program.stop_signal)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), self.program.grace)
        if process.returncode is None:
            self._note(f"did not end within {self.program.grace:.0f} s and was killed")
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        (self._marks / self.program.name).unlink(missing_ok=True)

    def _note(self, sentence: str) -> None:
        self._tell(Said("note", f"{self.program.name}: {sentence}"))

    def _last_words(self, count: int = 5) -> str:
        return last_lines(self.program.log, count)


async def finish(
    command: list[str], environment: Mapping[str, str], folder: Path, log: Path
) -> str:
    """Run a command to its end and return what it printed.

    Raises NotReady with the last lines it complained with.
    """
    with append(log) as complaints:
        since = complaints.tell()
        process = await asyncio.create_subprocess_exec(
            *mortal(command, signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
        )
    try:
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotReady(f"{log.stem} did not work: {last_lines(log, since=since)}")
    return printed.decode()


def append(log: Path) -> IO[bytes]:
    """Open a log at its end."""
    return log.open("ab")


def rotate(log: Path) -> None:
    """Make a long log the old one."""
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def reason(line: str) -> str:
    """Take the reason out of a service's last log line, where it names one."""
    found = re.search(r'\bwhy="((?:[^"\\]|\\.)*)"', line)
    return re.sub(r"\\(.)", r"\1", found.group(1)) if found else line


def ending(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"ended with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"
