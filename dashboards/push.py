"""Sends the boards to a running Grafana: makes what is missing, updates the rest, asks first.

What somebody else wrote is left alone: a board saved by hand since our last push, one of another
owner under the same uid, a folder that is called otherwise there. Everything is looked at before
anything is written, so that a refusal leaves all as it was.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from dashboards.difference import KEPT_BY_GRAFANA, difference
from dashboards.grafana import MESSAGE, Grafana, GrafanaRefuses, translated
from dashboards.panels import Json
from dashboards.provisioning import FOLDERS, boards

MOST_LINES: Final = 12  # of the differences of one board


class Step(NamedTuple):
    """One thing that a push does, or finds done."""

    done: str  # created, updated, removed, unchanged
    name: str
    lines: list[str]  # what differs
    act: Callable[[], None] | None


def push(
    url: str, token: str, *, dry_run: bool = False, prune: bool = False, force: bool = False
) -> list[str]:
    """Makes or updates the folders and the boards; returns what was done, a line each.

    Without changing anything where it is a dry run, and then with what differs. prune removes
    boards that an earlier push made and nobody makes any more; force overwrites what others
    wrote. Raises GrafanaRefuses.
    """
    with translated(url):
        grafana = Grafana(url, token)
        steps = [
            step
            for language, (uid, title) in FOLDERS.items()
            for step in of_folder(grafana, uid, title, boards(language), prune=prune, force=force)
        ]
        for step in steps:
            if step.act is not None and not dry_run:
                step.act()
    return [line for step in steps for line in told(step, dry_run=dry_run)]


def told(step: Step, *, dry_run: bool) -> Iterator[str]:
    """What is said of a step."""
    if step.act is None or not dry_run:
        yield f"{step.done} {step.name}"
        return
    yield f"would have {step.done} {step.name}"
    yield from (f"    {line}" for line in step.lines[:MOST_LINES])
    if len(step.lines) > MOST_LINES:
        yield f"    and {len(step.lines) - MOST_LINES} more"


def of_folder(  # noqa: PLR0913 (what a folder holds, and how it is treated)
    grafana: Grafana, uid: str, title: str, wanted: list[Json], *, prune: bool, force: bool
) -> Iterator[Step]:
    """The steps for one folder and its boards."""
    yield folder(grafana, uid, title, force=force)
    for board in wanted:
        yield one(grafana, board, uid, force=force)
    if prune:
        ours = {board["uid"] for board in wanted}
        for other, name in grafana.boards_in(uid).items():
            if other not in ours:
                yield superfluous(grafana, other, f"board {name} ({other})")


def folder(grafana: Grafana, uid: str, title: str, *, force: bool) -> Step:
    """Makes the folder if there is none."""
    name = f"folder {title} ({uid})"
    there = grafana.folder(uid)
    if there is None:
        return Step("created", name, [], lambda: grafana.make_folder(uid, title))
    if there.get("title") != title and not force:
        raise GrafanaRefuses(
            f"the folder {uid} is called {there.get('title')} there, so it may be somebody else's:"
            " nothing was written. --force uses it all the same."
        )
    return Step("unchanged", name, [], None)


def one(grafana: Grafana, board: Json, folder: str, *, force: bool) -> Step:
    """Makes or updates one board."""
    name = f"board {board['title']} ({board['uid']})"
    there = grafana.board(board["uid"])
    if there is None:
        return Step("created", name, [], lambda: grafana.keep(board, folder))
    if there["meta"].get("provisioned"):
        raise GrafanaRefuses(f"{name} is provisioned from files there: change the files.")
    if same(there, board, folder):
        return Step("unchanged", name, [], None)
    if not force and grafana.last_message(there) != MESSAGE:
        raise GrafanaRefuses(
            f"{name} was changed by hand since the last push, or is somebody else's: nothing was"
            " written. Look with python -m dashboards pull; --force overwrites it."
        )
    lines = list(difference(there["dashboard"], board))
    if there["meta"].get("folderUid") != folder:
        lines.append(f"folder: {there['meta'].get('folderUid')} -> {folder}")
    return Step("updated", name, lines, lambda: grafana.keep(board, folder))


def superfluous(grafana: Grafana, uid: str, name: str) -> Step:
    """Removes a board that we made once; another's stays."""
    there = grafana.board(uid)
    if there is None or grafana.last_message(there) != MESSAGE:
        return Step("left alone", f"{name}: not pushed by us", [], None)
    return Step("removed", name, [], lambda: grafana.remove(uid))


def same(there: Json, board: Json, folder: str) -> bool:
    """Whether Grafana holds this very board in this folder."""
    held, ours = (
        {key: value for key, value in each.items() if key not in KEPT_BY_GRAFANA}
        for each in (there["dashboard"], board)
    )
    return held == ours and there["meta"].get("folderUid") == folder
