"""A past window out of the store, as messages of devices like those that reported it."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple

from simulators.api import MOST_READINGS, MOST_ROWS, Door, DoorClosed, NotThere, at
from simulators.recording import BadRecording
from simulators.telemetry import Message, telemetry

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
IN_MEMORY: Final = 200_000  # readings of all streams that wait for their turn
FEWEST: Final = 20  # of a page, however many streams there are
GOOD: Final = "good"


class Stream(NamedTuple):
    """One metric of one asset as the API knows it; unit is UCUM, None where nobody has said it."""

    id: int
    asset: str
    metric: str
    unit: str | None


class Past(NamedTuple):
    """One reading; time is in microseconds since 1970."""

    time: int
    asset: str
    metric: str
    value: float
    unit: str | None
    quality: str


@dataclass
class Window:
    """The readings of some assets and metrics (none named: of all) in [since, until).

    They are asked for page by page, all streams merged by time: what is in memory is bounded. A
    message holds what an asset reported at one moment, with the units they are kept in, and the
    quality where it is not good. The assets are called `prefix` and their names; where none is
    named, those that are called so already are left out.
    """

    door: Door
    since: datetime
    until: datetime
    only_assets: Sequence[str] = ()
    only_metrics: Sequence[str] = ()
    prefix: str = ""
    rows: int = 0
    skipped: int = 0
    repeated: int = 0
    complaints: list[str] = field(default_factory=list)
    assets: Sequence[str] = ()
    streams: list[Stream] = field(default_factory=list)
    reached: int = 0  # the time (microseconds) of what was played last

    def check(self) -> None:
        """Learn which streams there are; raises BadRecording where there are none.

        As Door: raises DoorClosed, and NotThere for an asset that is not known.
        """
        for asset in self.only_assets:
            self.door.one(f"/assets/{at(asset)}")
        found = [
            Stream(row["id"], row["asset"], row["metric"], row["unit"])
            for query in [{"asset": asset} for asset in self.only_assets] or [{}]
            for page in self.door.pages("/streams", limit=MOST_ROWS, **query)
            for row in page
        ]
        if self.prefix and not self.only_assets:  # what was played before is not played again
            found = [stream for stream in found if not stream.asset.startswith(self.prefix)]
        metrics = {stream.metric for stream in found}
        if not found:
            raise BadRecording("the store has no streams to play")
        if unknown := [metric for metric in self.only_metrics if metric not in metrics]:
            raise NotThere(f"none of the assets has a metric {', '.join(unknown)}")
        wanted = self.only_metrics or metrics
        self.streams = [stream for stream in found if stream.metric in wanted]

    @property
    def share(self) -> float:
        """How much of the window has been played."""
        begin, end = microseconds(self.since), microseconds(self.until)
        return max(0.0, min(1.0, (self.reached - begin) / (end - begin)))

    def latest(self) -> int | None:
        """The last time in it (milliseconds)."""
        since = microseconds(self.since)
        newest = [
            microseconds(moment(row["time"]))
            for stream in self.streams
            for row in next(self._pages(stream, until=self.until.isoformat(), limit=1))
        ]
        return max((time // 1000 for time in newest if time >= since), default=None)

    def messages(self, shift: int) -> Iterator[Message]:
        """Its messages in the order of time. Raises BadRecording where the API goes away."""
        self.rows = self.skipped = 0
        most = max(FEWEST, min(MOST_READINGS, IN_MEMORY // max(1, len(self.streams))))
        try:
            merged = heapq.merge(*(self._readings(stream, most) for stream in self.streams))
            for (time, asset), rows in groupby(merged, key=lambda past: past[:2]):
                self.reached = time
                yield self._told(time + shift * 1000, asset, list(rows))
        except (DoorClosed, NotThere) as why:
            raise BadRecording(str(why)) from why

    def _told(self, time: int, asset: str, rows: Sequence[Past]) -> Message:
        self.rows += len(rows)
        values = {row.metric: row.value for row in rows}
        units = {row.metric: row.unit for row in rows if row.unit is not None}
        quality = {row.metric: row.quality for row in rows if row.quality != GOOD}
        return Message(time / 1000, *telemetry(self.prefix + asset, time, values, units, quality))

    def _readings(self, stream: Stream, most: int) -> Iterator[Past]:
        window = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        for page in self._pages(stream, limit=most, **window):
            for row in page:
                time = microseconds(moment(row["time"]))
                yield Past(time, *stream[1:3], row["value"], stream.unit, row["quality"])

    def _pages(self, stream: Stream, **query: str | int) -> Iterator[list[Any]]:
        return self.door.pages(f"/streams/{stream.id}/readings", **query)


def moment(text: str) -> datetime:
    """A time as the API writes it."""
    return datetime.fromisoformat(text)


def microseconds(time: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (time - EPOCH) // MICROSECOND
