"""The shapes of days, weeks and seasons in what each kind of asset measures."""

import numpy as np
import pytest

from simulators.asset import Asset
from simulators.dice import Floats
from simulators.egov.units import units
from simulators.fleet import Wanted, fleet
from simulators.weather import Weather
from tests.simulators.province import (
    DAY,
    HOUR,
    first,
    local,
    named,
    some_of_everything,
    world_of,
)

ASSETS = some_of_everything(services=8)
WEATHER = world_of(ASSETS).weather
TUESDAY, SATURDAY, SUNDAY = (2026, 3, 10), (2026, 3, 14), (2026, 3, 15)
TET, BEFORE = (2026, 2, 17), (2026, 1, 20)  # Tuesdays


def hours(asset: Asset, metric: str, days: list[tuple[int, int, int]]) -> Floats:
    """The mean of each of the 24 hours over these days, as the asset measures it."""
    found = []
    for day in days:
        at = local(*day) + np.arange(0, DAY, 300)
        told = asset.measured(at, asset.truth(at, WEATHER))[metric]
        found.append(told.reshape(24, -1).mean(axis=1))
    return np.asarray(np.mean(found, axis=0))


def weekdays(month: int) -> list[tuple[int, int, int]]:
    days = [(2026, month, day) for day in range(1, 29)]
    return [day for day in days if 0 < (local(*day) + 7 * HOUR) // DAY % 7 < 4 + 2][:16]


def month_of(asset: Asset, metric: str, month: int) -> Floats:
    return hours(asset, metric, [(2026, month, day) for day in range(1, 29)])


def test_traffic_has_its_rush_hours_and_slows_down_in_them() -> None:
    road = first(ASSETS, "traffic")
    full, speed = hours(road, "intensity", [TUESDAY]), hours(road, "speed", [TUESDAY])
    assert {int(hour) for hour in np.argsort(full)[-2:]} <= {7, 16, 17}
    assert min(full[7], full[17]) > 6 * full[2:4].mean()
    assert max(speed[7], speed[17]) < 0.85 * speed[2:4].mean()
    assert hours(road, "occupancy", [TUESDAY])[17] > 0.15
    assert hours(road, "intensity", [SUNDAY])[7] < 0.6 * full[7]
    assert hours(road, "intensity", [TET]).sum() < 0.5 * full.sum()


@pytest.mark.parametrize("metric", ["pm25", "pm10"])
def test_dust_peaks_when_people_drive_and_is_worse_in_winter(metric: str) -> None:
    air = first(ASSETS, "air")
    winter, summer = month_of(air, metric, 1), month_of(air, metric, 7)
    for day in (winter, summer):
        between = day[11:15].mean()
        assert day[6:9].mean() > 1.15 * between
        assert day[17:20].mean() > 1.15 * between
        assert day[17:20].mean() > day[0:4].mean()
    assert winter.mean() > 1.4 * summer.mean()


def test_fireworks_are_in_the_air_of_the_new_year_alone() -> None:
    air = first(ASSETS, "air")
    night, other = hours(air, "pm25", [TET])[0], hours(air, "pm25", [BEFORE])[0]
    assert night > 1.8 * other


def test_ozone_needs_the_sun_and_nitrogen_dioxide_the_road() -> None:
    air = first(ASSETS, "air")
    ozone = month_of(air, "o3", 7)
    assert 12 <= int(np.argmax(ozone)) <= 15
    assert ozone[13:15].mean() > 2 * ozone[0:4].mean()
    dioxide = hours(air, "no2", [TUESDAY])
    assert dioxide[17] > 1.5 * dioxide[3]


def test_it_is_warm_at_two_and_in_july() -> None:
    weather = first(ASSETS, "weather")
    day = month_of(weather, "temperature", 7)
    assert int(np.argmax(day)) in {13, 14, 15}
    assert 26 < day.mean() < 33
    assert 14 < month_of(weather, "temperature", 1).mean() < 21
    assert month_of(weather, "rain_mm_h", 7).sum() > 2 * month_of(weather, "rain_mm_h", 1).sum()
    assert month_of(weather, "pressure", 1).mean() > month_of(weather, "pressure", 7).mean() + 8


def test_the_sun_shines_by_day() -> None:
    sun = month_of(first(ASSETS, "weather"), "solar_radiation", 3)
    assert 10 <= int(np.argmax(sun)) <= 13
    assert sun[11] > 300
    assert max(sun[:5].max(), sun[20:].max()) < 15


def test_streets_are_lit_by_night_only_and_dimmed_after_eleven() -> None:
    cabinet = first(ASSETS, "light")
    lamp = named(ASSETS, f"{cabinet.name}:lamp-1")
    for asset in (cabinet, lamp):
        power = hours(asset, "power_kw", [TUESDAY])
        assert power[20] > 20 * power[8:16].max()
        assert power[1] == pytest.approx(0.65 * power[20], rel=0.1)
        assert power[5] > power[7]
    assert hours(lamp, "illuminance_level", [TUESDAY])[8:16].max() < 0.01
    summer, winter = (hours(cabinet, "power_kw", [(2026, month, 15)]) for month in (6, 12))
    assert np.sum(winter > 1) > np.sum(summer > 1) + 1
    assert hours(cabinet, "voltage", [TUESDAY]).min() > 215


def test_little_water_is_drawn_by_night_but_never_nothing() -> None:
    water = first(ASSETS, "water")
    flow = hours(water, "flow", weekdays(3))
    assert 0 <= int(np.argmin(flow)) <= 4
    assert 0.1 * flow.max() < flow.min() < 0.35 * flow.max()
    assert {int(hour) for hour in np.argsort(flow)[-6:]} <= {5, 6, 7, 17, 18, 19, 20}
    pressure = hours(water, "water_pressure", weekdays(3))
    assert np.corrcoef(flow, pressure)[0, 1] < -0.9


def test_electricity_is_used_where_people_are_and_cooling_needs_more() -> None:
    meter = first(ASSETS, "energy")
    day = hours(meter, "active_power_kw", [TUESDAY])
    assert day[9:18].min() > 1.6 * day[0:4].max()
    assert hours(meter, "active_power_kw", [SUNDAY])[9:18].mean() < 0.7 * day[9:18].mean()
    july = month_of(meter, "active_power_kw", 7)
    assert july[14] > 1.1 * month_of(meter, "active_power_kw", 1)[14]
    assert hours(meter, "frequency", [TUESDAY]) == pytest.approx(np.full(24, 50), abs=0.1)


def test_car_parks_fill_with_working_people() -> None:
    park = first(ASSETS, "parking")
    share = hours(park, "occupancy", [TUESDAY])
    assert min(share[9:11].mean(), share[14:16].mean()) > 3 * share[2:4].mean()
    assert hours(park, "occupancy", [SUNDAY])[9:16].max() < 0.6 * share[9:16].max()
    at = local(*TUESDAY) + np.arange(0, DAY, 60)
    told = park.measured(at, park.truth(at, WEATHER))
    assert len(set(told["occupied"] + told["available"])) == 1


def test_it_is_loud_by_day() -> None:
    level = hours(first(ASSETS, "noise"), "laeq", [TUESDAY])
    assert min(level[7], level[17]) > level[2:4].mean() + 10
    lamax = hours(first(ASSETS, "noise"), "lamax", [TUESDAY])
    assert np.all(lamax > level + 8)


def test_containers_fill_for_days_and_are_emptied_before_dawn() -> None:
    waste = first(ASSETS, "waste")
    at = local(2026, 3, 2) + np.arange(0, 28 * DAY, 900)
    full = waste.truth(at, WEATHER)["filling_level"]
    emptied = at[1:][np.diff(full) < -0.3]
    assert 8 <= len(emptied) <= 15
    assert set(((emptied + 7 * HOUR) % DAY // HOUR).tolist()) <= {4.0, 5.0}
    assert np.all(np.diff(full)[np.diff(full) > -0.3] >= 0)
    assert full.max() > 0.7


def test_an_ordinary_summer_stays_below_the_third_alarm_level() -> None:
    third = {"cau-son": 16.0, "phuc-loc-phuong": 8.0}
    at = local(2026, 1, 1) + np.arange(0, 365 * DAY, 3 * HOUR)
    highest = 0.0
    for seed in range(1, 9):
        for river in fleet([Wanted("river", 5)], seed):
            level = river.truth(at, Weather(seed))["level_m"].max()
            assert level < third.get(river.name, 6.3) - 0.3, (seed, river.name)
            highest = max(highest, level if river.name == "dap-cau" else 0.0)
    assert highest > 4.3  # the first level


def test_rivers_are_higher_in_the_rains_and_move_slowly() -> None:
    for river in [asset for asset in ASSETS if asset.kind.name == "river"]:
        year = local(2026, 1, 1) + np.arange(0, 365 * DAY, HOUR)
        level = river.truth(year, WEATHER)["level_m"]
        months = level[: 12 * 730].reshape(12, -1).mean(axis=1)
        assert months[5:9].mean() > months[[0, 1, 11]].mean() + 0.3
        assert np.abs(np.diff(level)).max() < 0.2


def test_offices_are_served_in_office_hours_and_closed_on_holidays() -> None:
    desk = named(ASSETS, "onestop-province")
    received = hours(desk, "dossiers_received", [TUESDAY])
    assert received[8:11].min() > 20 * max(received[:7].max(), received[18:].max(), 0.5)
    for closed in (SATURDAY, SUNDAY, TET, (2026, 4, 30), (2026, 9, 2)):
        assert hours(desk, "dossiers_received", [closed]).max() == 0
    assert hours(named(ASSETS, "portal-dvc"), "dossiers_received", [SUNDAY])[21] > 5


def test_some_shops_are_open_on_a_saturday_morning() -> None:
    shops = [each for each in fleet([Wanted("services", 19)], 1) if each.name in units(1)]
    received = {each.name: hours(each, "dossiers_received", [SATURDAY]) for each in shops}
    open_shops = {name for name, found in received.items() if found.max() > 0}
    assert open_shops == {each.name for each in shops if units(1)[each.name].saturdays}
    assert 0 < len(open_shops) < len(shops)
    assert all(found[14:].max() == 0 for found in received.values())


@pytest.mark.parametrize(
    ("kind", "metric"), [("traffic", "intensity"), ("energy", "active_power_kw"), ("water", "flow")]
)
def test_two_of_a_kind_are_alike_and_not_the_same(kind: str, metric: str) -> None:
    one, two = fleet([Wanted(kind, 2)], 1)
    mine, other = hours(one, metric, [TUESDAY]), hours(two, metric, [TUESDAY])
    assert np.corrcoef(mine, other)[0, 1] > 0.95
    assert not np.allclose(mine, other, rtol=0.02)
