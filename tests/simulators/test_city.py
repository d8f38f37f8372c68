"""The simulated city: the same seed, the same city; and a shape that a city could have."""

import json
from collections import Counter
from datetime import UTC, datetime
from threading import Event

import pytest

from simulators.address import address_from
from simulators.asset import Asset
from simulators.broker import Broker
from simulators.city import City, by_chance, planned, run
from simulators.faults.catalogue import fault
from simulators.faults.chance import Chance
from simulators.fleet import BadCity, fleet
from simulators.pace import AS_FAST_AS_POSSIBLE, Pace
from simulators.places import communes, districts
from tests.simulators.listener import Listener

HOUR = 3600
MONDAY = datetime(2026, 3, 2, tzinfo=UTC).timestamp() - 7 * HOUR  # midnight in the province


@pytest.fixture(scope="module")
def city() -> City:
    return City(fleet(60, 1), 12, 1)


def named(city: City, name: str) -> Asset:
    return next(asset for asset in city.assets if asset.name == name)


def test_a_third_are_services_and_every_name_is_one_level_of_a_topic() -> None:
    for number in (1, 2, 5, 60, 300, 1000):
        found = fleet(number, 1)
        assert len({asset.name for asset in found}) == len(found) == number
        services = [asset for asset in found if asset.system == "egov"]
        assert len(services) == min(round(number / 3), 246)
        assert all(asset.name.isascii() and not set(asset.name) & set("/+# ") for asset in found)


def test_the_flood_stations_and_the_ministries_come_first() -> None:
    found = [asset.name for asset in fleet(18, 1)]
    assert found[:5] == ["phu-lang-thuong", "dap-cau", "luc-nam", "cau-son", "phuc-loc-phuong"]
    assert found[12:] == [
        "portal-dvc",
        "onestop-province",
        "connector-finance",
        "connector-transport",
        "connector-planning",
        "connector-justice",
    ]


def test_every_district_and_commune_can_have_its_one_stop_shop() -> None:
    names = {asset.name for asset in fleet(738, 3)}
    assert {f"onestop-{place.slug}" for place in districts()} < names
    assert {f"onestop-{place.code}" for place in communes()} < names
    assert (len(districts()), len(communes())) == (10, 230)


@pytest.mark.parametrize("number", [0, -1, 100_001])
def test_a_city_of_no_size_is_refused(number: int) -> None:
    with pytest.raises(BadCity):
        fleet(number, 1)


def test_a_rate_at_which_times_would_repeat_is_refused() -> None:
    with pytest.raises(BadCity):
        City(fleet(1, 1), 1001, 1)


def test_the_same_seed_says_the_same_whenever_it_is_asked(city: City) -> None:
    again = City(fleet(60, 1), 12, 1)
    forward = [(a.name, city.report(a, at, None)) for at, a in city.turns(MONDAY, MONDAY + 20)]
    late = [(a.name, again.report(a, at, None)) for at, a in again.turns(MONDAY + 10, MONDAY + 20)]
    assert forward[-len(late) :] == late
    other = City(fleet(60, 2), 12, 2)
    station = named(city, "dap-cau")
    assert city.report(station, MONDAY, None) != other.report(named(other, "dap-cau"), MONDAY, None)


def test_all_report_in_turn_at_times_of_their_own(city: City) -> None:
    turns = list(city.turns(MONDAY, MONDAY + 50))
    assert len(turns) == 600
    assert set(Counter(asset.name for _, asset in turns).values()) == {10}
    assert all(round(at * 1000) == pytest.approx(at * 1000, abs=1e-3) for at, _ in turns)
    assert len({(round(at * 1000), asset.name) for at, asset in turns}) == 600


def test_what_is_reported_is_what_the_kind_has_within_its_bounds(city: City) -> None:
    for asset in city.assets:
        for hour in range(0, 24 * 7, 5):
            reported = city.report(asset, MONDAY + hour * HOUR, None)
            assert reported is not None
            assert list(reported) == [metric.name for metric in asset.kind.metrics]
            for metric in asset.kind.metrics:
                assert metric.low <= reported[metric.name] <= metric.high


