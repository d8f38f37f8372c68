"""Asks the boards' queries as Grafana would, and says what came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dashboards import texts
from dashboards.language import LANGUAGES
from dashboards.panels import Json
from dashboards.provisioning import boards
from dashboards.texts import egov_load
from services.store.pool import Connection
from tests.dashboards.grafana import Look, variables_of


class Query(NamedTuple):
    """A query of a board and who asks it."""

    board: str  # its uid
    asker: str  # a panel's type, "variable" or "annotation"
    name: str
    sql: str

    def __str__(self) -> str:
        return f"{self.board} {self.asker} {self.name}"


class Frame(NamedTuple):
    """What came back: column names with their type numbers, and rows."""

    columns: dict[str, int]
    rows: list[tuple[Any, ...]]

    @property
    def told(self) -> list[tuple[Any, ...]]:
        """The rows, without the one of nulls that stands for none in a table."""
        return [row for row in self.rows if any(value is not None for value in row)]

    def column(self, name: str) -> list[Any]:
        return [row[list(self.columns).index(name)] for row in self.rows]


VIETNAMESE, ENGLISH = ({board["uid"]: board for board in boards(each)} for each in LANGUAGES)
BOARDS: dict[str, Json] = VIETNAMESE | ENGLISH
# What the variables offer, and what stands for the one that a panel is repeated for.
OPTIONS = {
    "kind": tuple(texts.KINDS),
    "level": tuple(egov_load.LEVELS),
    "gauge": ("dap-cau", "luc-nam"),
    "metric": ("speed",),
}
CHOSEN = {"station": "air-213", "gauge": "dap-cau", "asset": "traffic-218", "metric": "speed"}


def queries() -> Iterator[Query]:
    """Every query of every board; in English those that do not read as in Vietnamese."""
    known: set[tuple[str, str]] = set()
    for query in all_queries():
        board = query.board.removesuffix("-en")
        if (board, query.sql) not in known or query.board == board:
            yield query
        known.add((board, query.sql))


def all_queries() -> Iterator[Query]:
    """Every query of every board of either edition."""
    for uid, board in BOARDS.items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                name = f"{panel['title']} {target['refId']}"
                yield Query(uid, panel["type"], name, target["rawSql"])
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                yield Query(uid, "variable", variable["name"], variable["query"])
        for annotation in board["annotations"]["list"]:
            yield Query(uid, "annotation", annotation["name"], annotation["rawQuery"])


def variables(board: str) -> set[str]:
    """The names of a board's variables."""
    return {each["name"] for each in BOARDS[board]["templating"]["list"]}


def look(now: datetime, hours: float = 6, board: str = "city-picture", **chosen: str) -> Look:
    """Six hours at five minutes, or more at an hour."""
    told = variables_of(BOARDS[board], OPTIONS, **(CHOSEN | chosen))
    interval = "5m" if hours <= 6 else "1h"
    return Look(now - timedelta(hours=hours), now, interval, told)


def ask(conn: Connection, query: Query, look: Look) -> Frame:
    cursor = conn.execute(look.expanded(query.sql).encode())
    assert cursor.description is not None
    columns = {each.name: each.type_code for each in cursor.description}
    assert len(columns) == len(cursor.description), "two columns have one name"
    return Frame(columns, cursor.fetchall())
