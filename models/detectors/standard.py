"""The detectors that are always on, put together: live and in evaluation the very same."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from models.detectors.bank import Bank
from models.detectors.drift import Drift
from models.detectors.ensemble import Ensemble
from models.detectors.flatline import Flatline
from models.detectors.jury import Kin, StandIn
from models.detectors.level import Level
from models.detectors.neighbours import Neighbours
from models.detectors.office import OfficeBand, OfficeSeason
from models.detectors.promise import Detector
from models.detectors.rate import Rate
from models.detectors.reach import Reach
from models.detectors.rhythm import Rhythm

# How much each detector counts; at 0 it is left out. What is left out did not earn its place
# in docs/accuracy.md, and may do so elsewhere.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "ensemble": 1.0,
        "neighbours": 1.0,
        "flatline": 1.0,
        "reach": 1.0,
        "season": 0.7,
        "band": 0.0,
        "rate": 0.0,
        "rhythm": 0.0,
        "drift": 0.0,
    }
)
EPOCH = date(1970, 1, 1)
# The others lean on these: who has no family, or is new, is judged by them.
NEEDED = frozenset({"ensemble"})


class Days(NamedTuple):
    """Days that are not what their weekday says, as days since 1970, in order."""

    free: tuple[int, ...] = ()
    worked: tuple[int, ...] = ()

    @classmethod
    def of(cls, free: Iterable[date], worked: Iterable[date]) -> "Days":
        """These days off, and these worked ones of weekends."""
        return cls(*(tuple(sorted((day - EPOCH).days for day in days)) for days in (free, worked)))


class Choice(NamedTuple):
    """What an installation may turn; the defaults are those that docs/accuracy.md tells of."""

    threshold: float = 0.995
    stand_in_threshold: float = 0.9999
    level_memory: int = 60
    level_warm_up: int = 30
    weights: Mapping[str, float] = WEIGHTS


def standard(choice: Choice = Choice(), days: Days = Days()) -> Bank:  # noqa: B008
    """A bank of them. Raises ValueError of a choice that makes none.

    A stream with a family is held against its neighbours, any other against its own past; before
    either knows it well, its recent level is all there is, and on its first day only what is
    grossly beyond it is told. What is stuck or cannot be is told of every stream. What offices
    move is held against the hours of its week as well.
    """
    weights = {**WEIGHTS, **choice.weights}
    refuse(weights)
    chosen = [name for name, weight in weights.items() if weight]
    free, worked = (np.array(each, np.int64) for each in days)
    ensemble, neighbours = Ensemble(), Neighbours()
    made: dict[str, Callable[[], Detector]] = {
        "ensemble": lambda: ensemble,
        "neighbours": lambda: neighbours,
        "flatline": lambda: Flatline(alarm=14.0),
        "reach": Reach,
        "rate": Rate,
        "rhythm": Rhythm,
        "drift": Drift,
        "season": lambda: OfficeSeason(free_days=free, worked_days=worked),
        "band": lambda: OfficeBand(free_days=free, worked_days=worked),
    }
    level = Level(choice.level_memory, choice.level_warm_up)
    return Bank(
        [made[name]() for name in chosen],
        choice.threshold,
        StandIn(level, ensemble, choice.stand_in_threshold),
        Kin(neighbours, ensemble) if weights["neighbours"] else None,
        {name: weights[name] for name in chosen},
    )


def refuse(weights: Mapping[str, float]) -> None:
    """Raises ValueError, a sentence, of weights that make no bank."""
    if unknown := sorted(weights.keys() - WEIGHTS.keys()):
        raise ValueError(
            f"{', '.join(unknown)}: there is no such detector; there are {', '.join(WEIGHTS)}"
        )
    if without := sorted(name for name in NEEDED if not weights[name] > 0):
        raise ValueError(f"{', '.join(without)}: the bank cannot do without it")
    if wrong := sorted(name for name, each in weights.items() if not 0 <= each < float("inf")):
        raise ValueError(f"{', '.join(wrong)}: a weight is a number, 0 or above")
