"""Draws one judged series: the value, its band, the labels, the score and the alarms."""

from pathlib import Path

import matplotlib as mpl
import numpy as np

from models.detectors.ensemble import ALARM
from models.detectors.promise import Verdicts
from models.evaluation.corpus import Series
from models.evaluation.nab import NO_WINDOW

mpl.use("Agg")  # a file, on a machine without a screen

from matplotlib import pyplot as plt


def draw(series: Series, verdicts: Verdicts, file: Path) -> None:
    """Writes the picture as PNG."""
    time = series.time.astype("datetime64[us]")
    alarms = np.flatnonzero(verdicts.score >= ALARM)
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(14, 6), sharex=True, height_ratios=(3, 1), layout="constrained"
    )
    low, high = verdicts.expected - verdicts.band, verdicts.expected + verdicts.band
    above.fill_between(time, low, high, color="tab:blue", alpha=0.15, lw=0, label="band")
    above.plot(time, series.value, color="tab:blue", lw=0.7, label="value")
    above.plot(time[alarms], series.value[alarms], "v", color="tab:red", label="alarm")
    odd = series.truth.window != NO_WINDOW
    for panel in (above, below):
        panel.fill_between(
            time,
            *(0, 1),
            where=odd,
            color="tab:orange",
            alpha=0.25,
            lw=0,
            transform=panel.get_xaxis_transform(),
            label="labelled" if panel is above else None,
        )
    below.plot(time, verdicts.score, color="tab:grey", lw=0.7)
    below.axhline(ALARM, color="tab:red", lw=0.7)
    below.set(ylim=(0, 1.05), ylabel="score")
    above.set(title=series.name)
    above.legend(loc="upper left", ncols=4)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=100)
    plt.close(figure)
