"""Electricity: power factor, unbalance of three phases, and whether a supply is in its band."""

from collections.abc import Sequence
from enum import StrEnum
from math import hypot
from typing import NamedTuple

from models.city.series import given

Phases = Sequence[float | None]


class Supply(StrEnum):
    """What the phases of a connection show, the worst first."""

    OUTAGE = "outage"
    PHASE_LOST = "phase lost"
    OVER = "over voltage"
    UNDER = "under voltage"
    NORMAL = "normal"


class Rules(NamedTuple):
    """The bands of a voltage, as shares of nominal (V, phase to neutral).

    Normal is within 5 % (Circular 39/2015/TT-BCT [G]); below a tenth of nominal a phase is
    interrupted (IEEE 1159).
    """

    nominal: float = 220.0
    low: float = 0.95
    high: float = 1.05
    dead: float = 0.10

    def checked(self) -> "Rules":
        """These rules. Raises ValueError where the bands do not follow each other."""
        if not (self.nominal > 0 and 0 < self.dead < self.low < 1 < self.high):
            raise ValueError("dead is below low, low below nominal, nominal below high")
        return self


def power_factor(active: float | None, reactive: float | None) -> float | None:
    """The share (0 to 1) of apparent power that is active, of active W and reactive var.

    Both in one scale; their signs (import, export, lead, lag) do not matter. None where one is
    missing, or nothing flows.
    """
    real, blind = given(active), given(reactive)
    apparent = hypot(real, blind) if real is not None and blind is not None else 0.0
    return abs(real) / apparent if real is not None and apparent > 0 else None


def unbalance(phases: Phases, least_mean: float = 0.0) -> float | None:
    """The largest deviation of a phase from the mean of all, as a share of it (NEMA MG 1).

    Of three voltages or of three currents, in one unit. None where one is missing, or their mean
    is not above least_mean: hardly any current is always unbalanced.
    """
    known = [value for value in map(given, phases) if value is not None]
    if not known or len(known) < len(phases):
        return None
    mean = sum(known) / len(known)
    if mean <= max(least_mean, 0.0):
        return None
    return max(abs(value - mean) for value in known) / mean


def supply(rules: Rules, volts: Phases) -> Supply | None:
    """What the voltages (V, phase to neutral) of one or three phases show.

    A phase whose voltage is missing is not judged by, and nothing is called an outage unless
    every phase is known to be dead. None where no phase is known.
    """
    shares = [value / rules.nominal for value in map(given, volts) if value is not None]
    if not shares:
        return None
    dead = sum(share < rules.dead for share in shares)
    if dead:
        return Supply.OUTAGE if dead == len(volts) else Supply.PHASE_LOST
    if max(shares) > rules.high:
        return Supply.OVER
    return Supply.UNDER if min(shares) < rules.low else Supply.NORMAL
