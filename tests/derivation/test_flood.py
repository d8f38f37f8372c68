import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from services.store.arrivals import Lane
from services.store.pool import Pool
from tests.derivation.province import Province

STATION = "dap-cau"
MORNING = datetime(2026, 8, 3, 0, 0, tzinfo=UTC)
STEP = timedelta(minutes=10)
# In steps of ten minutes: below I, over I, II and III, and back to normal.
WAVE = [4.0, 4.2, 4.4, 4.6, 5.0, 5.4, 5.8, 6.2, 6.4, 6.6, 6.0, 5.0, 4.5, 4.1] + [4.0] * 12


DAY = ("--since", "2026-08-03", "--until", "2026-08-04")


@pytest.fixture
def province(pool: Pool) -> Province:
    made = Province(pool, MORNING + timedelta(hours=12))
    made.claim(STATION, "river")
    return made


def test_a_river_that_rises_and_falls_is_one_incident_that_grows_grave_and_clears(
    province: Province,
) -> None:
    grave = []
    for i, height in enumerate(WAVE):
        province.report(STATION, "level_m", MORNING + i * STEP, [height] * 10)
        province.derive()
        found = province.incidents("flood_level")
        grave += [(each.severity, each.active) for each in found]
    levels = province.values(STATION, "flood_level")
    assert levels == [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, *[0] * 13]
    (incident,) = province.incidents("flood_level")
    assert [grave[0], grave[3], grave[6], grave[-1]] == [
        ("low", True),
        ("medium", True),
        ("high", True),
        ("high", False),
    ]
    assert (incident.asset, incident.status, incident.severity) == (STATION, "open", "high")
    assert incident.normal_at is not None


def test_a_level_names_what_it_was_made_of(province: Province) -> None:
    province.report(STATION, "level_m", MORNING, [4.37])
    province.derive()
    (made,) = province.inputs(STATION, "flood_level")
    said = {name: made.inputs[name] for name in ("height_m", "station", "first_m", "report")}
    assert said == {"height_m": 4.37, "station": "Đáp Cầu", "first_m": 4.3, "report": ">BĐ1: 0,07"}


def test_a_river_that_rises_fast_warns_before_it_is_high(province: Province) -> None:
    province.report(STATION, "level_m", MORNING, [1 + i / 100 for i in range(120)])
    province.derive()
    (incident,) = province.incidents("level_rise_m_h")
    assert (incident.severity, incident.unit) == ("medium", "m/h")
    assert province.values(STATION, "level_rise_m_h")[-1] == pytest.approx(0.6)
    assert province.incidents("flood_level") == []


def test_a_late_height_mends_the_levels_from_there_until_they_meet(province: Province) -> None:
    province.report(STATION, "level_m", MORNING, [4.0, 4.0], minutes=10)
    province.report(STATION, "level_m", MORNING + 3 * STEP, [4.0] * 400, minutes=10)
    province.derive()
    assert set(province.values(STATION, "flood_level")) == {0}
    province.report(STATION, "level_m", MORNING + 2 * STEP, [5.5])
    province.derive()
    levels = province.values(STATION, "flood_level")
    assert levels[:8] == [0, 0, 2, 2, 2, 2, 0, 0]
    assert len(levels) == 403
    assert set(levels[8:]) == {0}


def test_a_flood_that_goes_on_in_a_buffer_leaves_its_incident_standing(province: Province) -> None:
    province.report(STATION, "level_m", MORNING, [6.8] * 6, minutes=10)
    province.derive()
    (incident,) = province.incidents("flood_level")
    buffered = MORNING + 6 * STEP
    province.report(STATION, "level_m", buffered, [6.8] * 18, minutes=10, lane=Lane.HISTORY)
    province.derive()
    assert set(province.values(STATION, "flood_level")) == {3}
    (still,) = province.incidents("flood_level")
    assert (still.active, still.last_anomaly_at) == (True, incident.last_anomaly_at)
    fallen = buffered + 18 * STEP
    province.report(STATION, "level_m", fallen, [4.0] * 9, minutes=10, lane=Lane.HISTORY)
    province.derive()
    (over,) = province.incidents("flood_level")
    assert not over.active


def test_history_that_comes_last_is_where_the_present_came_from(province: Province) -> None:
    province.report(STATION, "level_m", MORNING + 600 * STEP, [4.27] * 3, minutes=10)
    province.derive()
    assert province.values(STATION, "flood_level") == [0, 0, 0]
    history = [4.0] * 300 + [4.4] * 290 + [4.27] * 10  # held by the hysteresis
    province.report(STATION, "level_m", MORNING, history, minutes=10, lane=Lane.HISTORY)
    province.derive()
    levels = province.values(STATION, "flood_level")
    assert levels == [0] * 300 + [1] * 303
    assert len(province.incidents("flood_level")) <= 1  # of what came live alone


def test_what_comes_out_of_a_buffer_is_nobodys_news(province: Province) -> None:
    province.report(STATION, "level_m", MORNING, [7.0] * 60, minutes=10, lane=Lane.HISTORY)
    province.derive()
    assert province.values(STATION, "flood_level") == [3] * 60
    assert province.incidents("flood_level") == []


def test_a_river_without_a_station_has_no_level(province: Province) -> None:
    province.claim("brook", "river")
    province.report("brook", "level_m", MORNING, [7.0] * 120)
    province.derive()
    assert province.values("brook", "flood_level") == []
    assert len(province.values("brook", "level_rise_m_h")) > 0


def test_a_corrected_station_can_be_derived_again(province: Province) -> None:
    province.report(STATION, "level_m", MORNING, [4.4] * 30, minutes=10)
    province.derive()
    with province.pool.connection() as conn:
        conn.execute("UPDATE flood_stations SET first_m = 4.5 WHERE asset = %s", [STATION])
    done = subprocess.run(
        [sys.executable, "-m", "services.store", "city", "derive", "flood", *DAY],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "flood of 1 assets is due again\n")
    province.now = datetime.now(UTC)
    province.derive()
    assert set(province.values(STATION, "flood_level")) == {0}
