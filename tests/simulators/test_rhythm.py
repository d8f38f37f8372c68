"""The hours of a province: weekdays, nights, Tet and the other holidays."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from simulators.dice import Floats
from simulators.rhythm import (
    Moments,
    calendar,
    counter,
    days_to_tet,
    free,
    moments,
    online,
    presence,
    returns,
    summer,
    tet_of,
    traffic,
)
from tests.simulators.province import DAY, local

Rhythm = Callable[[Moments], Floats]
TUESDAY, SATURDAY, SUNDAY = (2026, 3, 10), (2026, 3, 14), (2026, 3, 15)


def at(rhythm: Rhythm, day: tuple[int, int, int], *hours: float) -> list[float]:
    found = rhythm(moments(np.array([local(*day, hour) for hour in hours])))
    return [float(each) for each in found]


def whole_day(rhythm: Rhythm, day: tuple[int, int, int]) -> Floats:
    return rhythm(moments(local(*day) + np.arange(0, DAY, 300)))


def on(day: date) -> Moments:
    return moments(np.array([local(day.year, day.month, day.day, 10)]))


def test_the_clock_on_the_wall_is_seven_hours_before_greenwich() -> None:
    now = moments(np.array([0.0, local(2026, 3, 2), local(2026, 3, 2) - 1]))
    assert now.hour.tolist() == pytest.approx([7, 0, 24 - 1 / 3600])
    assert now.weekday.tolist() == [3, 0, 6]
    assert (now.day_of_month.tolist(), now.month.tolist()) == ([1, 2, 1], [1, 3, 3])


def test_no_moments_have_no_calendar() -> None:
    assert len(traffic(moments(np.zeros(0)))) == 0


@pytest.mark.parametrize(
    ("year", "first"),
    [(2024, date(2024, 2, 10)), (2025, date(2025, 1, 29)), (2026, date(2026, 2, 17))],
)
def test_tet_is_where_the_moon_puts_it(year: int, first: date) -> None:
    assert tet_of(year) == first
    assert days_to_tet(first) == 0
    assert days_to_tet(first.replace(month=6)) == 99
    assert on(first).home_for_tet[0]
    assert on(first).holiday[0]


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 4, 30), date(2026, 5, 1),
                                 date(2025, 4, 30), date(2026, 9, 2), date(2025, 9, 2)])  # fmt: skip
def test_holidays_close_the_offices_and_empty_the_roads_in_the_morning(day: date) -> None:
    told = (day.year, day.month, day.day)
    assert free(day)
    assert whole_day(counter, told).max() == 0
    assert at(traffic, told, 7.2)[0] < 0.6 * at(traffic, TUESDAY, 7.2)[0]


def test_the_first_working_day_after_three_free_ones_is_busier() -> None:
    after = date(2026, 2, 23)  # a Monday, after the week of Tet
    rested = [
        day
        for day in range(1, 32)
        if calendar((date(2026, 2, 1) - date(1970, 1, 1)).days + day - 1).rested
    ]
    assert rested == [after.day]
    first, second = (whole_day(counter, (2026, 2, day)).sum() for day in (23, 24))
    assert first == pytest.approx(second * 1.5 * 1.25 / 1.05, rel=1e-6)


def test_an_ordinary_weekend_rests_nobody() -> None:
    assert not on(date(2026, 3, 9)).rested[0]


@pytest.mark.parametrize("rhythm", [counter, returns])
def test_offices_are_open_in_office_hours_alone(rhythm: Rhythm) -> None:
    assert min(at(rhythm, TUESDAY, 8.0, 9.5, 11.0, 14.0, 16.0)) > 0.05
    assert at(rhythm, TUESDAY, 0, 3, 7, 12.5, 17.5, 20, 23.9) == [0] * 7
    assert whole_day(rhythm, SUNDAY).max() == 0
    assert 0 < at(rhythm, SATURDAY, 9)[0] < 0.2 * at(rhythm, TUESDAY, 9)[0]
    assert at(rhythm, SATURDAY, 14) == [0]


def test_a_working_day_brings_a_days_dossiers() -> None:
    assert whole_day(counter, TUESDAY).sum() * 300 / 3600 == pytest.approx(1.0, abs=0.15)


def test_friday_afternoons_are_slow_and_the_end_of_the_month_is_not() -> None:
    friday, thursday = (2026, 3, 13), (2026, 3, 12)
    morning, afternoon = (at(counter, friday, h)[0] / at(counter, thursday, h)[0] for h in (9, 15))
    assert afternoon == pytest.approx(0.8 * morning)
    end, middle = at(counter, (2026, 3, 31), 9)[0], at(counter, (2026, 3, 10), 9)[0]
    assert end == pytest.approx(1.12 * middle)


def test_before_tet_people_fetch_and_do_not_apply() -> None:
    week, before = (2026, 2, 12), (2026, 3, 12)  # Thursdays
    assert at(counter, week, 9)[0] == pytest.approx(0.6 * at(counter, before, 9)[0])
    assert at(returns, week, 10)[0] == pytest.approx(1.3 * at(returns, before, 10)[0])


def test_the_portal_is_asked_in_the_evening_and_on_sundays_too() -> None:
    evening, night, morning = at(online, TUESDAY, 21, 3.5, 9.5)
    assert morning > evening > 2 * night > 0
    assert at(online, SUNDAY, 21)[0] > 0
    assert at(online, (2026, 2, 17), 21)[0] < 0.2 * at(online, TUESDAY, 21)[0]


def test_roads_have_two_rush_hours_on_a_working_day_and_none_on_a_sunday() -> None:
    morning, noon, evening, night = at(traffic, TUESDAY, 7.2, 14, 17.2, 3)
    assert min(morning, evening) > 1.7 * noon > 5 * night
    assert at(traffic, SUNDAY, 7.2)[0] < 0.5 * morning
    assert whole_day(traffic, SUNDAY).sum() < whole_day(traffic, TUESDAY).sum()


def test_over_tet_the_roads_are_half_empty_and_before_it_fuller() -> None:
    new_year, eve = (2026, 2, 17), (2026, 2, 11)  # a Tuesday, a Wednesday
    assert whole_day(traffic, new_year).sum() < 0.5 * whole_day(traffic, SUNDAY).sum()
    assert whole_day(traffic, eve).sum() > 1.2 * whole_day(traffic, TUESDAY).sum()


def test_at_midnight_of_tet_people_are_out_and_on_other_nights_asleep() -> None:
    assert at(presence, (2026, 2, 17), 0.2)[0] > at(presence, TUESDAY, 0.2)[0] + 0.5
    assert max(at(presence, TUESDAY, 0.5, 1, 2, 3)) < 0.25
    assert min(at(presence, TUESDAY, 9, 17.5)) > 0.8


def test_summer_is_in_july_and_winter_in_january() -> None:
    assert at(summer, (2026, 7, 16), 12)[0] == pytest.approx(1, abs=0.01)
    assert at(summer, (2026, 1, 15), 12)[0] == pytest.approx(-1, abs=0.01)


def test_no_rhythm_jumps_at_midnight() -> None:
    for rhythm in (traffic, presence):
        before, after = rhythm(moments(local(2026, 3, 11) + np.array([-1.0, 1.0])))
        assert before == pytest.approx(after, abs=1e-3)
