"""Shows what somebody changed by hand in a running Grafana, against what the code says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dashboards.difference import KEPT_BY_GRAFANA, difference
from dashboards.grafana import Grafana, translated
from dashboards.panels import Json
from dashboards.provisioning import FOLDERS, boards


class Pulled(NamedTuple):
    """A board as it stands there (None: it does not) and what is other than the code says."""

    uid: str
    name: str
    board: Json | None
    lines: list[str]


def pull(url: str, token: str) -> list[Pulled]:
    """Every board of ours, and every other one in our folders. Raises GrafanaRefuses."""
    with translated(url):
        grafana = Grafana(url, token)
        return [
            each
            for language, (folder, _) in FOLDERS.items()
            for each in of_folder(grafana, folder, boards(language))
        ]


def of_folder(grafana: Grafana, folder: str, ours: list[Json]) -> Iterator[Pulled]:
    """One folder's boards."""
    for board in ours:
        name = f"board {board['title']} ({board['uid']})"
        there = grafana.board(board["uid"])
        if there is None:
            yield Pulled(board["uid"], name, None, ["is not there"])
        else:
            theirs = there["dashboard"]
            yield Pulled(board["uid"], name, theirs, list(difference(board, theirs)))
    known = {board["uid"] for board in ours}
    for uid, title in grafana.boards_in(folder).items():
        if uid not in known and (there := grafana.board(uid)) is not None:
            yield Pulled(uid, f"board {title} ({uid})", there["dashboard"], ["is only there"])


def write(found: list[Pulled], folder: Path) -> list[Path]:
    """Writes the boards that differ as they stand there; returns the files. Raises OSError."""
    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for each in found:
        if each.board is not None and each.lines:
            content = {key: each.board[key] for key in each.board if key not in KEPT_BY_GRAFANA}
            path = folder / f"{each.uid}.json"
            path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
            written.append(path)
    return written
