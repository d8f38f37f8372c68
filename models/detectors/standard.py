"""The detectors that are always on, put together: live and in evaluation the very same."""

from typing import NamedTuple

from models.detectors.bank import Bank
from models.detectors.ensemble import Ensemble
from models.detectors.flatline import Flatline
from models.detectors.jury import Kin, StandIn
from models.detectors.level import Level
from models.detectors.neighbours import Neighbours
from models.detectors.reach import Reach


class Choice(NamedTuple):
    """What an installation may turn; the defaults are those that docs/accuracy.md tells of."""

    threshold: float = 0.995
    stand_in_threshold: float = 0.9999
    level_memory: int = 60
    level_warm_up: int = 30


def standard(choice: Choice = Choice()) -> Bank:  # noqa: B008
    """A bank of them.

    A stream with a family is held against its neighbours, any other against its own past; before
    either knows it well, its recent level is all there is, and on its first day only what is
    grossly beyond it is told. What is stuck or cannot be is told of every stream.
    """
    ensemble, neighbours = Ensemble(), Neighbours()
    level = Level(choice.level_memory, choice.level_warm_up)
    return Bank(
        [ensemble, neighbours, Flatline(alarm=14.0), Reach()],
        choice.threshold,
        StandIn(level, ensemble, choice.stand_in_threshold),
        Kin(neighbours, ensemble),
    )
