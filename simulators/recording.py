"""A recorded series: the rows of a CSV file with a time and a value each."""

import csv
import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

REMEMBERED: Final = 100_000  # times among which a repeated one is noticed
LINES_TOLD: Final = 20  # bad lines a recording remembers the reason of


class BadRecording(Exception):
    """A file that is not a recording: the sentence names it, and the line."""


class Recent:
    """The latest different times, so many of them: memory stays flat however long a file is."""

    def __init__(self, most: int) -> None:
        self._order = deque[int]()
        self._known = set[int]()
        self._most = most

    def add(self, ts: int) -> bool:
        """Take a time in; return whether it was there."""
        if ts in self._known:
            return True
        self._known.add(ts)
        self._order.append(ts)
        if len(self._order) > self._most:
            self._known.discard(self._order.popleft())
        return False


class Row(NamedTuple):
    """A value and the moment it was recorded, in milliseconds since 1970 (UTC)."""

    ts: int
    value: float


@dataclass
class Recording:
    """A file with the columns `timestamp` and `value`, read row by row as often as asked.

    A row that cannot be read is skipped and counted, with its line number and why. Counts are of
    the latest reading of the file.
    """

    path: Path
    rows: int = 0
    skipped: int = 0
    repeated: int = 0  # rows whose time an earlier row has
    characters: int = 0  # how far into the file that is
    complaints: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row]:
        self.rows = self.skipped = self.repeated = self.characters = 0
        self.complaints.clear()
        seen = Recent(REMEMBERED)
        for line, text, columns in self._lines():
            self.rows += 1
            self.characters += len(text)
            try:
                row = _row(text, columns)
            except (ValueError, csv.Error) as why:
                self._complain(line, str(why))
                continue
            self.repeated += seen.add(row.ts)
            yield row

    def check(self) -> None:
        """Read the header and the first line; raises BadRecording where there is no recording."""
        for _ in self._lines():
            return
        raise BadRecording(f"{self.path}: line 2: there are no rows under the header")

    def _complain(self, line: int, why: str) -> None:
        self.skipped += 1
        if len(self.complaints) < LINES_TOLD:
            self.complaints.append(f"{self.path}: line {line}: {why}")

    def _lines(self) -> Iterator[tuple[int, str, tuple[int, int]]]:
        try:
            with self.path.open(encoding="utf-8-sig", errors="backslashreplace") as file:
                columns = self._columns(file.readline(10_000))
                for line, text in enumerate(file, start=2):
                    if text.strip():
                        yield line, text, columns
        except OSError as why:
            raise BadRecording(f"{self.path}: cannot be read: {why.strerror or why}") from why

    def _columns(self, header: str) -> tuple[int, int]:
        names = [name.strip().lower() for name in next(csv.reader([header]), [])]
        if "timestamp" not in names or "value" not in names:
            raise BadRecording(
                f"{self.path}: line 1: the header must name the columns timestamp and value, "
                f"and is {header.strip()[:60]!r}"
            )
        return names.index("timestamp"), names.index("value")


def _row(text: str, columns: tuple[int, int]) -> Row:
    fields = next(csv.reader([text]))
    if len(fields) <= max(columns):
        raise ValueError(f"there are {len(fields)} columns, and the header names more")
    return Row(moment(fields[columns[0]]), number(fields[columns[1]]))


def moment(text: str) -> int:
    """Return the milliseconds since 1970 of an ISO 8601 time, UTC where it names no zone."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text.strip()[:40]!r} is not a time") from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return round(at.timestamp() * 1000)


def number(text: str) -> float:
    """Return the finite number a text writes."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text.strip()[:40]!r} is not a number") from None
    if not math.isfinite(value):
        raise ValueError(f"{text.strip()[:40]!r} is not a finite number")
    return value
