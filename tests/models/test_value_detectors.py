"""What the detectors of single values find, and what they must leave alone."""

import numpy as np
import pytest

from models.detectors import traits
from models.detectors.flatline import Flatline
from models.detectors.glance import ALARM, Glance
from models.detectors.rate import Rate
from models.detectors.reach import Reach
from models.reading import DAY, HOUR, MINUTE

DICE = np.random.default_rng(11)
BEGINNING = DICE.bit_generator.state
STEP = 10 * MINUTE
TIMES = np.arange(20 * 144) * STEP  # twenty days
HOURS = TIMES % DAY / HOUR
FAULT = slice(2000, 2120)  # in the afternoon of the fourteenth


@pytest.fixture(autouse=True)
def _same_dice() -> None:
    """Each test has the same, whichever ran before it."""
    DICE.bit_generator.state = BEGINNING


def alarms(detector: Glance, *series: np.ndarray) -> list[list[int]]:
    """Which samples of each of several streams are worth an operator's time."""
    rows, who = np.zeros(len(series), detector.layout), np.arange(len(series))
    scores = [
        detector.judge(rows, who, np.full(len(series), time), value).score
        for time, value in zip(TIMES, np.array(series, float).T, strict=True)
    ]
    return [np.flatnonzero(each >= ALARM).tolist() for each in np.array(scores).T]


def temperature(decimals: int = 2) -> np.ndarray:
    wave = 28 + 4 * np.sin(2 * np.pi * HOURS / 24) + DICE.normal(0, 0.3, len(TIMES))
    return np.round(wave, decimals)


def between(begin: float, end: float) -> np.ndarray:
    """Whether it is so late in the day."""
    return (begin <= HOURS) & (end > HOURS)


def rain() -> np.ndarray:
    wet = np.isin(TIMES // DAY, [0, 1, 2, 9, 18]) & (DICE.random(len(TIMES)) < 0.4)
    return np.where(wet, np.round(DICE.exponential(2.0, len(TIMES)) * 5) / 5, 0.0)


def lamp() -> np.ndarray:
    lit = ~between(5.5, 18.2)
    return np.where(lit, np.round(80 + DICE.normal(0, 1, len(TIMES)), 1), 0.0)


def parked() -> np.ndarray:
    coming = np.where(between(6, 22), DICE.integers(-9, 10, len(TIMES)), 0)
    return np.asarray(np.abs(np.cumsum(coming)))


def counter() -> np.ndarray:
    shut = ~between(1, 10) | np.isin(TIMES // DAY % 7, [5, 6])
    return np.where(shut, 0, DICE.poisson(6, len(TIMES)))


def emptied() -> np.ndarray:
    """A bin that fills up within three days."""
    return np.round(TIMES / DAY % 3 / 3 + DICE.normal(0, 0.002, len(TIMES)), 3)


def test_a_stuck_value_is_told_of_once_and_soon() -> None:
    fine, coarse, twice = temperature(), np.round(2 * temperature()) / 2, temperature()
    for each in (fine, coarse, twice):
        each[FAULT] = each[FAULT][0]
    twice[1000:1100] = twice[1000]
    (found,), (later,), (first, second) = alarms(Flatline(), fine, coarse, twice)
    assert 2000 < found < 2020
    assert found <= later < 2110
    assert (first, second) == (1015, 2015)  # a stuck day does not make the next one usual


def test_a_lamp_may_be_dark_by_day_and_not_by_night() -> None:
    values = lamp()
    values[TIMES // DAY == 12] = 0.0
    ((found,),) = alarms(Flatline(), values)
    assert 12 <= TIMES[found] / DAY < 12 + 4 / 24


def test_what_stands_still_by_nature_is_left_alone() -> None:
    streams = [temperature(0), temperature(1), lamp(), rain(), parked(), counter(), emptied()]
    assert alarms(Flatline(), *streams) == [[]] * len(streams)


def test_a_jump_is_told_of_once_however_long_it_lasts() -> None:
    spike, shift = temperature(), temperature()
    spike[2000:2003] += 15
    shift[2000:] += 15
    assert alarms(Rate(), spike, shift) == [[2000], [2000]]


def test_what_jumps_by_nature_is_left_alone() -> None:
    switched = np.where(between(18, 24), 80.0, 2.0) + DICE.normal(0, 0.1, len(TIMES))
    streams = [temperature(0), temperature(2), lamp(), rain(), parked(), counter(), switched]
    assert alarms(Rate(), *streams) == [[]] * len(streams)


def test_a_bin_that_is_emptied_is_news_at_first_and_a_habit_then() -> None:
    (found,) = alarms(Rate(), emptied())
    assert len(found) <= 2


def test_after_a_gap_a_stream_may_be_elsewhere() -> None:
    values = temperature()
    values[2100:] += 15
    silent = values.copy()
    silent[2000:2100] = np.nan
    assert alarms(Rate(), values, silent) == [[2100], []]


def test_a_stream_that_is_asked_for_more_says_less() -> None:
    detector, values = Rate(), temperature()
    values[2000:] += 15
    detector.ask(np.array([1.0, 9.0]))
    assert alarms(detector, values, values) == [[2000], []]


def test_what_cannot_be_is_told_of_when_it_begins_and_when_it_comes_back() -> None:
    detector, rows, who = Reach(), np.zeros(2, Reach.layout), np.array([0, 1])
    known = np.full(2, traits.UNKNOWN)
    known["low"][0], known["high"][0] = 0.0, 1.0
    detector.know(known)
    values = np.full(400, 0.5)
    values[100:150], values[152], values[300] = 1.2, -3, np.inf
    found, going_on = [], []
    for i, value in enumerate(values):
        verdicts = detector.score(rows, who, np.repeat(TIMES[i], 2), np.repeat(value, 2))
        detector.learn(rows, who, np.repeat(TIMES[i], 2), np.repeat(value, 2))
        found += [(i, each) for each in np.flatnonzero(verdicts.score >= ALARM).tolist()]
        assert verdicts.standing is not None
        going_on += [i] * int(verdicts.standing.sum())
    assert found == [(100, 0), (300, 0)]
    assert going_on == [*range(100, 150), 152, 300]
