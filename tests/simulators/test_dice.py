"""The dice: arrays throw what single throws give, wanderings are smooth, counts have their mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.dice import bells, bits, drift, even, evens, key_of, many_bits, poisson

keys = st.integers(0, (1 << 64) - 1)
numbers = st.lists(st.integers(-(1 << 62), 1 << 62), min_size=1, max_size=20)


@given(key=keys, thrown=numbers)
def test_an_array_is_thrown_as_its_numbers_are_one_by_one(key: int, thrown: list[int]) -> None:
    array = np.array(thrown, np.int64)
    assert many_bits(key, array).tolist() == [bits(key, number) for number in thrown]
    assert evens(key, array).tolist() == [even(key, number) for number in thrown]


@given(key=keys, thrown=numbers)
def test_a_throw_does_not_depend_on_its_neighbours(key: int, thrown: list[int]) -> None:
    array = np.array(thrown, np.int64)
    alone = [float(bells(key, array[place : place + 1])[0]) for place in range(len(array))]
    assert bells(key, array).tolist() == alone
    assert np.all(np.abs(bells(key, array)) <= 3.5)


def test_names_that_run_together_are_other_keys() -> None:
    assert key_of("ab", "c") != key_of("a", "bc")
    assert key_of(1, "x") == key_of("1", "x")
    assert len({key_of("asset", number) for number in range(10_000)}) == 10_000


def test_throws_are_even_and_bells_are_bells() -> None:
    thrown = np.arange(200_000)
    share = evens(key_of("even"), thrown)
    assert np.all((share >= 0) & (share < 1))
    assert np.histogram(share, 10, (0, 1))[0] == pytest.approx(np.full(10, 20_000), rel=0.04)
    bell = bells(key_of("bell"), thrown)
    assert (bell.mean(), bell.std()) == (pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.01))
    assert np.mean(np.abs(bell) < 1) == pytest.approx(0.68, abs=0.02)
    assert abs(np.corrcoef(bell[1:], bell[:-1])[0, 1]) < 0.01


@given(key=keys, start=st.integers(-(10**10), 10**10), period=st.floats(60, 1e6))
def test_a_wandering_is_bounded_and_turns_no_quicker_than_its_period(
    key: int, start: int, period: float
) -> None:
    at = start + np.arange(0, 5 * period, period / 50)
    wandered = drift(key, at, period)
    assert np.all(np.abs(wandered) <= 1)
    # Between two corners it goes 2 at most, in the middle one and a half times as fast.
    assert np.all(np.abs(np.diff(wandered)) <= 2 * 1.5 / 50 + 1e-4)


def test_a_wandering_uses_its_room_and_is_the_same_wherever_one_begins_to_look() -> None:
    at = np.arange(0, 1e6, 37.0)
    whole = drift(key_of("w"), at, 3600)
    assert whole.min() < -0.9
    assert whole.max() > 0.9
    pieces = [drift(key_of("w"), piece, 3600) for piece in np.array_split(at, 23)]
    assert np.array_equal(np.concatenate(pieces), whole)
    assert len(drift(1, np.zeros(0), 60)) == 0


@pytest.mark.parametrize("mean", [0.05, 1.0, 12.0, 480.0])
def test_counts_have_the_mean_and_the_spread_that_were_asked_for(mean: float) -> None:
    counts = np.array([poisson(key_of("p"), number, mean) for number in range(4000)])
    margin = 5 * (mean / 4000) ** 0.5
    assert counts.mean() == pytest.approx(mean, abs=margin)
    assert counts.var() == pytest.approx(mean, rel=0.35)


def test_what_never_happens_never_happens() -> None:
    assert {poisson(key_of("p"), number, 0.0) for number in range(1000)} == {0}
