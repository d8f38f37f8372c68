"""The TCP ports of this machine: which are free, who listens, where to connect."""

import contextlib
import errno
import secrets
import socket

CHOSEN = range(10_000, 32_000)
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "*": "127.0.0.1"}  # noqa: S104


def family(address: str) -> socket.AddressFamily:
    """IPv6 for what is written with colons, else IPv4."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def reachable(bind: str) -> str:
    """Give the address a process on this machine connects to, for a server at `bind`."""
    return EVERYWHERE.get(bind, bind)


def trouble(bind: str, port: int) -> str | None:
    """Say why a server could not listen there now: taken, foreign, forbidden; or None."""
    with socket.socket(family(bind)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((bind, port))
            trial.listen(1)
        except OSError as why:
            return {errno.EADDRNOTAVAIL: "foreign", errno.EACCES: "forbidden"}.get(
                why.errno or 0, "taken"
            )
    return None


def answers(bind: str, port: int) -> bool:
    """Whether somebody listens there now."""
    with socket.socket(family(bind)) as client:
        client.settimeout(1)
        with contextlib.suppress(OSError):
            client.connect((reachable(bind), port))
            return True
    return False


def free_port(bind: str = "127.0.0.1") -> int:
    """Choose a port nobody listens on just now, by chance.

    From below the system's own range: what it gives to outgoing connections may be taken again
    before a server listens there.
    """
    while True:
        port = CHOSEN.start + secrets.randbelow(len(CHOSEN))
        if trouble(bind, port) is None:
            return port
