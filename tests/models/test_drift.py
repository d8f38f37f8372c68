"""Which slow changes are told of, and which are the weather."""

import numpy as np
import pytest

from models.detectors.drift import Drift
from models.detectors.glance import ALARM
from models.reading import DAY, MINUTE

DICE = np.random.default_rng(3)
BEGINNING = DICE.bit_generator.state
TIMES = np.arange(30 * 144) * 10 * MINUTE
DAYS = TIMES / DAY
WAVE = np.sin(2 * np.pi * DAYS)


@pytest.fixture(autouse=True)
def _same_dice() -> None:
    """Each test has the same, whichever ran before it."""
    DICE.bit_generator.state = BEGINNING


def alarms(*series: np.ndarray) -> list[list[float]]:
    """The days at which something is told of each of several streams."""
    detector, who = Drift(), np.arange(len(series))
    rows = np.zeros(len(series), detector.layout)
    scores = [
        detector.judge(rows, who, np.full(len(series), time), value).score
        for time, value in zip(TIMES, np.array(series, float).T, strict=True)
    ]
    return [DAYS[np.flatnonzero(each >= ALARM)].round(1).tolist() for each in np.array(scores).T]


def steady() -> np.ndarray:
    """A daily wave with noise, a twentieth of it."""
    return 40 + 10 * WAVE + DICE.normal(0, 2, len(TIMES))


def since(day: float) -> np.ndarray:
    return np.maximum(DAYS - day, 0.0)


def test_a_sensor_that_decays_is_told_of_within_a_week() -> None:
    decayed, faster = alarms(steady() * (1 - 0.03 * since(12)), steady() + 2.0 * since(12))
    assert 12 < decayed[0] < 19
    assert 12 < faster[0] < 15
    assert max(len(decayed), len(faster)) <= 3  # told again when it is twice as far


def test_a_new_level_is_told_of_once_and_the_way_back_is_not() -> None:
    stays, returns = alarms(
        steady() + 8 * (DAYS >= 12), steady() + 8 * ((DAYS >= 12) & (DAYS < 14))
    )
    assert len(stays) == len(returns) == 1
    assert 12 < stays[0] < 13


def test_what_changes_by_nature_is_left_alone() -> None:
    days = np.repeat(DICE.normal(0, 2, 32), 144)  # one warmer than the other
    fronts = np.convolve(days, np.ones(144) / 144, "valid")[: len(TIMES)]
    rain = np.where(np.isin(TIMES // DAY, [7, 8, 20]), DICE.exponential(3, len(TIMES)), 0.0)
    streams = [steady(), rain, np.round(np.abs(WAVE) * 20), 28 + 3 * WAVE + fronts]
    *others, weathers = alarms(*streams)
    assert others == [[], [], []]
    assert len(weathers) <= 2  # the warmest spell that ever was


def test_spikes_are_not_a_drift() -> None:
    values = steady()
    values[DICE.random(len(TIMES)) < 0.01] += 500
    assert alarms(values) == [[]]
