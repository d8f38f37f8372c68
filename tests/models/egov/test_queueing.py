"""How long people wait at counters, and how many counters keep it short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.egov.queueing import (
    Load,
    counters_for_share,
    counters_for_wait,
    erlang_c,
    queue,
)

LOAD = Load(arrivals=20, service=6)
LOADS = st.builds(Load, st.floats(0, 600), st.floats(0.5, 60))


def test_three_counters_for_twenty_an_hour_of_six_minutes() -> None:
    found = queue(LOAD, 3)
    assert found.waiting == pytest.approx(4 / 9)
    assert found.wait == pytest.approx(2.667, abs=0.001)
    assert found.utilisation == pytest.approx(2 / 3)
    assert found.length == pytest.approx(20 * (8 / 3) / 60)
    assert found.in_time == pytest.approx(1 - 4 / 9 * 2.718281828 ** (-15 / 6))
    assert not found.overloaded


@pytest.mark.parametrize(("counters", "used"), [(1, 2.0), (2, 1.0)])
def test_a_line_that_only_grows_has_no_wait(counters: int, used: float) -> None:
    found = queue(LOAD, counters)
    assert found.overloaded
    assert found.utilisation == used
    assert (found.waiting, found.wait, found.length, found.in_time) == (1.0, None, None, 0.0)
    assert queue(LOAD, 0).overloaded


def test_the_fewest_counters_that_do() -> None:
    assert counters_for_wait(LOAD, 2.7) == 3
    assert counters_for_wait(LOAD, 2.6) == 4
    assert counters_for_share(LOAD, 0.95) == 3
    assert counters_for_share(LOAD, 0.99) == 4
    assert counters_for_wait(Load(10_000, 60), 1.0) is None


def test_nobody_waits_where_nobody_comes() -> None:
    found = queue(Load(0, 6), 1)
    assert (found.wait, found.in_time, found.utilisation) == (0.0, 1.0, 0.0)
    assert counters_for_wait(Load(0, 6), 0.0) == 1


def test_a_load_that_makes_no_sense_is_refused() -> None:
    for load in (Load(-1, 6), Load(20, 0), Load(float("nan"), 6)):
        with pytest.raises(ValueError, match="no load"):
            queue(load, 3)


@given(load=LOADS, counters=st.integers(1, 120))
def test_one_counter_more_never_makes_it_worse(load: Load, counters: int) -> None:
    one, more = queue(load, counters), queue(load, counters + 1)
    assert 0 <= more.waiting <= one.waiting <= 1
    assert one.in_time <= more.in_time <= 1
    if one.wait is not None:
        assert more.wait is not None
        assert more.wait <= one.wait


@given(offered=st.floats(0.01, 0.99))
def test_at_one_counter_one_waits_as_often_as_it_is_busy(offered: float) -> None:
    assert erlang_c(offered, 1) == pytest.approx(offered)


@given(load=LOADS, wait=st.floats(0.01, 30))
def test_one_counter_fewer_would_not_do(load: Load, wait: float) -> None:
    found = counters_for_wait(load, wait)
    if found is not None and found > 1:
        assert (queue(load, found).wait or 0.0) <= wait
        fewer = queue(load, found - 1).wait
        assert fewer is None or fewer > wait
