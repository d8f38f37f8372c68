"""The book of what is in force: limits, stations and parameters, each with its dates; office hours."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models.city.flood import Station
from models.city.limits import Limit, newest
from models.city.noise import NoiseLimit
from models.city.parameters import PARAMETERS
from models.egov.worktime import OFFICE_HOURS, Calendar
from models.reading import HOUR, moment

UTC_OFFSET = 7 * HOUR  # a regulation comes into force at midnight of the province's clock


class NamedStation(NamedTuple):
    """A flood station by the name of the asset that reports its height."""

    asset: str
    station: Station


class Parameter(NamedTuple):
    """A number that a rule is told; without one the rule has a default."""

    rule: str
    name: str
    value: float
    valid_from: date
    valid_to: date | None = None


class Book(NamedTuple):
    """All of it."""

    limits: Sequence[Limit] = ()
    stations: Sequence[NamedStation] = ()
    noise: Sequence[NoiseLimit] = ()
    parameters: Sequence[Parameter] = ()
    calendar: Calendar = Calendar(OFFICE_HOURS)

    def station(self, asset: str, time: int) -> Station | None:
        """The station of an asset as it is at a time; None where the asset is none."""
        mine = [each.station for each in self.stations if each.asset == asset]
        return newest(mine, day_of(time))

    def parameter(self, rule: str, name: str, time: int) -> float:
        """A parameter of a rule as it is at a time; its default where the book has none."""
        mine = [row for row in self.parameters if (row.rule, row.name) == (rule, name)]
        found = newest(mine, day_of(time))
        return PARAMETERS[rule, name].default if found is None else found.value


def day_of(time: int) -> date:
    """The local day of a time (microseconds since 1970)."""
    return moment(time + UTC_OFFSET).date()
