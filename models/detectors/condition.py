"""What is news, what merely goes on, and what comes too late to be learned."""

import numpy as np

from models.detectors.promise import Bools, Ints, Rows
from models.reading import DAY, HOUR, MINUTE

# A reading so much older than the newest one is out of order, not out of date: ingest writes
# several batches at once.
LATE = 15 * MINUTE
LATE_NEWS = HOUR  # two late readings closer than this are one piece of news
# A stream that speaks of so long a stretch of the past and of nothing newer is not late: its
# clock was put back, or was wrong before.
PUT_BACK = 2 * DAY
# A condition goes on over so many samples that are not odd: one good value is no recovery.
PATIENCE = 3
NEVER = np.iinfo(np.int64).min + PUT_BACK

LAYOUT = [
    ("judged_until", "<i8"),
    ("odd_until", "<i8"),
    ("told_at", "<i8"),
    ("late_since", "<i8"),
    ("patience", "u1"),
]


def begin(rows: Rows) -> None:
    """Makes these records those of streams that nothing is known of."""
    for moment in ("judged_until", "odd_until", "told_at", "late_since"):
        rows[moment] = NEVER


def fresh(rows: Rows, who: Ints, time: Ints) -> Bools:
    """Which samples are to be learned: the others are far older than the newest of their stream."""
    newer: Bools = time > rows["judged_until"][who] - LATE
    return newer


def put_back(rows: Rows, who: Ints, time: Ints) -> Bools:
    """Which streams have spoken of nothing but the past for so long that their clock was wrong."""
    since = rows["late_since"][who]
    late = ~fresh(rows, who, time) & (since > NEVER)
    back: Bools = late & (np.abs(time - np.maximum(since, 0)) >= PUT_BACK)
    return back


def news(rows: Rows, who: Ints, time: Ints, alarms: Bools, mannered: Bools) -> Bools:
    """Which alarms (detectors, n) are told.

    mannered are the detectors that are silent while what they told goes on; of the others the
    first alarm of a condition is told. Of late samples one an hour is.
    """
    standing = rows["patience"][who] > 0
    told_at = np.maximum(rows["told_at"][who], time - 2 * LATE_NEWS)
    told_near = np.abs(time - told_at) < LATE_NEWS
    held_back = np.where(fresh(rows, who, time), standing & ~mannered[:, None], told_near)
    told: Bools = alarms & ~held_back
    return told


def learned(rows: Rows, who: Ints, time: Ints, told: Bools, goes_on: Bools) -> None:
    """Takes in of which samples something was told, and of which an oddness goes on."""
    now = fresh(rows, who, time)
    patience = rows["patience"][who]
    odd = told | (goes_on & (patience > 0) & now)
    odd_until = rows["odd_until"][who]
    rows["odd_until"][who] = np.where(odd, np.maximum(odd_until, time), odd_until)
    rows["told_at"][who] = np.where(told, time, rows["told_at"][who])
    waned = np.where(odd, PATIENCE, np.maximum(patience, 1) - 1)
    rows["patience"][who] = np.where(now, waned, patience)
    since = rows["late_since"][who]
    rows["late_since"][who] = np.where(now, NEVER, np.where(since > NEVER, since, time))
    rows["judged_until"][who] = np.maximum(rows["judged_until"][who], time)
