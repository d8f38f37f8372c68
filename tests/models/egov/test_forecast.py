"""The load of coming days, on made-up weeks and on a simulated year."""

from datetime import date, time, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from models.egov.backtest import Kind, backtest, kind, trial
from models.egov.daykind import Almanac, Trait, like, traits
from models.egov.forecast import History, TooShort, forecast
from models.egov.occasions import OPEN, SHUT, Totals, learned, together
from models.egov.worktime import Calendar
from simulators.egov.arrivals import arrivals
from simulators.egov.units import units
from simulators.rhythm import calendar, free

EPOCH = date(1970, 1, 1)
FIRST, LAST = date(2025, 1, 1), date(2026, 4, 1)
DAYS = [FIRST + timedelta(days=each) for each in range((LAST - FIRST).days)]
HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
HOLIDAYS = frozenset(day for day in DAYS if day.weekday() < 5 and free(day))
TET = date(2026, 2, 17)
ALMANAC = Almanac(Calendar(HOURS, free=HOLIDAYS), frozenset({date(2025, 1, 29), TET}))
LOCAL = 7 * 3600


@pytest.fixture(scope="module")
def simulated() -> History:
    """Four departments, four districts and four communes, hour by hour."""
    every = list(units(7).values())
    chosen = [*every[:16:4], *every[19:27:2], *every[29:69:10]]
    counts = np.zeros((len(chosen), len(DAYS), 24))
    start, end = ((day - EPOCH).days for day in (FIRST, LAST))
    for place, unit in enumerate(chosen):
        came = arrivals(unit, start, end)
        hour = (came.at + LOCAL) % 86400 // 3600
        np.add.at(counts[place], (came.day - start, hour), 1)
    return History(FIRST, counts)


def test_the_almanac_of_the_test_is_the_simulated_one() -> None:
    assert calendar((TET - EPOCH).days).tet == 0


def test_what_kind_of_day_it_is() -> None:
    assert traits(ALMANAC, date(2026, 3, 11)) == set()
    assert traits(ALMANAC, TET) == {Trait.TET}
    assert traits(ALMANAC, date(2026, 2, 10)) == {Trait.BEFORE_TET}
    assert Trait.RESTED in traits(
        ALMANAC, min(d for d in DAYS if d > TET + timedelta(3) and not free(d))
    )
    assert traits(ALMANAC, date(2026, 3, 31)) == {Trait.MONTH_END, Trait.QUARTER_END}
    assert like(ALMANAC, TET) == 6
    assert like(ALMANAC, date(2026, 3, 14)) == 5
    worked = Almanac(Calendar(HOURS, extra=frozenset({date(2026, 3, 14)})), frozenset())
    assert like(worked, date(2026, 3, 14)) == 2


def test_what_a_day_is_for_a_forecast() -> None:
    assert kind(ALMANAC, date(2026, 3, 11)) is Kind.ORDINARY
    assert kind(ALMANAC, TET) is Kind.HOLIDAYS
    opened = [day for day in DAYS if kind(ALMANAC, day) is Kind.AFTER_TET and day > TET]
    assert len(opened) == 5
    assert kind(ALMANAC, opened[-1] + timedelta(weeks=1)) is Kind.ORDINARY


def test_around_tet_it_is_much_better_than_the_week_before(simulated: History) -> None:
    found = backtest(ALMANAC, simulated, date(2026, 2, 9), date(2026, 3, 2))
    assert found.gain > 0.4
    assert found.busy > 0.6


def test_in_ordinary_weeks_it_beats_the_week_before_and_its_bands_hold(simulated: History) -> None:
    found = backtest(ALMANAC, simulated, date(2025, 11, 3), date(2025, 12, 15))
    assert found.gain > 0.15
    assert 0.75 < found.busy < 0.9  # of 0.8 that are meant
    assert found.inside >= found.busy


