"""Reads a labelled table of several metrics from a CSV, whatever its separator."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.detectors.promise import Floats
from models.evaluation.labelled import Flags

# Columns that say what is odd, in the sets that are about; never a metric.
TELLING = {"anomaly", "changepoint", "label", "is_anomaly"}


class BadTable(Exception):
    """A file that is no labelled table; the text says why."""


class Table(NamedTuple):
    """The metrics' names, their samples (n, m) in the file's order, and the labels (n)."""

    metrics: list[str]
    samples: Floats
    label: Flags


def read(file: Path, label_column: str) -> Table:
    """One file: the first column is the time, the labels are out of the metrics.

    A hole takes the value before it.
    """
    with file.open(newline="", encoding="utf-8-sig") as lines:
        heading = lines.readline()
        separator = max(";\t,", key=heading.count)
        rows = list(csv.DictReader(lines, heading.strip().split(separator), delimiter=separator))
    names = list(rows[0]) if rows else []
    if label_column not in names:
        raise BadTable(f"{file} has no column {label_column}")
    metrics = [each for each in names[1:] if each not in {*TELLING, label_column}]
    try:
        samples = np.array([[float(row[each] or "nan") for each in metrics] for row in rows])
        label = np.array([float(row[label_column] or 0) > 0 for row in rows])
    except (TypeError, ValueError) as why:
        raise BadTable(f"{file}: {why}") from why
    return Table(metrics, filled(samples), label)


def filled(samples: Floats) -> Floats:
    """Holes take the value before them; a hole at the start takes 0."""
    known = np.where(np.isnan(samples), 0, np.arange(len(samples))[:, None])
    last = np.maximum.accumulate(known, axis=0)
    return np.nan_to_num(np.take_along_axis(samples, last, axis=0))
