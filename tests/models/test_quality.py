"""Quality by range, rate and the device's word: laws, and a few plain cases."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.frame import Frame, frame
from models.quality import Belief, Rules
from models.reading import SECOND, Quality

READINGS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 10**12), st.floats(-1e100, 1e100)), max_size=30
)
WORD = st.sampled_from(list(Quality))


def of(readings: list[tuple[int, int, float]]) -> Frame:
    ids, times, values = (list(column) for column in zip(*readings, strict=True))
    return frame(ids, times, values)


def test_a_value_out_of_range_is_bad_and_its_bounds_are_good() -> None:
    rules = Rules()
    rules.know(7, Belief(low=0, high=100))
    judged = rules.judge(frame([7] * 4, [1, 2, 3, 4], [-1, 0, 100, 100.5]))
    assert judged.tolist() == [Quality.BAD, Quality.GOOD, Quality.GOOD, Quality.BAD]


def test_a_jump_is_uncertain_and_so_is_the_way_back_within_a_batch_or_between_two() -> None:
    rules = Rules()
    rules.know(7, Belief(max_rate=1.0))
    times = [second * SECOND for second in (10, 11, 12, 13)]
    judged = rules.judge(frame([7] * 4, times, [5.0, 50.0, 5.5, 6.0]))
    assert judged.tolist() == [0, Quality.UNCERTAIN, Quality.UNCERTAIN, 0]
    assert rules.judge(frame([7], [14 * SECOND], [60.0])).tolist() == [Quality.UNCERTAIN]
    assert rules.judge(frame([7], [1000 * SECOND], [60.5])).tolist() == [0]


def test_what_comes_out_of_order_does_not_become_the_last() -> None:
    rules = Rules()
    rules.know(7, Belief(max_rate=1.0))
    rules.judge(frame([7], [100 * SECOND], [5.0]))
    rules.judge(frame([7], [1 * SECOND], [90.0]))
    assert rules.judge(frame([7], [101 * SECOND], [5.5])).tolist() == [0]


def test_a_stream_that_nobody_has_rules_for_is_believed() -> None:
    assert Rules().judge(frame([5000], [1], [1e99])).tolist() == [0]


@given(readings=READINGS.filter(bool), data=st.data())
def test_a_devices_word_is_never_made_better(
    readings: list[tuple[int, int, float]], data: st.DataObject
) -> None:
    rules = Rules()
    for stream in range(6):
        rules.know(stream, Belief(-10, 10, 0.5))
    words = np.array([data.draw(WORD) for _ in readings], np.int8)
    kept = words.copy()
    judged = rules.judge(of(readings), words)
    assert (judged >= kept).all()
    assert (words == kept).all()
    assert set(judged.tolist()) <= set(map(int, Quality))
