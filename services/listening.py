"""How a process that people call begins to serve; the web's libraries, which load slowly, come last."""

import errno
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from services import process
from services.process import WrongConfiguration
from services.store.pool import wait_for_database

log = structlog.get_logger()

PATIENCE = 60.0


class Place(Protocol):
    """Settings that say where to listen."""

    host: str
    port: int


class PortTaken(Exception):
    """Somebody else listens there already."""


def listener(host: str, port: int, prefix: str) -> socket.socket:
    """The socket at a place, ours from now on, though nobody can connect to it yet.

    prefix is of the variables that said the place. Raises WrongConfiguration, or PortTaken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"port {port} of {host} is taken") from error
        variable = "PORT" if error.errno == errno.EACCES else "HOST"
        raise WrongConfiguration(f"{prefix}_{variable}: {error.strerror}") from error
    return listening


def serve(name: str, place: Place, create: Callable[[], Any], **said: object) -> None:
    """Serves an application until told to stop; name is the process's, said goes into its log.

    create imports and makes the application. It is called once the database answers: a wrong
    setting is told without loading half a second of libraries. Raises WrongConfiguration,
    PortTaken, or NoDatabase.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with listener(place.host, place.port, name.upper()) as listening:
        wait_for_database(name, PATIENCE)
        from services.server import Server  # noqa: PLC0415

        def ready() -> None:
            process.announce_ready()
            log.info("serving", host=place.host, port=place.port, **said)

        Server(create(), ready).run(sockets=[listening])
