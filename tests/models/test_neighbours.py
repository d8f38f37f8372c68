"""A stream is held against its like: what all of them do together is nobody's fault."""

import numpy as np

from models.detectors import traits
from models.detectors.neighbours import Neighbours
from models.reading import DAY, MINUTE

MEMBERS, A_DAY = 8, 144
SAMPLES = 4 * A_DAY
CADENCE = 10 * MINUTE
START = 20_000 * DAY


def world(seed: int = 1) -> np.ndarray:
    """A day that all share, lights that go on for all at once, and a noise of each one's own."""
    dice = np.random.default_rng(seed)
    of_day = np.arange(SAMPLES) % A_DAY / A_DAY
    shared = 10 * np.sin(2 * np.pi * of_day) + 30 * (of_day > 0.75)
    sizes = 1 + 0.1 * np.arange(MEMBERS)
    told: np.ndarray = shared[:, None] * sizes + dice.normal(0, 0.2, (SAMPLES, MEMBERS))
    return told


def alarms(value: np.ndarray, *, family: int = 7) -> list[tuple[int, int]]:
    """(sample, stream) of every alarm."""
    detector = Neighbours()
    known = np.full(MEMBERS, traits.UNKNOWN)
    known["family"] = family
    detector.know(known)
    rows, who = np.zeros(MEMBERS, detector.layout), np.arange(MEMBERS)
    found = []
    for sample, values in enumerate(value):
        time = np.full(MEMBERS, START + sample * CADENCE)
        score = detector.judge(rows, who, time, values).score
        found += [(sample, int(stream)) for stream in np.flatnonzero(score >= 0.995)]
    return found


def test_what_all_do_together_is_no_alarm_and_what_one_does_alone_is() -> None:
    value, morning = world(), 3 * A_DAY + A_DAY // 4
    value[morning:] += np.minimum(15, np.arange(SAMPLES - morning))[
        :, None
    ]  # a front, over everybody
    assert alarms(value) == []
    value[morning + 20 :, 3] += 8
    value[morning + 30, 5] += 12
    found = alarms(value)
    assert found[0] == (morning + 20, 3)
    assert next(each for each in found if each[1] == 5) == (morning + 30, 5)


def test_a_slow_drift_against_the_others_is_found_within_hours() -> None:
    value = world()
    value[3 * A_DAY :, 2] += np.linspace(0, 20, A_DAY)
    first = alarms(value)[0]
    assert first[1] == 2
    assert first[0] < 3 * A_DAY + 2 * A_DAY // 3


def test_it_serves_those_who_have_a_family() -> None:
    detector = Neighbours()
    known = np.full(8, traits.UNKNOWN)
    known["family"] = [1, 1, 1, 1, 2, 2, 2, 0]
    detector.know(known)
    assert detector.serves(np.arange(8)).tolist() == 4 * [True] + 4 * [False]
