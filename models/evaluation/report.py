"""What a run over the Numenta Anomaly Benchmark comes to, by profile and by group."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.detectors.promise import Floats
from models.evaluation.corpus import Series
from models.evaluation.nab import (
    NO_WINDOW,
    PROFILES,
    Profile,
    at_threshold,
    optimised,
    ranked,
)

STANDARD = PROFILES[0]


def summary(series: Sequence[Series], scores: Sequence[Floats]) -> dict[str, Any]:
    """Scores by profile, and by group for the standard one.

    A group's `unseen` score is at the threshold that is best for all other groups; the
    `unseen` of all is their mean, weighted by windows.
    """
    everything = list(range(len(series)))
    best = {each.name: one(series, scores, everything, each) for each in PROFILES}
    threshold = best[STANDARD.name]["threshold"]
    names = sorted({each.group for each in series})
    groups = {each: group(series, scores, each, threshold) for each in names}
    windows = sum(each["windows"] for each in groups.values())
    unseen = sum(each["unseen"] * each["windows"] for each in groups.values())
    return {"profiles": best, "unseen": unseen / max(windows, 1), "groups": groups}


def one(
    series: Sequence[Series], scores: Sequence[Floats], chosen: list[int], profile: Profile
) -> dict[str, float]:
    """The best threshold for the chosen series, and its score."""
    alarms = ranked([series[i].truth for i in chosen], [scores[i] for i in chosen])
    outcome = optimised(alarms, profile)
    return {"score": outcome.normalised(profile), "threshold": outcome.threshold}


def group(
    series: Sequence[Series], scores: Sequence[Floats], name: str, threshold: float
) -> dict[str, float]:
    """A group at the common threshold, and at the one found without it."""
    inside = [i for i, each in enumerate(series) if each.group == name]
    others = [i for i, each in enumerate(series) if each.group != name]
    alarms = ranked([series[i].truth for i in inside], [scores[i] for i in inside])
    loud = alarms.score >= threshold
    without = one(series, scores, others, STANDARD)["threshold"]
    return {
        "score": at_threshold(alarms, STANDARD, threshold).normalised(STANDARD),
        "unseen": at_threshold(alarms, STANDARD, without).normalised(STANDARD),
        "windows": alarms.windows,
        "found": len(np.unique(alarms.window[loud & (alarms.window != NO_WINDOW)])),
        "false_alarms": int((loud & (alarms.window == NO_WINDOW)).sum()),
    }


def text(told: dict[str, Any]) -> str:
    """The summary as a table for a terminal."""
    lines = [f"{'profile':24}{'score':>8}{'threshold':>12}"]
    for name, each in told["profiles"].items():
        lines.append(f"{name:24}{each['score']:8.2f}{each['threshold']:12.6f}")
    lines += [
        "",
        f"{'standard, each group at the threshold of the others:':54}{told['unseen']:.2f}",
    ]
    lines += ["", f"{'group':24}{'score':>8}{'unseen':>8}{'found':>10}{'false':>7}"]
    for name, each in told["groups"].items():
        found = f"{each['found']}/{each['windows']}"
        lines.append(
            f"{name:24}{each['score']:8.2f}{each['unseen']:8.2f}{found:>10}{each['false_alarms']:7}"
        )
    return "\n".join(lines)


def lines(summaries: dict[str, dict[str, float]]) -> str:
    """A line a scorer, its figures in columns."""
    figures = list(next(iter(summaries.values())))
    heading = f"{'':12}" + "".join(f"{each:>17}" for each in figures)
    rows = (
        f"{name:12}" + "".join(f"{told[each]:17.3f}" for each in figures)
        for name, told in summaries.items()
    )
    return "\n".join([heading, *rows])


def listed(told: dict[str, float]) -> str:
    """One figure a line, its name before it."""
    return "\n".join(f"{name.replace('_', ' '):22}{figure:>16,}" for name, figure in told.items())
