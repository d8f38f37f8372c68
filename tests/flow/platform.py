"""The platform's processes, run as users run them, for tests that watch from outside."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from services.store.pool import Connection

CHECKOUT = Path(__file__).parents[2]
PATIENCE = 60.0


class NotYet(AssertionError):
    """What was waited for did not come."""


class Process:
    """One `python -m …`, with its log; ready when it says so."""

    def __init__(self, folder: Path, module: str, *arguments: str, **environment: str) -> None:
        self.module, self.arguments = module, arguments
        self.ready_file = folder / f"{module}.ready"
        self.log = folder / f"{module}.log"
        self.environment = {**os.environ, **environment, "READY_FILE": str(self.ready_file)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Process":
        """Starts it, without waiting."""
        self.ready_file.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, *self.arguments],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        return self

    def ready(self) -> "Process":
        """Waits until it says it is ready."""
        wait_until(self.ready_file.exists, f"{self.module} is ready", self.log)
        return self

    def exit_code(self) -> int:
        """Waits until it has left by itself."""
        assert self.process is not None
        return self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Asks it to leave and waits until it has."""
        assert self.process is not None
        self.process.terminate()
        return self.exit_code()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    @property
    def said(self) -> str:
        """Its log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    """Starts processes, waits until all are ready, and ends them whatever happens."""
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.ready()
        yield
    finally:
        for process in processes:
            if process.process is not None and process.process.poll() is None:
                process.stop()


def simulate(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Runs `python -m simulators …` to its end and returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "simulators", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def wait_until(condition: "object", what: str, log: Path | None = None) -> None:
    """Returns as soon as the condition holds."""
    assert callable(condition)
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:] if log and log.exists() else ""
            raise NotYet(f"not within {PATIENCE:g} s: {what}\n{tail}")
        time.sleep(0.02)  # somebody else's process: there is nothing to wait on


def number(conn: Connection, query: str, *values: object) -> int:
    """The one number a query gives, as it stands now."""
    row = conn.execute(query.encode(), values).fetchone()
    conn.rollback()
    return int(str(row[0])) if row and row[0] is not None else 0


def eventually(conn: Connection, query: str, wanted: int, *values: object) -> None:
    """Waits until a query gives this number."""
    seen = -1

    def there() -> bool:
        nonlocal seen
        seen = number(conn, query, *values)
        return seen == wanted

    try:
        wait_until(there, query)
    except NotYet as error:
        raise NotYet(f"{query} gave {seen}, not {wanted}") from error
