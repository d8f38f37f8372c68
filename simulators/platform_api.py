"""The rows that the platform's API for people tells, page by page.

Nothing of the platform is imported: an address, a token, and the API's own description of itself
(`/openapi.json`) are all there is to it.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final, TypeVar
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

DEFAULT_URL: Final = "http://127.0.0.1:8000"
ROWS_A_PAGE: Final = 1000  # the most the API gives
PATIENCE: Final = 60.0  # s until an answer begins; the API itself gives up on its database sooner
NEXT: Final = re.compile(r'<([^>]+)>; *rel="?next"?')

Row = dict[str, Any]
Read = TypeVar("Read")


class BadApiAddress(Exception):
    """A variable of the environment that no API could be found with."""


class ApiUnreachable(Exception):
    """Nobody answers where the API should be, or not to the end."""


class ApiRefuses(Exception):
    """What the API will not tell, and why; or it tells what we do not understand."""


@dataclass(frozen=True, slots=True)
class PlatformApi:
    """The API at an address, asked in the name of a token's holder."""

    url: str
    token: str = field(repr=False)

    def rows(self, path: str, read: Callable[[Row], Read], **query: str) -> Iterator[Read]:
        """Yield what `read` makes of every row at a path, all pages of it, as the API orders them.

        Raises ApiUnreachable, and ApiRefuses, also where `read` raises for a row.
        """
        here = urlsplit(self.url)
        following = f"{here.path.rstrip('/')}{path}?{urlencode({'limit': ROWS_A_PAGE} | query)}"
        with closing(_connection(here)) as connection:
            while following:
                page, link = self._page(connection, following)
                yield from (self._read(path, read, row) for row in page)
                following = _following(following, link)

    def _page(self, connection: HTTPConnection, target: str) -> tuple[list[Row], str]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        try:
            connection.request("GET", target, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException) as why:
            said = str(why) or type(why).__name__
            raise ApiUnreachable(f"the API at {self.url} cannot be reached: {said}") from why
        told = _parsed(body)
        if answer.status != 200:
            raise ApiRefuses(f"the API at {self.url} refuses: {_reason(answer, told)}")
        if not isinstance(told, list):
            raise ApiRefuses(f"what answers at {self.url} is not the platform's API: no JSON list")
        return told, answer.headers.get("Link", "")

    def _read(self, path: str, read: Callable[[Row], Read], row: Row) -> Read:
        try:
            return read(row)
        except (KeyError, TypeError, ValueError) as why:
            raise ApiRefuses(
                f"the API at {self.url} tells of {path} what is not understood: {why!r}"
            ) from why


def api_from(environment: Mapping[str, str] = os.environ) -> PlatformApi:
    """Read API_URL (http://127.0.0.1:8000 when unset) and API_TOKEN.

    Raises BadApiAddress, naming the variable.
    """
    url = (environment.get("API_URL") or DEFAULT_URL).strip().rstrip("/")
    try:
        here = urlsplit(url)
        known = here.scheme in ("http", "https") and bool(here.hostname) and here.port != 0
    except ValueError:
        known = False
    if not known:
        raise BadApiAddress(f"API_URL: {url!r} is no address like {DEFAULT_URL}")
    token = (environment.get("API_TOKEN") or "").strip()
    if not token:
        raise BadApiAddress("API_TOKEN is not set: the API tells nothing to people without a token")
    if not (token.isascii() and token.isprintable()):
        raise BadApiAddress("API_TOKEN holds characters that no token has")
    return PlatformApi(url, token)


def _connection(here: SplitResult) -> HTTPConnection:
    host = here.hostname or ""
    if here.scheme == "https":
        return HTTPSConnection(host, here.port, timeout=PATIENCE)
    return HTTPConnection(host, here.port, timeout=PATIENCE)


def _following(target: str, link: str) -> str:
    """Return the next page's path and query, "" after the last.

    Of a link to elsewhere no more than that is taken: the token goes to one host only.
    """
    found = NEXT.search(link)
    if found is None:
        return ""
    there = urlsplit(urljoin(target, found[1]))
    return f"{there.path}?{there.query}"


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _reason(answer: HTTPResponse, told: Any) -> str:
    said = told.get("detail") if isinstance(told, dict) else None
    reason = f"{said or answer.reason or 'no reason given'} (HTTP {answer.status})"
    return f"{reason}; the token is API_TOKEN's" if answer.status in (401, 403) else reason
