"""Every query of every board is executed as Grafana's role, with Grafana's macros put in."""

import math
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import pytest

from dashboards import texts
from dashboards.texts.names import NAMES
from services.store.pool import Connection
from tests.dashboards.asking import (
    BOARDS,
    OPTIONS,
    Frame,
    Query,
    ask,
    look,
    queries,
    variables,
)
from tests.dashboards.grafana import ALL, Look, variables_of
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
# What the migrations bring is there on an empty store, too.
DATED = re.compile(
    r"FROM (desk_budget|reader_list|limit_list|noise_limit_list|flood_station_list"
    r"|rule_parameter_list|egov_service_list)"
)


def looks_right(query: Query, frame: Frame) -> None:
    """Checks that a frame has what its panel needs; an empty one has it, too."""
    {
        "timeseries": is_lines,
        "state-timeline": is_states,
        "stat": is_one_row_of_numbers,
        "bargauge": is_named_values,
        "geomap": is_places,
        "table": is_known_columns,
        "variable": is_options,
        "annotation": is_marks,
    }[query.asker](frame)


def is_lines(frame: Frame) -> None:
    """A series without gaps of its own."""
    is_series(frame)
    assert all(row[-1] is not None for row in frame.rows)


def is_series(frame: Frame) -> None:
    """Time, name, value: only then the metric is the name; or an asset for a link besides."""
    time, metric, *asset, value = frame.columns.values()
    assert list(frame.columns)[:2] == ["time", "metric"]
    assert list(frame.columns)[2:-1] in ([], ["asset"])
    assert (time, metric in TEXTS, value in NUMBERS) == (TIME, True, True)
    assert set(asset) <= TEXTS
    assert all(earlier[0] <= later[0] for earlier, later in pairwise(frame.rows))
    assert len({row[:-1] for row in frame.rows}) == len(frame.rows), "two values for one moment"
    assert all(row[-1] is None or math.isfinite(row[-1]) for row in frame.rows)
    assert all(row[1] for row in frame.rows)


def is_states(frame: Frame) -> None:
    """Numbers a row, or one text over time."""
    if len(frame.columns) == 2:
        time, text = frame.columns.values()
        assert (time, text in TEXTS) == (TIME, True)
        assert frame.column("time") == sorted(frame.column("time"))
    else:
        is_series(frame)
        for name in set(frame.column("metric")):
            *states, last = [row[-1] for row in frame.rows if row[1] == name]
            assert None not in states, "a state ends once, where nothing is heard any more"
            assert last is not None or states


def is_one_row_of_numbers(frame: Frame) -> None:
    assert len(frame.rows) == 1
    assert set(frame.columns.values()) <= NUMBERS
    assert all(value is None or value >= 0 for value in frame.rows[0])
    assert frame.columns.keys() <= NAMES.keys()


def is_named_values(frame: Frame) -> None:
    assert list(frame.columns) == ["title", "value"]
    title, value = frame.columns.values()
    assert (title in TEXTS, value in NUMBERS) == (True, True)
    values = [value for value in frame.column("value") if value is not None]
    assert values == sorted(values, reverse=True)
    assert frame.column("value")[: len(values)] == values, "what is not known comes last"


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
    assert frame.columns.keys() <= {*NAMES, "asset", "incident"}
    assert all(kind == TIME for name, kind in frame.columns.items() if name.endswith("_at"))


def is_options(frame: Frame) -> None:
    assert list(frame.columns) == ["__text", "__value"]
    assert all(text and value for text, value in frame.rows)
    for name in frame.columns:
        assert len(set(frame.column(name))) == len(frame.rows), "Grafana would show one of two"


def is_marks(frame: Frame) -> None:
    assert list(frame.columns) == ["time", "text", "tags"]
    assert frame.columns["time"] == TIME


def asked() -> Iterator[tuple[Query, dict[str, str]]]:
    """Each query with what can be chosen on its board; only the wall has every kind of data."""
    for query in QUERIES:
        for chosen in CHOSEN if query.board == "city-picture" else CHOSEN[:2]:
            if chosen.keys() <= variables(query.board):
                yield query, chosen


def hours_of(board: str, span: str) -> float:
    """A short and a long look at a board; at one of days, hours show nothing."""
    of_days = BOARDS[board]["time"]["from"].endswith("d")
    return {"short": 48 if of_days else 6, "long": 240 if of_days else 48}[span]


@pytest.mark.parametrize(("query", "chosen"), list(asked()), ids=str)
def test_a_query_returns_what_its_panel_needs(
    query: Query, chosen: dict[str, str], filled: Connection, now: datetime
) -> None:
    for span in ("short", "long"):
        hours = hours_of(query.board, span)
        frame = ask(filled, query, look(now, hours, query.board, **chosen))
        looks_right(query, frame)
        of_one_kind = query.asker == "annotation" and "kind IN ('" in query.sql
        assert frame.told or of_one_kind, "not every kind has an incident"


@every_query
def test_on_an_empty_store_a_query_still_runs(
    query: Query, empty: Connection, now: datetime
) -> None:
    for hours in (6, 48):
        frame = ask(empty, query, look(now, hours, query.board))
        looks_right(query, frame)
        if query.asker not in ("stat", "geomap", "variable") and not DATED.search(query.sql):
            assert frame.told == []
            assert query.asker != "table" or len(frame.rows) == 1, "nothing is said in words"


@every_query
def test_a_hostile_choice_is_a_value_and_nothing_else(
    query: Query, filled: Connection, now: datetime
) -> None:
    hostile = dict.fromkeys(variables(query.board), "x') OR true; DROP VIEW incident_list --")
    looks_right(query, ask(filled, query, look(now, 6, query.board, **hostile)))


@pytest.mark.parametrize("board", BOARDS)
def test_all_is_what_a_board_opens_with(board: str) -> None:
    opened = variables_of(BOARDS[board], OPTIONS)
    for name in ("kind", "level", "gauge", "metric"):
        assert name not in opened or opened[name].chosen == (ALL,)
    for name in ("area", "as_of", "unit"):
        assert name not in opened or opened[name].chosen in (("all",), ("24",))


def test_all_of_no_metrics_is_no_metric(empty: Connection, now: datetime) -> None:
    """An asset that has said nothing offers no metric to repeat a panel for."""
    opened = variables_of(BOARDS["asset"], {"metric": ()}, asset="nobody")
    seen = Look(now, now, "5m", opened)
    for query in QUERIES:
        if query.board == "asset" and "${metric" in query.sql:
            assert ask(empty, query, seen).rows == []
