"""What every answer of a process that people call passes on its way out."""

import time
from collections.abc import Mapping

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()


class Answers:
    """Gives every answer the headers it has none of yet, and the log its line."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            if scope["path"] != "/health" or status != 200:
                took = round((time.perf_counter() - began) * 1000, 1)
                path = scope.get("raw_path", b"").decode("latin-1")
                log.info("answered", method=scope["method"], path=path, status=status, ms=took)
