"""The server of a process that people call: an application behind a socket."""

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

GRACE = 5  # seconds that running requests get when told to stop


class Server(uvicorn.Server):
    """A server that says when it serves."""

    def __init__(self, app: FastAPI, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to serve, and says so."""
        await super().startup(sockets)
        if self.started:
            self.ready()
