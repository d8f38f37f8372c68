"""How long the boards' panels take on a full store, each alone and a board at once."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from psycopg_pool import ConnectionPool
from rich.console import Console
from rich.table import Table

from dashboards.panels import Json
from dashboards.provisioning import boards
from services.store.pool import Connection
from tests.benchmarks import board_store
from tests.benchmarks.full_store import full_store
from tests.conftest import conninfo
from tests.dashboards.grafana import (
    ALL,
    Look,
    Variable,
    round_interval,
    seconds,
    variables_of,
)

say = Console(stderr=True)

Viewers = ConnectionPool[Connection]
RANGES = {"6h": 6, "24h": 24, "30d": 720}  # hours
AT_ONCE = 6  # requests a browser has under way with one server (HTTP/1.1)
SCREEN, COLUMNS = 1900, 24  # pixels across; columns of the grid
SHOWN = 3  # of a panel repeated for every asset, so many are on the screen
PANEL_TARGET, BOARD_TARGET = 0.3, 1.0  # seconds, 95 of 100
SLOWEST = 25  # lines of the table


class Asked(NamedTuple):
    """One request of Grafana: the queries of a panel so many pixels across, or of an annotation."""

    title: str
    queries: list[str]
    width: int
    least: int  # seconds a point stands for at least
    variables: dict[str, Variable]

    def expanded(self, since: datetime, until: datetime) -> list[str]:
        """The statements, with Grafana's macros and variables put in."""
        interval = round_interval((until - since).total_seconds() / self.width, self.least)
        look = Look(since, until, interval, self.variables)
        return [look.expanded(sql) for sql in self.queries]


class Times(NamedTuple):
    """Seconds, one a run."""

    board: str
    title: str
    range: str
    seconds: list[float]

    def share(self, percent: float) -> float:
        """The time that this percentage of the runs stayed below."""
        return float(np.percentile(self.seconds, percent))


def main(
    days: Annotated[int, typer.Option(min=1, help="days of readings")] = 30,
    streams: Annotated[int, typer.Option(min=50, help="streams")] = 2000,
    dossiers: Annotated[int, typer.Option(min=1, help="dossiers in a year")] = 400_000,
    runs: Annotated[int, typer.Option(min=1, help="how often each panel is asked")] = 5,
    only: Annotated[str | None, typer.Option(help="the uid of one board")] = None,
    *,
    store: Annotated[Path | None, typer.Option(help="a folder to keep the store in")] = None,
    minutes: Annotated[int, typer.Option(min=1, help="between two readings of a stream")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="end with one JSON object")] = False,
) -> None:
    """Measure every panel of every board at 6 hours, 24 hours and 30 days, as Grafana's role."""
    size = board_store.Size(days, streams, dossiers, minutes)
    wanted = [each for each in boards("vi") if only in (None, each["uid"])]
    with full_store(size, store, say.print) as filled:
        panels, whole = measure(filled.viewer, wanted, filled.now, runs)
    show(panels, whole)
    if as_json:
        print(json.dumps(outcome(panels, whole) | filled.facts))
    if slow(panels, whole):
        sys.exit(1)


def measure(
    viewer: dict[str, str], wanted: Sequence[Json], now: datetime, runs: int
) -> tuple[list[Times], list[Times]]:
    """The times of each panel alone, and of each board with all its requests."""
    panels, whole = [], []
    options = {"autocommit": True, "options": "-c timezone=UTC"}
    with Viewers(conninfo(viewer), kwargs=options, min_size=AT_ONCE, max_size=AT_ONCE) as pool:
        for board in wanted:
            with pool.connection() as conn:
                opened = chosen(conn, board, now)
            for name, hours in RANGES.items():
                span = now - timedelta(hours=hours), now
                asked = list(requests_of(board, opened))
                for each in {each.title: each for each in asked}.values():
                    took = [ask(pool, each, *span) for _ in range(runs)]
                    panels.append(Times(board["uid"], each.title, name, took))
                took = [ask_all(pool, asked, *span) for _ in range(runs)]
                whole.append(Times(board["uid"], "", name, took))
            say.print(f"{board['uid']:20} p95 {max(t.share(95) for t in whole[-3:]):6.2f} s")
    return panels, whole


