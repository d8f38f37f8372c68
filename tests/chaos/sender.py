"""A load from a process of its own, which tells exactly what it published."""

import multiprocessing
from multiprocessing.pool import AsyncResult, Pool
from types import TracebackType
from typing import NamedTuple, Self

from simulators.address import Address
from simulators.load import Load, Outcome, publish_load

# An asset, and the time its message carries in milliseconds since 1970: no two are the same.
Key = tuple[str, int]


class Told(NamedTuple):
    """What came of a load, and every message of it, those sent again named once."""

    outcome: Outcome
    blocks: list[tuple[list[str], int]]

    @property
    def keys(self) -> set[Key]:
        """Every message."""
        return {(asset, at) for assets, at in self.blocks for asset in assets}


def publish_and_tell(load: Load, address: Address) -> Told:
    """Publishes, keeping account."""
    blocks: list[tuple[list[str], int]] = []
    outcome = publish_load(load, address, lambda assets, at: blocks.append((assets, at)))
    return Told(outcome, blocks)


class Sender:
    """Publishes a load while other things happen; `told` waits for its end."""

    def __init__(self, load: Load, address: Address) -> None:
        self.load, self.address = load, address
        self.processes: Pool | None = None
        self.result: AsyncResult[Told] | None = None

    def __enter__(self) -> Self:
        self.processes = multiprocessing.get_context("spawn").Pool(1)
        self.result = self.processes.apply_async(publish_and_tell, (self.load, self.address))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.processes is not None
        self.processes.terminate()
        self.processes.join()

    def told(self, patience: float = 300) -> Told:
        """What was published, once the broker has answered for all of it."""
        assert self.result is not None
        return self.result.get(patience)
