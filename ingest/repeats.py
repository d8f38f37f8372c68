"""What of a batch is stored already: told by stream, and the rest in the order in which it came."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.delivery import Delivery
from ingest.sorted import Sorted
from models.frame import Frame, frame

Ints = NDArray[np.int64]


def repeated(deliveries: Sequence[Delivery], found: Sorted, rows: Frame, fresh: Frame) -> Frame:
    """What a batch repeats: each stream, the newest time of its rows, and how many were no news.

    Nothing where the repetition may be ours: the broker brings again what was not acknowledged,
    and what is kept for whoever subscribes; a batch is tried again when the database went away.
    """
    if found.tried or any(each.again for each in deliveries):
        return frame([], [], [])
    streams, place, count = np.unique(rows["stream_id"], return_inverse=True, return_counts=True)
    newest = np.full(len(streams), rows["time"].min())
    np.maximum.at(newest, place, rows["time"])
    new = np.bincount(np.searchsorted(streams, fresh["stream_id"]), minlength=len(streams))
    more = count > new
    return frame(
        streams[more].tolist(), newest[more].tolist(), (count - new)[more].astype(float).tolist()
    )


def as_they_came(rows: Frame, fresh: Frame) -> Ints:
    """The order that puts the fresh ones of these rows as they were delivered.

    The database gives them back sorted; whoever looks at how a device delivers looks at that.
    """
    streams, times = np.unique(rows["stream_id"]), np.unique(rows["time"])

    def key(part: Frame) -> Ints:
        stream = np.searchsorted(streams, part["stream_id"])
        return np.asarray(stream * len(times) + np.searchsorted(times, part["time"]))

    known, first = np.unique(key(rows), return_index=True)
    return np.asarray(np.argsort(first[np.searchsorted(known, key(fresh))]))
