"""What goes wrong: inside its labels it shows, outside them everything is as if it had not been."""

from itertools import pairwise

import numpy as np
import pytest

from simulators.asset import Asset
from simulators.dice import Floats
from simulators.fleet import Wanted, fleet
from simulators.happening import Happening, Reports
from simulators.labels import Label, Nature
from simulators.occurrences.catalogue import OCCURRENCES, parts, sufferers
from simulators.occurrences.city import CRESTS
from simulators.occurrences.devices import LOWEST, MIX_UPS, SPIKE
from simulators.world import World
from tests.simulators.province import (
    DAY,
    HOUR,
    MONDAY,
    columns,
    first,
    heard,
    local,
    some_of_everything,
    within,
    world_of,
)

ASSETS = some_of_everything(services=12)  # one of them an office
QUIET = world_of(ASSETS)
EVENTS = {
    "flood-wave", "smog", "accident", "container-fire", "leak", "light-group", "power-cut",
    "connector-slow", "connector-down", "portal-outage", "counter-queue", "signature-failing",
    "documents-stuck", "handovers-stuck", "overdue-wave", "office-idle", "connector-rejecting",
    "records-differ", "certificate-expiring", "app-crashing", "link-stuck",
}  # fmt: skip
# These change which messages come, or when they say that they were measured: not their numbers.
MOVING = {
    "silence",
    "gateway-down",
    "network-cut",
    "wrong-clock",
    "duplicate-storm",
    "out-of-order",
    "office-silent",
}
LONG = {
    "flood-wave": 9 * DAY,
    "smog": 2 * DAY,
    "light-group": 2 * DAY,
    "leak": DAY,
    "overdue-wave": DAY,
}
BEGUN = MONDAY + 9 * HOUR


def lasting(kind: str) -> float:
    return LONG.get(kind, 3 * HOUR)


def with_one(kind: str) -> tuple[World, Happening]:
    """The province in which one of a kind happens, to somebody who shares it with others."""
    able = sufferers(kind, ASSETS)
    trial = Happening(kind, "c", "", "", BEGUN, BEGUN + lasting(kind))
    who = max(able, key=lambda asset: len(parts(trial.at(asset), ASSETS)))
    metric = who.kind.metrics[0].name if OCCURRENCES[kind].nature is Nature.SENSOR else ""
    happening = trial.at(who, metric)
    return world_of(ASSETS, happening), happening


def of_asset(labels: list[Label], name: str) -> list[Label]:
    return [label for label in labels if label.asset == name]


def outside(reports: Reports, labels: list[Label]) -> dict[str, Floats]:
    """What an asset sent at moments that no label of its own covers, nor its aftermath."""
    free = np.ones(len(reports.at), bool)
    for label in labels:
        over_at = label.ended_at + OCCURRENCES[label.kind].aftermath
        free &= (reports.at < label.began_at) | (reports.at >= over_at)
    return {name: column[free] for name, column in columns(reports).items()}


@pytest.mark.parametrize("kind", OCCURRENCES)
def test_outside_its_labels_everything_is_as_it_would_have_been(kind: str) -> None:
    world, happening = with_one(kind)
    span = (happening.began_at - 6 * HOUR, happening.ended_at + 6 * HOUR)
    labels = world.labels_between(*span)
    without = heard(QUIET, *span)
    for name, reports in heard(world, *span).items():
        mine = of_asset(labels, name)
        before, after = outside(without[name], mine), outside(reports, mine)
        for column, values in after.items():
            assert np.array_equal(values, before[column]), (name, column)


@pytest.mark.parametrize("kind", [kind for kind in OCCURRENCES if kind not in MOVING])
def test_inside_a_label_its_metric_shows_it(kind: str) -> None:
    world, happening = with_one(kind)
    span = (happening.began_at, happening.ended_at + HOUR)
    told, without = heard(world, *span), heard(QUIET, *span)
    for label in world.labels_between(*span):
        metrics = [label.metric] if label.metric else list(told[label.asset].values)
        inside = [
            {metric: reports.values[metric][within(label, reports.at)] for metric in metrics}
            for reports in (told[label.asset], without[label.asset])
        ]
        if kind == "power-cut" and label.asset.startswith(("portal", "onestop", "connector")):
            continue  # how a service does without is told elsewhere
        assert any(not np.array_equal(inside[0][m], inside[1][m]) for m in metrics), label


