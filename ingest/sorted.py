"""What a batch of deliveries turned out to hold."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingest.aside import Aside
from ingest.delivery import Delivery
from models.frame import Frame, frame
from models.reading import Decoded, Quality, Reply, Sample, moment
from models.units import Conversion
from services.store.dossier_intake import Item
from services.store.rejects import Reject

SHOWN = 5  # flaws a reason names before it counts


@dataclass(slots=True)
class Sorted:
    """Rows as three columns, rejects, what is put aside, and what to do besides.

    received counts every reading once where it is read; whatever becomes of it is counted
    where it ends. words are the devices' own, by row. unknown maps (asset, kind) to the metrics
    without a stream and the units they came in; waiting are the samples they belong to, each
    with its delivery and kind. units are those that streams without one came in, conversions
    what was applied, by stream and unit. told is what codecs with a memory said, by the id of
    the delivery. dossiers are events of dossiers, which are counted as readings are. tried says
    that it may be stored already: the database went away before it said so.
    """

    received: int = 0
    stream_ids: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    words: dict[int, Quality] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    held: list[Aside] = field(default_factory=list)
    unknown: dict[tuple[str, str], dict[str, str | None]] = field(default_factory=dict)
    waiting: list[tuple[Delivery, str, Sample]] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    conversions: dict[tuple[int, str], tuple[str, Conversion]] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    memory: dict[str, dict[str, bytes | None]] = field(default_factory=dict)
    told: dict[int, Decoded] = field(default_factory=dict)
    dossiers: list[Item] = field(default_factory=list)
    tried: bool = False

    def frame(self) -> Frame:
        """The rows as a frame."""
        return frame(self.stream_ids, self.times, self.values)

    def quality(self) -> NDArray[np.int8] | None:
        """The devices' words for the rows; None where all are good."""
        if not self.words:
            return None
        quality = np.zeros(len(self.stream_ids), np.int8)
        quality[list(self.words)] = [int(word) for word in self.words.values()]
        return quality

    def reject(self, delivery: Delivery, flaws: list[str]) -> None:
        """Keeps a message with the reasons why it (or a part of it) gave no reading."""
        more = len(flaws) - SHOWN
        reason = "; ".join(flaws[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
        self.rejects.append(
            Reject(
                moment(delivery.received_at), delivery.topic, delivery.payload, reason, len(flaws)
            )
        )

    @property
    def rejected(self) -> int:
        """How many readings the rejects stand for."""
        return sum(reject.items for reject in self.rejects)
