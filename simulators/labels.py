"""The truth about what went wrong: which asset, what, from when until when, and by what cause.

Labels are written to a file and never over MQTT: who is judged by them may not see them.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self, TextIO

from simulators.recording import moment

COLUMNS: Final = ("asset", "metric", "kind", "nature", "from", "to", "cause")


class Nature(StrEnum):
    """Whether the device is wrong, or the world is."""

    SENSOR = "sensor"  # a fault of a device, or of the way its messages take
    EVENT = "event"  # something that really happened


class Label(NamedTuple):
    """One asset's part in one thing that went wrong; times are seconds since 1970.

    An empty metric means all of them. Several labels of one cause are one thing that went wrong:
    a flood at five stations, the silence of everybody behind a gateway.
    """

    asset: str
    metric: str
    kind: str
    nature: Nature
    began_at: float
    ended_at: float
    cause: str


class BadLabels(Exception):
    """A file that holds no labels: the sentence names it, and the line."""


def write_labels(labels: Iterable[Label], file: TextIO) -> int:
    """Write the header and a line a label; return how many."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = [_row(label) for label in labels]
    writer.writerows(rows)
    return len(rows)


class LabelFile:
    """A file that labels are written to as they begin; without a path they go nowhere.

    Each is on the disk when write returns: a run may be ended at any moment. With `append` a file
    that is there already is gone on with, else it is replaced.
    """

    def __init__(self, path: Path | None, *, append: bool = False) -> None:
        self._path, self._append = path, append
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            mode: Literal["a", "w"] = "a" if self._append else "w"
            try:
                self._file = self._path.open(mode, encoding="utf-8", newline="")
            except OSError as why:
                raise BadLabels(f"{self._path}: cannot be written: {why.strerror or why}") from why
            if not self._path.stat().st_size:
                write_labels([], self._file)
                self._file.flush()
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, label: Label) -> None:
        """Write one label."""
        if self._file is not None:
            csv.writer(self._file, lineterminator="\n").writerow(_row(label))
            self._file.flush()


def read_labels(path: Path) -> Iterator[Label]:
    """Yield the labels of a file; raises BadLabels, naming the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or [])]:
                raise BadLabels(f"{path}: line 1: there is no column {', '.join(missing)}")
            for row in rows:
                try:
                    yield _label(row)
                except ValueError as why:
                    raise BadLabels(f"{path}: line {rows.line_num}: {why}") from why
    except (OSError, UnicodeDecodeError, csv.Error) as why:
        raise BadLabels(f"{path}: cannot be read: {why}") from why


def spoken(at: float) -> str:
    """Return a moment as the file has it: ISO 8601, UTC, milliseconds."""
    text = datetime.fromtimestamp(round(at * 1000) / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _row(label: Label) -> tuple[str, ...]:
    named = (label.asset, label.metric, label.kind, label.nature.value)
    return *named, spoken(label.began_at), spoken(label.ended_at), label.cause


def _label(row: dict[str, str | None]) -> Label:
    told = {name: (row[name] or "").strip() for name in COLUMNS}
    if not told["asset"] or not told["kind"]:
        raise ValueError("a label names an asset and a kind")
    began_at, ended_at = moment(told["from"]) / 1000, moment(told["to"]) / 1000
    if ended_at <= began_at:
        raise ValueError(f"it ends at {told['to']}, before it begins")
    return Label(
        told["asset"],
        told["metric"],
        told["kind"],
        Nature(told["nature"]),
        began_at,
        ended_at,
        told["cause"],
    )
