"""Runs the API."""

import errno
import signal
import socket
import sys

import structlog

from services import process
from services.api.settings import ApiSettings
from services.store.pool import NoDatabase, wait_for_database

log = structlog.get_logger()

PATIENCE = 60.0


class PortTaken(Exception):
    """Somebody else listens there already."""


def work() -> None:
    """Serves until told to stop."""
    settings = process.read_settings(ApiSettings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with listener(settings) as listening:
        wait_for_database("api", PATIENCE)
        # Only now: a wrong setting is told without loading half a second of libraries.
        from services.api.server import Server  # noqa: PLC0415

        def ready() -> None:
            process.announce_ready()
            log.info("serving", host=settings.host, port=settings.port)

        Server(settings, ready).run(sockets=[listening])


def listener(settings: ApiSettings) -> socket.socket:
    """The socket of the settings, ours from now on, though nobody can connect to it yet.

    Raises WrongConfiguration, or PortTaken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"port {settings.port} of {settings.host} is taken") from error
        variable = "API_PORT" if error.errno == errno.EACCES else "API_HOST"
        raise process.WrongConfiguration(f"{variable}: {error.strerror}") from error
    return listening


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase, PortTaken))
