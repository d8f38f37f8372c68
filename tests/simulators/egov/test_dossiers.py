"""Dossiers one by one: how many, by which way, when, and what becomes of them."""

import numpy as np
import pytest

from simulators.dice import Ints
from simulators.egov.dossiers import DONE, HORIZON, REFUSED, Dossiers, dossiers
from simulators.egov.procedures import columns, procedures
from simulators.egov.units import Unit, centre, units
from simulators.egov.worktime import NEVER, is_working, second_of_day
from tests.simulators.egov.province import DAY, SEED, day_of

MARCH = (day_of("2026-03-09"), day_of("2026-03-27"))  # three ordinary weeks


def of_level(level: str) -> list[Unit]:
    return [unit for unit in units(SEED).values() if unit.level == level]


def a_working_day(unit: Unit, first: int, last: int) -> float:
    found = dossiers(unit, first, last)
    return len(found.day) / int(is_working(np.arange(first, last)).sum())


def per_day(found: Dossiers, days: Ints) -> Ints:
    return np.array([(found.day == day).sum() for day in days])


def test_volumes_are_those_of_a_province_of_2019() -> None:
    assert 350 <= a_working_day(centre(SEED), *MARCH) <= 450
    districts = [a_working_day(unit, *MARCH) for unit in of_level("district")]
    assert min(districts) > 50
    assert max(districts) < 100
    assert 60 <= np.mean(districts) <= 90
    communes = [a_working_day(unit, *MARCH) for unit in of_level("commune")]
    assert 8 <= np.mean(communes) <= 12
    assert np.percentile(communes, 2) > 4
    assert np.percentile(communes, 98) < 17


@pytest.mark.parametrize(("level", "online"), [("department", 0.7), ("district", 0.4)])
def test_channels_have_their_shares(level: str, online: float) -> None:
    found = [dossiers(unit, *MARCH).channel for unit in of_level(level)]
    channel = np.concatenate(found)
    assert np.mean(channel == 2) == pytest.approx(online, abs=0.03)
    assert np.mean(channel == 3) == pytest.approx(0.03, abs=0.01)


def test_most_of_what_comes_online_comes_in_office_hours() -> None:
    found = dossiers(centre(SEED), *MARCH)
    hour = second_of_day(found.submitted[found.channel == 2]) / 3600
    working = is_working(found.day[found.channel == 2])
    office = working & (((hour >= 7.5) & (hour < 11.5)) | ((hour >= 13.5) & (hour < 17)))
    assert np.mean(office) == pytest.approx(0.6, abs=0.04)
    evening, early = ((hour >= 20) & (hour < 22)).sum(), ((hour >= 17) & (hour < 19)).sum()
    assert evening > 1.3 * early


