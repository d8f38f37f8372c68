"""Services: what they report is what their dossiers say, however time is cut."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.egov.books import KEPT, book, handled
from simulators.egov.dossiers import DONE, HORIZON, REFUSED, dossiers
from simulators.egov.services import services
from simulators.egov.units import centre, units
from simulators.places import communes, districts
from simulators.weather import Weather
from tests.simulators.egov.province import (
    DAY,
    HOUR,
    SEED,
    WEATHER,
    all_services,
    day_of,
    every,
    local,
    service,
    truth,
)

ONE_OF_EACH = (
    "portal-dvc",
    "onestop-province",
    "connector-justice",
    "document-exchange",
    "signature-service",
    "portal-open-data",
    "app-4g",
    "link-planning",
    "onestop-dept-08",
    "onestop-yen-the",
    f"onestop-{communes()[0].code}",
)


def test_the_first_services_are_the_provinces_then_districts_then_communes() -> None:
    names = list(all_services())
    assert names[:11] == [
        "portal-dvc",
        "onestop-province",
        "connector-finance",
        "connector-transport",
        "connector-planning",
        "connector-justice",
        "document-exchange",
        "signature-service",
        "portal-open-data",
        "app-4g",
        "link-planning",
    ]
    assert names[11:21] == [f"onestop-{place.slug}" for place in districts()]
    assert names[21:40] == [f"onestop-dept-{number:02d}" for number in range(1, 20)]
    assert set(names[40:]) == {f"onestop-{place.code}" for place in communes()}
    assert list(services(2, None))[40].name != names[40]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_every_metric_is_measured_and_lies_within_its_bounds(name: str) -> None:
    asset, at = service(name), every(20, "2026-02-08", 8)
    found = asset.truth(at, WEATHER)
    assert set(found) == {metric.name for metric in asset.kind.metrics}
    for metric in asset.kind.metrics:
        assert np.isfinite(found[metric.name]).all()
        assert (found[metric.name] >= metric.low).all()
        assert (found[metric.name] <= metric.high).all()


@settings(max_examples=25)
@given(
    name=st.sampled_from(ONE_OF_EACH),
    hour=st.integers(0, 24 * 60),
    cuts=st.lists(st.integers(1, 199), max_size=4, unique=True),
)
def test_a_block_is_the_same_however_it_is_cut(name: str, hour: int, cuts: list[int]) -> None:
    asset = service(name)
    at = local("2026-01-20") + hour * HOUR + np.arange(0.0, 200 * 157, 157)
    whole = asset.measured(at, asset.truth(at, Weather(SEED)))
    pieces = [asset.measured(p, asset.truth(p, Weather(SEED))) for p in np.split(at, sorted(cuts))]
    for metric, values in whole.items():
        np.testing.assert_array_equal(values, np.concatenate([each[metric] for each in pieces]))


def test_the_same_seed_is_the_same_province_and_another_is_another() -> None:
    at = every(30, "2026-03-10", 1)
    for other, same in ((1, True), (2, False)):
        again = next(each for each in services(other, None) if each.name == "onestop-yen-the")
        found = again.truth(at, Weather(other))
        equal = all(np.array_equal(found[m], v) for m, v in truth("onestop-yen-the", at).items())
        assert equal is same


@pytest.mark.parametrize("name", ["onestop-dept-04", "onestop-luc-nam", "onestop-province"])
def test_counts_are_those_of_the_dossiers(name: str) -> None:
    unit = centre(SEED) if name == "onestop-province" else units(SEED)[name]
    # More of the past than any dossier lives, so that the counts below are of all there ever were.
    found = dossiers(unit, day_of("2026-03-30") - 2 * HORIZON, day_of("2026-04-12"))
    taken = found.only(found.last != REFUSED)
    at = every(47, "2026-03-31", 8)
    values = handled(unit, at)
    for number, now in enumerate(at):
        received, ended = taken.accepted <= now, taken.ended <= now
        assert values["dossiers_in_process"][number] == received.sum() - ended.sum()
        overdue = (taken.due <= now) & ~ended
        assert values["dossiers_overdue"][number] == overdue.sum() >= 0
        lately = received & (taken.accepted > now - HOUR)
        assert values["dossiers_received"][number] == lately.sum()
        returned = (taken.returned <= now) & (taken.returned > now - HOUR) & (taken.last == DONE)
        assert values["dossiers_returned"][number] == returned.sum()
        assert values["dossiers_due_soon"][number] <= values["dossiers_in_process"][number]


def test_the_centre_has_what_its_departments_have() -> None:
    at = every(30, "2026-03-10", 2)
    whole = truth("onestop-province", at)
    for metric in ("dossiers_in_process", "dossiers_received", "dossiers_overdue"):
        parts = [truth(f"onestop-dept-{number:02d}", at)[metric] for number in range(1, 20)]
        np.testing.assert_array_equal(whole[metric], np.sum(parts, axis=0))


def test_the_portal_receives_what_all_offices_are_sent_online() -> None:
    day = day_of("2026-03-11")
    found = [dossiers(unit, day, day + 1) for unit in units(SEED).values()]
    sent = sum(int((each.channel == 2).sum()) for each in found)
    hours = every(60, "2026-03-11", 1) + HOUR - 1
    assert truth("portal-dvc", hours)["dossiers_received"].sum() == pytest.approx(sent, abs=2)


def test_counters_are_closed_by_night_at_lunch_and_over_tet() -> None:
    at = every(10, "2026-02-14", 3)
    assert truth("onestop-yen-the", at)["counters_open"].max() == 0
    day = every(10, "2026-03-10", 1)
    found = truth("onestop-yen-the", day)
    hour = (day - local("2026-03-10")) / HOUR
    assert (found["counters_open"] > 0).tolist() == (
        ((hour >= 7.5) & (hour < 11.5)) | ((hour >= 13.5) & (hour < 17))
    ).tolist()
    assert found["tickets_issued"].max() > 0
    assert 0 < found["utilisation"].max() <= 1


def test_memory_stays_flat_over_a_year_of_a_commune() -> None:
    asset = service(ONE_OF_EACH[-1])
    first = local("2025-01-01")

    def live(days: range) -> None:
        for half in (first + DAY * day + 12 * HOUR * part for day in days for part in range(2)):
            at = asset.turns(half, half + 12 * HOUR)[::30]
            asset.measured(at, asset.truth(at, WEATHER))

    live(range(30))
    tracemalloc.start()
    live(range(30, 395, 2))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 4_000_000
    assert book.cache_info().currsize <= KEPT