@pytest.mark.parametrize("kind", [kind for kind in OCCURRENCES if kind not in MOVING | EVENTS])
def test_a_faulty_sensor_leaves_its_neighbours_on_the_device_alone(kind: str) -> None:
    world, happening = with_one(kind)
    span = (happening.began_at, happening.ended_at)
    told, without = (heard(each, *span)[happening.asset] for each in (world, QUIET))
    for metric, values in told.values.items():
        assert np.array_equal(values, without.values[metric]) == (metric != happening.metric)


@pytest.mark.parametrize("kind", OCCURRENCES)
def test_labels_name_what_there_is_by_its_nature(kind: str) -> None:
    world, happening = with_one(kind)
    labels = world.labels_between(happening.began_at - DAY, happening.ended_at + DAY)
    by_name = {asset.name: asset for asset in ASSETS}
    assert labels
    for label in labels:
        assert not label.metric or by_name[label.asset].kind.metric(label.metric)
        assert (label.kind, label.cause) == (kind, "c")
        assert label.nature is (Nature.EVENT if kind in EVENTS else Nature.SENSOR)
        assert happening.began_at <= label.began_at < label.ended_at <= happening.ended_at + HOUR


def test_labels_are_cut_to_what_is_looked_at_and_told_once_however_it_is_cut() -> None:
    world, happening = with_one("light-group")
    start, end = happening.began_at + 12 * HOUR, happening.ended_at - 10 * HOUR
    whole = world.labels_between(start, end)
    assert whole
    assert all(start <= label.began_at < label.ended_at <= end for label in whole)
    edges = [start, start + HOUR, start + 1.5 * HOUR, end]
    pieces = [world.labels_begun(a, b, start, end) for a, b in pairwise(edges)]
    assert [label for piece in pieces for label in piece] == whole


def one(kind: str, asset: Asset, metric: str = "", hours: float = 3, strength: float = 1.0) -> tuple[Reports, Reports, Label]:  # fmt: skip
    """What an asset sends for a day with one of a kind and without, and its label."""
    part = Happening(kind, "c", asset.name, metric, BEGUN, BEGUN + hours * HOUR, strength)
    world, span = world_of(ASSETS, part), (BEGUN - HOUR, BEGUN + hours * HOUR + HOUR)
    label = next(each for each in world.labels_between(*span) if each.asset == asset.name)
    return heard(world, *span)[asset.name], heard(QUIET, *span)[asset.name], label


def test_spikes_are_a_quarter_of_the_reports_and_far_away() -> None:
    air = first(ASSETS, "air")
    told, without, label = one("spike", air, "pm25", hours=24)
    apart = (told.values["pm25"] - without.values["pm25"])[within(label, told.at)]
    heights = np.abs(apart[apart != 0])
    assert np.mean(apart != 0) == pytest.approx(0.25, abs=0.05)
    pm25 = air.kind.metric("pm25")
    assert pm25 is not None
    assert heights.min() >= LOWEST * SPIKE * pm25.swing - 0.1
    assert heights.max() > 1.2 * heights.min()


def test_a_shift_stays_a_drift_grows_and_a_stuck_value_stands_still() -> None:
    air = first(ASSETS, "air")
    told, without, label = one("level-shift", air, "pm25")
    inside = within(label, told.at)
    assert (told.values["pm25"] - without.values["pm25"])[inside] == pytest.approx(40, abs=0.2)
    told, without, _ = one("drift", air, "pm25")
    gone = (told.values["pm25"] - without.values["pm25"])[inside]
    assert np.all(np.diff(gone) > -0.25)
    assert (gone[0], gone[-1]) == (pytest.approx(0, abs=1), pytest.approx(60, abs=1))
    told, _, _ = one("stuck", air, "pm25")
    assert len(set(told.values["pm25"][inside])) == 1
    assert len(set(told.values["pm10"][inside])) > 50


