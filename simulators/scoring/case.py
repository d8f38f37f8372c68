"""Which anomalies speak of which labels."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulators.labels import Label
from simulators.scoring.findings import Anomaly, Incident
from simulators.scoring.window import Window

Places = tuple[int, ...]  # in a case's list of labels, or of anomalies


@dataclass(frozen=True)
class Case:
    """The truth and what was noticed of it, side by side.

    judged are the labels that begin in the window. The others explain anomalies too: what a
    label from before the window does in it is no false alarm.
    """

    labels: tuple[Label, ...]
    anomalies: tuple[Anomaly, ...]  # oldest first
    incidents: tuple[Incident, ...]
    window: Window
    grace: float  # s
    judged: Places
    of_label: tuple[Places, ...]  # for each label its anomalies, oldest first
    of_anomaly: tuple[Places, ...]  # for each anomaly its labels

    def delay(self, label: int) -> float | None:
        """Return the seconds from a label's beginning to its first anomaly, None if not found."""
        spoke = self.of_label[label]
        return self.anomalies[spoke[0]].at - self.labels[label].began_at if spoke else None


def compare(
    labels: Iterable[Label],
    anomalies: Iterable[Anomaly],
    incidents: Iterable[Incident],
    window: Window,
    grace: float,
) -> Case:
    """Return the case of these labels.

    An anomaly belongs to a label of its asset within [from, to + grace]: silence, and what is
    derived from an hour of readings, is noticed after a while. Of several such labels it belongs
    to those that name its metric, or none; only where there are none of these to all, since a
    derived stream (flood_level of level_m, aqi of pm25, online of a silence) bears another name.
    """
    labels, incidents = tuple(labels), tuple(incidents)
    heard = list(anomalies)
    silent = [*_unheard(incidents, heard, window), *_members(incidents, heard, window)]
    told = tuple(sorted([*heard, *silent], key=lambda one: one.at))
    of_anomaly = tuple(
        _nearest(labels, anomaly, around)
        for anomaly, around in zip(told, _around(labels, told, grace), strict=True)
    )
    of_label: list[list[int]] = [[] for _ in labels]
    for place, belongs in enumerate(of_anomaly):
        for label in belongs:
            of_label[label].append(place)
    judged = tuple(place for place, one in enumerate(labels) if window.holds(one.began_at))
    spoke = tuple(map(tuple, of_label))
    return Case(labels, told, incidents, window, grace, judged, spoke, of_anomaly)


def _unheard(
    incidents: Iterable[Incident], anomalies: Iterable[Anomaly], window: Window
) -> list[Anomaly]:
    """Return an anomaly each for incidents none of whose own are there: they speak for themselves.

    It stands where the incident began, and no detector is known for it.
    """
    heard = {anomaly.incident for anomaly in anomalies}
    return [
        Anomaly(one.began_at, one.asset, one.metric, "", one.number)
        for one in incidents
        if one.number not in heard and window.holds(one.began_at)
    ]


def _members(
    incidents: Iterable[Incident], anomalies: Iterable[Anomaly], window: Window
) -> list[Anomaly]:
    """Return an anomaly each for assets that an incident names, and that have none of their own.

    The silence of a gateway is told once, and names everybody behind it.
    """
    heard = {(anomaly.incident, anomaly.asset) for anomaly in anomalies}
    return [
        Anomaly(since, asset, "", "", one.number)
        for one in incidents
        for since, asset in one.members
        if (one.number, asset) not in heard and window.holds(since)
    ]


def _around(labels: Sequence[Label], anomalies: Sequence[Anomaly], grace: float) -> list[list[int]]:
    """Return for each anomaly the labels of its asset it lies in, whatever their metric."""
    places, times = defaultdict[str, list[int]](list), defaultdict[str, list[float]](list)
    for place, anomaly in enumerate(anomalies):
        places[anomaly.asset].append(place)
        times[anomaly.asset].append(anomaly.at)
    around: list[list[int]] = [[] for _ in anomalies]
    for number, label in enumerate(labels):
        first = bisect_left(times[label.asset], label.began_at)
        after = bisect_right(times[label.asset], label.ended_at + grace)
        for place in places[label.asset][first:after]:
            around[place].append(number)
    return around


def _nearest(labels: Sequence[Label], anomaly: Anomaly, around: list[int]) -> Places:
    named = [place for place in around if labels[place].metric in ("", anomaly.metric)]
    return tuple(named or around)
