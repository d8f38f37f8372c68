from datetime import UTC, datetime, timedelta

import pytest

from services.store.arrivals import Lane
from services.store.pool import Pool
from tests.derivation.province import Province

STATION = "air-1"
MIDNIGHT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # of the 3rd, on the clock on the wall
HOUR = timedelta(hours=1)
# The Decision's own example: PM2.5 of 12 hours, the last of which has index 41.
EXAMPLE = [26.9, 24.7, 20.5, 23.5, 19.5, 16.5, 19.0, 16.5, 20.3, 22.4, 19.6, 20.6]


@pytest.fixture
def province(pool: Pool) -> Province:
    made = Province(pool, MIDNIGHT + timedelta(days=2))
    made.claim(STATION, "air")
    return made


def hours(province: Province, metric: str, values: list[float], first: int = 0) -> None:
    """Two readings an hour, whose mean is the value."""
    for i, value in enumerate(values):
        since = MIDNIGHT + (first + i) * HOUR
        province.report(STATION, metric, since, [value - 1, value + 1], minutes=50)


def test_an_hour_has_the_index_of_the_decision_and_names_its_inputs(province: Province) -> None:
    hours(province, "pm25", EXAMPLE)
    hours(province, "o3", [136.1], first=11)
    province.derive()
    assert province.values(STATION, "aqi")[-1] == 43
    made = province.inputs(STATION, "aqi")[-1].inputs
    assert (made["dominant"], made["category"], made["incomplete"]) == ("o3", "Tốt", False)
    assert made["parts"] == [
        {
            "pollutant": "pm25",
            "averaging": "nowcast",
            "concentration": 20.266,
            "index": 41,
            "incomplete": False,
        },
        {
            "pollutant": "o3",
            "averaging": "1h",
            "concentration": 136.1,
            "index": 43,
            "incomplete": False,
        },
    ]


def test_a_late_reading_mends_the_hours_after_it_and_no_others(province: Province) -> None:
    hours(province, "pm25", [20.0] * 30)
    province.derive()
    before = province.inputs(STATION, "aqi")
    province.report(STATION, "pm25", MIDNIGHT + 5.4 * HOUR, [44.0])
    province.derive()
    after = province.inputs(STATION, "aqi")
    changed = [
        (old.time - MIDNIGHT) // HOUR
        for old, new in zip(before, after, strict=True)
        if old.inputs != new.inputs
    ]
    assert changed == list(range(5, 17))


def test_an_hour_is_told_as_it_begins_and_mended_as_it_fills(province: Province) -> None:
    hours(province, "pm25", [20.0] * 3)
    province.derive()
    province.report(STATION, "pm25", MIDNIGHT + 3 * HOUR, [400.0])
    province.derive()
    early = province.values(STATION, "aqi")
    assert province.incidents("aqi") == []  # one minute of an hour is no alarm
    province.report(STATION, "pm25", MIDNIGHT + 3.1 * HOUR, [20.0] * 50)
    province.derive()
    assert early[-1] > 150 > province.values(STATION, "aqi")[-1]


@pytest.mark.parametrize(("level", "severity"), [(52.0, "low"), (100.0, "medium"), (240.0, "high")])
def test_bad_air_is_as_grave_as_its_category(
    province: Province, level: float, severity: str
) -> None:
    hours(province, "pm25", [level] * 6)
    province.derive()
    (incident,) = province.incidents("aqi")
    assert (incident.severity, incident.active) == (severity, True)
    hours(province, "pm25", [5.0] * 14, first=6)
    province.derive()
    (incident,) = province.incidents("aqi")
    assert (incident.severity, incident.active) == (severity, False)


def test_a_day_is_that_of_the_clock_on_the_wall(province: Province) -> None:
    hours(province, "pm25", [55.7] * 24)
    hours(province, "pm25", [10.0] * 5, first=24)
    province.derive()
    (day,) = province.derived(STATION, "aqi_daily")
    assert (day.time, day.value) == (MIDNIGHT, 110)


def test_a_concentration_stands_to_the_limit_that_is_in_force(province: Province) -> None:
    hours(province, "no2", [300.0])
    province.derive()
    (made,) = province.inputs(STATION, "limit_excess")
    assert (made.value, made.inputs["worst"]) == (1.5, "no2")
    assert province.values(STATION, "aqi") == []  # no index without particles


def test_carbon_monoxide_in_milligrams_is_understood(province: Province) -> None:
    province.stream(STATION, "co", "mg/m3")
    hours(province, "co", [45.0])
    province.derive()
    (made,) = province.inputs(STATION, "limit_excess")
    assert made.value == 1.5


def test_a_bad_reading_is_no_input_and_what_a_device_derives_itself_stands(
    province: Province,
) -> None:
    province.report(STATION, "aqi", MIDNIGHT, [77.0])
    hours(province, "pm25", [20.0] * 3)
    with province.pool.connection() as conn:
        conn.execute("UPDATE readings SET quality = 2 WHERE value > 20 AND value < 70")
    province.derive()
    assert province.values(STATION, "aqi") == [77.0]
    assert province.inputs(STATION, "aqi") == []


def test_a_month_of_history_is_derived_in_parts(province: Province) -> None:
    values = [20.0 + i % 7 for i in range(24 * 30)]
    province.report(STATION, "pm25", MIDNIGHT, values, minutes=60, lane=Lane.HISTORY)
    province.derive()
    assert len(province.values(STATION, "aqi")) == 24 * 30 - 1
    assert len(province.values(STATION, "aqi_daily")) == 30


def test_an_absurd_value_costs_the_hours_it_reaches_and_no_others(province: Province) -> None:
    hours(province, "pm25", [20.0] * 12)
    province.report(STATION, "so2", MIDNIGHT + 4 * HOUR, [1e100], minutes=1)
    province.derive()
    values = province.values(STATION, "aqi")
    assert len(values) >= 9  # two hours of dust are needed for the first, and one cannot be told
    assert set(values) <= {40, 41}
