"""All streams and all detectors together: a frame of readings in, the odd ones out."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.detectors.promise import Detector, Ints
from models.frame import Frame
from models.reading import MINUTE

# A reading so much older than the newest one is out of order, not out of date: ingest writes
# several batches at once.
LATE = 15 * MINUTE
NEVER = np.iinfo(np.int64).min + LATE


class Oddity(NamedTuple):
    """One odd reading, and which detector found it oddest. time is in microseconds."""

    stream_id: int
    time: int
    value: float
    score: float
    detector: str
    expected: float
    band: float


class Bank:
    """Judges and learns, keeping one packed record a stream.

    A reading is odd when the surest detector scores it at `threshold` or more. One that comes
    long after the newest of its stream is judged by what is known now, and not learned.
    """

    def __init__(self, detectors: Sequence[Detector], threshold: float) -> None:
        if not 0.0 < threshold < 1.0:
            raise ValueError("a threshold lies between 0 and 1")
        self.detectors = list(detectors)
        self.threshold = threshold
        self.dtype = np.dtype(
            [("judged_until", "<i8"), *((each.name, each.layout) for each in self.detectors)]
        )
        self.rows = self.blank(1024)
        self.places: dict[int, int] = {}

    @property
    def layout(self) -> str:
        """A name for the shape of a record: states of another shape cannot be restored."""
        return hashlib.sha256(str(self.dtype.descr).encode()).hexdigest()[:16]

    def blank(self, size: int) -> NDArray[np.void]:
        """Records of streams that nothing is known of."""
        rows = np.zeros(size, self.dtype)
        rows["judged_until"] = NEVER
        return rows

    def judge(self, frame: Frame) -> list[Oddity]:
        """Judges and learns a frame, each stream in the order of its times."""
        if not len(frame):
            return []
        frame = frame[np.lexsort((frame["time"], frame["stream_id"]))]
        who = self.place(frame["stream_id"])
        found: list[Oddity] = []
        for turn in turns(frame["stream_id"]):
            found.extend(self.judge_turn(frame[turn], who[turn]))
        return found

    def judge_turn(self, frame: Frame, who: Ints) -> Iterator[Oddity]:
        """One sample each of different streams."""
        time = frame["time"].astype(np.int64)
        value = frame["value"].astype(np.float64)
        verdicts = [each.score(self.rows[each.name], who, time, value) for each in self.detectors]
        scores = np.stack([verdict.score for verdict in verdicts])
        oddest = scores.argmax(axis=0)
        until = self.rows["judged_until"][who]
        fresh = time > until - LATE
        for each in self.detectors:
            each.learn(self.rows[each.name], who[fresh], time[fresh], value[fresh])
        self.rows["judged_until"][who] = np.maximum(until, time)
        for i in np.flatnonzero(scores.max(axis=0) >= self.threshold):
            which = int(oddest[i])
            yield Oddity(
                int(frame["stream_id"][i]),
                int(time[i]),
                float(value[i]),
                float(scores[which, i]),
                self.detectors[which].name,
                float(verdicts[which].expected[i]),
                float(verdicts[which].band[i]),
            )

    def place(self, stream_ids: NDArray[np.int32]) -> Ints:
        """The row of each stream; a new stream gets one."""
        for stream_id in np.unique(stream_ids).tolist():
            if stream_id not in self.places:
                self.places[stream_id] = len(self.places)
        if len(self.places) > len(self.rows):
            self.rows = np.concatenate([self.rows, self.blank(max(len(self.places), 1024))])
        return np.array([self.places[each] for each in stream_ids.tolist()], np.int64)

    def dump(self, stream_ids: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
        """(stream id, judged until, record) of these streams."""
        for stream_id in stream_ids:
            row = self.rows[self.places[stream_id]]
            yield stream_id, int(row["judged_until"]), row.tobytes()

    def restore(self, records: Iterable[tuple[int, bytes]]) -> None:
        """Forgets everything and knows these records instead."""
        known = list(records)
        self.places = {stream_id: place for place, (stream_id, _) in enumerate(known)}
        self.rows = self.blank(max(1024, len(known)))
        if known:
            packed = b"".join(record for _, record in known)
            self.rows[: len(known)] = np.frombuffer(packed, self.dtype)


def turns(stream_ids: NDArray[np.int32]) -> Iterator[Ints]:
    """Positions in a frame sorted by stream, so that each turn has every stream at most once.

    The n-th turn holds the n-th sample of every stream that has so many.
    """
    starts = np.flatnonzero(np.r_[True, stream_ids[1:] != stream_ids[:-1]])
    lengths = np.diff(np.r_[starts, len(stream_ids)])
    for n in range(int(lengths.max())):
        yield starts[lengths > n] + n
