"""A file of many series as messages: one for each asset and moment, in the order they were sent."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from simulators.recording import BadRecording
from simulators.series.block import BadSeries, Block
from simulators.series.reader import SeriesFile
from simulators.telemetry import Message, telemetry

PIECE = 10_000  # rows that are spelled out at a time


@dataclass
class SeriesTrack:
    """A file of many series, of which only some assets and metrics are played where they are named.

    Neighbouring rows of one asset and moment are one message. A row without a number in it is
    skipped. Nobody is said to be online or offline: a file that knows has the metric for it.
    """

    path: Path
    only_assets: Collection[str] = ()
    only_metrics: Collection[str] = ()
    prefix: str = ""
    rows: int = 0
    skipped: int = 0
    repeated: int = 0
    complaints: list[str] = field(default_factory=list)
    assets: Sequence[str] = ()

    def check(self) -> None:
        """Read the first block; raises BadRecording."""
        for _ in self._blocks():
            return
        raise BadRecording(f"{self.path}: there are no readings in it")

    @property
    def share(self) -> float:
        """How much of the file has been read."""
        return min(1.0, self.rows / (self._total or math.inf))

    @cached_property
    def _total(self) -> int | None:
        return SeriesFile(self.path).rows

    def latest(self) -> int | None:
        """The last time in it (milliseconds)."""
        times = [int(part.time.max()) for part in self._parts() if len(part.time)]
        return max(times) // 1000 if times else None

    def messages(self, shift: int) -> Iterator[Message]:
        """Its messages; one whose clock was ahead of the next waits no longer than that."""
        self.rows = self.skipped = 0
        self.complaints.clear()
        before: Message | None = None
        for part in self._parts():
            for message in self._spelled(part, shift * 1000):
                if before is not None:
                    yield before._replace(due=min(before.due, message.due))
                before = message
        if before is not None:
            yield before

    def _parts(self) -> Iterator[Block]:
        for block in self._blocks():
            for at in range(0, len(block.time), PIECE):
                part = block.part(slice(at, at + PIECE))
                self.rows += len(part.time)
                yield self._wanted(part)

    def _blocks(self) -> Iterator[Block]:
        try:
            yield from SeriesFile(self.path)
        except BadSeries as why:
            raise BadRecording(str(why)) from why

    def _wanted(self, part: Block) -> Block:
        """What is to be played of a part."""
        good = np.isfinite(part.value)
        if not good.all():
            self.skipped += int((~good).sum())
            if not self.complaints:
                self.complaints.append(f"{self.path}: rows whose value is no finite number")
        for names, vocabulary, index in (
            (self.only_assets, part.assets, part.asset_index),
            (self.only_metrics, part.metrics, part.metric_index),
        ):
            if names:
                good &= np.array([word in names for word in vocabulary], bool)[index]
        return part if good.all() else part.part(good)

    def _spelled(self, part: Block, shift: int) -> Iterator[Message]:
        """The messages of a part, times moved by so many microseconds."""
        count = len(part.time)
        if not count:
            return
        changes = np.diff(part.asset_index).astype(bool) | np.diff(part.time).astype(bool)
        cuts = [0, *(np.flatnonzero(changes) + 1).tolist(), count]
        metrics, units = part.metric_index.tolist(), part.unit_index.tolist()
        values, times = part.value.tolist(), part.time.tolist()
        for begin, end in pairwise(cuts):
            asset = self.prefix + part.assets[int(part.asset_index[begin])]
            at = times[begin] + shift
            for rows in _apart(metrics, begin, end):
                told = {part.metrics[metrics[row]]: values[row] for row in rows}
                named = {
                    part.metrics[metrics[row]]: part.units[units[row]]
                    for row in rows
                    if units[row] >= 0
                }
                yield Message(at / 1000, *telemetry(asset, at, told, named))


def _apart(metrics: Sequence[int], begin: int, end: int) -> Iterator[range]:
    """Cut rows of one asset and moment where a metric comes a second time: that was sent twice."""
    seen: set[int] = set()
    for row in range(begin, end):
        if metrics[row] in seen:
            yield range(begin, row)
            begin = row
            seen.clear()
        seen.add(metrics[row])
    yield range(begin, end)
