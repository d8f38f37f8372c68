"""A hundred thousand streams that the detectors have known for two days, ending now."""

import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.detectors.bank import Bank
from models.detectors.traits import Traits, family
from models.frame import FRAME, Frame
from models.reading import DAY, MINUTE
from services.detection.runner import make_bank
from services.detection.settings import DetectionSettings
from services.store.detector_states import State

KINDS = 2000  # streams that are really learned; the others are like one of them
STEP = 15 * MINUTE
STEPS = 220  # over two days, and the 200 samples of the ensemble's warm-up
SPIKE = 1000.0


class Population(NamedTuple):
    """What streams 1 to `streams` do: a daily wave each, with noise. known_at ends the past."""

    streams: int
    known_at: int
    dice: np.random.Generator

    def frame(self, stream_ids: NDArray[np.int64], at: int) -> Frame:
        """One reading of each of these streams."""
        kind = (stream_ids - 1) % KINDS
        made = np.empty(len(stream_ids), FRAME)
        made["stream_id"], made["time"] = stream_ids, at
        wave = 5 * np.sin(2 * np.pi * at / DAY)
        made["value"] = 50 + kind / 100 + wave + self.dice.normal(0, 1, len(stream_ids))
        return made

    def metric(self, stream_id: int) -> str:
        """What it measures: half of the kinds are families of fifty, the others like nobody."""
        kind = (stream_id - 1) % KINDS
        return f"like-{kind // 50}" if kind < KINDS // 2 else f"own-{stream_id}"

    def bank(self, streams: int) -> Bank:
        """The detectors that are always on, told what so many streams are."""
        bank = make_bank(DetectionSettings())
        for stream_id in range(1, streams + 1):
            like = family("unknown", self.metric(stream_id), None)
            bank.know(stream_id, Traits(family=like))
        return bank

    def everybody(self) -> NDArray[np.int64]:
        """The ids of all, in the order in which they happen to speak."""
        return 1 + self.dice.permutation(self.streams)


def population(streams: int) -> Population:
    """So many streams."""
    return Population(streams, time.time_ns() // 1000, np.random.default_rng(7))


def states(people: Population) -> Iterator[State]:
    """What is known of each of them, learned from the kinds."""
    bank, kinds = people.bank(KINDS), 1 + np.arange(KINDS)
    for step in range(STEPS):
        bank.judge(people.frame(kinds, people.known_at - (STEPS - step) * STEP))
    learned = list(bank.dump(range(1, KINDS + 1)))
    for stream_id in range(1, people.streams + 1):
        kept = learned[(stream_id - 1) % KINDS]
        yield State(stream_id, kept.judged_until, kept.odd_until, kept.state)
