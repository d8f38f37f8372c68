"""Reads the Numenta Anomaly Benchmark from its folder: series, labelled windows, scores."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.detectors.promise import Floats, Ints
from models.evaluation.nab import Truth, truth
from models.reading import SECOND


class Series(NamedTuple):
    """One file: group/name.csv, the times as written and in microseconds, values, the truth."""

    name: str
    written: list[str]
    time: Ints
    value: Floats
    truth: Truth

    @property
    def group(self) -> str:
        """The folder a file lies in."""
        return self.name.split("/")[0]


def moment(written: str) -> int:
    """Microseconds since 1970 of a time without zone, taken as UTC."""
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()) * SECOND


def column(file: Path, name: str) -> list[str]:
    """One column of a CSV with a heading."""
    with file.open(newline="", encoding="utf-8") as lines:
        return [row[name] for row in csv.DictReader(lines)]


def read(folder: Path) -> list[Series]:
    """Every series that has an entry among the labels, in the order of their names."""
    labels: dict[str, list[list[str]]] = json.loads(
        (folder / "labels" / "combined_windows.json").read_text(encoding="utf-8")
    )
    return [one(folder, name, windows) for name, windows in sorted(labels.items())]


def one(folder: Path, name: str, windows: list[list[str]]) -> Series:
    """One series; its windows begin and end at the first row of that time."""
    file = folder / "data" / name
    written = column(file, "timestamp")
    edges = [tuple(written.index(edge.split(".")[0]) for edge in window) for window in windows]
    value = np.array(column(file, "value"), np.float64)
    known = truth(len(written), [(first, last) for first, last in edges])
    return Series(name, written, np.array([moment(each) for each in written]), value, known)


def published(folder: Path, detector: str, series: list[Series]) -> list[Floats]:
    """The scores a detector was published with, row by row."""
    return [
        np.array(column(folder / "published" / detector / each.name, "anomaly_score"), np.float64)
        for each in series
    ]
