"""Sends the boards to a running Grafana over its API: makes what is missing, updates the rest."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from grafana_client.api import GrafanaApi
from grafana_client.client import (
    GrafanaClientError,
    GrafanaException,
    GrafanaTimeoutError,
    GrafanaUnauthorizedError,
)

from dashboards.panels import Json
from dashboards.provisioning import FOLDERS, boards

FORBIDDEN, NOT_FOUND = 403, 404
PATIENCE = 10.0  # seconds for an answer
KEPT_BY_GRAFANA = ("id", "version")  # it numbers boards itself


class CannotPush(Exception):
    """A sentence that says what Grafana would not do, or why it was not reached."""


def push(url: str, token: str, *, dry_run: bool = False) -> list[str]:
    """Makes or updates the folders and the boards; returns what was done, a line each.

    Without changing anything where it is a dry run. Raises CannotPush.
    """
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise CannotPush(f"{url} is no address of a Grafana: expected http://HOST:PORT")
    api: Any = GrafanaApi.from_url(f"{url.rstrip('/')}/", token, timeout=PATIENCE)
    with translated(url):
        return [
            done
            for language, (folder, title) in FOLDERS.items()
            for done in (
                push_folder(api, folder, title, dry_run=dry_run),
                *(push_board(api, board, folder, dry_run=dry_run) for board in boards(language)),
            )
        ]


def push_folder(api: Any, uid: str, title: str, *, dry_run: bool) -> str:
    """Makes the folder if there is none."""
    name = f"folder {title} ({uid})"
    if found(api.folder.get_folder, uid) is not None:
        return f"unchanged {name}"
    if not dry_run:
        api.folder.create_folder(title, uid)
    return f"created {name}"


def push_board(api: Any, board: Json, folder: str, *, dry_run: bool) -> str:
    """Makes or updates one board."""
    name = f"board {board['title']} ({board['uid']})"
    there = found(api.dashboard.get_dashboard, board["uid"])
    if there is not None and there.get("meta", {}).get("provisioned"):
        raise CannotPush(f"{name} is provisioned from files there: change the files, do not push.")
    if there is not None and same(there, board, folder):
        return f"unchanged {name}"
    if not dry_run:
        api.dashboard.update_dashboard(
            {
                "dashboard": board,
                "folderUid": folder,
                "overwrite": True,
                "message": "pushed by python -m dashboards push",
            }
        )
    return f"{'created' if there is None else 'updated'} {name}"


def same(there: Json, board: Json, folder: str) -> bool:
    """Whether Grafana holds this very board in this folder."""
    held = {key: value for key, value in there["dashboard"].items() if key not in KEPT_BY_GRAFANA}
    ours = {key: value for key, value in board.items() if key not in KEPT_BY_GRAFANA}
    return held == ours and there.get("meta", {}).get("folderUid") == folder


def found(get: Callable[[str], Any], uid: str) -> Json | None:
    """What Grafana has of this uid, None where it has nothing."""
    try:
        answer = get(uid)
    except GrafanaClientError as error:
        if error.status_code == NOT_FOUND:
            return None
        raise
    if not isinstance(answer, dict):
        raise CannotPush("what answers there is no Grafana.")
    return answer


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turns what the library raises into one sentence."""
    try:
        yield
    except GrafanaUnauthorizedError as error:
        raise CannotPush(f"the Grafana at {url} does not accept this token.") from error
    except GrafanaTimeoutError as error:
        raise CannotPush(f"no answer from {url} within {PATIENCE:.0f} s.") from error
    except GrafanaException as error:
        if error.status_code == FORBIDDEN:
            raise CannotPush(
                f"this token may not write folders and boards at {url}: it needs the role Editor."
            ) from error
        raise CannotPush(f"the Grafana at {url} refused: {said(error.response)}") from error
    except ValueError as error:  # an answer that is no JSON; the library's is an OSError too
        raise CannotPush(f"what answers at {url} is no Grafana.") from error
    except OSError as error:
        raise CannotPush(f"nothing answers at {url}.") from error


def said(response: Any) -> str:
    """Grafana's own words, where it has some."""
    return str(response.get("message", response)) if isinstance(response, dict) else str(response)
