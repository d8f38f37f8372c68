"""Plays recorded series over MQTT, as the device that recorded them would have."""

import heapq
import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulators.broker import Broker, BrokerGone
from simulators.pace import Pace
from simulators.recording import BadRecording, Recording, Row

# A series is called after what it measures where its file's name begins with one of these.
KNOWN_METRICS: Final = {
    "speed": "speed",
    "occupancy": "occupancy",
    "traveltime": "travel_time",
}
DEFAULT_METRIC: Final = "value"


class AmbiguousTracks(Exception):
    """Names that would mix two files into one series."""


@dataclass(frozen=True, slots=True)
class Track:
    """A recording, and the asset and metric it is played as."""

    recording: Recording
    asset: str
    metric: str


@dataclass(slots=True)
class Summary:
    """What became of the rows of a replay."""

    rows: int = 0
    published: int = 0
    acknowledged: int = 0
    refused: int = 0  # by the broker, for instance because the account may not publish there
    unheard: int = 0  # acknowledged while nobody subscribed
    skipped: int = 0
    repeated: int = 0
    seconds: float = 0.0
    stopped: bool = False
    problem: str | None = None
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"rows read {self.rows}",
            f"published {self.published}",
            f"acknowledged by the broker {self.acknowledged}",
            f"skipped {self.skipped}",
            f"repeated times {self.repeated}",
        ]
        if self.refused:
            parts.insert(3, f"refused by the broker {self.refused}")
        return ", ".join(parts) + f", {self.seconds:.1f} s"


def tracks(files: Sequence[Path], asset: str | None, metric: str | None) -> list[Track]:
    """Name what each file is played as; raises AmbiguousTracks or BadRecording."""
    if asset and metric and len(files) > 1:
        raise AmbiguousTracks("--asset and --metric together name one series: give one file")
    found: dict[tuple[str, str], Track] = {}
    for file in files:
        recording = Recording(file)
        recording.check()
        played_by = asset or asset_name(file.stem)
        shared = asset is not None and len(files) > 1
        played_as = metric or (metric_name(file.stem) if shared else known_metric(file.stem))
        before = found.setdefault((played_by, played_as), Track(recording, played_by, played_as))
        if before.recording is not recording:
            raise AmbiguousTracks(
                f"{before.recording.path} and {file} would both be {played_as} of {played_by}"
            )
    return list(found.values())


def asset_name(stem: str) -> str:
    """Return a file's stem as one level of a topic: ASCII letters, digits, `.`, `_` and `-`."""
    plain = unicodedata.normalize("NFKD", stem.replace("đ", "d").replace("Đ", "D"))
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", plain.encode("ascii", "ignore").decode())
    return safe.strip("-._") or "recording"


def metric_name(stem: str) -> str:
    """Return a file's stem as the name of a metric: letters, digits and `_`, a letter first."""
    safe = re.sub(r"[^A-Za-z0-9]+", "_", asset_name(stem))
    return safe if safe[0].isalpha() else f"m_{safe}"


def known_metric(stem: str) -> str:
    """Return what a file's name says it measures, `value` where it does not say."""
    for beginning, metric in KNOWN_METRICS.items():
        if stem.lower().startswith(beginning):
            return metric
    return DEFAULT_METRIC


def shift_to_now(played: Sequence[Track], now: float) -> int:
    """Return the milliseconds that bring the latest row of all to now (seconds since 1970)."""
    latest = max((row.ts for track in played for row in track.recording), default=None)
    return 0 if latest is None else round(now * 1000) - latest


def replay(
    played: Sequence[Track],
    broker: Broker,
    pace: Pace,
    *,
    shift: int = 0,
    watch: Callable[[int], None] = lambda _characters: None,
) -> Summary:
    """Publish every row in the order of time, and wait until the broker has answered for each.

    Each asset is `online` from the first row on, and `offline` once its recording has ended.
    `watch` is told how many characters of the files have been read.
    """
    summary, begun = Summary(), time.monotonic()
    assets = sorted({track.asset for track in played})
    try:
        _report(broker, assets, "online")
        before = (broker.acknowledged, broker.refused, broker.unheard)
        try:
            _publish(played, broker, pace, shift=shift, summary=summary, watch=watch)
            broker.settle()
        finally:
            summary.acknowledged = broker.acknowledged - before[0]
            summary.refused = broker.refused - before[1]
            summary.unheard = broker.unheard - before[2]
        _report(broker, assets, "offline")
    except BrokerGone as why:
        summary.problem = str(why)
    recordings = [track.recording for track in played]
    summary.rows = sum(recording.rows for recording in recordings)
    summary.skipped = sum(recording.skipped for recording in recordings)
    summary.repeated = sum(recording.repeated for recording in recordings)
    summary.complaints = [line for recording in recordings for line in recording.complaints]
    summary.seconds = time.monotonic() - begun
    if summary.rows and summary.rows == summary.skipped:
        raise BadRecording(f"no row could be read; the first: {summary.complaints[0]}")
    return summary


def _report(broker: Broker, assets: Sequence[str], status: str) -> None:
    for asset in assets:
        broker.publish(f"city/{asset}/status", status, retain=True)
    broker.settle()


def _publish(
    played: Sequence[Track],
    broker: Broker,
    pace: Pace,
    *,
    shift: int,
    summary: Summary,
    watch: Callable[[int], None],
) -> None:
    for track, row in _in_order(played):
        ts = row.ts + shift
        if not pace.wait_for(ts):
            summary.stopped = True
            return
        payload = json.dumps({"ts": ts, "values": {track.metric: row.value}}, separators=(",", ":"))
        broker.publish(f"city/{track.asset}/telemetry", payload)
        summary.published += 1
        if summary.published % 250 == 0:
            watch(sum(track.recording.characters for track in played))


def _in_order(played: Sequence[Track]) -> Iterator[tuple[Track, Row]]:
    """Merge the recordings by time, holding one row of each; a file's own order is kept."""

    def _numbered(number: int, track: Track) -> Iterator[tuple[int, int, Row]]:
        return ((row.ts, number, row) for row in track.recording)

    merged = heapq.merge(*(_numbered(number, track) for number, track in enumerate(played)))
    return ((played[number], row) for _, number, row in merged)
