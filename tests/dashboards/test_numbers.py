"""What the panels say is what the store holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboards import texts
from services.store.pool import Connection
from tests.dashboards.asking import Frame, ask, look, queries
from tests.dashboards.made_up import COMMUNE, DISTRICT, OTHER_DISTRICT

Ask = Callable[..., Frame]


@pytest.fixture
def shown(filled: Connection, now: datetime) -> Ask:
    """shown(words, ref="A", hours=6, area=..., kind=...): the frame of a panel."""

    def ask_for(words: texts.Words, ref: str = "A", hours: float = 6, **chosen: str) -> Frame:
        [query] = [each for each in queries() if each.name == f"{words.title} {ref}"]
        return ask(filled, query, look(now, hours, **chosen))

    return ask_for


def one_row(frame: Frame) -> dict[str, Any]:
    [row] = frame.rows
    return dict(zip(frame.columns, row, strict=True))


def lines(frame: Frame) -> dict[str, list[float]]:
    """The values of each series, oldest first, without the spans cut at either end."""
    found: dict[str, list[float]] = {}
    for _, name, value in frame.rows:
        found.setdefault(name, []).append(value)
    return {name: values[1:-1] for name, values in found.items()}


def test_open_incidents_are_counted_by_severity(shown: Ask) -> None:
    expected = {"high": 1, "medium": 1, "low": 2, "unacknowledged": 3}
    assert one_row(shown(texts.INCIDENTS)) == expected


def test_a_district_answers_for_its_communes(shown: Ask) -> None:
    assert one_row(shown(texts.INCIDENTS, area=DISTRICT))["low"] == 2
    assert one_row(shown(texts.INCIDENTS, area=COMMUNE))["low"] == 1
    assert one_row(shown(texts.INCIDENTS, area=OTHER_DISTRICT))["medium"] == 1
    assert one_row(shown(texts.INCIDENTS, area="24")) == one_row(shown(texts.INCIDENTS))


def test_who_has_not_spoken_for_five_minutes_is_silent(shown: Ask) -> None:
    # air-silent is connected, says its metric `online`: that is no reading of its own.
    assert one_row(shown(texts.PLATFORM, kind="air")) == {"reporting": 3, "silent": 1}
    assert one_row(shown(texts.PLATFORM, kind="unknown", area=DISTRICT))["silent"] == 0


def test_readings_a_minute_are_those_of_the_last_whole_minutes(shown: Ask) -> None:
    assert one_row(shown(texts.PLATFORM, "B")) == {"per_minute": 600, "rejected": 18}


def test_the_map_names_districts_and_what_is_grave(shown: Ask) -> None:
    frame = shown(texts.MAP)
    labels = dict(zip(frame.column("label"), frame.column("state_level"), strict=True))
    assert labels["portal-213"] == 3
    assert labels["Lục Nam"] == -1
    assert "traffic 218" not in labels
    assert len([level for level in frame.column("state_level") if level == -1]) == 10


def test_an_asset_without_a_place_is_on_no_map_but_counts(shown: Ask) -> None:
    assert "stranger" not in shown(texts.MAP).column("title")
    assert one_row(shown(texts.PLATFORM, kind="unknown")) == {"reporting": 1, "silent": 0}


def test_the_dustiest_stations_are_shown_by_their_short_names(shown: Ask) -> None:
    found = lines(shown(texts.AIR))
    assert found.keys() == {"Thọ Xương", "air 213", "air 218"}
    assert found["Thọ Xương"] == pytest.approx([60.0] * len(found["Thọ Xương"]))
    assert found["air 213"] == pytest.approx([30.0] * len(found["air 213"]))
    assert 69 <= len(found["air 213"]) <= 71


def test_a_long_range_reads_the_hourly_rollup(shown: Ask) -> None:
    frame = shown(texts.AIR, hours=48)
    assert {at.minute for at in frame.column("time")} == {0}
    assert lines(frame)["air 213"][-3:] == pytest.approx([30.0] * 3)


def test_a_river_is_measured_from_its_first_alarm(shown: Ask) -> None:
    found = lines(shown(texts.RIVERS))
    assert found["dap-cau"] == pytest.approx([3.3 - 4.3] * len(found["dap-cau"]))
    unknown = found[f"Trạm mới {texts.LEVEL_ITSELF}"]
    assert unknown == pytest.approx([3.3] * len(unknown))


def test_totals_add_up_all_assets(shown: Ask) -> None:
    found = lines(shown(texts.POWER))
    assert found["power_kw"] == pytest.approx([8.0] * len(found["power_kw"]))
    assert found["active_power_kw"] == pytest.approx([60.0] * len(found["active_power_kw"]))
    one = lines(shown(texts.POWER, area=DISTRICT))
    assert one["power_kw"] == pytest.approx([4.0] * len(one["power_kw"]))


def test_the_span_still_running_is_not_added_up(shown: Ask, now: datetime) -> None:
    assert max(shown(texts.DOSSIERS).column("time")) <= now - timedelta(minutes=5)


def test_dossiers_of_all_places_are_on_one_line(shown: Ask) -> None:
    found = lines(shown(texts.DOSSIERS))
    assert found["dossiers_received"] == pytest.approx([25.0] * len(found["dossiers_received"]))
    assert found.keys() == {"dossiers_received", "dossiers_returned", "dossiers_overdue"}


def test_requests_and_errors_stand_beside_the_slowest(shown: Ask) -> None:
    found = lines(shown(texts.SERVICES))
    assert found["requests"] == pytest.approx([120.0] * len(found["requests"]))
    assert lines(shown(texts.SERVICES, "B")).keys() == {"portal-213", "connector-218"}


def test_queues_are_those_of_one_stop_shops(shown: Ask) -> None:
    assert shown(texts.QUEUES).column("title") == ["onestop-218", "onestop-213"]


def test_the_newest_incidents_come_first(shown: Ask) -> None:
    frame = shown(texts.NEWEST)
    assert frame.column("opened_at") == sorted(frame.column("opened_at"), reverse=True)
    assert set(frame.column("status")) == {"open", "acknowledged", "resolved"}
    assert "Thọ Xương" in frame.column("title")