def test_a_sensor_stuck_in_an_event_holds_what_it_measured_then_however_time_is_cut() -> None:
    air = first(ASSETS, "air")
    smog = Happening("smog", "s", air.name, "", BEGUN, BEGUN + DAY)
    stuck = Happening("stuck", "k", air.name, "pm25", BEGUN + 20 * HOUR, BEGUN + 2 * DAY)
    world = world_of(ASSETS, smog, stuck)
    smoggy = heard(world_of(ASSETS, smog), stuck.began_at, stuck.began_at + 600)[air.name]
    clear = heard(QUIET, stuck.began_at, stuck.began_at + 600)[air.name]
    first_hour, last_hour = (
        heard(world, at, at + HOUR)[air.name].values["pm25"]
        for at in (stuck.began_at, stuck.ended_at - HOUR)
    )
    (held,) = set(first_hour)
    assert set(last_hour) == {held}
    assert held == pytest.approx(smoggy.values["pm25"][0], abs=3)
    assert held > 1.5 * clear.values["pm25"][0]


def test_half_the_strength_is_half_as_far() -> None:
    air = first(ASSETS, "air")
    told, without, label = one("level-shift", air, "pm25", strength=0.5)
    inside = within(label, told.at)
    assert (told.values["pm25"] - without.values["pm25"])[inside] == pytest.approx(20, abs=0.2)


def test_a_burst_of_noise_trembles_around_what_is() -> None:
    told, without, label = one("noise-burst", first(ASSETS, "energy"), "active_power_kw", hours=12)
    apart = (told.values["active_power_kw"] - without.values["active_power_kw"])[
        within(label, told.at)
    ]
    assert apart.std() == pytest.approx(9, rel=0.15)
    assert apart.mean() == pytest.approx(0, abs=1.5)


def test_a_wrong_clock_moves_what_is_told_and_nothing_else() -> None:
    told, without, label = one("wrong-clock", first(ASSETS, "air"))
    inside = within(label, told.at)
    assert np.array_equal(told.at, without.at)
    assert (told.told - told.at)[inside] == pytest.approx(-5400)
    assert np.array_equal(told.told[~inside], told.at[~inside])
    assert all(np.array_equal(told.values[name], without.values[name]) for name in told.values)


def test_a_wrong_clock_can_be_wrong_by_as_much_as_one_says() -> None:
    air = first(ASSETS, "air")
    part = Happening("wrong-clock", "c", air.name, "", BEGUN, BEGUN + HOUR, facts={"offset": -60})
    told = heard(world_of(ASSETS, part), BEGUN, BEGUN + HOUR)[air.name]
    assert (told.told - told.at) == pytest.approx(-60)


def test_a_storm_repeats_every_message_twenty_times() -> None:
    told, without, label = one("duplicate-storm", first(ASSETS, "air"))
    inside = within(label, without.at)
    assert len(told.at) == 20 * inside.sum() + (~inside).sum()
    assert np.array_equal(np.unique(told.at), without.at)
    assert len(set(zip(told.at, *told.values.values(), strict=True))) == len(without.at)


def test_out_of_order_each_report_keeps_its_own_time_and_none_is_lost() -> None:
    told, without, label = one("out-of-order", first(ASSETS, "air"))
    assert np.array_equal(told.at, without.at)
    assert np.mean(np.diff(told.told[within(label, told.at)]) < 0) > 0.3
    assert np.abs(told.told - told.at).max() < 300
    order = np.argsort(told.told)
    for name, column in columns(without).items():
        if name != "@at":
            assert np.array_equal(columns(told)[name][order], column)


@pytest.mark.parametrize(
    ("kind", "metric", "scale", "zero"),
    [("air", "temperature", 1.8, 32), ("air", "pm25", 0.001, 0), ("river", "level_m", 100, 0)],
)
def test_a_mix_up_tells_the_same_in_another_unit(
    kind: str, metric: str, scale: float, zero: float
) -> None:
    told, without, label = one("unit-mix-up", first(ASSETS, kind), metric)
    inside = within(label, told.at)
    expected = without.values[metric][inside] * scale + zero
    assert told.values[metric][inside] == pytest.approx(expected, abs=1e-3)
    assert told.units == without.units


