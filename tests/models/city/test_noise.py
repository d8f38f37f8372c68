"""Noise by area and hour, and the mean that energy makes of levels."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import noise
from models.city.noise import Area, NoiseLimit, Period
from models.reading import HOUR, MINUTE, microseconds

SINCE = date(2010, 12, 16)
LIMITS = [
    NoiseLimit(Area.SPECIAL, Period.DAY, 55, SINCE),
    NoiseLimit(Area.SPECIAL, Period.NIGHT, 45, SINCE),
    NoiseLimit(Area.ORDINARY, Period.DAY, 70, SINCE),
    NoiseLimit(Area.ORDINARY, Period.NIGHT, 55, SINCE),
]
MIDNIGHT = microseconds(datetime(2026, 3, 1, 17, 0, tzinfo=UTC))  # of 2 March in Vietnam
LEVELS = st.lists(st.floats(-20, 140), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("hour", "minute", "special", "ordinary"),
    [(5, 59, 45, 55), (6, 0, 55, 70), (20, 59, 55, 70), (21, 0, 45, 55), (0, 0, 45, 55)],
)
def test_a_limit_goes_by_the_area_and_the_clock_on_the_wall(
    hour: int, minute: int, special: float, ordinary: float
) -> None:
    time = MIDNIGHT + hour * HOUR + minute * MINUTE
    for area, value in ((Area.SPECIAL, special), (Area.ORDINARY, ordinary)):
        found = noise.in_force(LIMITS, area, time)
        assert found is not None
        assert found.value == value


def test_a_new_regulation_begins_at_the_local_midnight() -> None:
    new = NoiseLimit(Area.ORDINARY, Period.NIGHT, 50, date(2026, 3, 2))
    for time, value in ((MIDNIGHT - 1, 55), (MIDNIGHT, 50)):
        found = noise.in_force([*LIMITS, new], Area.ORDINARY, time)
        assert found is not None
        assert found.value == value
    assert noise.in_force(LIMITS, Area.ORDINARY, 0) is None


def test_two_equal_sources_half_the_time_are_three_decibels_less() -> None:
    assert noise.energy_mean(np.array([80.0, -200.0])) == pytest.approx(76.99, abs=0.01)
    assert noise.energy_mean(np.array([60.0, 70.0])) == pytest.approx(67.40, abs=0.01)
    long = noise.energy_mean(np.array([60.0, 70.0]), np.array([900.0, 100.0]))
    assert long == pytest.approx(10 * np.log10(0.9e6 + 0.1e7), abs=1e-9)


@given(levels=LEVELS)
def test_an_energy_mean_is_between_the_lowest_and_the_highest(levels: list[float]) -> None:
    found = noise.energy_mean(np.array(levels))
    assert found is not None
    assert min(levels) <= found <= max(levels)
    assert found >= np.mean(levels) - 1e-9


@given(levels=LEVELS, louder=st.floats(0, 30))
def test_an_energy_mean_rises_with_its_levels(levels: list[float], louder: float) -> None:
    before = noise.energy_mean(np.array(levels))
    after = noise.energy_mean(np.array(levels) + louder)
    assert before is not None
    assert after == pytest.approx(before + louder)


def test_what_is_missing_makes_no_noise_and_no_silence() -> None:
    assert noise.energy_mean(np.array([np.nan, 60.0])) == pytest.approx(60)
    assert noise.energy_mean(np.array([np.nan])) is None
    assert noise.energy_mean(np.array([])) is None
    assert noise.excess(LIMITS[0], None) is None


def test_day_and_night_are_told_apart() -> None:
    times = MIDNIGHT + np.arange(24) * HOUR
    levels = np.where(noise.by_day(times), 70.0, 50.0)
    found = noise.day_and_night(times, levels)
    assert found.day == pytest.approx(70)
    assert found.night == pytest.approx(50)
    assert noise.by_day(times).sum() == 15
    assert noise.day_and_night(times[:5], levels[:5]).day is None


def test_an_excess_is_in_decibels_above_the_limit() -> None:
    assert noise.excess(LIMITS[1], 52.5) == 7.5
    assert noise.excess(LIMITS[1], 40) == -5
