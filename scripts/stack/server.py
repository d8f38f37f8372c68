"""A server program of the system, started and stopped for as long as it is needed."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.stack.marks import Mark
from scripts.stack.person import Person
from scripts.stack.refusals import NotReady

PATIENCE = 60.0  # seconds for a server to be ready, or to be gone


class Server:
    """One process in its own session, which ends with us even when we are killed.

    A subclass says how the program is called (`command`), when it serves (`ready`), and which
    signal ends it in good order (`stop_signal`).
    """

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, person: Person) -> None:
        self.folder = folder
        self.person = person
        self.log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Write what the program needs; what is there already stays."""
        raise NotImplementedError

    @property
    def command(self) -> list[str]:
        """The program with its arguments, without a secret in them."""
        raise NotImplementedError

    @property
    def environment(self) -> dict[str, str]:
        """All the program sees of an environment."""
        return {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}

    @property
    def ready(self) -> bool:
        """Whether it serves."""
        raise NotImplementedError

    @property
    def pid(self) -> int | None:
        """The running process, if it was started here and runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self) -> None:
        """Start the process; return when it serves. The process ends with the calling thread.

        Raises NotReady with the last lines of its log when it ends or takes a minute.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                mortal(self.command, self.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,
                **self.person.switch,
            )
        until = time.monotonic() + PATIENCE
        while not self.ready:
            if self.pid is None or time.monotonic() > until:
                self.stop()
                raise NotReady(f"{self.name} did not start: {last_lines(self.log)}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the process in good order; return when it is gone."""
        if self._process is None:
            return
        for how in (self.stop_signal, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
                break
        self._process = None

    def reload(self) -> None:
        """Have the process read its files anew, as servers do at SIGHUP."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGHUP)

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None

    def __enter__(self) -> Self:
        """Create what is missing, then start."""
        self.create()
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


@contextlib.contextmanager
def throwaway_folder(prefix: str) -> Iterator[Path]:
    """Give a folder of its own, which goes with us; those of the killed go now.

    It is not below the caller's folder, since a server's user has to reach it.
    """
    for old in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        owner = Mark.read(old / "owner")
        if owner is not None and not owner.alive:
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    Mark.of("owner", os.getpid()).write(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def mortal(command: list[str], how: signal.Signals) -> list[str]:
    """Have the kernel end the command when the process that started it is gone."""
    return ["/usr/bin/setpriv", "--pdeathsig", how.name.removeprefix("SIG"), "--", *command]


def last_lines(log: Path, count: int = 5, since: int = 0) -> str:
    """Read what a process said last, for the sentence about its end; nothing before that byte."""
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - 8192))
        lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-count:]) or "it said nothing"
    return "it said nothing"
