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


def test_a_backlog_that_comes_bit_by_bit_catches_up_and_is_no_wrong_clock() -> None:
    listener = Listener()
    for minute in range(1, 30):
        listener.hear(minute, [minute * MINUTE])
    for minute in range(150, 200):  # three readings a minute, until it has caught up
        begun = 30 + 3 * (minute - 150)
        listener.hear(minute, [(begun + each) * MINUTE for each in (0, 1, 2)])
    assert not listener.told


def test_who_has_always_been_late_has_a_long_way_and_no_wrong_clock() -> None:
    listener = Listener()
    for hour in range(2, 100):
        listener.hear(hour * 60, [(hour - 1) * HOUR])
    assert not listener.told


def test_when_all_are_behind_it_is_nobodys_clock_but_his_who_is_more_so() -> None:
    """A broker that kept an hour for us, a day that is lived through at the pace of the clock."""
    owner = np.arange(5)
    rows, last, told = conduct.blank(5), np.zeros(5, np.int64), []
    for minute in range(200, 260):
        times = [(minute - (90 if each < 4 or minute < 230 else 180)) * MINUTE for each in range(5)]
        arrival = frame(list(range(5)), times, [1.0] * 5)
        told += conduct.take(rows, last, owner, arrival, minute * MINUTE)
    ((row, what, value, at),) = told
    assert (row, what, value) == (4, "clock", 90 * 60)
    assert at == (232 - 90) * MINUTE  # as the others tell the time
    assert conduct.going_on(rows[4]) == ["clock"]


def test_what_two_workers_wrote_at_the_same_moment_has_no_order() -> None:
    rows, last, told = conduct.blank(1), np.zeros(1, np.int64), []
    for second in range(1, 200):  # each of them has every other reading, ten a second
        for worker in (1, 0):
            times = [second * SECOND + (2 * each + worker) * SECOND // 10 for each in range(5)]
            arrival = frame([0] * 5, times, [1.0] * 5)
            told += conduct.take(rows, last, np.zeros(1, np.int64), arrival, times[-1])
    assert not told


def test_what_came_again_counts_like_what_is_in_the_arrival() -> None:
    listener = Listener()
    for minute in range(1, 120):
        listener.hear(minute, [minute * MINUTE])
        if minute in {10, *range(60, 70)} or 20 <= minute < 40:
            # One burst, then its memory bit by bit, then a storm.
            repeated = minute if minute in {10, *range(60, 70)} else minute - 19
            again = frame([0, 1], [repeated * MINUTE] * 2, [19.0, 19.0])
            found = conduct.repeat(listener.rows, listener.last, STREAMS, again)
            listener.told += [(minute, each.what) for each in found]
    assert listener.told == [(61, "repeats")]
    assert conduct.going_on(listener.rows[0]) == []
