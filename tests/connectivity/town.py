"""A small town of devices that speak at a pace of their own: what every moment of it brings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from models.frame import Frame, frame
from models.reading import SECOND

START = 1_767_225_600_000_000  # 2026-01-01T00:00Z


@dataclass
class Device:
    """Speaks every `every` seconds on all its streams; its clock is `ahead` of ours (seconds).

    With `batch` it keeps so many readings and sends them in one go. word, set, is what it says
    once of its connection on its stream `presence`.
    """

    asset: int
    streams: list[int]
    every: float
    ahead: float = 0.0
    jitter: float = 0.05
    batch: int = 1
    parent: int | None = None
    presence: int | None = None
    alive: bool = True
    word: float | None = None
    next_at: float = 0.0
    buffer: list[int] = field(default_factory=list)


class Town:
    """Devices and the clock; `hear` takes the frame of every step in which somebody spoke."""

    def __init__(self, *devices: Device, step: int = 2, seed: int = 5) -> None:
        self.devices = list(devices)
        self.dice = np.random.default_rng(seed)
        self.second, self.step = 0, step
        self.deaf = False  # ingest is away, and the broker keeps nothing

    @property
    def now(self) -> int:
        """Microseconds since 1970."""
        return START + self.second * SECOND

    def known(self) -> list[tuple[int, int, str]]:
        """(stream, asset, metric) of everything here."""
        found = [(s, each.asset, f"m{s}") for each in self.devices for s in each.streams]
        return found + [
            (each.presence, each.asset, "online") for each in self.devices if each.presence
        ]

    def family(self) -> list[tuple[int, int]]:
        """(asset, gateway)."""
        return [(each.asset, each.parent) for each in self.devices if each.parent is not None]

    def live(self, seconds: float, hear: Callable[[Frame], None], tick: Callable[[], None]) -> None:
        """Lets time pass, step by step; tick is called after each."""
        for _ in range(int(seconds) // self.step):
            self.second += self.step
            said = [row for each in self.devices for row in self.said(each)]
            if said and not self.deaf:
                ids, times, values = zip(*said, strict=True)
                hear(frame(list(ids), list(times), list(values)))
            tick()

    def said(self, device: Device) -> Iterator[tuple[int, int, float]]:
        """What a device says in this step."""
        if device.word is not None and device.presence is not None:
            yield device.presence, self.now, device.word
            device.word = None
        if not device.alive or self.second < device.next_at:
            return
        device.next_at = max(device.next_at, self.second - device.every) + device.every * (
            1 + device.jitter * self.dice.uniform(-1, 1)
        )
        device.buffer.append(self.now + int(device.ahead * SECOND))
        if len(device.buffer) >= device.batch:
            for time in device.buffer:
                for stream in device.streams:
                    yield stream, time, 1.0
            device.buffer = []
