"""How much of what went wrong was found, and how soon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simulators.scoring.case import Case
from simulators.scoring.causes import cause_of


@dataclass(frozen=True)
class Recall:
    """What was found of some labels.

    A label is found when any anomaly belongs to it, a cause when any of these labels of it is:
    operators need one sign of a flood, not one from every gauge. found_on_metric counts the
    labels found by an anomaly of the very metric they name (any, where they name none), which is
    the stricter reading: on a label that lasts for days, another metric may be odd by accident.
    Shares are None where there is nothing to have a share of.
    """

    labels: int
    found: int
    recall: float | None
    found_on_metric: int
    causes: int
    causes_found: int
    cause_recall: float | None
    delay_median: float | None  # s
    delay_p90: float | None  # s


def recall(case: Case, labels: Sequence[int]) -> Recall:
    """Return the recall of labels, given by their places in the case."""
    found = [place for place in labels if case.of_label[place]]
    causes = {cause_of(case.labels[place]) for place in labels}
    causes_found = {cause_of(case.labels[place]) for place in found}
    delays = [delay for place in found if (delay := case.delay(place)) is not None]
    return Recall(
        labels=len(labels),
        found=len(found),
        recall=share(len(found), len(labels)),
        found_on_metric=sum(_on_metric(case, place) for place in found),
        causes=len(causes),
        causes_found=len(causes_found),
        cause_recall=share(len(causes_found), len(causes)),
        delay_median=quantile(delays, 0.5),
        delay_p90=quantile(delays, 0.9),
    )


def recall_by_kind(case: Case) -> dict[str, Recall]:
    """Return the recall of each kind that the judged labels name, in the order of the alphabet."""
    kinds = sorted({case.labels[place].kind for place in case.judged})
    return {
        kind: recall(case, [place for place in case.judged if case.labels[place].kind == kind])
        for kind in kinds
    }


def share(part: int, whole: int) -> float | None:
    """Return the part of a whole, None of nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


def quantile(values: Iterable[float], at: float) -> float | None:
    """Return the quantile, straight between the two nearest values, None of no values.

    >>> quantile([10.0, 20.0], 0.9), quantile([], 0.5)
    (19.0, None)
    """
    found = list(values)
    return float(np.quantile(found, at)) if found else None


def _on_metric(case: Case, label: int) -> bool:
    metric = case.labels[label].metric
    return any(metric in ("", case.anomalies[place].metric) for place in case.of_label[label])
