"""A running Grafana over its API: folders, boards, who wrote them last; its refusals as sentences."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from grafana_client.api import GrafanaApi
from grafana_client.client import (
    GrafanaClientError,
    GrafanaException,
    GrafanaTimeoutError,
    GrafanaUnauthorizedError,
)

from dashboards.panels import Json

FORBIDDEN, NOT_FOUND = 403, 404
FIRST = 1  # the version of a board just made
PATIENCE = 10.0  # seconds for an answer
UID: Final = re.compile(r"[\w-]{1,40}", re.ASCII)  # it names a file, too
MESSAGE: Final = "pushed by python -m dashboards push"


class GrafanaRefuses(Exception):
    """A sentence that says what Grafana would not do, or why it was not reached."""


class Grafana:
    """One Grafana, as a service account with the role Editor sees it."""

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise GrafanaRefuses(f"{url} is no address of a Grafana: expected http://HOST:PORT")
        self.api: Any = GrafanaApi.from_url(f"{url.rstrip('/')}/", token, timeout=PATIENCE)

    def folder(self, uid: str) -> Json | None:
        """The folder of this uid."""
        folder: Json | None = found(lambda: self.api.folder.get_folder(uid))
        return folder

    def board(self, uid: str) -> Json | None:
        """The board of this uid: `dashboard` is its content, `meta` what Grafana says of it."""
        board: Json | None = found(lambda: self.api.dashboard.get_dashboard(uid))
        return board

    def boards_in(self, folder: str) -> dict[str, str]:
        """The boards in a folder: title by uid."""
        answer = self.api.search.search_dashboards(type_="dash-db", limit=5000)
        if not isinstance(answer, list):
            raise GrafanaRefuses("what answers there is no Grafana.")
        here = [each for each in answer if each.get("folderUid") == folder]
        if odd := [each["uid"] for each in here if not UID.fullmatch(each["uid"])]:
            raise GrafanaRefuses(f"{odd[0]!r} is no uid of a board: what answers is no Grafana.")
        return {each["uid"]: each["title"] for each in here}

    def last_message(self, board: Json) -> str:
        """What was said when the board was written last; empty where nothing was, or is known.

        9.0 knows versions by the number of a board, later releases by its uid.
        """
        number, uid = board["dashboard"].get("id"), board["dashboard"]["uid"]
        versions = self.api.dashboard_versions
        answer = found(lambda: versions.get_dashboard_versions(dashboard_uid=uid))
        if answer is None and number is not None:
            answer = found(lambda: versions.get_dashboard_versions(dashboard_id=number))
        listed = answer.get("versions", []) if isinstance(answer, dict) else answer or []
        newest: Json = max(listed, key=lambda each: each.get("version", 0), default={})
        return str(newest.get("message", ""))

    def make_folder(self, uid: str, title: str) -> None:
        """Makes a folder."""
        self.api.folder.create_folder(title, uid)

    def keep(self, board: Json, folder: str) -> None:
        """Makes or updates a board, and says that it was us.

        Grafana calls a first version "Initial save", whatever is said of it: a second one bears our word.
        """
        told = {"dashboard": board, "folderUid": folder, "overwrite": True, "message": MESSAGE}
        answer = self.api.dashboard.update_dashboard(told)
        if answer.get("version") == FIRST:
            self.api.dashboard.update_dashboard(told)

    def remove(self, uid: str) -> None:
        """Deletes a board."""
        self.api.dashboard.delete_dashboard(uid)


def found(get: Callable[[], Any]) -> Any:
    """What Grafana has there, None where it has nothing.

    From 9.1 on it forbids an Editor to look at what is not there. What is there and forbidden stays
    so when it is written, and is said then.
    """
    try:
        answer = get()
    except GrafanaClientError as error:
        if error.status_code in (NOT_FOUND, FORBIDDEN):
            return None
        raise
    if not isinstance(answer, dict | list):
        raise GrafanaRefuses("what answers there is no Grafana.")
    return answer


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turns what the library raises into one sentence."""
    try:
        yield
    except GrafanaUnauthorizedError as error:
        raise GrafanaRefuses(f"the Grafana at {url} does not accept this token.") from error
    except GrafanaTimeoutError as error:
        raise GrafanaRefuses(f"no answer from {url} within {PATIENCE:.0f} s.") from error
    except GrafanaException as error:
        if error.status_code == FORBIDDEN:
            raise GrafanaRefuses(
                f"this token may not write folders and boards at {url}: it needs the role Editor."
            ) from error
        raise GrafanaRefuses(f"the Grafana at {url} refused: {said(error.response)}") from error
    except ValueError as error:  # an answer that is no JSON; the library's is an OSError too
        raise GrafanaRefuses(f"what answers at {url} is no Grafana.") from error
    except OSError as error:
        raise GrafanaRefuses(f"nothing answers at {url}.") from error


def said(response: Any) -> str:
    """Grafana's own words, where it has some."""
    return str(response.get("message", response)) if isinstance(response, dict) else str(response)
