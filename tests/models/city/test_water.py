"""Leaks by the flow of the small hours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import water
from models.city.water import Night, Nights, Rules
from models.reading import DAY, HOUR, MINUTE

RULES = Rules().checked()
MIDNIGHT = 1_767_225_600_000_000 - 7 * HOUR  # local, in Vietnam
FIRST_DAY = 1_767_225_600_000_000 // DAY


def nights(*flows: float) -> Nights:
    return Nights(FIRST_DAY + np.arange(len(flows)), np.array(flows, dtype=np.float64))


def usual(count: int) -> list[float]:
    return [10 + 0.1 * ((7 * i) % 5 - 2) for i in range(count)]


def test_a_night_is_its_lowest_quarter_of_an_hour_between_two_and_four() -> None:
    times = MIDNIGHT + np.arange(2 * 24 * 12, dtype=np.int64) * 5 * MINUTE
    hour = (times - MIDNIGHT) / HOUR % 24
    flows = 50 + 30 * np.cos((hour - 15) / 24 * 2 * np.pi)
    flows[(hour >= 3) & (hour < 3.25)] = 12.0
    flows[(hour >= 1) & (hour < 1.5)] = 1.0  # too early to count
    found = water.night_flows(times, flows)
    assert found.day.tolist() == [FIRST_DAY, FIRST_DAY + 1]
    assert found.flow.tolist() == [12.0, 12.0]


def test_a_night_with_few_readings_is_not_there() -> None:
    times = MIDNIGHT + 2 * HOUR + np.arange(8, dtype=np.int64) * 15 * MINUTE
    flows = np.full(8, 10.0)
    assert water.night_flows(times[:4], flows[:4]).flow.tolist() == [10.0]
    assert water.night_flows(times[:3], flows[:3]).flow.size == 0
    flows[2:7] = np.nan
    assert water.night_flows(times, flows).flow.size == 0
    assert water.night_flows(times[:0], flows[:0]).flow.size == 0
    late = Night(from_hour=3, to_hour=4)
    assert water.night_flows(times[4:], np.full(4, 9.0), late).flow.tolist() == [9.0]


def test_a_leak_is_told_on_its_third_night_and_lasts_until_it_is_mended() -> None:
    flows = [*usual(10), 13, 13.2, 13.1, 13.3, *usual(3)]
    found = water.leaks(RULES, nights(*flows))
    assert np.flatnonzero(found.leaking).tolist() == [12, 13]
    assert np.flatnonzero(found.excess).tolist() == [10, 11, 12, 13]
    assert found.row.tolist() == [0] * 10 + [1, 2, 3, 4, 0, 0, 0]
    assert found.expected[10:] == pytest.approx(10, abs=0.11)


def test_a_leak_does_not_become_the_usual() -> None:
    found = water.leaks(RULES, nights(*usual(10), *[12.0] * 60))
    assert found.leaking[-1]
    assert found.expected[-1] == pytest.approx(10, abs=0.11)


def test_two_thirsty_nights_are_no_leak_and_nothing_is_judged_before_the_warm_up() -> None:
    assert not water.leaks(RULES, nights(*usual(10), 15, 15, *usual(5), 15, 15)).leaking.any()
    early = water.leaks(RULES, nights(*usual(6), 15, 15, 15, 15))
    assert np.isnan(early.expected[:7]).all()
    assert not early.leaking[:9].any()


def test_a_rise_that_is_too_small_to_look_for_is_no_leak() -> None:
    flows = [*[10.0] * 10, *[10.5] * 5]
    assert not water.leaks(RULES, nights(*flows)).leaking.any()
    assert water.leaks(RULES._replace(least=0.4), nights(*flows)).leaking.any()


def test_a_loss_counts_from_the_first_night_of_the_leak() -> None:
    flows = [*[10.0] * 10, 15, 15, 10, 12, 12, 12, 12, 10]
    found = water.leaks(RULES, nights(*flows))
    assert water.loss(found) == pytest.approx(4 * 2 * 24)
    assert water.loss(found, hours_a_day=20) == pytest.approx(4 * 2 * 20)


@given(flows=st.lists(st.floats(0, 1000), max_size=50), cut=st.integers(0, 50))
def test_a_night_is_judged_by_those_before_it_alone(flows: list[float], cut: int) -> None:
    whole, part = water.leaks(RULES, nights(*flows)), water.leaks(RULES, nights(*flows[:cut]))
    for one, other in zip(whole, part, strict=True):
        np.testing.assert_array_equal(one[:cut], other)
    assert (whole.excess >= 0).all()


def test_rules_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="within what is remembered"):
        Rules(warm_up=30).checked()
