"""Runs a detector over several series side by side, each sample judged before it is learned."""

from collections.abc import Sequence

import numpy as np

from models.detectors.ensemble import Ensemble
from models.detectors.promise import Floats, Ints, Verdicts


def judged(detector: Ensemble, times: Sequence[Ints], values: Sequence[Floats]) -> list[Verdicts]:
    """The verdicts on every series; the n-th turn judges the n-th sample of every series."""
    rows = np.zeros(len(times), detector.layout)
    lengths = np.array([len(each) for each in times])
    longest_first = np.argsort(-lengths, kind="stable")
    time = np.zeros((int(lengths.max(initial=0)), len(times)), np.int64)
    value = np.zeros(time.shape)
    for which, length in enumerate(lengths):
        time[:length, which], value[:length, which] = times[which], values[which]
    told = np.zeros((3, *time.shape))
    for turn in range(len(time)):
        who = longest_first[: int((lengths > turn).sum())]
        told[:, turn, who] = detector.judge(rows, who, time[turn, who], value[turn, who])[:3]
    return [Verdicts(*told[:, :length, which]) for which, length in enumerate(lengths)]


def scores(detector: Ensemble, times: Sequence[Ints], values: Sequence[Floats]) -> list[Floats]:
    """The score of every sample."""
    return [each.score for each in judged(detector, times, values)]
