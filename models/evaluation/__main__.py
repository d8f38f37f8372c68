"""The commands of evaluation: nab."""

import csv
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from models.detectors.ensemble import Ensemble
from models.detectors.promise import Floats
from models.evaluation import corpus, report, streaming
from models.evaluation.corpus import Series

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
