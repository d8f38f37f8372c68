"""Several workers as one: started together, stopped together, and taken leave of."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

import structlog

from ingest.settings import IngestSettings
from services import process
from services.store import workers
from services.store.pool import open_pool, transaction

log = structlog.get_logger()

SHARE = "ingest"  # the group that several workers share their topics in
MORTAL = ("setpriv", "--pdeathsig", "TERM", "--")
LOOK = 0.1  # seconds between looks at them
GRACE = 30.0  # seconds a worker has to store what it holds


class WorkerEnded(Exception):
    """One of the workers has ended by itself; the others were told to stop."""


def member(settings: IngestSettings, number: int) -> dict[str, str]:
    """What makes the worker of a number: its own name, session, and port for /metrics."""
    base = settings.worker.removesuffix("-1")
    client_id = settings.client_id or settings.worker
    port = settings.metrics_port
    return {
        "INGEST_WORKERS": "1",
        "INGEST_WORKER": f"{base}-{number}",
        "INGEST_CLIENT_ID": client_id if number == 1 else f"{client_id}-{number}",
        "INGEST_SHARE": settings.share or SHARE,
        "INGEST_REMEMBERS": str(settings.remembers and number == 1).lower(),
        "INGEST_METRICS_PORT": str(port + number - 1 if port else 0),
    }


def superfluous(settings: IngestSettings) -> list[int]:
    """The numbers of workers that have a session and are not wanted any more."""
    base = settings.worker.removesuffix("-1")
    with open_pool("ingest", size=1) as pool, transaction(pool) as conn:
        names = workers.present(conn)
    numbers = [name.removeprefix(f"{base}-") for name in names if name.startswith(f"{base}-")]
    return sorted(int(each) for each in numbers if each.isdigit() and int(each) > settings.workers)


def dismiss(settings: IngestSettings, numbers: list[int]) -> None:
    """Drains and ends the sessions of these workers."""
    for number in numbers:
        log.info("a worker is not needed any more; its session is drained", number=number)
        done = subprocess.run(command("drain"), env=environment(settings, number), check=False)
        if done.returncode:
            log.warning("its session stays, and keeps its share", number=number)


def work(settings: IngestSettings, stop: threading.Event) -> None:
    """Runs as many workers as wanted until told to stop. Raises WorkerEnded."""
    with tempfile.TemporaryDirectory() as folder:
        ready = [Path(folder) / str(number) for number in range(1, settings.workers + 1)]
        crew = [
            subprocess.Popen(
                command("member"), env=environment(settings, number, ready[number - 1])
            )
            for number in range(1, settings.workers + 1)
        ]
        try:
            said = False
            while not stop.wait(LOOK):
                if ended := [each for each in crew if each.poll() is not None]:
                    if any(each.returncode == process.WRONG_CONFIGURATION for each in ended):
                        raise process.WrongConfiguration("a worker's, see above")
                    raise WorkerEnded(f"{len(ended)} of {len(crew)} workers ended")
                if not said and all(file.exists() for file in ready):
                    said = True
                    process.announce_ready()
        finally:
            end(crew)


def end(crew: list[subprocess.Popen[bytes]]) -> None:
    """Tells all of them to stop and waits until they have."""
    for each in crew:
        if each.poll() is None:
            each.send_signal(signal.SIGTERM)
    for each in crew:
        try:
            each.wait(GRACE)
        except subprocess.TimeoutExpired:
            each.kill()


def command(*arguments: str) -> list[str]:
    """One worker's command line; the kernel ends it when we are gone."""
    return [*MORTAL, sys.executable, "-m", "ingest", *arguments]


def environment(
    settings: IngestSettings, number: int, ready: Path | None = None
) -> Mapping[str, str]:
    """One worker's environment."""
    without = {name: value for name, value in os.environ.items() if name != "READY_FILE"}
    return without | member(settings, number) | ({"READY_FILE": str(ready)} if ready else {})
