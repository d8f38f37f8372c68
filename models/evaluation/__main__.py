"""The commands of evaluation: nab, csv, city, backtest, dossiers, plot."""

import csv
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from models.detectors import cloud, plane
from models.detectors.ensemble import Ensemble
from models.detectors.promise import Floats
from models.egov.forecast import TooShort
from models.evaluation import city, corpus, findings, report, streaming, table
from models.evaluation.corpus import Series
from models.evaluation.labelled import Marks, marks
from models.evaluation.province import BadProvince

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="How good the detectors are, on data with known anomalies.",
)


@app.callback()
def begin() -> None:
    """Measure the detectors."""


@app.command()
def nab(
    folder: Annotated[Path, typer.Argument(help="The benchmark: holds data/ and labels/.")],
    *,
    out: Annotated[Path, typer.Option(help="Where the scores of every row are written.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run the streaming ensemble over the Numenta Anomaly Benchmark, and score it."""
    try:
        series = corpus.read(folder)
    except OSError as why:
        print(f"no benchmark at {folder}: {why}", file=sys.stderr)
        raise typer.Exit(2) from why
    scores = streaming.scores(
        Ensemble(), [each.time for each in series], [each.value for each in series]
    )
    for each, score in zip(series, scores, strict=True):
        write(out / each.name, each, score)
    told = report.summary(series, scores)
    print(json.dumps(told, indent=2) if as_json else report.text(told))


@app.command(name="csv")
def labelled_csv(
    files: Annotated[list[Path], typer.Argument(help="Time first, then metrics and labels.")],
    *,
    label_column: Annotated[str, typer.Option(help="1 where a row is odd.")] = "anomaly",
    learn: Annotated[int, typer.Option(min=2, help="Rows to learn from, unjudged.")] = 400,
    lasting: Annotated[int, typer.Option(min=1, help="Rows an oddness is averaged over.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score labelled tables of several metrics: PCA T2+Q row by row, lasting, and a cloud."""
    told = {"pca_t2_q": Marks(), "lasting": Marks(), "cloud": Marks()}
    for file in files:
        try:
            _, samples, label = table.read(file, label_column)
        except (OSError, table.BadTable) as why:
            print(why, file=sys.stderr)
            raise typer.Exit(2) from why
        t2, q = plane.distances(plane.fitted(samples[:learn]), samples)
        far = cloud.distances(cloud.fitted(samples[:learn]), cloud.means_of_late(samples))
        alarms = {
            "pca_t2_q": np.maximum(t2, q) > 1,
            "lasting": plane.lasting(t2, q, lasting) > 0,
            "cloud": far > cloud.FAR,
        }
        for name, alarm in alarms.items():
            told[name] = told[name].plus(marks(alarm[learn:], label[learn:]))
    summaries = {name: each.summary() for name, each in told.items()}
    print(json.dumps(summaries, indent=2) if as_json else report.lines(summaries))


@app.command(name="city")
def recorded_city(
    readings: Annotated[Path, typer.Argument(help="Parquet: asset, metric, time, value, unit.")],
    *,
    assets: Annotated[Path, typer.Option(help="The registry: name, kind, area, parent, ...")],
    out: Annotated[Path, typer.Option(help="Where anomalies and incidents are written, as JSON.")],
    facts: Annotated[
        Path | None, typer.Option(help="What the rules ask of assets: asset, name, value.")
    ] = None,
    days: Annotated[
        Path | None, typer.Option(help="Days off, and worked ones of weekends: day, works.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run detection, connectivity, conduct and the rules over a recorded province.

    What was noticed is written as the API tells it; `simulators score --findings` compares it
    with the truth.
    """
    begun = time.monotonic()
    try:
        heard = city.listen(readings, assets, facts, days=days)
    except BadProvince as why:
        print(why, file=sys.stderr)
        raise typer.Exit(2) from why
    told = findings.findings(heard.signs)
    out.write_text(json.dumps(told), encoding="utf-8")
    summary = findings.summary(told) | {
        "readings": heard.readings,
        "seconds": round(time.monotonic() - begun, 1),
    }
    print(json.dumps(summary) if as_json else findings.spoken(summary))


@app.command(name="backtest")
def back_test(
    files: Annotated[list[Path], typer.Argument(help="Parquet: asset, metric, time, value.")],
    *,
    a_week: Annotated[
        float, typer.Option(min=0, help="Alarms a stream may raise a week, for which to choose.")
    ] = 0.05,
    assets: Annotated[int, typer.Option(min=1, help="Assets a chunk holds.")] = 200,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one a core.")] = 0,
    dask: Annotated[str, typer.Option(metavar="ADDRESS", help="Use this dask cluster.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run the ensemble over files of very many series; choose the loudness to ask of an alarm."""
    from models.evaluation import backtest, hands, series_file  # noqa: PLC0415 (slow to import)

    try:
        sources = [part for file in files for part in series_file.parts(file, assets)]
        with hands.hired(workers, dask) as (executor, count):
            found = backtest.backtest(sources, executor, count)
    except (series_file.BadSeriesFile, hands.NoHands) as why:
        print(why, file=sys.stderr)
        raise typer.Exit(2) from why
    told = backtest.summary(found, a_week)
    print(json.dumps(told, indent=2) if as_json else report.listed(told))


@app.command(name="dossiers")
def recorded_dossiers(
    files: Annotated[list[Path], typer.Argument(help="Moves of dossiers, a line of JSON each.")],
    *,
    days: Annotated[
        Path | None,
        typer.Option("--calendar", help="Days off and swapped ones as CSV: day, works (yes, no)."),
    ] = None,
    tets: Annotated[
        Path | None,
        typer.Option("--lunar-new-years", help="First days of lunar years as CSV: day."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The first day foretold. Default: after half a year."
        ),
    ] = None,
    every: Annotated[
        int, typer.Option(min=1, help="Overdue dossiers are foretold each so many working days.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Back-test the forecasts of the load and of overdue dossiers against naive ones.

    Every day is foretold by what was known before it. Simulated years come from
    `simulators dossiers --to`, its calendars from --calendar and --lunar-new-years.
    """
    from models.evaluation import dossiers, moves  # noqa: PLC0415 (only this command reads moves)

    try:
        almanac = moves.almanac(days, tets)
        told = dossiers.run(almanac, moves.events(files), since and since.date(), every)
    except (moves.BadMoves, BadProvince, TooShort) as why:
        print(why, file=sys.stderr)
        raise typer.Exit(2) from why
    print(json.dumps(told, indent=2) if as_json else dossiers.text(told))


@app.command()
def plot(
    folder: Annotated[Path, typer.Argument(help="The benchmark: holds data/ and labels/.")],
    names: Annotated[list[str], typer.Argument(help="Series, as group/file.csv.")],
    *,
    out: Annotated[Path, typer.Option(help="Where the pictures go, as group/file.png.")],
) -> None:
    """Draw series of the benchmark with band, score, labels and alarms."""
    from models.evaluation import picture  # noqa: PLC0415 (slow to import)

    try:
        series = [each for each in corpus.read(folder) if each.name in names]
    except OSError as why:
        print(f"no benchmark at {folder}: {why}", file=sys.stderr)
        raise typer.Exit(2) from why
    if unknown := set(names) - {each.name for each in series}:
        print(f"no such series: {', '.join(sorted(unknown))}", file=sys.stderr)
        raise typer.Exit(2)
    judged = streaming.judged(
        Ensemble(), [each.time for each in series], [each.value for each in series]
    )
    for each, verdicts in zip(series, judged, strict=True):
        file = (out / each.name).with_suffix(".png")
        picture.draw(each, verdicts, file)
        print(file)


def write(file: Path, series: Series, score: Floats) -> None:
    """One series with its scores, as the benchmark's own results are laid out."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as lines:
        rows = csv.writer(lines, lineterminator="\n")
        rows.writerow(["timestamp", "value", "anomaly_score"])
        rows.writerows(
            zip(series.written, map(repr, series.value.tolist()), score.tolist(), strict=True)
        )


if __name__ == "__main__":
    app()
