"""Many readings as one packed array: how they travel from ingest to whoever reads on."""

import numpy as np
from numpy.typing import NDArray

# Little-endian and packed: the bytes are the same on every machine. Times are microseconds
# since 1970-01-01T00:00Z.
FRAME = np.dtype([("stream_id", "<i4"), ("time", "<i8"), ("value", "<f8")])

Frame = NDArray[np.void]


def frame(stream_ids: list[int], times: list[int], values: list[float]) -> Frame:
    """The readings of three columns of one length.

    >>> frame([7, 7], [0, 60_000_000], [1.5, 1.25])["value"].tolist()
    [1.5, 1.25]
    """
    made = np.empty(len(stream_ids), FRAME)
    made["stream_id"] = stream_ids
    made["time"] = times
    made["value"] = values
    return made


def packed(readings: Frame) -> bytes:
    """The bytes of a frame."""
    return readings.tobytes()


def unpacked(parts: list[bytes]) -> Frame:
    """One frame out of the bytes of several, in their order."""
    return np.frombuffer(b"".join(parts), FRAME)
