"""What every request passes on its way in."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.problems import ProblemResponse, plain


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
