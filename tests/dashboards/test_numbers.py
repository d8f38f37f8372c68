"""What the panels say is what the store holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboards import texts
from dashboards.texts import air, asset, platform, rivers
from services.store.pool import Connection
from tests.dashboards.asking import VIETNAMESE, Frame, ask, look, queries
from tests.dashboards.made_up import COMMUNE, DISTRICT, OTHER_DISTRICT

Ask = Callable[..., Frame]


@pytest.fixture
def shown(filled: Connection, now: datetime) -> Ask:
    """shown(words, ref="A", hours=6, area=..., kind=...): the frame of a panel."""

    def ask_for(words: texts.Words, ref: str = "A", hours: float = 6, **chosen: str) -> Frame:
        [query] = [
            each
            for each in queries()
            if each.name == f"{words.title} {ref}" and each.board in VIETNAMESE
        ]
        return ask(filled, query, look(now, hours, query.board, **chosen))

    return ask_for


def one_row(frame: Frame) -> dict[str, Any]:
    [row] = frame.rows
    return dict(zip(frame.columns, row, strict=True))


def lines(frame: Frame) -> dict[str, list[float]]:
    """The values of each series, oldest first, without the spans cut at either end."""
    return {name: values[1:-1] for name, values in lines_of_all(frame).items()}


def lines_of_all(frame: Frame) -> dict[str, list[float]]:
    """The values of each series, oldest first."""
    found: dict[str, list[float]] = {}
    for _, name, *_, value in frame.rows:
        found.setdefault(name, []).append(value)
    return found


def test_open_incidents_are_counted_by_severity(shown: Ask) -> None:
    expected = {"high": 1, "medium": 1, "low": 2, "unacknowledged": 3}
    assert one_row(shown(texts.INCIDENTS)) == expected


def test_a_district_answers_for_its_communes(shown: Ask) -> None:
    assert one_row(shown(texts.INCIDENTS, area=DISTRICT))["low"] == 2
    assert one_row(shown(texts.INCIDENTS, area=COMMUNE))["low"] == 1
    assert one_row(shown(texts.INCIDENTS, area=OTHER_DISTRICT))["medium"] == 1
    assert one_row(shown(texts.INCIDENTS, area="24")) == one_row(shown(texts.INCIDENTS))


def test_who_is_silent_by_its_own_cadence_is_silent(shown: Ask) -> None:
    assert one_row(shown(texts.PLATFORM, kind="air")) == {"reporting": 3, "silent": 1}


def test_nobody_misses_a_gateway_that_nobody_claimed(shown: Ask) -> None:
    assert one_row(shown(texts.PLATFORM, kind="unknown")) == {"reporting": 1, "silent": 0}
    assert one_row(shown(platform.HEARD, kind="unknown"))["silent"] == 0
    assert "gateway" not in shown(texts.MAP, kind="unknown").column("title")


def test_readings_a_minute_are_those_of_the_last_whole_minutes(shown: Ask) -> None:
    assert one_row(shown(texts.PLATFORM, "B")) == {"per_minute": 600, "rejected": 18}


def test_the_map_names_districts_and_what_is_grave(shown: Ask) -> None:
    frame = shown(texts.MAP)
    labels = dict(zip(frame.column("label"), frame.column("state_level"), strict=True))
    assert labels["portal-dvc"] == 3
    assert labels["Lục Nam"] == -1
    assert "traffic 218" not in labels
    assert len([level for level in frame.column("state_level") if level == -1]) == 10


def test_an_asset_without_a_place_is_on_no_map_but_counts(shown: Ask) -> None:
    assert "stranger" not in shown(texts.MAP).column("title")
    assert one_row(shown(texts.PLATFORM, kind="unknown")) == {"reporting": 1, "silent": 0}


def test_only_the_worst_few_are_named_on_the_map(shown: Ask) -> None:
    frame = shown(texts.MAP)
    states = zip(frame.column("label"), frame.column("state_level"), strict=True)
    assert [label for label, level in states if label and level >= 0] == ["portal-dvc"]


def test_the_dustiest_stations_are_shown_by_their_short_names(shown: Ask) -> None:
    found = lines(shown(air.concentration("pm25")))
    assert found.keys() == {"Thọ Xương", "air 213", "air 218"}
    assert found["Thọ Xương"] == pytest.approx([60.0] * len(found["Thọ Xương"]))
    assert found["air 213"] == pytest.approx([30.0] * len(found["air 213"]))
    assert 69 <= len(found["air 213"]) <= 71


def test_a_line_knows_its_asset(shown: Ask) -> None:
    frame = shown(air.concentration("pm25"))
    named = set(zip(frame.column("metric"), frame.column("asset"), strict=True))
    assert ("Thọ Xương", "air-commune") in named


def test_a_limit_in_force_is_a_line_from_end_to_end(shown: Ask, now: datetime) -> None:
    frame = shown(air.concentration("no2"), "B")
    assert frame.column("time") == [now - timedelta(hours=6), now]
    assert {row[1:] for row in frame.rows} == {("Giới hạn 1h", "", 200.0)}


def test_a_long_range_reads_the_hourly_rollup(shown: Ask) -> None:
    frame = shown(air.concentration("pm25"), hours=48)
    assert {at.minute for at in frame.column("time")} == {0}
    assert lines(frame)["air 213"][-3:] == pytest.approx([30.0] * 3)


def test_the_index_is_shown_as_its_class_beside_its_newest_value(shown: Ask) -> None:
    found = lines(shown(texts.AIR))
    assert {name.rpartition(" ")[0]: set(classes) for name, classes in found.items()} == {
        "Thọ Xương ·": {3},
        "air 213 ·": {2},
        "air 218 ·": {2},
    }


def test_what_an_index_is_due_to_is_what_its_rule_kept(shown: Ask) -> None:
    assert set(lines(shown(air.PARTS))["pm25"]) == {60.0}
    assert set(shown(air.DOMINANT).column("dominant")) == {"pm25"}


def test_a_day_over_its_limit_counts_once_it_was_measured(shown: Ask) -> None:
    frame = shown(air.DAYS)
    days = dict(zip(frame.column("title"), frame.rows, strict=True))
    over, measured = frame.column("days_pm25"), frame.column("days_measured")
    assert over[0] == measured[0] > 0, "60 ug/m3 is over 45"
    assert days["air 213"][2] == 0


def test_a_river_is_measured_from_its_first_alarm(shown: Ask) -> None:
    found = lines(shown(texts.RIVERS))
    assert found["dap-cau"] == pytest.approx([3.3 - 4.3] * len(found["dap-cau"]))
    unknown = found[f"Trạm mới {texts.LEVEL_ITSELF.vi}"]
    assert unknown == pytest.approx([3.3] * len(unknown))


def test_a_gauge_is_reported_in_the_words_of_a_bulletin(shown: Ask) -> None:
    frame = shown(rivers.STATIONS)
    told = dict(zip(frame.column("asset"), frame.rows, strict=True))
    assert told["dap-cau"][3:5] == ("<BĐ1: 1,00", 1)
    assert told["dap-cau"][6:] == (4.3, 5.3, 6.3, 7.52)
    assert told["river-new"][3:5] == (None, None)


def test_a_gauge_shows_its_own_alarms(shown: Ask) -> None:
    assert lines_of_all(shown(rivers.GAUGE, "B")) == dict(
        zip(
            [each.vi for each in rivers.ALARMS],
            ([4.3] * 2, [5.3] * 2, [6.3] * 2, [7.52] * 2),
            strict=True,
        )
    )
    assert rivers.ALARMS[3].vi not in lines_of_all(shown(rivers.GAUGE, "B", gauge="luc-nam"))


def test_an_asset_shows_its_anomalies_between_the_ends_of_the_band(shown: Ask) -> None:
    found = lines_of_all(shown(asset.READINGS, "B"))
    assert set(found[asset.ANOMALIES.vi]) == {9.0}
    assert set(found[asset.UPPER.vi]) == {3.0}
    assert set(found[asset.LOWER.vi]) == {-1.0}
    assert one_row(shown(asset.NOW)) == {"open_incidents": 1, "anomalies": 10, "good_share": 1}


def test_what_came_in_is_what_went_somewhere(shown: Ask) -> None:
    found = lines_of_all(shown(platform.LEDGER))
    assert sum(found["received"]) == pytest.approx(sum(found["stored"]) + sum(found["rejected"]))
    told = one_row(shown(platform.BALANCE))
    assert (told["imbalance"], told["open_rejects"]) == (0, 1)
    assert told["database_bytes"] > 1_000_000


def test_totals_add_up_all_assets(shown: Ask) -> None:
    found = lines(shown(texts.POWER))
    assert found["power_kw"] == pytest.approx([8.0] * len(found["power_kw"]))
    assert found["active_power_kw"] == pytest.approx([60.0] * len(found["active_power_kw"]))
    one = lines(shown(texts.POWER, area=DISTRICT))
    assert one["power_kw"] == pytest.approx([4.0] * len(one["power_kw"]))


def test_the_span_still_running_is_not_added_up(shown: Ask, now: datetime) -> None:
    assert max(shown(texts.DOSSIERS).column("time")) <= now - timedelta(minutes=5)


def test_dossiers_of_all_one_stop_shops_are_on_one_line(shown: Ask) -> None:
    found = lines(shown(texts.DOSSIERS))
    assert found["dossiers_received"] == pytest.approx([20.0] * len(found["dossiers_received"]))
    assert found.keys() == {"dossiers_received", "dossiers_returned", "dossiers_overdue"}


def test_requests_and_errors_stand_beside_the_slowest(shown: Ask) -> None:
    found = lines(shown(texts.SERVICES))
    assert found["requests"] == pytest.approx([140.0] * len(found["requests"]))
    assert lines(shown(texts.SERVICES, "B")).keys() == {
        "signature-service", "document-exchange", "connector-finance"
    }  # fmt: skip


def test_queues_are_those_of_one_stop_shops(shown: Ask) -> None:
    assert shown(texts.QUEUES).column("title") == ["onestop-luc-nam", "onestop-bac-giang"]


def test_the_newest_incidents_come_first(shown: Ask) -> None:
    frame = shown(texts.NEWEST)
    assert frame.column("opened_at") == sorted(frame.column("opened_at"), reverse=True)
    assert set(frame.column("status")) == {"open", "acknowledged", "resolved"}
    assert "Thọ Xương" in frame.column("title")
    assert "Bụi mịn PM2.5" in frame.column("metric"), "as the catalogue calls it"


def test_areas_are_those_of_the_chosen_day(filled: Connection, now: datetime) -> None:
    [query] = [each for each in queries() if each.name == "area" and each.board == "air"]

    def offered(day: str) -> list[str]:
        return ask(filled, query, look(now, 6, "air", as_of=day)).column("__value")

    assert {DISTRICT, COMMUNE, "07234", "all"} <= set(offered("all"))
    assert DISTRICT in offered("2020-01-01")
    assert "07234" not in offered("2020-01-01"), "merged into Phồn Xương that day"
    assert DISTRICT not in offered("2025-07-01"), "no districts any more"


def test_the_quality_of_readings_is_the_worst_of_each_span(shown: Ask) -> None:
    found = lines_of_all(shown(asset.QUALITY))
    assert found
    assert all(set(values) == {0} for values in found.values())
