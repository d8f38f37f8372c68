"""When a message is due."""

import math
from threading import Event

from simulators.pace import Pace


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_the_first_is_due_at_once_and_the_rest_at_their_distance() -> None:
    clock = Clock(1000.0)
    pace = Pace(1.0, Event(), clock=clock)
    assert pace.delay(5_000) == 0
    assert pace.delay(65_000) == 60
    clock.now = 1070.0
    assert pace.delay(65_000) == -10


def test_sixty_times_faster_an_hour_is_a_minute() -> None:
    pace = Pace(60.0, Event(), clock=Clock(0.0))
    pace.delay(0)
    assert pace.delay(3_600_000) == 60


def test_as_fast_as_possible_never_waits() -> None:
    pace = Pace(math.inf, Event(), clock=Clock(0.0))
    pace.delay(0)
    assert pace.delay(10**12) == 0


def test_the_past_catches_up_with_the_clock_and_keeps_to_it() -> None:
    clock = Clock(100.0)
    pace = Pace(math.inf, Event(), ahead=False, clock=clock)
    assert pace.delay(10_000) <= 0
    assert pace.delay(90_000) <= 0
    assert pace.delay(100_000) == 0
    assert pace.delay(103_000) == 3


def test_who_says_stop_is_heard_before_and_while_waiting() -> None:
    stop = Event()
    pace = Pace(1.0, stop, clock=Clock(0.0))
    assert pace.wait_for(0)
    stop.set()
    assert not pace.wait_for(0)
    assert not pace.wait_for(10**12)
