"""What fell in the last hours, and its name."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import rain
from models.reading import HOUR, MINUTE

START = 1_767_225_600_000_000
TIPS = st.lists(st.none() | st.integers(0, 40), min_size=1, max_size=60)


def every(minutes: int, count: int) -> np.ndarray:
    return START + np.arange(count, dtype=np.int64) * minutes * MINUTE


@pytest.mark.parametrize(
    ("amount", "name"),
    [
        (0.0, "Không mưa"),
        (0.04, "Không mưa"),
        (0.2, "Mưa nhỏ"),
        (6.0, "Mưa"),
        (15.9, "Mưa"),
        (16.0, "Mưa vừa"),
        (50.0, "Mưa vừa"),
        (50.05, "Mưa to"),
        (51.0, "Mưa to"),
        (100.0, "Mưa to"),
        (100.1, "Mưa rất to"),
        (400.0, "Mưa rất to"),
    ],
)
def test_a_rain_has_the_name_of_the_service(amount: float, name: str) -> None:
    found = rain.classify(amount)
    assert found is not None
    assert found.name_vi == name


def test_a_rain_that_is_missing_has_no_name() -> None:
    assert rain.classify(None) is None
    assert rain.classify(float("nan")) is None


def test_three_windows_of_a_steady_rain() -> None:
    times, fallen = every(10, 24 * 6 + 1), np.full(24 * 6 + 1, 0.5)
    for window, hours in zip(rain.WINDOWS, (1, 3, 24), strict=True):
        assert rain.accumulation(times, fallen, window)[-1] == 3.0 * hours
    assert rain.accumulation(times, fallen, HOUR)[0] == 0.5


def test_an_intensity_stands_for_the_time_before_it_but_for_no_gap() -> None:
    times = START + np.array([0, 10, 20, 500]) * MINUTE
    found = rain.depths(times, np.array([60.0, 60.0, np.nan, 6.0]))
    np.testing.assert_array_equal(found, [0.0, 10.0, np.nan, 6.0])
    assert rain.accumulation(times, found, 24 * HOUR).tolist() == [0.0, 10.0, 10.0, 16.0]


@given(tips=TIPS, cut=st.integers(0, 59))
def test_an_accumulation_depends_on_its_window_alone(tips: list[int | None], cut: int) -> None:
    times, fallen = every(7, len(tips)), np.array(tips, dtype=np.float64) * 0.2
    whole = rain.accumulation(times, fallen, HOUR)
    cut = min(cut, len(tips) - 1)
    late = times > times[cut] - HOUR
    part = rain.accumulation(times[late], fallen[late], HOUR)
    assert part[part.size - whole[cut:].size :].tolist() == whole[cut:].tolist()


@given(tips=TIPS)
def test_an_accumulation_is_the_sum_of_its_tips(tips: list[int | None]) -> None:
    fallen = np.array(tips, dtype=np.float64) * 0.2
    found = rain.accumulation(every(1, len(tips)), fallen, 24 * HOUR)
    assert found[-1] == float(sum(tip or 0 for tip in tips) * Fraction(1, 5))
    assert (np.diff(found) >= 0).all()


@given(one=st.floats(0, 500), two=st.floats(0, 500))
def test_more_rain_never_has_a_lesser_name(one: float, two: float) -> None:
    less, more = (rain.classify(each) for each in sorted([one, two]))
    assert less is not None
    assert more is not None
    assert less.least <= more.least
