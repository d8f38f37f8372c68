"""What the ensemble finds, what it leaves alone, and that it never looks ahead."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detectors.ensemble import ALARM, Ensemble
from models.evaluation.streaming import scores
from models.reading import DAY, MINUTE

STEP = 10 * MINUTE
DAYS = 20
TIMES = np.arange(DAYS * 144) * STEP
ONE = np.array([0])


def noise(seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, len(TIMES))


def daily(seed: int = 7) -> np.ndarray:
    """A calm daily wave with a little noise."""
    return np.array(50 + 20 * np.sin(2 * np.pi * TIMES / DAY) + noise(seed))


def alarms(values: np.ndarray) -> list[int]:
    (score,) = scores(Ensemble(), [TIMES], [values])
    return np.flatnonzero(score >= ALARM).tolist()


def known() -> np.ndarray:
    """The record of a stream that has been known for a week."""
    rows = np.zeros(1, Ensemble.layout)
    detector, values = Ensemble(), daily()
    for i in range(7 * 144):
        detector.learn(rows, ONE, TIMES[i : i + 1], values[i : i + 1])
    return rows


KNOWN = known()
NEXT = TIMES[7 * 144 : 7 * 144 + 1]
ANY = st.floats(allow_nan=False, allow_infinity=True, width=64)


def test_a_spike_is_one_alarm_at_its_first_sample() -> None:
    values = daily()
    values[2000:2003] += 60
    assert [each for each in alarms(values) if 1900 < each < 2200] == [2000]


def test_a_new_level_is_found_within_a_few_samples() -> None:
    values = daily()
    values[2000:] += 45
    assert 2000 <= min(each for each in alarms(values) if each > 1900) <= 2003


def test_a_value_usual_at_noon_is_odd_at_midnight() -> None:
    values = daily()
    values[2060:2090] = 60 + noise()[2060:2090]  # the dip of the wave is at 2052 + 144 n
    values[2100:2120] = 68
    assert any(2060 <= each < 2130 for each in alarms(values))


def test_a_calm_day_is_left_alone() -> None:
    streams = [daily(seed) for seed in range(40)]
    found = [score >= ALARM for score in scores(Ensemble(), [TIMES] * 40, streams)]
    second_week = [each[7 * 144 :].sum() for each in found]
    assert np.mean(second_week) <= 1.0  # in 13 days


@pytest.mark.parametrize(
    "values",
    [np.full(3000, 3.25), np.full(3000, -1e300), np.full(3000, np.nan), np.zeros(1)],
    ids=["constant", "enormous", "no numbers", "one sample"],
)
def test_a_series_that_tells_nothing_raises_no_alarm(values: np.ndarray) -> None:
    times = np.arange(len(values)) * STEP
    (score,) = scores(Ensemble(), [times], [values])
    assert not score.any()


def test_what_is_no_number_is_passed_over() -> None:
    values = daily()
    with_holes, holes = values.copy(), np.arange(100, len(values), 7)
    with_holes[holes] = np.nan
    times, told = [TIMES, np.delete(TIMES, holes)], [with_holes, np.delete(values, holes)]
    holed, without = scores(Ensemble(), times, told)
    assert not holed[holes].any()
    assert np.delete(holed, holes).tolist() == without.tolist()


def test_cutting_a_series_short_changes_no_score_before_the_cut() -> None:
    values = daily()
    values[[900, 1500, 2400]] += 40
    cuts = (len(values), 1, 300, 901, 1502, 2500)
    whole, *short = scores(
        Ensemble(), [TIMES[:cut] for cut in cuts], [values[:cut] for cut in cuts]
    )
    assert (whole >= ALARM).any()
    assert [each.tobytes() for each in short] == [whole[:cut].tobytes() for cut in cuts[1:]]


def test_company_changes_no_score() -> None:
    (alone,) = scores(Ensemble(), [TIMES], [daily(1)])
    _, together, _ = scores(
        Ensemble(), [TIMES[:900], TIMES, TIMES], [daily(2)[:900], daily(1), daily(3)]
    )
    assert alone.tobytes() == together.tobytes()


def test_a_unit_changes_hardly_any_score() -> None:
    values = daily()
    values[[900, 1500, 2400]] += 40
    celsius, thousandths = scores(Ensemble(), [TIMES, TIMES], [values, 1024 * values])
    assert np.abs(celsius - thousandths).max() < 1e-6


@given(value=ANY)
@settings(max_examples=200)
def test_judging_at_one_go_is_scoring_and_then_learning(value: float) -> None:
    apart, at_once = KNOWN.copy(), KNOWN.copy()
    detector, sample = Ensemble(), np.array([value])
    score = detector.score(apart, ONE, NEXT, sample).score
    assert apart.tobytes() == KNOWN.tobytes()
    detector.learn(apart, ONE, NEXT, sample)
    assert detector.judge(at_once, ONE, NEXT, sample).score == score
    assert at_once.tobytes() == apart.tobytes()
    assert 0.0 <= score[0] <= 1.0


@given(values=st.lists(ANY, min_size=1, max_size=40))
@settings(max_examples=50)
def test_whatever_comes_the_record_stays_a_record_of_numbers(values: list[float]) -> None:
    rows, detector = KNOWN.copy(), Ensemble()
    for i, value in enumerate(values):
        verdicts = detector.judge(rows, ONE, NEXT + i * STEP, np.array([value]))
        assert 0.0 <= verdicts.score[0] <= 1.0
        assert np.isfinite(verdicts.expected[0])
        assert verdicts.band[0] >= 0


def test_a_stream_fits_a_record_of_a_page() -> None:
    assert Ensemble.layout.itemsize <= 1536
