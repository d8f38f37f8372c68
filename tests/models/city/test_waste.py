"""When a container is full, and when it burns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import waste
from models.city.waste import Filling, Fire, Forecast, Heat
from models.reading import HOUR, MINUTE

START = 1_767_225_600_000_000
FILLING, HEAT = Filling(), Heat()


def every(minutes: int, count: int) -> np.ndarray:
    return START + np.arange(count, dtype=np.int64) * minutes * MINUTE


def filled(rate: float, count: int = 12, start: float = 0.1) -> np.ndarray:
    return start + rate * np.arange(count)


def foreseen(levels: np.ndarray, threshold: float = 1.0) -> Forecast:
    found = waste.forecast(FILLING, every(60, levels.size), levels, threshold)
    assert found is not None
    return found


def test_a_steady_container_is_full_when_a_line_says_so() -> None:
    found = foreseen(filled(0.05), threshold=0.8)
    assert found.rate == pytest.approx(0.05)
    assert found.level == pytest.approx(0.65)
    assert found.full_at == pytest.approx(START + 14 * HOUR, abs=MINUTE)


def test_a_quarter_of_wrong_readings_moves_nothing_much() -> None:
    levels = filled(0.02, 24)
    levels[[5, 11, 17, 20]] = [1.0, 0.9, 1.0, 0.05]
    assert foreseen(levels).rate == pytest.approx(0.02, abs=0.002)


def test_only_what_came_since_the_emptying_counts() -> None:
    levels = np.concatenate([filled(0.08, 10), filled(0.02, 8, start=0.05)])
    times = every(60, 18)
    assert waste.emptyings(FILLING, times, levels).tolist() == [times[10]]
    assert foreseen(levels).rate == pytest.approx(0.02)


def test_a_lid_that_is_opened_empties_nothing() -> None:
    levels = filled(0.02, 12, start=0.5)
    levels[6] = 0.0
    assert waste.emptyings(FILLING, every(60, 12), levels).size == 0
    levels[11] = 0.0  # nobody has confirmed it yet
    assert waste.emptyings(FILLING, every(60, 12), levels).size == 0


def test_a_container_that_does_not_fill_is_never_full() -> None:
    assert foreseen(np.full(12, 0.4)).full_at is None
    assert foreseen(filled(-0.01, start=0.6)).full_at is None
    full = foreseen(np.full(12, 0.9), threshold=0.8)
    assert full.full_at == START + 11 * HOUR


@pytest.mark.parametrize(
    "levels", [[0.1, 0.2, 0.3], [0.1, None, None, 0.2, 0.3, None], [], [None] * 12], ids=str
)
def test_too_little_foresees_nothing(levels: list[float | None]) -> None:
    values = np.array(levels, dtype=np.float64)
    assert waste.forecast(FILLING, every(60, len(levels)), values) is None


def test_too_short_a_time_foresees_nothing() -> None:
    assert waste.forecast(FILLING, every(10, 12), filled(0.01)) is None
    assert waste.forecast(FILLING, every(0, 12), filled(0.01)) is None


@given(rate=st.floats(0.001, 0.05), low=st.floats(0, 2), high=st.floats(0, 2))
def test_a_higher_threshold_is_never_reached_earlier(rate: float, low: float, high: float) -> None:
    low, high = sorted([low, high])
    first = foreseen(filled(rate), low).full_at
    second = foreseen(filled(rate), high).full_at
    assert first is not None
    assert second is not None
    assert first <= second


@given(one=st.floats(0.001, 0.07), two=st.floats(0.001, 0.07))
def test_what_fills_faster_is_full_earlier(one: float, two: float) -> None:
    slow, fast = sorted([one, two])
    later, earlier = foreseen(filled(slow)).full_at, foreseen(filled(fast)).full_at
    assert later is not None
    assert earlier is not None
    assert earlier <= later


def test_a_container_that_smoulders_is_told_before_it_burns() -> None:
    degrees = np.array([30, 31, 34, 42, 55, 71, np.nan, 90], dtype=np.float64)
    assert waste.fires(HEAT, every(5, 8), degrees).tolist() == [
        Fire.NONE,
        Fire.NONE,
        Fire.NONE,
        Fire.SMOULDERING,
        Fire.SMOULDERING,
        Fire.BURNING,
        Fire.UNKNOWN,
        Fire.BURNING,
    ]


def test_the_sun_lights_no_fire() -> None:
    day = 35 + 22 * np.sin(np.linspace(0, np.pi, 12 * 12))
    assert not waste.fires(HEAT, every(5, day.size), day).any()


def test_the_rise_is_within_the_window_alone() -> None:
    slow = np.array([30.0, 39.0, 48.0])
    assert not waste.fires(HEAT, every(16, 3), slow).any()
    fast = np.array([30.0, 40.0])
    assert waste.fires(HEAT, every(15, 2), fast).tolist() == [Fire.NONE, Fire.SMOULDERING]
