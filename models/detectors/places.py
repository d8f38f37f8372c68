"""Which row of the arrays belongs to which stream."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.detectors.promise import Ints

NOWHERE = -1


class Places:
    """Rows are given out in the order in which streams come."""

    def __init__(self, stream_ids: Iterable[int] = ()) -> None:
        ids = np.fromiter(stream_ids, np.int64)
        self.rows = np.argsort(ids, kind="stable")
        self.ids = ids[self.rows]

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, stream_ids: NDArray[np.integer]) -> Ints:
        """The row of each stream; NOWHERE where it has none.

        >>> Places([7, 3]).of(np.array([3, 7, 5])).tolist()
        [1, 0, -1]
        """
        if not len(self.ids):
            return np.full(len(stream_ids), NOWHERE)
        at = np.minimum(np.searchsorted(self.ids, stream_ids), len(self.ids) - 1)
        return np.where(self.ids[at] == stream_ids, self.rows[at], NOWHERE)

    def enrol(self, stream_ids: NDArray[np.integer]) -> Ints:
        """Gives a row to each of these different streams, which have none yet."""
        given = np.arange(len(self.ids), len(self.ids) + len(stream_ids))
        ids = np.concatenate([self.ids, stream_ids.astype(np.int64)])
        order = np.argsort(ids, kind="stable")
        self.rows = np.concatenate([self.rows, given])[order]
        self.ids = ids[order]
        return given
