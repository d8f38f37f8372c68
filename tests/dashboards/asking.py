"""Asks the board's queries as Grafana would, and says what came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dashboards import texts
from dashboards.city_picture import city_picture
from services.store.pool import Connection
from tests.dashboards.grafana import Look, variables_of


class Query(NamedTuple):
    """A query of the board and who asks it."""

    asker: str  # a panel's type, "variable" or "annotation"
    name: str
    sql: str

    def __str__(self) -> str:
        return f"{self.asker} {self.name}"


class Frame(NamedTuple):
    """What came back: column names with their type numbers, and rows."""

    columns: dict[str, int]
    rows: list[tuple[Any, ...]]

    def column(self, name: str) -> list[Any]:
        return [row[list(self.columns).index(name)] for row in self.rows]


BOARD = city_picture()


def queries() -> Iterator[Query]:
    """Every query of the board."""
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            yield Query(panel["type"], f"{panel['title']} {target['refId']}", target["rawSql"])
    for variable in BOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield Query("variable", variable["name"], variable["query"])
    for annotation in BOARD["annotations"]["list"]:
        yield Query("annotation", annotation["name"], annotation["rawQuery"])


def look(now: datetime, hours: float = 6, **chosen: str) -> Look:
    """Six hours at five minutes, or more at an hour."""
    variables = variables_of(BOARD, {"kind": tuple(texts.KINDS)}, **chosen)
    interval = "5m" if hours <= 6 else "1h"
    return Look(now - timedelta(hours=hours), now, interval, variables)


def ask(conn: Connection, query: Query, look: Look) -> Frame:
    cursor = conn.execute(look.expanded(query.sql).encode())
    assert cursor.description is not None
    columns = {each.name: each.type_code for each in cursor.description}
    assert len(columns) == len(cursor.description), "two columns have one name"
    return Frame(columns, cursor.fetchall())
