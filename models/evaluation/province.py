"""Reads a recorded province from its files: which assets there are, and what they reported."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyarrow import ArrowException, parquet

from models.detectors.standard import Days
from models.frame import FRAME, Frame
from models.reading import MINUTE

ROWS_AT_ONCE = 1 << 20
TOGETHER = 64  # readings that are taken to be sent at one moment
COLUMNS = ("asset", "metric", "time", "value", "unit")
WORDS = ["asset", "metric", "unit"]


Ints = NDArray[np.int64]


class BadProvince(Exception):
    """A file that does not hold what it should: the sentence names it."""


class Asset(NamedTuple):
    """What the registry says of an asset; what it leaves empty is None."""

    name: str
    kind: str
    area: str | None
    latitude: float | None
    longitude: float | None
    parent: str | None


class Stream(NamedTuple):
    """One metric of one asset; unit is UCUM."""

    asset: str
    metric: str
    unit: str | None


class Arrivals:
    """A file of readings (asset, metric, time, value, unit) as frames, as they came.

    A frame holds what came within a pace (microseconds). The file has readings in the order they
    were sent. What a stream is called stands in `streams`, by its number in the frames, from the
    moment it is first seen.
    """

    def __init__(self, path: Path, pace: int = MINUTE) -> None:
        self.path, self.pace = path, pace
        self.streams: list[Stream] = []
        self.numbers: dict[tuple[str, str], int] = {}

    def __iter__(self) -> Iterator[tuple[Frame, int]]:
        """Frames and when each arrived (microseconds since 1970); raises BadProvince."""
        turn, waiting = 0, np.empty(0, FRAME)
        for frame in self.frames():
            clock = np.maximum(told(frame["time"]) // self.pace, turn)
            edges = np.flatnonzero(np.diff(np.r_[turn, clock]))
            for part, at in zip(np.split(frame, edges), np.r_[turn, clock[edges]], strict=True):
                if at > turn and len(waiting):
                    yield waiting, (turn + 1) * self.pace
                    waiting = waiting[:0]
                turn = int(at)
                waiting = np.concatenate([waiting, part])
        if len(waiting):
            yield waiting, (turn + 1) * self.pace

    def frames(self) -> Iterator[Frame]:
        """The file piece by piece, each reading by the number of its stream."""
        try:
            with parquet.ParquetFile(self.path, read_dictionary=WORDS) as file:
                if missing := set(COLUMNS) - set(file.schema_arrow.names):
                    raise BadProvince(f"{self.path} has no column {', '.join(sorted(missing))}")
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=list(COLUMNS)):
                    yield self.frame(batch)
        except (OSError, ArrowException) as why:
            raise BadProvince(f"{self.path} cannot be read: {str(why).splitlines()[0]}") from why

    def frame(self, batch: object) -> Frame:
        """The rows of a batch; streams seen for the first time get a number."""
        columns = {name: batch.column(name) for name in COLUMNS}  # type: ignore[attr-defined]
        words = {name: columns[name].dictionary.to_pylist() for name in WORDS}
        places = {name: columns[name].indices.fill_null(-1).to_numpy() for name in WORDS}
        made = np.empty(len(columns["time"]), FRAME)
        key = places["asset"].astype(np.int64) * len(words["metric"]) + places["metric"]
        pairs, first, of_pair = np.unique(key, return_index=True, return_inverse=True)
        numbers = np.array(
            [
                self.number(
                    words["asset"][pair // len(words["metric"])],
                    words["metric"][pair % len(words["metric"])],
                    words["unit"][unit] if unit >= 0 else None,
                )
                for pair, unit in zip(pairs.tolist(), places["unit"][first].tolist(), strict=True)
            ],
            np.int32,
        )
        made["stream_id"] = numbers[of_pair]
        made["time"] = columns["time"].view("int64").to_numpy()
        made["value"] = columns["value"].to_numpy()
        return made

    def number(self, asset: str, metric: str, unit: str | None) -> int:
        """The number of a stream."""
        if (asset, metric) not in self.numbers:
            self.numbers[asset, metric] = len(self.streams)
            self.streams.append(Stream(asset, metric, unit))
        return self.numbers[asset, metric]


def told(times: Ints) -> Ints:
    """When readings in the order they were sent were sent, by what most of them say.

    One device's clock may be wrong, or its messages out of order: its neighbours' are not.
    """
    size = -(-len(times) // TOGETHER) * TOGETHER
    blocks = np.pad(times, (0, size - len(times)), mode="edge").reshape(-1, TOGETHER)
    middle = np.maximum.accumulate(np.median(blocks, axis=1).astype(np.int64))
    return np.repeat(middle, TOGETHER)[: len(times)]


def assets(path: Path) -> dict[str, Asset]:
    """The assets of a registry (CSV: name, kind, area, latitude, longitude, parent), by name."""
    return {
        row["name"]: Asset(
            row["name"],
            row["kind"] or "unknown",
            row["area"] or None,
            float(row["latitude"]) if row["latitude"] else None,
            float(row["longitude"]) if row["longitude"] else None,
            row["parent"] or None,
        )
        for row in rows(path, ("name", "kind", "area", "latitude", "longitude", "parent"))
    }


def facts(path: Path) -> dict[str, dict[str, str]]:
    """What is known of assets beside (CSV: asset, name, value), by the asset's name."""
    found: dict[str, dict[str, str]] = {}
    for row in rows(path, ("asset", "name", "value")):
        found.setdefault(row["asset"], {})[row["name"]] = row["value"]
    return found


def days(path: Path) -> Days:
    """The days off and the worked ones of weekends, for detectors; raises BadProvince."""
    return Days.of(*special_days(path))


def special_days(path: Path) -> tuple[frozenset[date], frozenset[date]]:
    """The same as dates (CSV as the store exports it: day, works as yes or no); raises BadProvince."""
    found: dict[str, set[date]] = {"no": set(), "yes": set()}
    for row in rows(path, ("day", "works")):
        if row["works"] not in found:
            raise BadProvince(f"{path}: whether {row['day']} works is yes or no")
        found[row["works"]].add(day_of(path, row))
    return frozenset(found["no"]), frozenset(found["yes"])


def day_of(path: Path, row: Mapping[str, str]) -> date:
    """The day of a line; raises BadProvince."""
    try:
        return date.fromisoformat(row["day"])
    except ValueError as why:
        raise BadProvince(f"{path}: {row['day']} is no day, as in 2026-02-17") from why


def rows(path: Path, columns: tuple[str, ...]) -> list[Mapping[str, str]]:
    """The lines of a CSV file with these columns; raises BadProvince."""
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            table = csv.DictReader(lines)
            if missing := set(columns) - set(table.fieldnames or ()):
                raise BadProvince(f"{path} has no column {', '.join(sorted(missing))}")
            return list(table)
    except (OSError, UnicodeDecodeError) as why:
        raise BadProvince(f"{path} cannot be read: {why}") from why
