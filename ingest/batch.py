"""Collects items until there are enough of them, or the first has waited enough."""

import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Batch(Generic[Item]):
    """Due at `size` items, or `age` seconds after the first one came."""

    def __init__(self, size: int, age: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self.age, self.clock = size, age, clock
        self.items: list[Item] = []
        self.first_at = 0.0

    def extend(self, items: Sequence[Item]) -> None:
        """Adds items."""
        if items and not self.items:
            self.first_at = self.clock()
        self.items.extend(items)

    @property
    def room(self) -> int:
        """How many more items fit."""
        return max(0, self.size - len(self.items))

    @property
    def patience(self) -> float:
        """Seconds until age makes it due; the whole age while it is empty."""
        if not self.items:
            return self.age
        return max(0.0, self.first_at + self.age - self.clock())

    @property
    def due(self) -> bool:
        """It is time to send it on."""
        return bool(self.items) and (not self.room or self.patience == 0.0)

    def empty(self) -> list[Item]:
        """Takes everything out."""
        taken, self.items = self.items, []
        return taken
