"""How often somebody was told of something that was not so."""

from collections.abc import Collection
from dataclasses import dataclass

from simulators.scoring.case import Case
from simulators.scoring.window import Window


@dataclass(frozen=True)
class Alarms:
    """How many there were in the window, and how many of them were about no label."""

    count: int
    false: int
    false_per_shift: float  # of 8 hours


def anomalies_told(case: Case) -> Alarms:
    """Return the anomalies whose event time lies in the window; false: they belong to no label."""
    inside = [place for place, one in enumerate(case.anomalies) if case.window.holds(one.at)]
    return _alarms(case.window, inside, false_anomalies(case))


def false_anomalies(case: Case) -> list[int]:
    """Return the places of the anomalies in the window that belong to no label."""
    return [
        place
        for place, (anomaly, labels) in enumerate(zip(case.anomalies, case.of_anomaly, strict=True))
        if case.window.holds(anomaly.at) and not labels
    ]


def incidents_told(case: Case) -> Alarms:
    """Return the incidents that began in the window; false: no anomaly of theirs has a label.

    An incident rings once, when it begins: one from before the window that goes on in it rings
    nobody. Its anomalies say what it is about, not its own asset: an incident may take in those
    of several assets.
    """
    inside = [one.number for one in case.incidents if case.window.holds(one.began_at)]
    false = false_incidents(case)
    return _alarms(case.window, inside, [number for number in inside if number in false])


def false_incidents(case: Case) -> set[int]:
    """Return the numbers of the incidents none of whose anomalies belongs to a label."""
    paired = zip(case.anomalies, case.of_anomaly, strict=True)
    explained = {anomaly.incident for anomaly, labels in paired if labels}
    return {one.number for one in case.incidents} - explained


def _alarms(window: Window, inside: Collection[int], false: Collection[int]) -> Alarms:
    return Alarms(len(inside), len(false), len(false) / window.shifts)
