"""The stretch of event time that is looked at."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from simulators.labels import Label, spoken

SHIFT: Final = 8 * 3600.0  # s: what one operator is on duty for, and false alarms are counted by


class BadWindow(Exception):
    """A window that cannot be looked at."""


class Window(NamedTuple):
    """From began_at on, before ended_at; seconds since 1970."""

    began_at: float
    ended_at: float

    @property
    def shifts(self) -> float:
        """How many shifts of 8 hours it lasts."""
        return (self.ended_at - self.began_at) / SHIFT

    def holds(self, at: float) -> bool:
        """Whether a moment lies in it."""
        return self.began_at <= at < self.ended_at


def window_of(
    labels: Sequence[Label], grace: float, began_at: float | None, ended_at: float | None
) -> Window:
    """Return the window as it was asked for; what was not asked for, the labels say.

    It then begins `grace` seconds before the first label and ends as long after the last: what
    is noticed of the last one falls in it. Raises BadWindow.
    """
    if not labels and (began_at is None or ended_at is None):
        raise BadWindow("there are no labels that could say the window: give --from and --to")
    if began_at is None:
        began_at = min(label.began_at for label in labels) - grace
    if ended_at is None:
        ended_at = max(label.ended_at for label in labels) + grace
    try:
        first, last = spoken(began_at), spoken(ended_at)
    except (ValueError, OverflowError) as why:  # beyond an end of the calendar
        raise BadWindow(f"the window cannot be: {why}") from why
    if ended_at <= began_at:
        raise BadWindow(f"the window ends at {last}, before it begins at {first}")
    return Window(began_at, ended_at)


def heard_until(labels: Iterable[Label], window: Window, grace: float) -> float:
    """Return until when anomalies can belong to a label that begins in the window."""
    ends = [label.ended_at + grace for label in labels if window.holds(label.began_at)]
    return max([window.ended_at, *ends])
