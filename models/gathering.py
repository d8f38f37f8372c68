"""What belongs to one incident, and how two accounts of the same time differ."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from models import correlate
from models.correlate import Sign
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
    """What anomalies say together; stream_id is that of the first of them."""

    stream_id: int
    score: float
    anomalies: int
    began_at: datetime
    last_anomaly_at: datetime
    said: Severity | None
    others: frozenset[int] = frozenset()  # the other streams that belong to it

    @property
    def streams(self) -> frozenset[int]:
        """All streams that belong to it."""
        return self.others | {self.stream_id}


class Difference(NamedTuple):
    """Of what was and what would be: the same (was, would be), what is new, what is gone."""

    same: list[tuple[Gathered, Gathered]]
    new: list[Gathered]
    gone: list[Gathered]


def together(found: Sequence[Odd]) -> Gathered:
    """What these anomalies say, one at least, in any order."""
    times = [odd.time for odd in found]
    first = min(found, key=lambda odd: (odd.time, odd.stream_id)).stream_id
    return Gathered(
        stream_id=first,
        score=max(odd.score for odd in found),
        anomalies=len(found),
        began_at=min(times),
        last_anomaly_at=max(times),
        said=worst(odd.said for odd in found if odd.said),
        others=frozenset(odd.stream_id for odd in found) - {first},
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


def correlated(found: Iterable[tuple[Odd, Sign]]) -> list[Gathered]:
    """The incidents of anomalies and the signs they are, of one stream or many: as intake has them.

    One that stood open when the next sign came is taken for over after `correlate.QUIET`.
    """
    ordered = sorted(found, key=lambda pair: (pair[1].time, pair[1].asset, pair[1].metric))
    odd_of = {(sign.asset, sign.metric, sign.time): odd for odd, sign in ordered}
    clusters = correlate.gathered(sign for _, sign in ordered)
    return [
        together([odd_of[sign.asset, sign.metric, sign.time] for sign in cluster.signs])
        for cluster in clusters
    ]


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
    of_stream: dict[int, set[int]] = {}
    for place, each in enumerate(was):
        for stream_id in each.streams:
            of_stream.setdefault(stream_id, set()).add(place)
    pairs = [
        (abs(was[one].began_at - each.began_at), one, other)
        for other, each in enumerate(would_be)
        for one in set().union(*(of_stream.get(stream_id, ()) for stream_id in each.streams))
        if meet(was[one], each, near)
    ]
    return [(one, other) for _, one, other in sorted(pairs)]


def meet(one: Gathered, other: Gathered, near: timedelta) -> bool:
    """Whether two incidents of a stream overlap in time, or nearly do."""
    return (
        one.began_at <= other.last_anomaly_at + near
        and other.began_at <= one.last_anomaly_at + near
    )
