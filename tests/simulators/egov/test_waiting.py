"""Waiting at counters: Erlang's formula, and a line on from where it ends."""

import numpy as np
import pytest

from simulators.egov.waiting import delayed, leaving, waits


def test_twenty_an_hour_of_six_minutes_at_three_counters_wait_two_minutes_and_a_half() -> None:
    found = waits(np.array([20.0]), 6.0, np.array([3.0]))
    assert delayed(np.array([2.0]), 3)[0] == pytest.approx(4 / 9)
    assert found.mean[0] == pytest.approx(2.667, abs=0.001)
    assert found.queue[0] == pytest.approx(20 * 2.667 / 60, abs=0.001)
    assert found.utilisation[0] == pytest.approx(2 / 3)
    assert found.half[0] == 0  # fewer than half wait at all
    assert found.tenth[0] == pytest.approx(np.log((4 / 9) / 0.1) * 6, abs=0.001)


def test_waits_grow_without_a_jump_far_beyond_what_the_counters_serve() -> None:
    found = waits(np.linspace(0, 60, 6001), 6.0, np.full(6001, 3.0))
    assert (np.diff(found.mean) >= 0).all()
    assert np.diff(found.mean).max() < 1
    assert found.mean[-1] > 60


def test_nobody_waits_where_counters_are_closed_or_nobody_comes() -> None:
    closed = waits(np.array([20.0, 0.0]), 6.0, np.array([0.0, 2.0]))
    assert closed.mean.tolist() == closed.queue.tolist() == closed.tenth.tolist() == [0, 0]


def test_who_waits_long_leaves() -> None:
    share = leaving(np.array([0.0, 10.0, 45.0, 300.0]))
    assert share[0] == 0
    assert (np.diff(share) > 0).all()
    assert share[-1] <= 0.3