def test_what_is_special_is_learned_from_what_was(simulated: History) -> None:
    found = learned(ALMANAC, simulated.days, together(simulated.counts))
    assert 1.3 < found[Trait.RESTED, OPEN] < 1.7
    assert 0.8 < found[Trait.RESTED, SHUT] < 1.2  # online nobody has to wait for it
    assert 0.4 < found[Trait.BEFORE_TET, OPEN] < 0.8
    assert found[Trait.TET, SHUT] < 0.4
    assert 1.0 < found[Trait.MONTH_END, OPEN] < 1.3


def test_the_first_day_after_tet_is_told_by_the_year_before(simulated: History) -> None:
    day = next(day for day in DAYS if Trait.AFTER_TET in traits(ALMANAC, day) and day > TET)
    place, weeks_back = (day - FIRST).days, 12 * 7
    was = simulated.counts[:, place].sum()
    short = History(
        day - timedelta(weeks_back), simulated.counts[:, place - weeks_back : place],
        Totals(FIRST, together(simulated.counts)),  # of which only what was before is looked at
    )  # fmt: skip
    told, blind = (
        forecast(almanac, short, day).expected.sum()
        for almanac in (ALMANAC, ALMANAC._replace(calendar=Calendar(HOURS)))
    )
    assert abs(told - was) < 0.15 * was
    assert abs(blind - was) > 0.2 * was  # whoever knows of no holidays expects an ordinary day


def test_bands_hold_what_they_promise_where_units_differ_from_day_to_day() -> None:
    dice = np.random.default_rng(4)
    mean = np.array([0.8, 2.0, 6.0, 40.0])[:, None, None] * dice.gamma(20, 1 / 20, (4, 260, 1))
    made = History(date(2025, 3, 3), dice.poisson(np.repeat(mean, 24, axis=2)).astype(float))
    found = trial(Almanac(Calendar(HOURS), frozenset()), made, date(2025, 9, 1), date(2025, 11, 1))
    for place in range(4):
        hold = found.score((np.arange(4) == place)[None, :, None]).inside
        assert 0.72 < hold < 0.88


def weeks(number: int, counts: NDArray[np.float64] | float = 4.0) -> History:
    return History(date(2025, 9, 1), np.full((2, number * 7, 24), counts))


def test_what_is_always_the_same_is_expected_again() -> None:
    found = forecast(ALMANAC, weeks(8), date(2025, 10, 24))
    for part in (found.expected, found.likely):
        assert part == pytest.approx(np.full((2, 24), 4.0), rel=0.02)
    assert (found.low < 4).all()  # counts are never taken for steadier than chance
    assert (found.high > 4).all()


def test_a_day_looks_at_nothing_that_came_after_it(simulated: History) -> None:
    day = date(2026, 1, 20)
    changed = simulated.counts.copy()
    changed[:, (day - FIRST).days :] = 999
    before, after = (
        forecast(ALMANAC, History(FIRST, each), day) for each in (simulated.counts, changed)
    )
    assert all(np.array_equal(one, two) for one, two in zip(before, after, strict=True))


def test_hours_that_nobody_counted_are_missing_and_not_quiet() -> None:
    history = weeks(8)
    history.counts[0, 20:30] = np.nan
    history.counts[1] = np.nan
    found = forecast(ALMANAC, history, date(2025, 10, 24))
    assert found.expected[0] == pytest.approx(np.full(24, 4.0), rel=0.02)
    for part in found:
        assert np.isnan(part[1]).all()


def test_too_little_history_is_refused() -> None:
    with pytest.raises(TooShort):
        forecast(ALMANAC, weeks(1), date(2025, 9, 8))


def test_a_unit_that_grows_is_followed() -> None:
    history = weeks(12)
    history.counts[0, -21:] *= 2
    found = forecast(ALMANAC, history, date(2025, 11, 21))
    assert found.expected[0].sum() > 1.15 * found.expected[1].sum()