def test_the_week_begins_busy_and_ends_early() -> None:
    found = dossiers(centre(SEED), day_of("2026-03-02"), day_of("2026-04-20"))
    direct = found.only(found.channel == 1)
    weekday = (direct.day + 3) % 7
    counts = np.bincount(weekday, minlength=7)
    assert counts[0] > counts[2] > counts[4] > counts[5] == counts[6] == 0
    afternoon = second_of_day(direct.submitted) > 12 * 3600
    assert afternoon[weekday == 4].mean() < afternoon[weekday == 2].mean()
    hour = np.bincount(second_of_day(direct.submitted) // 3600, minlength=24)
    assert hour.argmax() in {8, 9}
    assert hour[12] == hour[3] == 0


def test_nobody_comes_on_a_holiday_and_many_do_afterwards() -> None:
    after_tet = day_of("2026-02-23")
    direct = dossiers(centre(SEED), day_of("2026-02-02"), day_of("2026-04-01"))
    direct = direct.only(direct.channel == 1)
    mondays = per_day(direct, np.array([day_of("2026-03-09"), day_of("2026-03-16")]))
    assert per_day(direct, np.arange(day_of("2026-02-14"), after_tet)).sum() == 0
    assert per_day(direct, np.array([after_tet]))[0] > 1.2 * mondays.mean()


def test_before_tet_few_apply_and_what_has_been_applied_for_is_fetched() -> None:
    week = (day_of("2026-02-09"), day_of("2026-02-14"))
    usual = (day_of("2026-01-12"), day_of("2026-01-17"))
    found = [dossiers(unit, week[0] - HORIZON, week[1] + 60) for unit in of_level("district")]

    def between(what: str, days: tuple[int, int]) -> int:
        day = [(getattr(each, what) + 7 * 3600) // int(DAY) for each in found]
        return sum(int(((each >= days[0]) & (each < days[1])).sum()) for each in day)

    applied = between("submitted", week) / between("submitted", usual)
    returned = between("returned", week) / between("returned", usual)
    assert applied < 0.75
    assert returned > 1.25 * applied


def test_in_summer_communes_have_more_to_copy() -> None:
    communes = of_level("commune")[:40]
    july = sum(a_working_day(u, day_of("2026-07-06"), day_of("2026-07-25")) for u in communes)
    march = sum(a_working_day(unit, *MARCH) for unit in communes)
    assert july > 1.1 * march


def test_most_are_done_on_time() -> None:
    first, last = day_of("2025-06-01"), day_of("2025-12-01")
    for unit in (*of_level("department")[2:4], *of_level("district")[:2]):
        found = dossiers(unit, first, last)
        found = found.only(found.last == DONE)
        assert 0.94 <= np.mean(found.ended <= found.due) <= 0.985


def test_a_course_goes_forward_and_ends() -> None:
    for unit in (*of_level("department")[2:5], *of_level("district")[:2]):
        found = dossiers(unit, day_of("2025-11-01"), day_of("2026-03-01"))
        assert (found.submitted < found.accepted).all()
        taken = found.only(found.last != REFUSED)
        assert (taken.accepted < taken.started).all()
        assert (taken.started <= taken.ended).all()
        asked = taken.only(taken.asked != NEVER)
        assert len(asked.day) > 20
        assert (asked.started < asked.asked).all()
        assert (asked.asked < asked.answered).all()
        assert (asked.answered <= asked.ended).all()
        assert (asked.promised < asked.due).all()
        done = found.only(found.last == DONE)
        assert (done.ended < done.returned).all()
        assert (done.returned - done.submitted).max() < HORIZON * DAY


def test_same_day_papers_asked_for_after_three_are_never_ready_that_day() -> None:
    found = [dossiers(unit, *MARCH) for unit in of_level("commune")[:60]]
    same_day = [each.only(columns().same_day[each.procedure] == 1) for each in found]
    late = [each.only(second_of_day(each.accepted) >= 15 * 3600) for each in same_day]
    assert sum(len(each.day) for each in late) > 100
    for each in late:
        assert ((each.ended + 7 * 3600) // int(DAY) > (each.accepted + 7 * 3600) // int(DAY)).all()


def test_the_same_day_has_the_same_dossiers_whatever_is_asked_for() -> None:
    unit = of_level("district")[3]
    wide = dossiers(unit, MARCH[0] - 30, MARCH[1])
    narrow = dossiers(unit, MARCH[0] + 1, MARCH[0] + 2)
    for one, other in zip(wide.only(wide.day == MARCH[0] + 1), narrow, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_table_has_dates_and_promises_no_more_than_the_horizon_holds() -> None:
    assert max(each.promised for each in procedures() if each.unit == "days") <= 30
    unit = next(unit for unit in of_level("district"))
    codes = {number: each for number, each in enumerate(procedures()) if each.code == "DD.12"}
    for year, promised in ((2024, 30), (2025, 20)):
        found = dossiers(unit, day_of(f"{year}-03-01"), day_of(f"{year}-06-01"))
        used = {codes[number].promised for number in found.procedure.tolist() if number in codes}
        assert used == {promised}
