"""What every detector promises, held against every detector."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detectors.band import Band
from models.detectors.drift import Drift
from models.detectors.ensemble import Ensemble, Settings
from models.detectors.flatline import Flatline
from models.detectors.level import Level
from models.detectors.neighbours import Neighbours
from models.detectors.neighbours import Settings as Kinship
from models.detectors.promise import UNSURE, AtOnce, Detector
from models.detectors.rate import Rate
from models.detectors.reach import Reach
from models.detectors.rhythm import Rhythm
from models.detectors.season import Season
from models.reading import HOUR, MINUTE

# With short warm-ups, so that the series of these tests come to be judged.
DETECTORS = [
    Level(memory=20, warm_up=5),
    Season(days=2),
    Ensemble(),
    Neighbours(Kinship(warm_up=5, warm_up_time=5 * HOUR)),
    Reach(),
    Rate(warm_up=5, warm_up_time=5 * HOUR),
    Rhythm(warm_up=5, warm_up_time=5 * HOUR),
    Band(days=1),
    Drift(warm_up=5, warm_up_time=5 * HOUR),
    Flatline(least=2, warm_up=5, warm_up_time=5 * HOUR),
]
ANY_VALUE = st.floats(allow_nan=False, allow_infinity=False, width=64)
SERIES = st.lists(ANY_VALUE, min_size=1, max_size=60)
ONE = np.array([0])

every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda each: each.name)


def at(hour: int) -> np.ndarray:
    return np.array([hour * HOUR])


def fed(detector: Detector, values: list[float]) -> np.ndarray:
    """One stream's record after these hourly values."""
    rows = np.zeros(1, detector.layout)
    for hour, value in enumerate(values):
        detector.learn(rows, ONE, at(hour), np.array([value]))
    return rows


@every_detector
@given(values=SERIES, asked=ANY_VALUE)
def test_a_score_is_a_share_whatever_came_before(
    detector: Detector, values: list[float], asked: float
) -> None:
    rows = fed(detector, values)
    verdicts = detector.score(rows, ONE, at(len(values)), np.array([asked]))
    assert 0.0 <= verdicts.score[0] <= 1.0
    assert np.isfinite(verdicts.expected[0])
    assert verdicts.band[0] >= 0


@every_detector
@given(values=SERIES, asked=ANY_VALUE)
def test_judging_changes_nothing(detector: Detector, values: list[float], asked: float) -> None:
    rows = fed(detector, values)
    before = rows.tobytes()
    detector.score(rows, ONE, at(len(values)), np.array([asked]))
    assert rows.tobytes() == before


@every_detector
@given(values=SERIES, after=SERIES)
def test_a_restored_detector_judges_the_same(
    detector: Detector, values: list[float], after: list[float]
) -> None:
    rows = fed(detector, values)
    restored = np.frombuffer(rows.tobytes(), detector.layout).copy()
    for hour, value in enumerate(after, start=len(values)):
        sample = np.array([value])
        verdicts = [detector.score(each, ONE, at(hour), sample).score for each in (rows, restored)]
        assert verdicts[0].tobytes() == verdicts[1].tobytes()
        for each in (rows, restored):
            detector.learn(each, ONE, at(hour), sample)
    assert rows.tobytes() == restored.tobytes()


@every_detector
def test_a_detector_that_has_seen_nothing_is_unsure(detector: Detector) -> None:
    rows = np.zeros(1, detector.layout)
    assert detector.score(rows, ONE, at(0), np.array([1e9])).score[0] == UNSURE


@every_detector
@given(values=SERIES)
def test_what_is_no_number_is_passed_over(detector: Detector, values: list[float]) -> None:
    rows = fed(detector, values)
    before = rows.tobytes()
    nothing = np.array([np.nan])
    assert detector.score(rows, ONE, at(len(values)), nothing).score[0] == UNSURE
    detector.learn(rows, ONE, at(len(values)), nothing)
    assert rows.tobytes() == before


@every_detector
@given(values=SERIES, asked=ANY_VALUE, hour=st.integers(-5, 80))
def test_judging_at_one_go_is_scoring_and_then_learning(
    detector: Detector, values: list[float], asked: float, hour: int
) -> None:
    if not isinstance(detector, AtOnce):
        return
    apart, at_once = fed(detector, values), fed(detector, values)
    sample = np.array([asked])
    score = detector.score(apart, ONE, at(hour), sample).score
    detector.learn(apart, ONE, at(hour), sample)
    assert detector.judge(at_once, ONE, at(hour), sample).score == score
    assert at_once.tobytes() == apart.tobytes()


@every_detector
@settings(max_examples=20)
@given(data=st.data())
def test_streams_do_not_touch_each_other(detector: Detector, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.tuples(ANY_VALUE, ANY_VALUE), min_size=1, max_size=30))
    both = np.zeros(2, detector.layout)
    for hour, pair in enumerate(values):
        detector.learn(both, np.array([0, 1]), np.repeat(at(hour), 2), np.array(pair))
    for which in (0, 1):
        alone = fed(detector, [pair[which] for pair in values])
        assert both[which].tobytes() == alone[0].tobytes()


@every_detector
def test_a_constant_stream_is_never_odd(detector: Detector) -> None:
    rows = np.zeros(1, detector.layout)
    for step in range(2000):
        time, value = np.array([step * 10 * MINUTE]), np.array([21.37])
        assert detector.score(rows, ONE, time, value).score[0] < 0.001
        detector.learn(rows, ONE, time, value)


@every_detector
def test_a_wrong_setting_is_refused(detector: Detector) -> None:
    wrong: dict[str, Any] = {
        "level": {"warm_up": 1},
        "season": {"days": 0},
        "ensemble": {"settings": Settings(warm_up=1)},
        "neighbours": {"settings": Kinship(warm_up=0)},
        "reach": {"calm": 0},
        "rate": {"warm_up": 0},
        "flatline": {"least": 1},
        "drift": {"warm_up": 0},
        "band": {"days": 0},
        "rhythm": {"warm_up": 1},
    }
    with pytest.raises(ValueError, match=r"warm-up|days|calm"):
        type(detector)(**wrong[detector.name])