def test_every_unit_can_be_mixed_up_for_one_that_differs() -> None:
    units = {
        metric.unit for asset in ASSETS if asset.system == "city" for metric in asset.kind.metrics
    }
    for unit in units & MIX_UPS.keys():
        assert MIX_UPS[unit] != (1.0, 0.0)


def test_a_gateway_that_is_down_silences_all_behind_it_and_nobody_else() -> None:
    world, happening = with_one("gateway-down")
    gateway = next(each.gateway for each in ASSETS if each.name == happening.asset)
    told = heard(world, happening.began_at, happening.ended_at)
    silent = {name for name, reports in told.items() if not len(reports.at)}
    assert silent == {asset.name for asset in ASSETS if asset.gateway == gateway}
    assert len(silent) > 1


def test_a_network_cut_silences_a_commune_its_services_too() -> None:
    assets = fleet([Wanted("air", 20), Wanted("energy", 20), Wanted("services", 246)], 1)
    trial = Happening("network-cut", "c", "", "", BEGUN, BEGUN + HOUR)
    who = max(sufferers("network-cut", assets), key=lambda each: len(parts(trial.at(each), assets)))
    told = heard(world_of(assets, trial.at(who)), BEGUN, BEGUN + HOUR)
    silent = {name for name, reports in told.items() if not len(reports.at)}
    assert silent == {asset.name for asset in assets if asset.commune == who.commune}
    assert any(name.startswith("onestop-") for name in silent)


def test_without_power_meters_tell_it_and_other_devices_fall_silent_after_a_while() -> None:
    assets = fleet([Wanted("air", 40), Wanted("energy", 40), Wanted("water", 40)], 1)
    shared = {each.commune for each in assets if each.kind.name == "air"}
    shared &= {each.commune for each in assets if each.kind.name == "energy"}
    meter = next(each for each in assets if each.kind.name == "energy" and each.commune in shared)
    cut = Happening("power-cut", "c", meter.name, "", BEGUN, BEGUN + HOUR)
    told = heard(world_of(assets, cut), BEGUN, BEGUN + HOUR)
    assert told[meter.name].values["voltage_l1"].max() < 1
    assert told[meter.name].values["active_power_kw"].max() < 1
    for asset in assets:
        if asset.commune == meter.commune and asset.kind.name == "air":
            assert 0 < told[asset.name].at.max() - BEGUN < 600
        if asset.kind.name == "water":
            assert len(told[asset.name].at) > 5


def test_a_broken_group_of_lamps_is_dark_by_night_and_nobody_is_blamed_by_day() -> None:
    world, happening = with_one("light-group")
    labels = world.labels_between(happening.began_at, happening.ended_at)
    assert {label.asset.split(":")[0] for label in labels} == {happening.asset}
    assert len({label.asset for label in labels}) == 3
    for label in labels:
        assert 17 < (label.began_at + 7 * HOUR) % DAY / HOUR < 18
        assert 6 < (label.ended_at + 7 * HOUR) % DAY / HOUR < 7
    told = heard(world, local(2026, 3, 2, 20), local(2026, 3, 2, 22))[happening.asset]
    assert told.values["power_kw"].max() < 0.6
    assert told.values["voltage"].min() > 200


def test_a_night_in_the_dark_is_shorter_in_summer() -> None:
    cabinet = first(ASSETS, "light")
    lengths = []
    for month in (1, 7):
        noon = local(2026, month, 15, 12)
        night = Happening("light-group", "c", cabinet.name, "", noon, noon + DAY)
        (mine,) = [part for part in parts(night, ASSETS) if part.asset == cabinet.name]
        lengths.append((mine.ended_at - mine.began_at) / HOUR)
    winter, summer = lengths
    assert 10 < summer < 11.5
    assert 12.5 < winter < 14


