"""The socket of a process that people call; without the web's libraries, which load slowly."""

import errno
import socket

from services.process import WrongConfiguration


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
