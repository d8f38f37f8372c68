"""Parking: how full a place is, in the words of FIWARE's OffStreetParking."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.city.series import Floats, given

Statuses = NDArray[np.int8]

GRAIN = 9  # decimals of a share: beyond them a float is noise

WORDS = ("open", "almostFull", "full")


class Status(IntEnum):
    """How full a place is."""

    OPEN = 0
    ALMOST_FULL = 1
    FULL = 2

    @property
    def word(self) -> str:
        """FIWARE's word."""
        return WORDS[self]


class Rules(NamedTuple):
    """From which occupancy (0 to 1) on a place is almost full and full, and what it takes back.

    A status is left when the occupancy is lower than it was entered by, by more than hysteresis.
    All three are [D].
    """

    almost: float = 0.90
    full: float = 0.99
    hysteresis: float = 0.03

    def checked(self) -> "Rules":
        """These rules. Raises ValueError where full is not above almost full."""
        if not 0 <= self.hysteresis < self.almost < self.full <= 1:
            raise ValueError("almost full comes before full, and both within a whole place")
        return self


def occupancy(occupied: float | None, total: float | None) -> float | None:
    """The share of a place's spots that are taken; None where one is missing, or it has none.

    Above 1 where more vehicles were counted than there are spots.
    """
    taken, spots = given(occupied), given(total)
    return taken / spots if taken is not None and spots is not None and spots > 0 else None


def consistent(
    occupied: float | None,
    available: float | None,
    total: float | None,
    out_of_service: float = 0,
) -> bool | None:
    """Whether the spots taken, free and out of service are all there are; None: one is missing."""
    taken, free, spots = given(occupied), given(available), given(total)
    if taken is None or free is None or spots is None:
        return None
    return min(taken, free) >= 0 and taken + free + out_of_service == spots


def statuses(rules: Rules, before: Status, occupancies: Floats) -> Statuses:
    """Follows a series of occupancies (0 to 1, in order) on from a status; nan changes nothing.

    A series that is cut anywhere, and gone on with from the status at the cut, gives the same.
    """
    thresholds = np.array([rules.almost, rules.full])
    reached = np.searchsorted(thresholds, occupancies, side="right").tolist()
    lowered = np.round(thresholds - rules.hysteresis, GRAIN)
    held = np.searchsorted(lowered, occupancies, side="right").tolist()
    now, found = int(before), np.empty(occupancies.shape, np.int8)
    for i, known in enumerate(np.isfinite(occupancies).tolist()):
        if known:
            now = max(reached[i], min(now, held[i]))
        found[i] = now
    return found