def test_a_flood_crests_at_its_heights_in_the_order_of_its_hours() -> None:
    began_at = local(2025, 10, 6, 12)
    flood = Happening("flood-wave", "f", "dap-cau", "", began_at, began_at + 9 * DAY)
    told = heard(world_of(ASSETS, flood), began_at, began_at + 9 * DAY)
    event = OCCURRENCES["flood-wave"].event
    assert event is not None
    part_of = {part.asset: part for part in parts(flood, ASSETS)}
    at, crested = began_at + np.arange(0, 9 * DAY, 300), {}
    for name, crest in CRESTS.items():
        assert told[name].values["level_m"].max() == pytest.approx(crest.height, abs=0.05)
        station = told[name].asset
        values = station.truth(at, QUIET.weather)
        event(part_of[name], station, at, QUIET.weather, values)
        crested[name] = (at[np.argmax(values["level_m"])] - began_at) / HOUR
        assert crested[name] == pytest.approx(crest.hours, abs=0.5)
        assert np.abs(np.diff(values["level_m"])).max() * 12 < 0.4  # metres an hour
    assert sorted(crested, key=crested.__getitem__) == sorted(
        CRESTS, key=lambda name: CRESTS[name].hours
    )


def test_a_flood_brings_its_rain_before_it() -> None:
    rain = first(ASSETS, "rain")
    flood = Happening("flood-wave", "f", "dap-cau", "", BEGUN, BEGUN + 9 * DAY)
    told = heard(world_of(ASSETS, flood), BEGUN, BEGUN + 9 * DAY)[rain.name]
    hours = (told.at - BEGUN) / HOUR
    storm = told.values["rain_mm_h"][(hours > 8) & (hours < 34)]
    assert storm.min() > 3
    assert 300 < storm.mean() * 44 < 1000  # millimetres in all


def test_smog_thickens_the_air_of_the_whole_province() -> None:
    world, happening = with_one("smog")
    middle = happening.began_at + DAY
    told, without = (heard(each, middle, middle + 6 * HOUR) for each in (world, QUIET))
    for name in [asset.name for asset in ASSETS if asset.kind.name == "air"]:
        ratio = told[name].values["pm25"].mean() / without[name].values["pm25"].mean()
        assert 2.2 < ratio < 4.5
        assert told[name].values["o3"].tolist() == without[name].values["o3"].tolist()


def test_an_accident_reaches_the_next_counter_later_and_weaker() -> None:
    assets = fleet([Wanted("traffic", 60)], 1)
    trial = Happening("accident", "a", "", "", BEGUN, BEGUN + HOUR)
    who = max(assets, key=lambda each: len(parts(trial.at(each), assets)))
    here, there = world_of(assets, trial.at(who)).labels_between(BEGUN - HOUR, BEGUN + 2 * HOUR)
    assert (here.asset, here.metric, here.began_at) == (who.name, "speed", BEGUN)
    assert there.began_at == BEGUN + 420
    told = heard(world_of(assets, trial.at(who)), BEGUN + 600, BEGUN + 2000)
    without = heard(world_of(assets), BEGUN + 600, BEGUN + 2000)
    slow, slower = (
        told[name].values["speed"].mean() / without[name].values["speed"].mean()
        for name in (there.asset, here.asset)
    )
    assert slower < 0.25 < slow < 0.75


def test_a_fire_is_hot_and_a_leak_is_there_at_night() -> None:
    told, without, label = one("container-fire", first(ASSETS, "waste"))
    inside = within(label, told.at)
    assert told.values["temperature"][inside].max() > 300
    assert np.all(told.values["filling_level"][inside] <= without.values["filling_level"][inside])
    told, without, label = one("leak", first(ASSETS, "water"), hours=48)
    drawn = told.values["flow"] - without.values["flow"]
    deep = (told.at > BEGUN + 3 * HOUR) & (told.at < label.ended_at - 2 * HOUR)
    assert drawn[deep].min() > 6
    pressure, usual = (each.values["water_pressure"][deep].mean() for each in (told, without))
    assert pressure < usual - 30
