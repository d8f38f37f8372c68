"""What the board of alarm figures says is what EEMUA 191 would have counted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dashboards.texts import alarms, models, platform
from services.store.pool import Connection
from tests.dashboards.asking import Frame, ask, look, queries
from tests.dashboards.made_up import DISTRICT

Ask = Callable[..., Frame]


@pytest.fixture
def shown(filled: Connection, now: datetime) -> Ask:
    """shown(words, hours=6, area=..., operators=...): the frame of a panel."""

    def ask_for(words: Any, hours: float = 6, **chosen: str) -> Frame:
        [query] = [each for each in queries() if each.name == f"{words.title} A"]
        return ask(filled, query, look(now, hours, query.board, **chosen))

    return ask_for


@pytest.fixture
def raised(filled: Connection) -> int:
    """How many alarms there are, all of the last hours."""
    row = filled.execute("SELECT count(*) FROM incident_list").fetchone()
    assert row is not None
    return int(str(row[0]))


def one_row(frame: Frame) -> dict[str, Any]:
    [row] = frame.rows
    return dict(zip(frame.columns, row, strict=True))


def by(frame: Frame, column: str) -> dict[str, dict[str, Any]]:
    """The rows by one of their columns."""
    rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.rows]
    return {row[column]: row for row in rows}


def test_the_alarms_of_six_hours_are_spread_over_the_operators(shown: Ask, raised: int) -> None:
    alone = one_row(shown(alarms.RATES))
    assert alone["per_hour"] == pytest.approx(raised / 6)
    assert alone["flood_share"] == 0
    assert 1 <= alone["peak_10m"] <= raised
    shared = one_row(shown(alarms.RATES, operators="2"))
    assert shared["per_hour"] == pytest.approx(raised / 12)
    assert shared["peak_10m"] == alone["peak_10m"] / 2
    assert one_row(shown(alarms.RATES, operators="no number")) == alone


def test_what_stands_and_what_nobody_acknowledged(shown: Ask, raised: int) -> None:
    assert one_row(shown(alarms.NOW)) == {
        "standing": raised - 1,  # one is resolved
        "unacknowledged": raised - 2,  # and one taken up
        "stale": 0,
    }
    assert one_row(shown(alarms.NOW, area=DISTRICT))["standing"] == 3


def test_the_line_of_what_stands_ends_where_the_count_is(shown: Ask, raised: int) -> None:
    frame = shown(alarms.STANDING)
    last = {metric: value for _, metric, value in frame.rows}
    # What people did came after the range.
    assert last == {"standing": raised, "unacknowledged": raised}
    assert min(value for _, _, value in frame.rows) >= 0


def test_priorities_are_read_against_the_standard(shown: Ask, raised: int) -> None:
    found = by(shown(alarms.PRIORITIES), "severity")
    assert [found[each]["wanted_share"] for each in ("high", "medium", "low")] == [0.05, 0.15, 0.8]
    assert sum(each["alarm_share"] for each in found.values()) == pytest.approx(1)
    assert sum(each["alarms"] for each in found.values()) == raised


def test_the_loudest_have_their_share(shown: Ask, raised: int) -> None:
    rows = by(shown(alarms.TOP_TEN), "asset")
    assert {row["alarms"] for row in rows.values()} == {1}
    assert [row["alarm_share"] for row in rows.values()] == pytest.approx([1 / raised] * raised)


def test_how_long_people_took_is_counted_of_those_they_took_up(shown: Ask, raised: int) -> None:
    found = by(shown(alarms.TIMES), "severity")
    assert sum(each["alarms"] for each in found.values()) == raised
    assert found["high"]["known_median_s"] is None, "nobody has acknowledged it"
    taken = [row["known_median_s"] for row in found.values() if row["known_median_s"] is not None]
    assert taken
    assert all(seconds > 0 for seconds in taken)


def test_four_returns_in_ten_minutes_are_chattering(shown: Ask) -> None:
    row = one_row(shown(alarms.CHATTERING))
    assert row["asset"] == "portal-dvc"
    assert row["returns_10m"] >= 4


def test_a_promise_is_held_against_what_was_seen(shown: Ask, raised: int) -> None:
    kept = one_row(shown(models.KEPT, hours=48))
    assert kept["alarms"] == raised
    assert (kept["real_alarms"], kept["false_alarms"]) == (1, 1)
    assert 0 <= kept["kept_share"] <= 1
    shares = shown(models.SHARES).rows
    assert shares == [(models.DETECTORS["level"].vi, 1.0)]


def test_beats_took_half_a_second(shown: Ask) -> None:
    delays = [value for *_, value in shown(platform.CANARY).rows]
    assert delays == pytest.approx([0.5] * len(delays))


def test_what_lies_on_the_disk_is_told_by_table(shown: Ask) -> None:
    rows = by(shown(platform.CHUNKS), "hypertable")
    assert rows["readings"]["bytes"] > 1_000_000
    assert rows["readings"]["compressed"] == 0
