"""The causes behind the labels, and how many incidents each of them led to."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from simulators.labels import Label, spoken
from simulators.scoring.case import Case


@dataclass(frozen=True)
class Cause:
    """One thing that went wrong, at one asset or many; moments are seconds since 1970.

    delay is from the beginning of its first label to the first anomaly of any of them. incidents
    are those that took in an anomaly of its labels: one is ideal, since one cause is one thing to
    do. None at all is a cause that nobody was told of.
    """

    cause: str
    kinds: tuple[str, ...]
    natures: tuple[str, ...]
    began_at: float
    ended_at: float
    labels: int
    found: int
    delay: float | None  # s
    incidents: tuple[int, ...]  # their numbers


def cause_of(label: Label) -> str:
    """Return the cause of a label; one that names none is a cause of its own."""
    return label.cause or f"{label.kind} {label.asset} {spoken(label.began_at)}"


def causes(case: Case) -> list[Cause]:
    """Return the causes of the judged labels, in the order they began."""
    places = defaultdict[str, list[int]](list)
    for place in case.judged:
        places[cause_of(case.labels[place])].append(place)
    found = [_cause(case, name, of_it) for name, of_it in places.items()]
    return sorted(found, key=lambda one: (one.began_at, one.cause))


def incidents_per_cause(found: list[Cause]) -> dict[int, int] | None:
    """Return how many causes led to no incident, to one, to two, ...; None without a cause."""
    counts = Counter(len(cause.incidents) for cause in found)
    return dict(sorted(counts.items())) or None


def _cause(case: Case, name: str, places: list[int]) -> Cause:
    labels = [case.labels[place] for place in places]
    spoke = sorted({anomaly for place in places for anomaly in case.of_label[place]})
    began_at = min(label.began_at for label in labels)
    numbers = {case.anomalies[anomaly].incident for anomaly in spoke}
    return Cause(
        cause=name,
        kinds=tuple(sorted({label.kind for label in labels})),
        natures=tuple(sorted({label.nature.value for label in labels})),
        began_at=began_at,
        ended_at=max(label.ended_at for label in labels),
        labels=len(labels),
        found=sum(bool(case.of_label[place]) for place in places),
        delay=case.anomalies[spoke[0]].at - began_at if spoke else None,
        incidents=tuple(sorted(number for number in numbers if number is not None)),
    )
