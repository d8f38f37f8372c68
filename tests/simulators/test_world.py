"""The simulated province: the same however it is cut, alike where it is near, a little unreliable."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from simulators.chance import Chance
from simulators.dice import Floats
from simulators.fleet import BadCity, Wanted, check, fleet, gateways
from simulators.happening import Happening
from simulators.occurrences.catalogue import OCCURRENCES, BadHappening, parts
from simulators.occurrences.city import apart
from simulators.places import communes, districts
from simulators.world import World
from tests.simulators.province import (
    DAY,
    HOUR,
    MONDAY,
    at_each,
    columns,
    first,
    heard,
    some_of_everything,
    world_of,
)

ASSETS = some_of_everything()
FEW = some_of_everything(each=1, services=8)
SPAN = 5 * HOUR
CUTS = st.lists(st.floats(1, SPAN - 1), min_size=1, max_size=2, unique=True)


def whole_and_pieces(world: World, cuts: list[float], start: float = MONDAY) -> None:
    """Asserts that what is sent in pieces is what is sent at once, to the bit."""
    edges = [start, *(start + cut for cut in sorted(cuts)), start + SPAN]
    whole = heard(world, start, start + SPAN)
    pieces = [heard(world, since, until) for since, until in pairwise(edges)]
    for name, reports in whole.items():
        for column, values in columns(reports).items():
            joined = np.concatenate([columns(piece[name])[column] for piece in pieces])
            assert np.array_equal(joined, values), (name, column)


@pytest.mark.parametrize("kind", [*OCCURRENCES, "nothing"])
@settings(max_examples=4, phases=[Phase.generate])
@given(cuts=CUTS)
def test_what_is_sent_does_not_depend_on_how_time_is_cut(kind: str, cuts: list[float]) -> None:
    begun, over = MONDAY + 0.7 * HOUR, MONDAY + 3.1 * HOUR
    wrong = at_each(kind, FEW, begun, over) if kind in OCCURRENCES else []
    whole_and_pieces(world_of(FEW, *wrong), cuts)


@settings(max_examples=4, phases=[Phase.generate])
@given(cuts=CUTS)
def test_nor_where_everything_goes_wrong_at_once(cuts: list[float]) -> None:
    chance = Chance(FEW, 1, dict.fromkeys(OCCURRENCES, 20.0), scale=0.3)
    whole_and_pieces(World(FEW, 1, [chance]), cuts, MONDAY - 2 * HOUR)


def test_a_short_spike_shows_whoever_looks_at_its_pieces() -> None:
    river = first(ASSETS, "river")
    spike = Happening("spike", "s", river.name, "level_m", MONDAY + 600, MONDAY + 1300)
    whole_and_pieces(world_of(ASSETS, spike), [700.0, 950.0, 1200.0])


def test_the_same_seed_is_the_same_city_and_another_seed_another() -> None:
    once, again, other = (
        heard(world_of(some_of_everything(seed), seed=seed), MONDAY, MONDAY + HOUR)
        for seed in (1, 1, 2)
    )
    assert once.keys() == again.keys()
    for name, reports in once.items():
        mine, same = columns(reports), columns(again[name])
        assert all(mine[column].tobytes() == same[column].tobytes() for column in mine)
    river = first(ASSETS, "river").name
    assert once[river].values["level_m"].tolist() != other[river].values["level_m"].tolist()


def test_names_are_unique_and_every_level_of_a_topic_is_a_word() -> None:
    names = [asset.name for asset in fleet([Wanted("air", 300), Wanted("waste", 300)], 3)]
    assert len(set(names)) == 600
    assert all(name.isascii() and not set(name) & set("/+# ") for name in names)
    assert (len(districts()), len(communes())) == (10, 230)


def test_reports_are_in_bounds_finite_and_whole() -> None:
    for name, reports in heard(world_of(ASSETS), MONDAY, MONDAY + DAY).items():
        assert len(reports.at), name
        assert list(reports.values) == [metric.name for metric in reports.asset.kind.metrics]
        assert np.array_equal(reports.at, reports.told)
        for metric in reports.asset.kind.metrics:
            values = reports.values[metric.name]
            assert np.all((values >= metric.low) & (values <= metric.high)), (name, metric.name)
            assert np.array_equal(values, np.round(values, metric.decimals))


def test_a_cadence_is_kept_but_not_to_the_second() -> None:
    for asset in ASSETS:
        turns = asset.turns(MONDAY, MONDAY + 6 * HOUR)
        gaps = np.diff(turns)
        assert gaps.mean() == pytest.approx(asset.cadence, rel=0.02)
        assert gaps.min() >= 0.91 * asset.cadence
        assert gaps.std() > 0.01 * asset.cadence
        assert np.array_equal(np.round(turns * 1000) / 1000, turns)


def test_two_assets_of_a_kind_report_at_times_of_their_own() -> None:
    seconds = {round(asset.turns(MONDAY, MONDAY + HOUR)[0] - MONDAY, 1) for asset in ASSETS}
    assert len(seconds) > 0.9 * len(ASSETS)


def residuals(kind: str, metric: str, count: int = 40) -> tuple[list[tuple[float, float]], Floats]:
    """The places of stations, and the daily wander of each beside the mean of all, by the hour."""
    stations = fleet([Wanted(kind, count)], 5)
    at = MONDAY + np.arange(0, 60 * DAY, HOUR)
    world = world_of(stations, seed=5)
    told = np.array([station.truth(at, world.weather)[metric] for station in stations])
    told /= told.mean(axis=1, keepdims=True)
    return [station.place for station in stations], told - told.mean(axis=0)


@pytest.mark.parametrize(("kind", "metric"), [("air", "pm25"), ("weather", "temperature")])
def test_neighbours_have_more_of_their_weather_in_common_than_far_stations(
    kind: str, metric: str
) -> None:
    stations = fleet([Wanted(kind, 40)], 5)
    _, told = residuals(kind, metric)
    alike = np.asarray(np.corrcoef(told))
    pairs = [(one, two) for one in range(40) for two in range(one)]
    distance = {pair: apart(stations[pair[0]], stations[pair[1]]) for pair in pairs}
    near = [alike[pair] for pair in pairs if distance[pair] < 6]
    far = [alike[pair] for pair in pairs if distance[pair] > 45]
    assert min(len(near), len(far)) > 10
    assert np.mean(near) > np.mean(far) + 0.4


def test_all_stations_share_the_day_and_the_front() -> None:
    air = [asset for asset in ASSETS if asset.kind.name in {"air", "weather"}]
    at = MONDAY + np.arange(0, 30 * DAY, HOUR)
    weather = world_of(ASSETS).weather
    told = [asset.truth(at, weather)["temperature"] for asset in air]
    assert np.corrcoef(told).min() > 0.9


def test_radio_loses_a_few_messages_and_a_cable_none() -> None:
    told = heard(world_of(ASSETS), MONDAY, MONDAY + 20 * DAY)
    for asset in ASSETS:
        turns = len(asset.turns(MONDAY, MONDAY + 20 * DAY))
        lost = 1 - len(told[asset.name].at) / turns
        assert lost == pytest.approx(asset.kind.loss, abs=0.6 * asset.kind.loss), asset.name
        assert (lost > 0) == (asset.kind.loss > 0)


def test_a_battery_empties_over_years_and_is_changed() -> None:
    waste = first(ASSETS, "waste")
    at = MONDAY + np.arange(0, 1500 * DAY, DAY)
    battery = waste.truth(at, world_of(ASSETS).weather)["battery"]
    steps = np.diff(battery)
    assert np.sum(steps > 50) in {1, 2}
    assert np.all(steps[steps < 50] <= 0)
    assert battery.min() < 5
    assert battery.max() > 95


def test_a_gateway_has_a_title_and_is_no_asset() -> None:
    found = dict(gateways(ASSETS))
    assert found["gw-hydrology"] == "Gateway thủy văn"
    assert not found.keys() & {asset.name for asset in ASSETS}
    assert all(title.startswith(("Gateway", "Trạm gốc")) for title in found.values())


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (Wanted("moon", 1), "there is no asset kind 'moon'"),
        (Wanted("river", 6), "there are 5 river stations, not 6"),
        (Wanted("river", 5, convention="sparkplug"), "river cannot speak 'sparkplug'"),
        (Wanted("services", 5, convention="senml"), "services cannot speak 'senml'"),
        (Wanted("light", 1, convention="chirpstack", lamps=2), "a light with lamps cannot speak"),
        (Wanted("air", 1, convention="latin"), "air cannot speak 'latin'"),
        (Wanted("air", 1, lamps=2), "lamps hang at a light's cabinet, not at air"),
        (Wanted("light", 100_000, lamps=100_000), "a city has up to 100000 assets"),
    ],
)
def test_a_city_that_cannot_be_is_refused(wanted: Wanted, sentence: str) -> None:
    with pytest.raises(BadCity, match=sentence):
        check(wanted)


@pytest.mark.parametrize(
    "wanted", [[], [Wanted("air", 0)], [Wanted("air", 60_000), Wanted("noise", 60_000)]]
)
def test_a_city_of_no_size_is_refused(wanted: list[Wanted]) -> None:
    with pytest.raises(BadCity, match="a city has 1 to 100000 assets"):
        fleet(wanted, 1)


def test_the_same_kind_twice_would_have_the_same_names() -> None:
    with pytest.raises(BadCity, match="the same is wanted twice"):
        fleet([Wanted("air", 1), Wanted("air", 1)], 1)


@pytest.mark.parametrize(
    ("happening", "sentence"),
    [
        (Happening("plague", "", "x", "", 0, 1), "there is no fault 'plague'"),
        (Happening("spike", "", "x", "", 0, 1), "the city has no asset 'x'"),
        (Happening("leak", "", "dap-cau", "", 0, 1), "dap-cau cannot have the fault leak"),
        (Happening("spike", "", "dap-cau", "pm25", 0, 1), "dap-cau has no metric 'pm25'"),
        (Happening("spike", "", "dap-cau", "", 1, 1), "spike ends before it begins"),
    ],
)
def test_what_cannot_happen_is_refused(happening: Happening, sentence: str) -> None:
    with pytest.raises(BadHappening, match=sentence):
        parts(happening, ASSETS)


def test_chance_keeps_its_rates_and_says_the_same_again() -> None:
    chance = Chance(ASSETS, 1, {"spike": 40.0, "leak": 0.5, "silence": 0.0})
    month = [each for each in chance.between(MONDAY, MONDAY + 30 * DAY) if each.began_at >= MONDAY]
    spikes = [each for each in month if each.kind == "spike"]
    assert len(spikes) == pytest.approx(1200, rel=0.1)
    assert {each.kind for each in month} == {"spike", "leak"}
    again = Chance(some_of_everything(), 1, chance.rates)
    assert [
        each for each in again.between(MONDAY, MONDAY + 30 * DAY) if each.began_at >= MONDAY
    ] == month
    begun, over = MONDAY + 9 * DAY, MONDAY + 10 * DAY
    of_day = [each for each in month if each.began_at < over and each.ended_at > begun]
    assert list(again.between(begun, over)) == of_day
    assert len({each.cause for each in month}) == len(month)
    assert len({each.asset for each in spikes}) > 20
    assert all(each.metric for each in spikes)
    assert all(each.ended_at - each.began_at >= 300 for each in spikes)
