"""How everybody delivers: conduct over the arrivals that connectivity hears."""

import numpy as np
from numpy.typing import NDArray

from models import conduct
from models.conduct import Misconduct
from models.frame import Frame
from models.hearing import Hearing

Ints = NDArray[np.int64]
PLATFORM = 0  # its row: several workers speak for it, each with a clock of its own


class Manners:
    """Conduct of the assets in a hearing; its records are theirs, and are kept with them.

    What is not kept is the last time that each stream told: after a restart the newest one stands
    in for it, which is another one where a device delivers in no order.
    """

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self.last: Ints = hearing.streams["time"].astype(np.int64)

    def take(self, frame: Frame, received_at: int) -> list[Misconduct]:
        """Takes in an arrival of known streams (microseconds since 1970); gives what begins."""
        told = self.measured(frame)
        records, owner = self.hearing.assets["conduct"], self.hearing.roster.asset_of
        return conduct.take(records, self.last, owner, told, received_at)

    def repeat(self, again: Frame) -> list[Misconduct]:
        """Takes in what known streams repeated; gives what begins."""
        told = self.measured(again)
        records, owner = self.hearing.assets["conduct"], self.hearing.roster.asset_of
        self.hearing.stale_assets[owner[told["stream_id"]]] = True
        return conduct.repeat(records, self.last, owner, told)

    def measured(self, frame: Frame) -> Frame:
        """What devices measured, with the rows of their streams in place of the ids.

        A word of presence is kept by the broker and said again.
        """
        self.hearing.fit()
        more = len(self.hearing.streams) - len(self.last)
        self.last = np.r_[self.last, np.zeros(more, np.int64)]
        roster = self.hearing.roster
        who = roster.places[frame["stream_id"]]
        counts = (roster.asset_of[who] != PLATFORM) & ~roster.is_presence[who]
        told: Frame = frame[counts]
        told["stream_id"] = who[counts]
        return told
