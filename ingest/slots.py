"""How much is inside: a bound in messages and in bytes, with one writer for each counter."""

import threading
from collections.abc import Sequence

from ingest.delivery import Delivery


class Slots:
    """How many deliveries are inside, and how large; while there is no room, nothing is read.

    Each counter has one writer, the network thread or the worker, so they need no lock.
    """

    def __init__(self, size: int, size_bytes: int) -> None:
        self.size, self.size_bytes = size, size_bytes
        self.received = self.received_bytes = 0
        self.released = self.released_bytes = 0
        self.freed = threading.Event()

    @property
    def room(self) -> int:
        """How many more fit."""
        if self.received_bytes - self.released_bytes >= self.size_bytes:
            return 0
        return self.size - (self.received - self.released)

    def wait(self, seconds: float) -> bool:
        """Whether there is room, waiting a moment for it."""
        if self.room > 0:
            return True
        self.freed.clear()
        return self.room > 0 or self.freed.wait(seconds)

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """These have left."""
        self.released += len(deliveries)
        self.released_bytes += sum(len(each.payload) for each in deliveries)
        self.freed.set()
