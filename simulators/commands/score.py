"""score: compare what truly went wrong with what the platform noticed."""

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from simulators.api import Door, door_from
from simulators.commands.terminal import Json
from simulators.labels import Label, read_labels, spoken
from simulators.recording import moment
from simulators.scoring.case import Case, compare
from simulators.scoring.findings import anomaly_of, incident_of, read_findings
from simulators.scoring.score import as_json, score
from simulators.scoring.table import print_score
from simulators.scoring.window import BadWindow, Window, heard_until, window_of

GRACE: Final = 600.0  # s: a silence is told ten cadences after it began (a cadence of a minute)

Labels = Annotated[
    Path, typer.Option("--labels", help="The truth: asset,metric,kind,nature,from,to,cause.")
]
From = Annotated[
    str | None,
    typer.Option("--from", help="Look from then on. Default: --grace before the first label."),
]
To = Annotated[
    str | None, typer.Option("--to", help="Look until then. Default: --grace after the last label.")
]
Grace = Annotated[
    float,
    typer.Option(
        min=0, max=86400, help="Seconds after a label's end in which it may still be noticed."
    ),
]
Findings = Annotated[
    Path | None,
    typer.Option(help="What was noticed, as a JSON file of anomalies and incidents, not the API."),
]
Plot = Annotated[Path | None, typer.Option(help="Draw the score into this PNG file as well.")]


def score_platform(
    *,
    labels: Labels,
    since: From = None,
    until: To = None,
    grace: Grace = GRACE,
    findings: Findings = None,
    plot: Plot = None,
    as_line: Json = False,
) -> None:
    """Say how much of what went wrong the platform found, how soon, and what it got wrong.

    Anomalies and incidents are read from the platform's API at API_URL (http://127.0.0.1:8000
    when unset), in the name of API_TOKEN's holder, or from a file of --findings. Times are ISO 8601, UTC where they name no zone.
    """
    if plot is not None and not plot.parent.is_dir():
        raise _bad_plot(f"there is no folder {plot.parent}")
    door = door_from() if findings is None else None  # who has no token is told before anything
    truth = list(read_labels(labels))
    window = window_of(truth, grace, _moment("--from", since), _moment("--to", until))
    if findings is not None:
        case = compare(truth, *read_findings(findings), window, grace)
    elif door is not None:
        case = _case(door, truth, window, grace)
    found = score(case)
    if as_line:
        print(json.dumps(as_json(found)))
    else:
        print_score(found)
    if plot is not None:
        from simulators.scoring.picture import draw  # noqa: PLC0415 (slow to import)

        try:
            draw(case, found, plot)
        except OSError as why:
            raise _bad_plot(f"{plot} cannot be written: {why.strerror or why}") from why


def _case(door: Door, truth: list[Label], window: Window, grace: float) -> Case:
    # Incidents first: whatever is told of one that opens meanwhile is an anomaly read later.
    incidents = list(door.rows("/incidents", incident_of))
    until = heard_until(truth, window, grace)
    anomalies = door.rows(
        "/anomalies",
        anomaly_of,
        since=spoken(window.began_at),
        until=spoken(until + 0.001),  # the API's end is open, a label's is not
    )
    return compare(truth, anomalies, incidents, window, grace)


def _moment(option: str, text: str | None) -> float | None:
    try:
        return None if text is None else moment(text) / 1000
    except ValueError as why:
        raise BadWindow(f"{option}: {why}; give an ISO 8601 time") from why


def _bad_plot(why: str) -> typer.BadParameter:
    return typer.BadParameter(why, param_hint="--plot")
