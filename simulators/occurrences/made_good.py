"""What is held up for a while, and how it is made good once that is over."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulators.dice import Floats
from simulators.egov.books import HOUR, SPAN, book
from simulators.egov.units import Unit
from simulators.egov.worktime import BACK, CLOSES, DAY, LUNCH, OPENS, is_working
from simulators.happening import Happening
from simulators.rhythm import LOCAL_OFFSET

MADE_GOOD: Final = 4 * HOUR  # until all that was held up has been made good
SPAN_SECONDS: Final = SPAN * DAY


def going_on(part: Happening, at: Floats) -> NDArray[np.bool_]:
    """Whether it is going on."""
    return (at >= part.began_at) & (at < part.ended_at)


def held_back(part: Happening, at: Floats, moments: Floats, back: float, within: float) -> Floats:
    """Return what a count of the last hour changes where these moments fall into it.

    None of them is counted; a share of them comes evenly within so many seconds of the end.
    """
    lost = moments[(moments > part.began_at) & (moments < part.ended_at)]
    fewer = np.searchsorted(lost, at, side="right") - np.searchsorted(lost, at - HOUR, side="right")
    since = np.clip(at - part.ended_at, 0.0, within)
    before = np.clip(at - HOUR - part.ended_at, 0.0, within)
    return back * len(lost) * (since - before) / within - fewer


def gathered(part: Happening, at: Floats, an_hour: float) -> Floats:
    """Return how many wait who came at so many an hour, and are served one and a half as fast."""
    came = an_hour * (np.clip(at, part.began_at, part.ended_at) - part.began_at) / HOUR
    most = an_hour * (part.ended_at - part.began_at) / HOUR
    speed = max(1.5 * an_hour / HOUR, most / MADE_GOOD)
    waiting: Floats = np.maximum(0.0, came - speed * np.maximum(0.0, at - part.ended_at))
    return waiting


def moments_of(unit: Unit, what: str, part: Happening) -> Floats:
    """Return the moments within a part at which an office received or returned a dossier."""
    first, last = (
        int((at + LOCAL_OFFSET) // SPAN_SECONDS) for at in (part.began_at, part.ended_at)
    )
    found = []
    for span in range(first, last + 1):
        moments = getattr(book(unit, span), what)
        began = max(part.began_at, span * SPAN_SECONDS - LOCAL_OFFSET)
        ended = min(part.ended_at, (span + 1) * SPAN_SECONDS - LOCAL_OFFSET)
        found.append(moments[(moments >= began) & (moments < ended)])
    return np.concatenate(found)


def sessions(part: Happening) -> list[tuple[float, float]]:
    """Return the stretches of a part that lie within office hours."""
    found = []
    first = math.floor((part.began_at + LOCAL_OFFSET) / DAY)
    last = math.floor((part.ended_at + LOCAL_OFFSET) / DAY)
    days = np.arange(first, last + 1)
    for day in days[is_working(days)]:
        midnight = float(day * DAY - LOCAL_OFFSET)
        for opens, closes in ((OPENS, LUNCH), (BACK, CLOSES)):
            began_at = max(part.began_at, midnight + opens)
            ended_at = min(part.ended_at, midnight + closes)
            if ended_at > began_at:
                found.append((began_at, ended_at))
    return found
