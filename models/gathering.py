"""What belongs to one incident, and how two accounts of the same time differ."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from models.incident import Severity, worst

# Two anomalies of a stream closer than this are one condition (an incident is over after as
# long, by default), and two accounts of an incident that lie so near tell of the same.
QUIET = timedelta(minutes=30)
NEAR = timedelta(hours=1)


class Odd(NamedTuple):
    """An odd reading of a stream; said is the word of a rule, None of a detector."""

    stream_id: int
    time: datetime
    score: float
    said: Severity | None = None


class Gathered(NamedTuple):
    """What the anomalies of one stream say together."""

    stream_id: int
    score: float
    anomalies: int
    began_at: datetime
    last_anomaly_at: datetime
    said: Severity | None


class Difference(NamedTuple):
    """Of what was and what would be: the same (was, would be), what is new, what is gone."""

    same: list[tuple[Gathered, Gathered]]
    new: list[Gathered]
    gone: list[Gathered]


def together(found: Sequence[Odd]) -> Gathered:
    """What these anomalies of one stream say, one at least, in any order."""
    times = [odd.time for odd in found]
    return Gathered(
        stream_id=found[0].stream_id,
        score=max(odd.score for odd in found),
        anomalies=len(found),
        began_at=min(times),
        last_anomaly_at=max(times),
        said=worst(odd.said for odd in found if odd.said),
    )


def gathered(found: Iterable[Odd], quiet: timedelta = QUIET) -> list[Gathered]:
    """The incidents of anomalies: of one stream each, and no further apart than `quiet`."""
    ordered = sorted(found, key=lambda odd: (odd.stream_id, odd.time))
    incidents: list[Gathered] = []
    for _, of_stream in groupby(ordered, key=lambda odd: odd.stream_id):
        run: list[Odd] = []
        for odd in of_stream:
            if run and odd.time - run[-1].time > quiet:
                incidents.append(together(run))
                run = []
            run.append(odd)
        incidents.append(together(run))
    return incidents


def compared(
    was: Sequence[Gathered], would_be: Sequence[Gathered], near: timedelta = NEAR
) -> Difference:
    """How two accounts differ: each incident has at most one counterpart, the nearest go first."""
    left, new = dict(enumerate(was)), dict(enumerate(would_be))
    same = []
    for one, other in nearest(was, would_be, near):
        if one in left and other in new:
            same.append((left.pop(one), new.pop(other)))
    same.sort(key=lambda pair: pair[0].began_at)
    return Difference(same, list(new.values()), list(left.values()))


def nearest(
    was: Sequence[Gathered], would_be: Sequence[Gathered], near: timedelta
) -> list[tuple[int, int]]:
    """The places of all pairs that may be one incident, those that began nearest first."""
    of_stream: dict[int, list[int]] = {}
    for place, each in enumerate(was):
        of_stream.setdefault(each.stream_id, []).append(place)
    pairs = [
        (abs(was[one].began_at - each.began_at), one, other)
        for other, each in enumerate(would_be)
        for one in of_stream.get(each.stream_id, [])
        if meet(was[one], each, near)
    ]
    return [(one, other) for _, one, other in sorted(pairs)]


def meet(one: Gathered, other: Gathered, near: timedelta) -> bool:
    """Whether two incidents of a stream overlap, or nearly do."""
    return (
        one.began_at <= other.last_anomaly_at + near
        and other.began_at <= one.last_anomaly_at + near
    )
