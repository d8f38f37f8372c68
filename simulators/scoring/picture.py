"""The score as a picture: what was found and how soon, and all that happened along the time."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simulators.labels import Nature
from simulators.pictures.axis import VIETNAM, local_time
from simulators.scoring.alarms import false_anomalies, false_incidents
from simulators.scoring.case import Case
from simulators.scoring.causes import cause_of
from simulators.scoring.score import Score
from simulators.scoring.table import duration, percent

MOST_CAUSES: Final = 24  # that have a line each; more share one for each kind
LONGEST_NAME: Final = 34  # characters of a line's name
COLOURS: Final = {Nature.SENSOR: "#7da7d9", Nature.EVENT: "#f2a65a"}
NOTICED, TOLD, FAINT = "#333333", "#c0392b", "#e3e6ea"
NO_LABELS: Final = "không có nhãn nào trong thời gian này / no label in this time"
FALSE: Final = "báo nhầm / false"


class Line(NamedTuple):
    """A line of the timeline: its bars are labels, its ticks anomalies, both by their places."""

    name: str
    labels: list[int]
    anomalies: list[int]


def draw(case: Case, score: Score, path: Path) -> None:
    """Draw the picture into a PNG file; raises OSError where it cannot be written."""
    lines = timeline(case)
    upper, lower = 1.0 + 0.34 * max(len(score.kinds), 2), 1.0 + 0.34 * len(lines)
    figure = Figure(
        figsize=(13, upper + lower + 1.4),
        layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12),
        dpi=100,
    )
    panels = figure.subplot_mosaic(
        [["recall", "delay"], ["time", "time"]], height_ratios=[upper, lower]
    )
    figure.suptitle(_title(score), fontsize=13)
    _draw_recalls(panels["recall"], score)
    _draw_delays(panels["delay"], case, score)
    _draw_timeline(panels["time"], case, lines)
    figure.legend(handles=_legend(), ncols=4, loc="outside lower center", frameon=False, fontsize=9)
    figure.savefig(path, format="png")


def timeline(case: Case) -> list[Line]:
    """Return the lines from top to bottom: causes as they began, or kinds; then what was false."""
    causes = {cause_of(case.labels[place]) for place in case.judged}
    by_kind = len(causes) > MOST_CAUSES
    lines = dict[str, list[int]]()
    for place in sorted(case.judged, key=lambda place: case.labels[place].began_at):
        label = case.labels[place]
        name = label.kind if by_kind else cause_of(label)
        lines.setdefault(name, []).append(place)
    found = [Line(name, labels, _anomalies(case, labels)) for name, labels in lines.items()]
    return [*found, Line(FALSE, [], false_anomalies(case))]


def _anomalies(case: Case, labels: Sequence[int]) -> list[int]:
    return sorted({place for label in labels for place in case.of_label[label]})


def _title(score: Score) -> str:
    window, total = score.window, score.total
    return (
        f"Phát hiện so với sự thật / Found against the truth: {total.found} / {total.labels} "
        f"({percent(total.recall)})\n{_day(window.began_at)} - {_day(window.ended_at)}; "
        f"sự cố báo nhầm mỗi ca 8 giờ / false incidents a shift of 8 h: "
        f"{score.incidents.false_per_shift:.2f}"
    )


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, VIETNAM).strftime("%d/%m/%Y %H:%M")


def _draw_recalls(axes: Axes, score: Score) -> None:
    kinds = list(score.kinds)
    shares = [score.kinds[kind].recall or 0.0 for kind in kinds]
    axes.barh(kinds, [1.0] * len(kinds), color=FAINT, height=0.6)
    axes.barh(kinds, shares, color="#5b9e7d", height=0.6)
    for row, kind in enumerate(kinds):
        found = score.kinds[kind]
        axes.text(1.02, row, f"{found.found} / {found.labels}", va="center", fontsize=9)
    axes.set(xlim=(0, 1.16), xticks=[0, 0.5, 1], xticklabels=["0 %", "50 %", "100 %"])
    if not kinds:
        axes.text(0.58, 0, NO_LABELS, ha="center", va="center")
        axes.set_yticks([])
    axes.set_title("Tỷ lệ phát hiện / Recall (nhãn / labels)", fontsize=11, loc="left")
    _plain(axes, len(kinds))


def _draw_delays(axes: Axes, case: Case, score: Score) -> None:
    """Draw a dot a label, on a line from 0 to the 90th percentile, with the median across it."""
    kinds, longest = list(score.kinds), 1.0
    for row, kind in enumerate(kinds):
        found = score.kinds[kind]
        if found.delay_median is None or found.delay_p90 is None:
            axes.text(0, row, " -", va="center", fontsize=9)
            continue
        of_kind = [place for place in case.judged if case.labels[place].kind == kind]
        delays = [delay / 60 for place in of_kind if (delay := case.delay(place)) is not None]
        axes.barh(row, found.delay_p90 / 60, color=FAINT, height=0.6)
        axes.plot(delays, [row] * len(delays), "o", ms=4, color=NOTICED, alpha=0.45, mew=0)
        axes.plot([found.delay_median / 60], [row], "|", ms=15, mew=2.5, color=TOLD)
        said = f"{duration(found.delay_median)}; {duration(found.delay_p90)}"
        axes.text(1.02, row, said, va="center", fontsize=9, transform=axes.get_yaxis_transform())
        longest = max(longest, *delays)
    axes.set(xlim=(-0.015 * longest, longest * 1.05), xlabel="phút / minutes")
    axes.set_title(
        "Độ trễ / Delay (vạch: trung vị / line: median; nền / bar: p90)", fontsize=11, loc="left"
    )
    axes.set_yticks(range(len(kinds)), labels=[""] * len(kinds))
    _plain(axes, len(kinds))


def _draw_timeline(axes: Axes, case: Case, lines: Sequence[Line]) -> None:
    seen = false_incidents(case)
    for row, line in enumerate(lines):
        for place in line.labels:
            label = case.labels[place]
            began, colour = _days(label.began_at), COLOURS[label.nature]
            width = _days(label.ended_at) - began
            # The edge lets a spike of one minute be seen in a month.
            axes.barh(
                row, width, left=began, height=0.62, color=colour, ec=colour, lw=1.5, zorder=2
            )
        told = _firsts(case, line, seen)
        noticed = [_days(case.anomalies[place].at) for place in line.anomalies]
        axes.plot(noticed, [row + 0.12] * len(noticed), "|", ms=8, mew=0.9, color=NOTICED, zorder=3)
        axes.plot([_days(at) for at in told], [row - 0.36] * len(told), "v", ms=7, color=TOLD,
                  mec="white", mew=0.6, zorder=4)  # fmt: skip
    axes.set_yticks(range(len(lines)), labels=[_short(line.name) for line in lines])
    axes.set_xlim(_days(case.window.began_at), _days(max(case.window.ended_at, _last(case))))
    local_time(axes, least=5, most=12)
    axes.set_title("Theo thời gian, giờ Việt Nam / Along the time, UTC+7", fontsize=11, loc="left")
    axes.grid(axis="x", color=FAINT, zorder=0)
    axes.axhline(len(lines) - 1.5, color="#999999", lw=0.8)
    _plain(axes, len(lines))


def _firsts(case: Case, line: Line, false: set[int]) -> list[float]:
    """Return when each incident of a line first shows in it.

    On the line of what is false an incident stands only where all of it is.
    """
    firsts = dict[int, float]()
    for place in line.anomalies:
        anomaly = case.anomalies[place]
        if anomaly.incident is not None and (line.labels or anomaly.incident in false):
            firsts.setdefault(anomaly.incident, anomaly.at)
    return list(firsts.values())


def _legend() -> list[Artist]:
    return [
        Patch(color=COLOURS[Nature.SENSOR], label="lỗi thiết bị / sensor fault"),
        Patch(color=COLOURS[Nature.EVENT], label="sự kiện thật / real event"),
        Line2D([], [], ls="", marker="|", ms=9, color=NOTICED, label="bất thường / anomaly"),
        Line2D([], [], ls="", marker="v", ms=8, color=TOLD, label="sự cố / incident"),
    ]


def _plain(axes: Axes, rows: int) -> None:
    """Give an axes its rows from top to bottom, and no frame."""
    axes.set_ylim(max(rows, 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _days(at: float) -> float:
    """Return a moment as matplotlib counts them: in days since 1970."""
    return at / 86400


def _last(case: Case) -> float:
    return max((case.labels[place].ended_at for place in case.judged), default=0.0)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
