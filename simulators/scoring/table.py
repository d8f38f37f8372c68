"""The score as people read it at a terminal."""

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simulators.labels import Nature, spoken
from simulators.scoring.alarms import Alarms
from simulators.scoring.natures import Confusion, Word
from simulators.scoring.recall import Recall
from simulators.scoring.score import Score

WIDTH = 100  # columns, where the terminal does not say (a pipe, a file)
COLUMNS = ("kind", "labels found", "recall", "on metric", "causes found", "delay median", "p90")


def print_score(score: Score) -> None:
    """Print the score on the standard output; without colours where that is no terminal."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    window = score.window
    console.print(
        f"{spoken(window.began_at)} to {spoken(window.ended_at)}: {window.shifts:.1f} shifts of 8 h; "
        f"grace {score.grace:g} s",
        markup=False,
    )
    for remark in score.remarks:
        console.print(remark, markup=False)
    if score.total.labels:
        console.print(_recalls(score))
    for line in _sentences(score):
        console.print(line, markup=False)
    if score.confusion:
        console.print("labels found: what they were (down), what the platform says (across)")
        console.print(_confusion(score.confusion))


def duration(seconds: float | None) -> str:
    """Return a delay as people say it, "-" for none.

    >>> duration(42.4), duration(750), duration(9000), duration(None)
    ('42 s', '12.5 min', '2.5 h', '-')
    """
    if seconds is None:
        return "-"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def percent(share: float | None) -> str:
    """Return a share as people say it, "-" for none.

    >>> percent(0.625), percent(None)
    ('62 %', '-')
    """
    return "-" if share is None else f"{share:.0%}".replace("%", " %")


def _recalls(score: Score) -> Table:
    table = Table(box=box.SIMPLE, show_footer=True)
    lines = {kind: _cells(found) for kind, found in score.kinds.items()}
    for name, footer in zip(COLUMNS, ("all", *_cells(score.total)), strict=True):
        table.add_column(name, footer, justify="left" if name == "kind" else "right")
    for kind, cells in lines.items():
        table.add_row(escape(kind), *cells)
    return table


def _cells(found: Recall) -> tuple[str, ...]:
    return (
        f"{found.found} / {found.labels}",
        percent(found.recall),
        str(found.found_on_metric),
        f"{found.causes_found} / {found.causes}",
        duration(found.delay_median),
        duration(found.delay_p90),
    )


def _sentences(score: Score) -> list[str]:
    lines = [_alarms("incidents", score.incidents), _alarms("anomalies", score.anomalies)]
    if score.incidents_per_cause:
        counts = (
            f"{causes} led to {incidents}"
            for incidents, causes in score.incidents_per_cause.items()
        )
        said = ", ".join(counts)
        lines.append(f"incidents per cause (1 is ideal): of {score.total.causes} causes {said}")
    return lines


def _alarms(name: str, told: Alarms) -> str:
    return (
        f"{name}: {told.count} in the window, {told.false} of them false, "
        f"{told.false_per_shift:.2f} a shift"
    )


def _confusion(counts: Confusion) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("")
    for word in Word:
        table.add_column(word.value, justify="right")
    for nature in Nature:
        table.add_row(nature.value, *(str(counts[nature.value][word.value]) for word in Word))
    return table
