"""When a stream is out of its rhythm, and when it merely has one of its own."""

import numpy as np
import pytest

from models.detectors.glance import ALARM
from models.detectors.rhythm import Rhythm
from models.reading import HOUR, MINUTE, SECOND

DICE = np.random.default_rng(5)
BEGINNING = DICE.bit_generator.state
FAULT = 2500  # the sample from which on something is wrong
LENGTH = 4000


@pytest.fixture(autouse=True)
def _same_dice() -> None:
    """Each test has the same, whichever ran before it."""
    DICE.bit_generator.state = BEGINNING


def alarms(gaps: list[np.ndarray]) -> list[list[int]]:
    """Which samples of each of several streams, these seconds apart, are told of."""
    detector = Rhythm()
    rows, who = np.zeros(len(gaps), detector.layout), np.arange(len(gaps))
    times = np.cumsum(np.array(gaps) * SECOND, axis=1).astype(np.int64)
    scores = [detector.judge(rows, who, time, np.zeros(len(gaps))).score for time in times.T]
    return [np.flatnonzero(each >= ALARM).tolist() for each in np.array(scores).T]


def every_two_minutes() -> np.ndarray:
    return 120 + DICE.normal(0, 1, LENGTH)


def with_fault(gaps: np.ndarray, factor: np.ndarray | float, until: int = LENGTH) -> np.ndarray:
    changed = gaps.copy()
    changed[FAULT:until] *= factor if isinstance(factor, float) else factor[FAULT:until]
    return changed


def test_another_pace_is_told_of_once_and_soon() -> None:
    poisson = DICE.exponential(120, LENGTH)
    found = alarms(
        [
            with_fault(every_two_minutes(), 2.0),
            with_fault(every_two_minutes(), 0.5, until=FAULT + 300),
            with_fault(
                every_two_minutes(), 1.0 + (DICE.random(LENGTH) < 0.4)
            ),  # every third is lost
            with_fault(poisson, 6.0),
        ]
    )
    assert [len(each) for each in found] == [1, 1, 1, 1]
    assert max(each[0] for each in found) < FAULT + 60
    assert found[0][0] < FAULT + 12


def test_a_rhythm_of_its_own_is_left_alone() -> None:
    slow_at_night = np.tile(np.repeat([600.0, 120.0], [42, 510]), 8)[:LENGTH]
    in_packs = np.where(np.arange(LENGTH) % 10 == 0, 540.0, 6.0)
    streams = [
        every_two_minutes(),
        DICE.exponential(120, LENGTH),
        slow_at_night,
        in_packs * (1 + DICE.normal(0, 0.05, LENGTH)),
        with_fault(every_two_minutes(), 120.0, until=FAULT + 1),  # one gap of two hours
    ]
    assert alarms(streams) == [[]] * len(streams)


def test_a_change_that_is_told_of_becomes_the_rhythm() -> None:
    gaps = np.r_[every_two_minutes(), 2 * every_two_minutes(), every_two_minutes()]
    (found,) = alarms([gaps])
    assert [each // LENGTH for each in found] == [1, 2]


def test_readings_out_of_their_order_tell_nothing() -> None:
    detector, rows, who = Rhythm(), np.zeros(1, Rhythm.layout), np.array([0])
    for i in range(4000):
        late = i * MINUTE - (HOUR if i % 3 == 0 else 0)
        assert detector.judge(rows, who, np.array([late]), np.zeros(1)).score[0] < ALARM
