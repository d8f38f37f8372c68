"""A device that delivers wrongly is told of once, whatever its values say."""

import numpy as np

from models import conduct
from models.frame import Frame, frame
from models.reading import HOUR, MINUTE, SECOND

STREAMS = np.array([0, 0])  # both of one asset


class Listener:
    def __init__(self) -> None:
        self.rows, self.last = conduct.blank(1), np.zeros(2, np.int64)
        self.told: list[tuple[int, str]] = []

    def hear(self, minute: int, times: list[int]) -> None:
        arrival = sent(times)
        found = conduct.take(self.rows, self.last, STREAMS, arrival, minute * MINUTE + SECOND)
        self.told += [(minute, each.what) for each in found]


def sent(times: list[int]) -> Frame:
    """Messages with two metrics each, in this order."""
    twice = [time for time in times for _ in (0, 1)]
    return frame([0, 1] * len(times), twice, [1.0] * len(twice))


def test_a_device_that_delivers_well_is_not_told_of() -> None:
    listener = Listener()
    for minute in range(1, 200):
        listener.hear(minute, [minute * MINUTE])
    assert not listener.told


def test_a_clock_that_is_behind_is_told_at_the_third_message_and_once() -> None:
    listener = Listener()
    for minute in range(1, 60):
        off = 0 if minute < 30 else -90 * MINUTE
        listener.hear(minute, [HOUR * 3 + minute * MINUTE + off - 3 * HOUR])
    assert listener.told[:1] == [(32, "clock")]
    assert [what for _, what in listener.told].count("clock") == 1


def test_a_buffer_that_is_emptied_at_once_is_no_wrong_clock() -> None:
    listener = Listener()
    for minute in range(1, 30):
        listener.hear(minute, [minute * MINUTE])
    listener.hear(150, [minute * MINUTE for minute in range(30, 130)])
    listener.hear(151, [151 * MINUTE])
    assert not listener.told


def test_messages_many_times_over_are_a_storm_and_one_twice_is_not() -> None:
    listener = Listener()
    for minute in range(1, 60):
        copies = {20: 2}.get(minute, 20 if minute >= 40 else 1)
        listener.hear(minute, [minute * MINUTE] * copies)
    assert [what for _, what in listener.told] == ["repeats"]
    assert listener.told[0][0] in {40, 41}


def test_messages_in_another_order_are_told_of() -> None:
    listener, order = Listener(), (2, 0, 4, 1, 3)
    for minute in range(1, 100):
        place = minute - minute % 5 + order[minute % 5] if minute >= 50 else minute
        listener.hear(minute, [place * MINUTE])
    assert [what for _, what in listener.told] == ["disorder"]
    assert listener.told[0][0] < 60
