"""The people's door as a program uses it: lists page by page over HTTP, with a token."""

import http.client
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

DEFAULT_URL: Final = "http://127.0.0.1:8000"
PATIENCE: Final = 30.0  # seconds for an answer, and for a busy API to have time again
BUSY: Final = {429, 503}
MOST_ROWS: Final = 1000  # of a page of assets or streams; of readings it is MOST_READINGS
MOST_READINGS: Final = 10_000
NEXT: Final = re.compile(r'<([^>]+)>;\s*rel="?next"?')

Row = dict[str, Any]
Read = TypeVar("Read")


class BadDoor(Exception):
    """A variable of the environment that no API could be found with."""


class DoorClosed(Exception):
    """The API cannot be reached, or does not let us in."""


class NotThere(Exception):
    """What was asked for does not exist."""


class Door:
    """One connection to the API. Answers are what its JSON says; a problem is raised as it says it.

    Raises DoorClosed where it cannot be reached, is busy for longer than PATIENCE, or does not
    take the token; NotThere for what it does not know.
    """

    def __init__(self, url: str, token: str, sleep: Callable[[float], None] = time.sleep) -> None:
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        try:
            parts = urlsplit(url)
            host, port, kind = parts.hostname, parts.port, kinds.get(parts.scheme)
        except ValueError:
            kind = None
        if kind is None or not host:
            raise BadDoor(f"API_URL is {url!r}, not an address like http://HOST:PORT")
        self._connection = kind(host, port, timeout=PATIENCE)
        self._url, self._base, self._sleep = url, parts.path.rstrip("/"), sleep
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def one(self, path: str) -> Any:
        """What stands at a path."""
        return self._ask(self._base + path)[0]

    def pages(self, path: str, **query: str | int) -> Iterator[list[Any]]:
        """The pages of a list, one after the other."""
        target: str | None = f"{self._base}{path}?{urlencode(query)}"
        while target is not None:
            rows, link = self._ask(target)
            if not isinstance(rows, list):
                raise DoorClosed(f"{self._url} does not answer like the API: no JSON list")
            yield rows
            target = _following(target, link)

    def rows(self, path: str, read: Callable[[Row], Read], **query: str | int) -> Iterator[Read]:
        """What `read` makes of every row of a list; DoorClosed too where it makes nothing of one."""
        for page in self.pages(path, **({"limit": MOST_ROWS} | query)):
            for row in page:
                try:
                    yield read(row)
                except (KeyError, TypeError, ValueError) as why:
                    raise DoorClosed(
                        f"the API at {self._url} tells of {path} what is not understood: {why!r}"
                    ) from why

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _ask(self, target: str) -> tuple[Any, str]:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                status, text, headers = self._get(target)
                if status not in BUSY or time.monotonic() > deadline:
                    return self._read(status, text), headers.get("Link", "")
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as why:
                # It hung up on an idle connection, or was started anew: the next call is a new one.
                if time.monotonic() > deadline:
                    raise self._away(why) from why
                self._connection.close()
                self._sleep(0.1)
                continue
            except (OSError, http.client.HTTPException) as why:
                raise self._away(why) from why
            self._sleep(_seconds(headers.get("Retry-After", "1")))

    def _get(self, target: str) -> tuple[int, bytes, Mapping[str, str]]:
        self._connection.request("GET", target, headers=self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def _read(self, status: int, text: bytes) -> Any:
        try:
            told = json.loads(text)
        except ValueError:
            raise DoorClosed(
                f"{self._url} does not answer like the API (status {status})"
            ) from None
        if status == http.client.OK:
            return told
        detail = str(told.get("detail", "")) if isinstance(told, dict) else ""
        if status == http.client.NOT_FOUND and detail:
            raise NotThere(f"the API at {self._url}: {detail}")
        if status in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
            raise DoorClosed(f"the API at {self._url} does not take API_TOKEN: {detail}")
        raise DoorClosed(f"the API at {self._url} does not answer (status {status}): {detail}")

    def _away(self, why: Exception) -> DoorClosed:
        return DoorClosed(f"the API at {self._url} cannot be reached: {why or type(why).__name__}")


def door_from(environment: Mapping[str, str] = os.environ) -> Door:
    """The door that API_URL names (http://127.0.0.1:8000 when unset), opened by API_TOKEN.

    Raises BadDoor, naming the variable.
    """
    token = (environment.get("API_TOKEN") or "").strip()
    if not token:
        raise BadDoor("API_TOKEN is not set: the API tells nothing to people without a token")
    if not (token.isascii() and token.isprintable()):
        raise BadDoor("API_TOKEN has characters that no token has")
    return Door((environment.get("API_URL") or DEFAULT_URL).strip().rstrip("/"), token)


def at(name: str) -> str:
    """A name as a part of a path."""
    return quote(name, safe="")


def _following(target: str, link: str) -> str | None:
    """The next page's path and query, None after the last.

    Of a link to elsewhere no more than that is taken: the token goes to one host only.
    """
    found = NEXT.search(link)
    if found is None:
        return None
    there = urlsplit(urljoin(target, found[1]))
    return f"{there.path}?{there.query}"


def _seconds(text: str) -> float:
    return min(PATIENCE, float(text)) if text.isdigit() else 1.0
