"""Scores alarms against labelled rows and events: precision, recall, F1, events found, delay."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


class Marks(NamedTuple):
    """Counts over one or several series; an event is a run of labelled rows.

    delay is the sum of rows from the first labelled to the first alarm within found events.
    """

    hits: int = 0
    false_alarms: int = 0
    misses: int = 0
    events: int = 0
    found: int = 0
    delay: int = 0

    def plus(self, other: "Marks") -> "Marks":
        """Both together."""
        return Marks(*(mine + its for mine, its in zip(self, other, strict=True)))

    def summary(self) -> dict[str, float]:
        """Shares in [0, 1], and the mean delay in rows; 0 where there is nothing to divide by."""
        return {
            "precision": share(self.hits, self.hits + self.false_alarms),
            "recall": share(self.hits, self.hits + self.misses),
            "f1": share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses),
            "event_recall": share(self.found, self.events),
            "mean_delay_rows": share(self.delay, self.found),
        }


def share(part: int, whole: int) -> float:
    """The part of the whole; 0 of nothing."""
    return part / whole if whole else 0.0


def marks(alarm: Flags, label: Flags) -> Marks:
    """What alarms are worth, row by row and event by event.

    >>> marks(np.array([0, 0, 1, 1, 1], bool), np.array([0, 1, 1, 1, 0], bool))
    Marks(hits=2, false_alarms=1, misses=1, events=1, found=1, delay=1)
    """
    edges = np.diff(np.r_[False, label, False].astype(np.int8))
    events = list(zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True))
    delays = [int(alarm[first:end].argmax()) for first, end in events if alarm[first:end].any()]
    return Marks(
        hits=int((alarm & label).sum()),
        false_alarms=int((alarm & ~label).sum()),
        misses=int((~alarm & label).sum()),
        events=len(events),
        found=len(delays),
        delay=sum(delays),
    )
