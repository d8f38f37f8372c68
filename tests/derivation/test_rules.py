"""What each rule makes of a day of a city; the formulas have tests of their own."""

from datetime import UTC, datetime, timedelta

import pytest

from models.city.derived.rules import RULES
from services.store.pool import Pool
from tests.derivation.province import Province

MIDNIGHT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # of the 3rd, on the clock on the wall
NOON = MIDNIGHT + timedelta(hours=12)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def province(pool: Pool) -> Province:
    return Province(pool, MIDNIGHT + timedelta(days=40))


def test_noise_is_an_alarm_when_it_lasts_an_hour(province: Province) -> None:
    for name, levels in (("brief", [60.0] * 40 + [95.0] * 20), ("lasting", [75.0] * 60)):
        province.claim(name, "noise")
        province.report(name, "laeq", NOON, levels)
    province.derive()
    assert province.values("lasting", "noise_excess_db") == [5.0]
    assert province.values("brief", "noise_excess_db")[0] > 15
    (incident,) = province.incidents("noise_excess_db")
    assert (incident.asset, incident.severity) == ("lasting", "low")


def test_a_hospital_has_limits_of_its_own_and_the_night_too(province: Province) -> None:
    province.claim("hospital", "noise")
    province.know("hospital", {"noise_class": "special"})
    province.report("hospital", "laeq", NOON, [50.0] * 60)
    province.report("hospital", "laeq", MIDNIGHT, [50.0] * 60)
    province.derive()
    assert province.values("hospital", "noise_excess_db") == [5.0, -5.0]


def test_a_road_has_a_level_of_service_and_nobody_is_called(province: Province) -> None:
    province.claim("road", "traffic")
    province.know("road", {"free_flow_speed": "60"})
    province.report("road", "speed", NOON, [12.0] * 10)
    province.derive()
    assert province.values("road", "level_of_service") == [6, 6]
    assert province.values("road", "travel_time_index") == [5, 5]
    assert province.inputs("road", "level_of_service")[0].inputs["letter"] == "F"
    assert province.incidents("level_of_service") == []


def test_a_group_that_is_dark_by_night_is_an_incident_of_its_cabinet(province: Province) -> None:
    province.claim("cabinet", "light")
    lamps = [f"lamp-{i}" for i in range(4)]
    for i, lamp in enumerate(lamps):
        province.claim(lamp, "light", parent="cabinet")
        watts = [90.0] * 20 if i == 0 else [90.0] * 10 + [0.0] * 10
        province.report(lamp, "power", MIDNIGHT, watts, minutes=10)
    province.derive()
    assert province.values("lamp-0", "light_fault") == [0] * 20
    assert province.values("lamp-1", "light_fault") == [0] * 10 + [2] * 10
    assert province.values("cabinet", "lights_failed_share") == [0] * 10 + [0.75] * 10
    (incident,) = province.incidents("lights_failed_share")
    assert (incident.asset, incident.severity) == ("cabinet", "medium")
    assert incident.began_at == MIDNIGHT + timedelta(minutes=110)  # the second step of it
    assert province.incidents("light_fault") == []


def test_an_outage_of_all_phases_is_grave_and_over_when_they_are_back(province: Province) -> None:
    province.claim("meter", "energy")
    for phase in ("voltage_l1", "voltage_l2", "voltage_l3"):
        province.report("meter", phase, NOON, [221.0] * 10 + [0.0] * 10)
    province.derive()
    (incident,) = province.incidents("power_outage")
    assert (incident.severity, incident.active) == ("high", True)
    for phase in ("voltage_l1", "voltage_l2", "voltage_l3"):
        province.report("meter", phase, NOON + timedelta(minutes=20), [221.0] * 60)
    province.derive()
    (incident,) = province.incidents("power_outage")
    assert not incident.active


def test_a_lost_phase_and_a_low_power_factor(province: Province) -> None:
    province.claim("meter", "energy")
    for phase, volt in (("voltage_l1", 220.0), ("voltage_l2", 220.0), ("voltage_l3", 0.0)):
        province.report("meter", phase, NOON, [volt])
    province.report("meter", "power_factor", NOON, [0.82])
    province.derive()
    assert province.values("meter", "power_outage") == [0]
    assert province.values("meter", "power_factor_low") == [1]
    (incident,) = province.incidents("phase_unbalance")
    assert (incident.severity, incident.score) == ("medium", 1.0)


def test_a_container_that_burns_is_grave(province: Province) -> None:
    province.claim("bin", "waste")
    province.report("bin", "temperature", NOON, [31.0] * 20 + [45.0, 70.0, 95.0])
    province.derive()
    assert province.values("bin", "fire_suspected") == [0, 0, 0, 0, 2]
    (incident,) = province.incidents("fire_suspected")
    assert incident.severity == "high"


def test_a_container_is_foreseen_to_be_full(province: Province) -> None:
    province.claim("bin", "waste")
    levels = [0.1 + i * 0.05 for i in range(17)]
    province.report("bin", "filling_level", NOON, levels, minutes=30)
    province.derive()
    foreseen = province.values("bin", "hours_until_full")
    assert foreseen[-1] == pytest.approx(1.0, abs=0.01)
    assert foreseen == sorted(foreseen, reverse=True)
    assert province.incidents("hours_until_full") == []
    province.report("bin", "filling_level", NOON + timedelta(hours=9), [1.0, 1.0], minutes=30)
    province.derive()
    (incident,) = province.incidents("hours_until_full")
    assert incident.severity == "low"


def test_rain_is_summed_over_the_hour_and_the_day(province: Province) -> None:
    province.claim("gauge", "rain")
    province.report("gauge", "rain_mm_h", NOON, [60.0] * 120)
    province.derive()
    assert province.values("gauge", "rain_1h_mm")[-1] == 60
    assert province.values("gauge", "rain_24h_mm")[-1] == 120
    assert [each.severity for each in province.incidents("rain_1h_mm")] == ["high"]
    assert province.incidents("rain_24h_mm") == []  # the same gauge's: it is in that incident


def test_a_leak_shows_by_its_nights(province: Province) -> None:
    province.claim("area-7", "water")
    for night in range(14):
        flow = 10.0 + night % 3 / 10 if night < 10 else 15.0
        since = MIDNIGHT + night * DAY + timedelta(hours=1)
        province.report("area-7", "flow", since, [flow] * 30, minutes=10)
    province.derive()
    assert len(province.values("area-7", "night_flow")) == 14
    assert province.values("area-7", "leak_suspected") == [0, 0, 0, 0, 0, 1, 1]
    (incident,) = province.incidents("leak_suspected")
    assert incident.severity == "medium"


def test_a_car_park_has_an_occupancy(province: Province) -> None:
    province.claim("park", "parking")
    province.report("park", "occupied", NOON, [30.0])
    province.report("park", "available", NOON, [10.0])
    province.derive()
    assert province.values("park", "parking_occupancy") == [0.75]


def test_every_rule_reaches_in_whole_steps_and_gives_what_the_catalogue_has(
    province: Province,
) -> None:
    with province.pool.connection() as conn:
        rows = conn.execute("SELECT name FROM metrics").fetchall()
    known = {str(name) for (name,) in rows}
    for rule in RULES:
        grain = rule.grain or rule.step
        assert rule.step % grain == 0
        assert rule.back % grain == rule.ahead % rule.step == rule.earlier % rule.step == 0
        assert {*rule.inputs, *rule.outputs} <= known
        assert rule.alarms <= {*rule.outputs}