def mean(city: City, name: str, metric: str, day: int, hours: range) -> float:
    asset, found = named(city, name), []
    for hour in hours:
        for minute in range(0, 60, 5):
            at = MONDAY + day * 86400 + hour * HOUR + minute * 60
            found.append((city.report(asset, at, None) or {})[metric])
    return sum(found) / len(found)


def test_offices_keep_their_hours_and_rest_on_sunday(city: City) -> None:
    busy = mean(city, "onestop-province", "dossiers_received", 0, range(8, 11))
    assert 60 < busy < 120
    assert mean(city, "onestop-province", "dossiers_received", 0, range(20, 24)) == 0
    assert mean(city, "onestop-province", "dossiers_received", 6, range(8, 11)) == 0
    assert mean(city, "onestop-province", "dossiers_received", 4, range(8, 11)) < 0.8 * busy
    assert mean(city, "portal-dvc", "dossiers_received", 6, range(20, 22)) > 5


def test_the_day_shows_in_the_streets_the_air_and_the_lamps(city: City) -> None:
    rush, night = range(7, 8), range(2, 4)
    road = "traffic-yen-the-1"
    assert mean(city, road, "intensity", 1, rush) > 4 * mean(city, road, "intensity", 1, night)
    assert mean(city, road, "speed", 1, rush) < mean(city, road, "speed", 1, night)
    air = "air-bac-giang-1"
    assert mean(city, air, "pm25", 1, range(18, 20)) > mean(city, air, "pm25", 1, range(12, 14))
    assert mean(city, air, "o3", 1, range(13, 15)) > 2 * mean(city, air, "o3", 1, night)
    lamp = "light-tan-yen-1"
    assert mean(city, lamp, "power_kw", 1, range(20, 22)) > 20 * mean(
        city, lamp, "power_kw", 1, range(11, 13)
    )


def test_neighbours_share_the_weather(city: City) -> None:
    one, two = (named(city, name) for name in ("air-bac-giang-1", "air-yen-the-1"))
    for day in range(0, 200, 20):
        at = MONDAY + day * 86400
        here, there = (city.report(asset, at, None) or {} for asset in (one, two))
        assert here["temperature"] == pytest.approx(there["temperature"], abs=1.0)


@pytest.mark.usefixtures("broker")
def test_a_window_of_the_past_is_published_whole_and_silence_is_silent(city: City) -> None:
    address, told = address_from(), list[str]()
    start = MONDAY + 9 * HOUR
    quiet = fault("silence", named(city, "portal-dvc"), start, 10, None)
    gateways = sorted({asset.gateway for asset in city.assets})
    brokers = {name: Broker(address, name, say=told.append).open() for name in gateways}
    pace = Pace(AS_FAST_AS_POSSIBLE, Event(), ahead=False)
    with Listener(address, "city/#", "egov/#") as listener:
        happening = planned([quiet])
        tally = run(city, brokers, pace, happening, start=start, end=start + 20, say=told.append)
        heard = listener.wait_for(240 + 60 + 60 - 2)
    for broker in brokers.values():
        broker.close()
    assert (tally.published, tally.acknowledged, tally.silenced) == (358, 358, 2)
    assert told == ["fault: silence of requests at portal-dvc, 10 s"]
    reports = [json.loads(payload)["ts"] for topic, payload in heard if "telemetry" in topic]
    assert min(reports) == start * 1000
    of_portal = [topic for topic, _ in heard if topic == "egov/portal-dvc/telemetry"]
    assert len(of_portal) == 2
    assert Counter(payload for topic, payload in heard if topic.endswith("status")) == {
        b"online": 60,
        b"offline": 60,
    }


def test_chance_brings_one_fault_in_a_few_minutes_and_always_the_same(city: City) -> None:
    chance = Chance(city.assets, 1, city.cadence)
    day = list(chance.between(MONDAY, MONDAY + 86400))
    assert len(day) == pytest.approx(288, abs=1)
    assert day == list(Chance(fleet(60, 1), 1, 5.0).between(MONDAY, MONDAY + 86400))
    assert {one.kind for one in day} == {"spike", "shift", "stuck", "silence", "overload", "down"}
    find = by_chance(chance)
    for one in day[:50]:
        assert find(one.asset, one.begins_at + one.seconds / 2) == one
        assert find(one.asset, one.ends_at + 0.001) != one
        assert find("nobody", one.begins_at) is None
