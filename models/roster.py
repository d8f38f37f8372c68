"""Which streams and assets there are: their rows in the arrays, and who speaks through whom."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.frame import Frame
from models.reading import ONLINE

Ints = NDArray[np.int64]


class Roster:
    """Rows are given once and kept; the first one is the platform's.

    Every asset without a gateway is a child of the platform. places finds a stream's row by its
    id, rows an asset's; asset_of is the row of a stream's asset, parent that of an asset's
    gateway (-1: none).
    """

    def __init__(self, platform: int) -> None:
        self.platform = platform
        self.places: Ints = np.full(1024, -1)
        self.stream_ids: Ints = np.zeros(0, np.int64)
        self.asset_of: Ints = np.zeros(0, np.int64)
        self.is_presence: NDArray[np.bool_] = np.zeros(0, bool)
        self.rows: dict[int, int] = {}
        self.asset_ids: Ints = np.zeros(0, np.int64)
        self.parent: Ints = np.zeros(0, np.int64)
        self.know_assets([platform])

    def unknown(self, frame: Frame) -> list[int]:
        """The ids of a frame's streams that were not made known yet."""
        new = frame["stream_id"][~self.known(frame)]
        found: list[int] = np.unique(new).tolist()
        return found

    def known(self, frame: Frame) -> NDArray[np.bool_]:
        """Which readings of a frame belong to a stream that was made known."""
        ids = frame["stream_id"]
        inside = (ids >= 0) & (ids < len(self.places))
        return np.asarray(inside & (self.places[np.where(inside, ids, 0)] >= 0))

    def know_streams(self, streams: Sequence[tuple[int, int, str]]) -> None:
        """Takes in (stream id, asset id, metric); one that is known already is left alone."""
        top = max((stream_id for stream_id, _, _ in streams), default=0)
        if top >= len(self.places):
            longer = np.full(max(top + 1, 2 * len(self.places)), -1)
            longer[: len(self.places)] = self.places
            self.places = longer
        new = {each[0]: each for each in streams if self.places[each[0]] < 0}
        self.know_assets([asset_id for _, asset_id, _ in new.values()])
        size = len(self.stream_ids)
        self.places[list(new)] = np.arange(size, size + len(new))
        self.stream_ids = np.r_[self.stream_ids, np.array(list(new), np.int64)]
        owners = np.array([self.rows[each[1]] for each in new.values()], np.int64)
        self.asset_of = np.r_[self.asset_of, owners]
        presence = np.array([each[2] == ONLINE for each in new.values()], bool)
        self.is_presence = np.r_[self.is_presence, presence]

    def know_assets(self, asset_ids: Iterable[int]) -> None:
        """Gives assets a row that have none."""
        new = [each for each in dict.fromkeys(asset_ids) if each not in self.rows]
        size = len(self.asset_ids)
        self.rows |= {asset_id: size + place for place, asset_id in enumerate(new)}
        self.asset_ids = np.r_[self.asset_ids, np.array(new, np.int64)]
        self.parent = np.r_[self.parent, np.zeros(len(new), np.int64)]
        self.parent[0] = -1

    def know_family(self, parents: Sequence[tuple[int, int]]) -> None:
        """Takes in (asset id, its gateway's id): all of them, in place of those before."""
        self.know_assets(each for pair in parents for each in pair)
        self.parent[:] = 0
        for asset_id, gateway in parents:
            self.parent[self.rows[asset_id]] = self.rows[gateway]
        self.parent[0] = -1
