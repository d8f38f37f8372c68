"""Faults and scenarios as PNG files; the same picture is the same bytes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

from simulators.labels import Nature
from simulators.pictures.axis import DAY, local_time
from simulators.pictures.overview import Overview, Row, Stream
from simulators.pictures.panel import Curve, Face, Panel, Picture, Spans

# Okabe and Ito's palette, which colour-blind people tell apart.
COLOURS: Final = {Nature.SENSOR: "#0072B2", Nature.EVENT: "#D55E00"}
SHADES: Final = {Nature.SENSOR: "#DCEBF5", Nature.EVENT: "#FBE5D6"}
USUAL, FRAME, ALARM = "#8A8A8A", "#555555", "#CC79A7"
NATURES: Final = {
    Nature.SENSOR: "lỗi thiết bị hoặc đường truyền / sensor or network fault",
    Nature.EVENT: "sự kiện thật / real event",
}
UNITS: Final = {"ug/m3": "µg/m³", "Cel": "°C", "m3/h": "m³/h", "1": ""}
WIDTH: Final = 9.0  # inches of 100 pixels
COLUMNS: Final = 3  # of a scenario
DENSE: Final = 400  # points from which on they are a line without dots
INKS: Final = 64  # colours of a file, with the shades of letters and thin lines
FEW_INKS: Final = 32  # of a scenario's, which has many lines
AXIS: Final = "giờ Việt Nam / local time, UTC+7"


def draw_fault(picture: Picture, path: Path) -> None:
    """Draw a fault; raises OSError where the file cannot be written."""
    count = len(picture.panels)
    columns = 1 if count <= 3 else 2
    rows = -(-count // columns)
    figure = _figure(WIDTH, 4.2 if rows < 3 else 5.4)
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False)
    for place, panel in enumerate(picture.panels):
        # Down the first column, then down the second: neighbours stay together.
        _draw_panel(grid[place % rows][place // rows], panel, picture)
    for axes in grid.flat[count:]:
        axes.set_axis_off()
    for axes in grid[-1]:
        axes.set_xlabel(AXIS, fontsize=8)
    figure.suptitle(_titled(picture), fontsize=11)
    _legend(figure, picture)
    _save(figure, path, INKS)


def draw_overview(shown: Overview, path: Path) -> None:
    """Draw a scenario; raises OSError where the file cannot be written."""
    columns = COLUMNS
    rows = -(-len(shown.streams) // columns)
    beneath = 0.5 + 0.19 * max(len(shown.rows), 1)
    figure = _figure(11, 0.9 + 1.05 * rows + beneath)
    grid = figure.add_gridspec(rows + 1, columns, height_ratios=[1.05] * rows + [beneath])
    for place, stream in enumerate(shown.streams):
        _draw_stream(figure.add_subplot(grid[divmod(place, columns)]), stream, shown)
    _draw_rows(figure.add_subplot(grid[rows, :]), shown)
    figure.suptitle(shown.title, fontsize=11)
    _save(figure, path, FEW_INKS)


def _titled(picture: Picture) -> str:
    title = picture.title[0].upper() + picture.title[1:]
    return f"{title}   [{NATURES[picture.nature]}]"


def _draw_panel(axes: Axes, panel: Panel, picture: Picture) -> None:
    colour = COLOURS[picture.nature]
    _shade(axes, panel.spans, picture.nature)
    if panel.face is Face.COPIES:
        axes.vlines(panel.sent.at / DAY, 0, panel.sent.value, color=colour, lw=1.2)
    elif panel.face is Face.ORDER:
        _line(axes, panel.usual, USUAL, lw=1.0, dots=False, upright_days=True)
        _line(axes, panel.sent, colour, lw=0.8, dots=True, upright_days=True)
        local_time(axes, least=3, most=5, upright=True)
    else:
        for alarm in panel.alarms:
            axes.axhline(alarm, color=ALARM, lw=0.9, ls="--")
        _line(axes, panel.usual, USUAL, lw=1.0, dots=False)
        width = 0.0 if panel.dots else 1.1
        _line(axes, panel.sent, colour, lw=width, dots=panel.dots or len(panel.sent.at) < DENSE)
    _named(axes, panel.title, UNITS.get(panel.unit, panel.unit))
    axes.set_xlim(picture.since / DAY, picture.until / DAY)
    local_time(axes, least=4, most=9)


def _line(
    axes: Axes, curve: Curve, colour: str, *, lw: float, dots: bool, upright_days: bool = False
) -> None:
    value = curve.value / DAY if upright_days else curve.value
    marker = "." if dots else ""
    axes.plot(curve.at / DAY, value, color=colour, lw=lw, marker=marker, ms=4, mew=0)


def _draw_stream(axes: Axes, stream: Stream, shown: Overview) -> None:
    for nature, spans in stream.spans.items():
        _shade(axes, spans, nature)
    colour = COLOURS[Nature.SENSOR]
    axes.fill_between(stream.at / DAY, stream.low, stream.high, color=colour, lw=0.7)
    _named(axes, stream.title, UNITS.get(stream.unit, stream.unit))
    axes.set_xlim(shown.since / DAY, shown.until / DAY)
    local_time(axes, least=2, most=5)


def _draw_rows(axes: Axes, shown: Overview) -> None:
    for place, row in enumerate(shown.rows):
        _bars(axes, place, row)
    axes.set_yticks(range(len(shown.rows)), labels=[row.name for row in shown.rows])
    axes.set_ylim(max(len(shown.rows), 1) - 0.4, -0.6)
    axes.set_xlim(shown.since / DAY, shown.until / DAY)
    local_time(axes, least=4, most=12)
    _plain(axes)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(AXIS, fontsize=8)
    title = (
        "Nguyên nhân (xanh: lỗi thiết bị, cam: sự kiện thật) / "
        "Causes (blue: sensor faults, orange: real events)"
    )
    axes.set_title(title, fontsize=8, loc="left", pad=3)


def _bars(axes: Axes, place: int, row: Row) -> None:
    bars = [(began / DAY, (ended - began) / DAY) for began, ended in row.spans]
    colour = COLOURS[row.nature]
    # The edge lets a fault of a few minutes be seen in a month.
    axes.broken_barh(bars, (place - 0.32, 0.64), color=colour, ec=colour, lw=0.8)


def _shade(axes: Axes, spans: Spans, nature: Nature) -> None:
    for began, ended in spans:
        axes.axvspan(began / DAY, ended / DAY, color=SHADES[nature], lw=0, zorder=0)


def _named(axes: Axes, title: str, unit: str) -> None:
    axes.set_title(title, fontsize=8, loc="left", pad=3)
    axes.set_ylabel(unit, fontsize=8)
    _plain(axes)


def _plain(axes: Axes) -> None:
    axes.tick_params(labelsize=7.5, length=2.5, color=FRAME)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FRAME)


def _legend(figure: Figure, picture: Picture) -> None:
    colour = COLOURS[picture.nature]
    found: list[Artist] = [
        Line2D([], [], color=USUAL, lw=1.5, label="lẽ ra / as it would have been"),
        Line2D([], [], color=colour, lw=1.5, marker=".", label="đã gửi / as sent"),
        Patch(color=SHADES[picture.nature], label="nhãn / label"),
    ]
    if any(panel.alarms for panel in picture.panels):
        found.append(
            Line2D([], [], color=ALARM, lw=1, ls="--", label="báo động I, II, III / alarm levels")
        )
    _beneath(figure, found)


def _beneath(figure: Figure, handles: Sequence[Artist]) -> None:
    figure.legend(
        handles=list(handles), ncols=len(handles), loc="outside lower center", frameon=False,
        fontsize=8,
    )  # fmt: skip


def _figure(width: float, height: float) -> Figure:
    engine = ConstrainedLayoutEngine(h_pad=0.03, w_pad=0.05)
    return Figure(figsize=(width, height), layout=engine, dpi=100)


def _save(figure: Figure, path: Path, inks: int) -> None:
    """Write a PNG of few colours and without metadata: small, and changed only where it shows."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    drawn = Image.fromarray(pixels).convert("RGB")
    drawn.quantize(inks, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        path, format="png", optimize=True
    )
