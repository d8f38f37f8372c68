"""What a recorded series is played as: the asset and the metric its file is named after."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.recording import Recording
from simulators.telemetry import Message, telemetry

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

    @property
    def assets(self) -> Sequence[str]:
        """The one whose recording it is."""
        return [self.asset]

    @property
    def rows(self) -> int:
        """Lines read."""
        return self.recording.rows

    @property
    def skipped(self) -> int:
        """Lines that could not be."""
        return self.recording.skipped

    @property
    def repeated(self) -> int:
        """Lines whose time an earlier one had."""
        return self.recording.repeated

    @property
    def complaints(self) -> Sequence[str]:
        """What was wrong with the first of those that could not be read."""
        return self.recording.complaints

    @property
    def share(self) -> float:
        """How much of the file has been read."""
        return self.recording.characters / max(1, self.recording.path.stat().st_size)

    def latest(self) -> int | None:
        """The last time in it (milliseconds)."""
        return max((row.ts for row in self.recording), default=None)

    def messages(self, shift: int) -> Iterator[Message]:
        """A message a row."""
        for row in self.recording:
            at = row.ts + shift
            yield Message(at, *telemetry(self.asset, at * 1000, {self.metric: row.value}))


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
