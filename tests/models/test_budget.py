from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import budget
from models.budget import FAINTEST, LEAST, MOST, Bound, asked, cut, shift_of, threshold

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LOUD = st.lists(st.floats(0.66, 6.0) | st.sampled_from([0.7, 1.0, 2.0]), min_size=1, max_size=40)


@given(loud=LOUD, shifts=st.integers(6, 60), promised=st.floats(0.05, 20))
@settings(max_examples=200, deadline=None)
def test_whatever_the_scores_the_expected_number_over_the_threshold_keeps_the_promise(
    loud: list[float], shifts: int, promised: float
) -> None:
    """Exact: of exchangeable scores each one is equally likely to be the one that comes next."""
    *_, newest = loud
    over = 0
    for i in range(len(loud)):
        past = loud[:i] + loud[i + 1 :]
        over += loud[i] >= cut(past, shifts, promised) if past else 0
    past_count = len(loud) - 1
    a_shift = past_count / shifts
    expected = a_shift * over / len(loud)
    assert newest > 0
    assert expected <= promised * (1 + 1e-9)


def test_the_promise_holds_on_streams_of_any_tail() -> None:
    dice = np.random.default_rng(5)
    shifts, a_shift, promised = 42, 30, 2.0
    tails = (dice.exponential(size=200_000), dice.pareto(1.2, 200_000), dice.random(200_000))
    for tail in tails:
        seen = []
        for _ in range(150):
            drawn = FAINTEST + dice.choice(tail, (shifts + 1) * a_shift)
            past, after = drawn[:-a_shift].tolist(), drawn[-a_shift:]
            seen.append((after >= cut(past, shifts, promised)).sum())
        assert np.mean(seen) == pytest.approx(promised, abs=0.4)


@given(loud=LOUD, shifts=st.floats(0, 60), promised=st.floats(0.05, 20), least=st.floats(0.8, 1))
def test_a_threshold_stays_within_its_bounds_and_says_why(
    loud: list[float], shifts: float, promised: float, least: float
) -> None:
    found = threshold(loud, shifts, promised, least=least)
    assert LEAST <= min(least, 1.0) <= found.factor <= MOST
    if found.bound in (Bound.CALIBRATED, Bound.FLOOR):
        assert found.expected <= promised * (1 + 1e-9) * (len(loud) + 1) / len(loud)
    if found.bound is Bound.LEARNING:
        assert found.factor == 1.0


def test_too_many_alarms_raise_the_threshold_and_too_few_do_not_lower_it_unasked() -> None:
    noisy = [1.0 + i / 1000 for i in range(1000)]
    raised = threshold(noisy, 40, 5)
    assert (raised.bound, round(raised.factor, 2)) == (Bound.CALIBRATED, 1.8)
    assert raised.expected <= 5
    quiet = threshold([0.7, 0.9], 40, 5)
    assert (quiet.bound, quiet.factor) == (Bound.FLOOR, 1.0)
    assert threshold([0.7, 0.9], 40, 5, least=0.8).factor == 0.8


def test_what_no_threshold_can_promise_is_said() -> None:
    assert threshold([9.0] * 500, 40, 5).bound is Bound.CEILING
    assert threshold([1.0], 40, 0.001).bound is Bound.CEILING


def test_without_a_past_nothing_is_changed() -> None:
    assert threshold([], 0, 5) == (1.0, Bound.LEARNING, 0.0)
    assert threshold([5.0] * 100, 5.9, 5).factor == 1.0
    assert threshold([], 40, 5) == (1.0, Bound.FLOOR, 0.0)


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf")])
def test_what_is_no_budget_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        threshold([1.0], 40, wrong)


@given(st.lists(st.floats(0.1, 9)), st.floats(0.1, 9))
def test_no_stream_is_mute_and_none_a_flood(desks: list[float], said: float) -> None:
    assert LEAST <= asked(desks, said) <= MOST


@given(st.floats(0, 1))
def test_a_score_and_its_loudness_are_one(score: float) -> None:
    assert budget.score_of(budget.loudness(score)) == pytest.approx(score, abs=1e-9)


def test_shifts_follow_the_clock_on_the_wall() -> None:
    found = list(budget.shifts_between(AT, AT + timedelta(days=1), 8, 6))
    assert [f"{each.began_at:%d %H:%M}" for each in found] == [
        "02 06:00",
        "02 14:00",
        "02 22:00",
        "03 06:00",
    ]
    assert shift_of(AT - timedelta(hours=3), 12, 7).began_at.hour == 19
