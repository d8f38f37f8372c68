"""Level of service as the Highway Capacity Manual grades it, and when a road is congested."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import delay, traffic
from models.city.delay import Delays, State
from models.city.series import OutOfOrder
from models.city.traffic import Rules
from models.reading import MINUTE

START = 1_767_225_600_000_000
FREE = 50.0
SPEEDS = st.lists(st.none() | st.floats(0, 60), max_size=60)


def minutes(count: int) -> np.ndarray:
    return START + np.arange(count) * MINUTE


def followed(state: State, speeds: Sequence[float | None], since: int = 0) -> delay.Course:
    values = np.array(speeds, dtype=np.float64)
    times = minutes(since + len(speeds))[since:]
    return traffic.congestion(Rules().checked(), state, times, values, FREE)


@pytest.mark.parametrize(
    ("share", "letter"),
    [
        (1.10, "A"),
        (0.86, "A"),
        (0.85, "B"),
        (0.67, "C"),
        (0.50, "D"),
        (0.40, "E"),
        (0.30, "F"),
        (0.0, "F"),
    ],
)
def test_a_level_of_service_goes_by_the_share_of_free_flow(share: float, letter: str) -> None:
    assert traffic.level_of_service(share, 1.0) == letter


@pytest.mark.parametrize(("density", "letter"), [(11, "A"), (18, "B"), (35, "D"), (46, "F")])
def test_an_occupancy_is_graded_by_the_density_it_stands_for(density: float, letter: str) -> None:
    occupancy = density * 6.5 / 1609.344
    assert traffic.level_of_service(None, None, occupancy) == letter


def test_the_worse_measure_counts_and_a_missing_one_does_not() -> None:
    assert traffic.level_of_service(45, FREE, 0.5) == "F"
    assert traffic.level_of_service(10, FREE, 0.0) == "F"
    assert traffic.level_of_service(45, FREE, float("nan")) == "A"
    assert traffic.level_of_service(45, None) is None
    assert traffic.level_of_service(45, 0) is None


@given(one=st.floats(0, 100), two=st.floats(0, 100))
def test_a_faster_road_is_never_served_worse(one: float, two: float) -> None:
    slow, fast = sorted([one, two])
    better, worse = (traffic.level_of_service(each, FREE) for each in (fast, slow))
    assert better is not None
    assert worse is not None
    assert better <= worse


def test_a_travel_time_index_is_how_many_times_as_long_a_trip_takes() -> None:
    assert traffic.travel_time_index(25, FREE) == 2.0
    assert traffic.travel_time_index(0, FREE) is None
    assert traffic.travel_time_index(None, FREE) is None


def test_congestion_begins_after_its_delay_and_ends_after_its_own() -> None:
    found = followed(State(), [40] * 3 + [20] * 8 + [28] * 5 + [45] * 12)
    assert np.flatnonzero(np.diff(found.on.astype(int), prepend=0)).tolist() == [8, 26]
    assert found.state == State(on=False, since=START + 26 * MINUTE)


def test_one_slow_minute_is_no_congestion_and_one_free_one_no_end() -> None:
    assert not followed(State(), [45, 10, 45, 10, 10, 45] * 5).on.any()
    assert followed(State(on=True), [10, 45, 45, 10, 28, 45] * 5).on.all()


def test_silence_neither_begins_nor_ends_congestion() -> None:
    found = followed(State(), [20, None, None, None, None, 20, None])
    assert found.on.tolist() == [False] * 5 + [True] * 2
    nothing = followed(State(on=True, since=START), [None, None])
    assert nothing.on.tolist() == [True, True]
    assert nothing.state == State(on=True, since=START)


@given(speeds=SPEEDS, cut=st.integers(0, 60))
def test_congestion_cut_anywhere_is_the_same(speeds: list[float | None], cut: int) -> None:
    whole, first = followed(State(), speeds), followed(State(), speeds[:cut])
    second = followed(first.state, speeds[cut:], since=min(cut, len(speeds)))
    assert [*first.on, *second.on] == whole.on.tolist()
    assert second.state == whole.state


@given(yes=st.lists(st.booleans(), max_size=40))
def test_without_delays_the_word_is_the_moment_s(yes: list[bool]) -> None:
    on = np.array(yes, np.bool_)
    found = delay.steady(Delays(0, 0), State(), minutes(len(yes)), on, ~on)
    assert found.on.tolist() == yes


def test_what_goes_back_or_contradicts_itself_is_refused() -> None:
    with pytest.raises(OutOfOrder, match="must not go back"):
        traffic.congestion(Rules(), State(), minutes(2)[::-1], np.array([1.0, 2.0]), FREE)
    with pytest.raises(ValueError, match="no less speed"):
        Rules(slow=0.6, free=0.5).checked()
