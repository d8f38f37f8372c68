"""Long lists go out in pages; the answer to one names the next in its `Link` header."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import Depends, Request, Response


class Numbered(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int | UUID:
        """Its place in the list."""


Row = TypeVar("Row", bound=Numbered)

# How OpenAPI is told of the header.
LINKED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": {
                "description": 'the next page, where there is one: `<...>; rel="next"` (RFC 8288)',
                "schema": {"type": "string"},
                "example": '</incidents?before=120&limit=100>; rel="next"',
            }
        }
    }
}


class Pages:
    """Where the answer to a request goes on."""

    def __init__(self, request: Request, response: Response) -> None:
        self.request = request
        self.headers = response.headers

    def cut(self, found: Sequence[Row], limit: int, column: str) -> list[Row]:
        """The first `limit` of what was found; is there more, `column` goes on at the last id.

        Ask the store for one row more than the limit: that one says whether there is more.
        """
        rows = list(found[:limit])
        if len(found) > limit:
            self.link("next", {column: str(rows[-1].id)})
        return rows

    def link(self, relation: str, changed: Mapping[str, str]) -> None:
        """Names another page: this one's address with some of its parameters changed."""
        said = dict(self.request.query_params) | dict(changed)
        address = f"{quote(self.request.url.path, safe='/%:')}?{urlencode(said)}"
        self.headers["Link"] = f'<{address}>; rel="{relation}"'


async def pages(request: Request, response: Response) -> Pages:
    """The pages of this request."""
    return Pages(request, response)


Paged = Annotated[Pages, Depends(pages)]
