"""Runs the console."""

import signal
import sys

import structlog

from services import process
from services.console.settings import ConsoleSettings
from services.listening import PortTaken, listener
from services.store.pool import NoDatabase, wait_for_database

log = structlog.get_logger()

PATIENCE = 60.0


def work() -> None:
    """Serves until told to stop."""
    settings = process.read_settings(ConsoleSettings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with listener(settings.host, settings.port, "CONSOLE") as listening:
        wait_for_database("console", PATIENCE)
        # Only now: a wrong setting is told without loading half a second of libraries.
        from services.console.app import create_app  # noqa: PLC0415
        from services.server import Server  # noqa: PLC0415

        def ready() -> None:
            process.announce_ready()
            log.info("serving", host=settings.host, port=settings.port, address=settings.address)

        Server(create_app(settings), ready).run(sockets=[listening])


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase, PortTaken))
