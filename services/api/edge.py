"""What every request passes on its way in and every answer on its way out."""

import time
from collections.abc import Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.headers import HEADERS
from services.api.problems import ProblemResponse, plain

log = structlog.get_logger()


class Answers:
    """Gives every answer its headers, and the log its line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

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
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            if scope["path"] != "/health" or status != 200:
                took = round((time.perf_counter() - began) * 1000, 1)
                path = scope.get("raw_path", b"").decode("latin-1")
                log.info("answered", method=scope["method"], path=path, status=status, ms=took)


class BodyLimit:
    """Refuses a body that is larger than any this API has a use for, before it is kept.

    larger are the paths that take larger ones.
    """

    def __init__(self, app: ASGIApp, largest: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.largest, self.larger = largest, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        said = Headers(scope=scope).get("content-length", "0") if scope["type"] == "http" else "0"
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        largest = self.larger.get(path, self.largest)
        refusal = f"a body has at most {largest} bytes"
        if said.isdecimal() and int(said) > largest:
            await ProblemResponse(plain(413, refusal))(scope, receive, send)
            return
        seen = 0

        async def receive_counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > largest:
                raise HTTPException(413, refusal)
            return message

        await self.app(scope, receive_counted, send)
