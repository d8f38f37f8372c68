"""How fast recorded or simulated time passes on the wall clock."""

import math
import signal
import time
from collections.abc import Callable
from threading import Event
from types import FrameType
from typing import Final

AS_FAST_AS_POSSIBLE: Final = math.inf


class Pace:
    """Holds a message back until its moment has come, or until somebody says stop.

    Times are milliseconds since 1970. The first one asked for is due at once; a speed of 60 lets an
    hour pass in a minute. Where `ahead` is false nothing is due before its time on the wall clock:
    what begins in the past at any speed catches up with the present, and then keeps to it.
    """

    def __init__(
        self,
        speed: float,
        stop: Event,
        *,
        ahead: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._speed = speed
        self._stop = stop
        self._ahead = ahead
        self._clock = clock
        self._first: tuple[float, float] | None = None

    def wait_for(self, ts: float) -> bool:
        """Block until ts is due; return whether to go on."""
        delay = self.delay(ts)
        return not (self._stop.wait(delay) if delay > 0 else self._stop.is_set())

    def delay(self, ts: float) -> float:
        """Return the seconds until ts is due, which are under 0 where it is late."""
        now = self._clock()
        if self._first is None:
            self._first = (now, ts)
        began_at, first = self._first
        due = began_at + (ts - first) / 1000 / self._speed
        return (due if self._ahead else max(due, ts / 1000)) - now


def stop_on_signal() -> Event:
    """Return an event that Ctrl-C or SIGTERM sets; the second Ctrl-C interrupts for good."""
    stop = Event()

    def _ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, _ask)
    signal.signal(signal.SIGTERM, _ask)
    return stop
