"""The listener's clock: it runs while somebody is heard, and stands while nobody is.

When ingest, the broker or the database are away, nobody is heard. That is the platform's silence
and not that of a thousand devices: how long a device has been silent is counted in the time
during which it could have been heard. How long a gap in the feed of all readings is usual, is
learned as it is of a stream.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import cadence
from models.reading import SECOND

RECORD = np.dtype(
    [("received_at", "<i8"), ("listened", "<f8"), ("deaf_until", "<i8"), ("gaps", cadence.LAYOUT)]
)
LEAST_CREDIT = 2.0  # seconds: ingest writes a few times a second
ONE = np.zeros(1, np.int64)


class Feed:
    """All arrivals together. Times are microseconds since 1970, moments are seconds."""

    def __init__(self, rules: cadence.Rules, settle: float) -> None:
        self.rules, self.settle = rules, settle
        self.record: NDArray[Any] = np.zeros(1, RECORD)

    def restore(self, record: bytes) -> None:
        """Knows again what record.tobytes() gave."""
        self.record = np.frombuffer(record, RECORD).copy()

    @property
    def heard_at(self) -> int:
        """The newest arrival; 0 where there was none."""
        return int(self.record["received_at"][0])

    def arrive(self, received_at: int) -> float:
        """Somebody was heard; returns the moment."""
        gap = (received_at - self.heard_at) / SECOND
        self.record["listened"] += self.credit(received_at)
        if self.heard_at and gap > self.patience.silent[0]:
            # Devices come back one after the other.
            self.record["deaf_until"] = received_at + int(self.settle * SECOND)
        cadence.learn(
            self.rules,
            self.record["gaps"],
            ONE,
            np.array([received_at]),
            received_at / SECOND,
        )
        self.record["received_at"] = max(self.heard_at, received_at)
        return float(self.record["listened"][0])

    def credit(self, until: int) -> float:
        """Seconds of listening since the newest arrival: no more than a usual gap or three."""
        if not self.heard_at:
            return 0.0
        gaps = self.record["gaps"]
        usual = float(np.exp(gaps["pace"][0] + 2.0 * gaps["spread"][0]))
        since = max(self.heard_at, int(self.record["deaf_until"][0]))
        most = max(LEAST_CREDIT, self.rules.late * usual if gaps["samples"][0] else 0.0)
        return min(max(until - since, 0) / SECOND, most)

    def moment(self, now: int) -> float:
        """What the listener's clock shows."""
        return float(self.record["listened"][0]) + self.credit(now)

    @property
    def patience(self) -> cadence.Patience:
        """What is tolerated of the feed as a whole."""
        return cadence.patience(self.rules, self.record["gaps"], ONE)