def chosen(conn: Connection, board: Json, now: datetime) -> dict[str, Variable]:
    """The board's variables as it opens: those with a query have what it offers."""
    told: dict[str, tuple[str, ...]] = {}
    for each in board["templating"]["list"]:
        if each["type"] == "query":
            look = Look(now - timedelta(hours=6), now, "5m", variables_of(board, told))
            rows = conn.execute(look.expanded(each["query"]).encode()).fetchall()
            told[each["name"]] = tuple(str(row[1]) for row in rows)
            current = each["current"]["value"]
            if current != [ALL] and current not in told[each["name"]]:
                each["current"]["value"] = told[each["name"]][0]  # as Grafana does
        else:
            told[each["name"]] = tuple(each["value"] for each in each["options"][1:])
    return variables_of(board, told)


def requests_of(board: Json, opened: dict[str, Variable]) -> Iterator[Asked]:
    """A request a panel, as often as it stands on the screen, and one an annotation."""
    for panel in board["panels"]:
        queries = [target["rawSql"] for target in panel.get("targets", [])]
        width = int(SCREEN * panel["gridPos"]["w"] / COLUMNS)
        least = seconds(panel.get("interval", "1m"))
        if name := panel.get("repeat"):
            for value in opened[name].options[:SHOWN]:
                one = replace(opened[name], chosen=(value,))
                yield Asked(panel["title"], queries, width, least, opened | {name: one})
        elif queries:
            yield Asked(panel["title"], queries, width, least, opened)
    for each in board["annotations"]["list"]:
        if each["enable"]:
            yield Asked(each["name"], [each["rawQuery"]], SCREEN, 60, opened)


def ask(pool: Viewers, asked: Asked, since: datetime, until: datetime) -> float:
    """Seconds until all rows are there."""
    with pool.connection() as conn:
        began = time.perf_counter()
        for statement in asked.expanded(since, until):
            conn.execute(statement.encode()).fetchall()
        return time.perf_counter() - began


def ask_all(pool: Viewers, asked: Sequence[Asked], since: datetime, until: datetime) -> float:
    """Seconds until the last panel is there, so many at once as a browser asks."""
    with ThreadPoolExecutor(AT_ONCE) as asking:
        began = time.perf_counter()
        list(asking.map(lambda each: ask(pool, each, since, until), asked))
        return time.perf_counter() - began


def slow(panels: Sequence[Times], whole: Sequence[Times]) -> list[str]:
    """What is over its target, by name."""
    found = [each for each in panels if each.share(95) > PANEL_TARGET]
    found += [each for each in whole if each.share(95) > BOARD_TARGET]
    return [f"{each.board} {each.title or '(board)'} {each.range}" for each in found]


def show(panels: Sequence[Times], whole: Sequence[Times]) -> None:
    """The slowest panels and every board, for people."""
    table = Table("board", "panel", "range", "p50 ms", "p95 ms")
    slowest = sorted(panels, key=lambda each: -each.share(95))[:SLOWEST]
    for each in [*slowest, *whole]:
        row = [f"{each.share(50) * 1000:,.0f}", f"{each.share(95) * 1000:,.0f}"]
        table.add_row(each.board, each.title or "(all at once)", each.range, *row)
    say.print(table)
    say.print(f"{len(slow(panels, whole))} of {len(panels) + len(whole)} over the target")


def outcome(panels: Sequence[Times], whole: Sequence[Times]) -> dict[str, object]:
    """All figures, in milliseconds, and what is over its target."""
    return {
        "panels": [figures(each) for each in panels],
        "boards": [figures(each) for each in whole],
        "over": slow(panels, whole),
    }


def figures(times: Times) -> dict[str, object]:
    """One line of figures."""
    return {
        "board": times.board,
        "panel": times.title,
        "range": times.range,
        "p50_ms": round(times.share(50) * 1000, 1),
        "p95_ms": round(times.share(95) * 1000, 1),
    }
