"""Every query of the board is executed as Grafana's role, with Grafana's macros put in."""

import math
from datetime import datetime
from itertools import pairwise

import pytest

from dashboards import texts
from services.store.pool import Connection
from tests.dashboards.asking import BOARD, Frame, Query, ask, look, queries
from tests.dashboards.grafana import ALL, variables_of
from tests.dashboards.made_up import DISTRICT

TIME, NUMBERS, TEXTS = 1184, {20, 23, 700, 701, 1700}, {25, 1043}  # PostgreSQL's type numbers


QUERIES = list(queries())
every_query = pytest.mark.parametrize("query", QUERIES, ids=str)
CHOSEN: list[dict[str, str]] = [
    {},
    {"area": DISTRICT},
    {"kind": "service"},
    {"area": DISTRICT, "kind": "service"},
]


def looks_right(query: Query, frame: Frame) -> None:
    """Checks that a frame has what its panel needs; an empty one has it, too."""
    {
        "timeseries": is_series,
        "stat": is_one_row_of_numbers,
        "bargauge": is_named_values,
        "geomap": is_places,
        "table": is_known_columns,
        "variable": is_options,
        "annotation": is_marks,
    }[query.asker](frame)


def is_series(frame: Frame) -> None:
    assert list(frame.columns)[:2] == ["time", "metric"]
    assert len(frame.columns) == 3, "only then the metric is the name of the series"
    time, metric, value = frame.columns.values()
    assert (time, metric in TEXTS, value in NUMBERS) == (TIME, True, True)
    assert all(earlier[0] <= later[0] for earlier, later in pairwise(frame.rows))
    assert len({row[:2] for row in frame.rows}) == len(frame.rows), "two values for one moment"
    assert all(math.isfinite(row[2]) and row[1] for row in frame.rows)


def is_one_row_of_numbers(frame: Frame) -> None:
    assert len(frame.rows) == 1
    assert set(frame.columns.values()) <= NUMBERS
    assert all(value >= 0 for value in frame.rows[0])
    assert frame.columns.keys() <= texts.NAMES.keys()


def is_named_values(frame: Frame) -> None:
    assert list(frame.columns) == ["title", "value"]
    title, value = frame.columns.values()
    assert (title in TEXTS, value in NUMBERS) == (True, True)
    assert frame.column("value") == sorted(frame.column("value"), reverse=True)


def is_places(frame: Frame) -> None:
    for name in ("latitude", "longitude", "state_level"):
        assert frame.columns[name] in NUMBERS
    assert frame.columns["label"] in TEXTS
    assert all(-90 <= latitude <= 90 for latitude in frame.column("latitude"))
    assert all(-180 <= longitude <= 180 for longitude in frame.column("longitude"))
    assert set(frame.column("state_level")) <= texts.STATES.keys()
    assets = [level for level in frame.column("state_level") if level >= 0]
    assert assets == sorted(assets), "the worst lie on top"
    assert frame.column("state_level")[: len(assets)] == assets, "and then the names"


def is_known_columns(frame: Frame) -> None:
    assert frame.columns.keys() <= texts.NAMES.keys()
    assert frame.columns["opened_at"] == TIME


def is_options(frame: Frame) -> None:
    assert list(frame.columns) == ["__text", "__value"]
    assert all(text and value for text, value in frame.rows)
    for name in frame.columns:
        assert len(set(frame.column(name))) == len(frame.rows), "Grafana would show one of two"


def is_marks(frame: Frame) -> None:
    assert list(frame.columns) == ["time", "text", "tags"]
    assert frame.columns["time"] == TIME


@every_query
@pytest.mark.parametrize("hours", [6, 48], ids=["six hours", "two days"])
@pytest.mark.parametrize("chosen", CHOSEN, ids=lambda chosen: " ".join(chosen.values()) or "all")
def test_a_query_returns_what_its_panel_needs(
    query: Query,
    chosen: dict[str, str],
    hours: float,
    filled: Connection,
    now: datetime,
) -> None:
    frame = ask(filled, query, look(now, hours, **chosen))
    looks_right(query, frame)
    assert frame.rows


@every_query
@pytest.mark.parametrize("hours", [6, 48], ids=["six hours", "two days"])
def test_on_an_empty_store_a_query_still_runs(
    query: Query, hours: float, empty: Connection, now: datetime
) -> None:
    frame = ask(empty, query, look(now, hours))
    looks_right(query, frame)
    if query.asker in ("timeseries", "bargauge", "table", "annotation"):
        assert frame.rows == []


@every_query
def test_a_hostile_choice_is_a_value_and_nothing_else(
    query: Query, filled: Connection, now: datetime
) -> None:
    hostile = "x') OR true; DROP VIEW incident_list --"
    looks_right(query, ask(filled, query, look(now, area=hostile, kind=hostile)))


def test_all_is_what_the_board_opens_with() -> None:
    opened = variables_of(BOARD, {"kind": tuple(texts.KINDS)})
    assert opened["kind"].chosen == (ALL,)
    assert opened["area"].chosen == ("all",)
