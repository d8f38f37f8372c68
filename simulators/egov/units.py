"""Who handles dossiers: nineteen departments, ten districts and all communes."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from simulators.dice import bits, even, key_of
from simulators.places import Place, communes, districts

FILE: Final = Path(__file__).with_name("departments.csv")
CENTRE: Final = "onestop-province"
DEPARTMENTS_DAY: Final = 400.0  # dossiers on an average working day, of all departments together
DISTRICT_DAY: Final = (60.0, 90.0)
COMMUNE_DAY: Final = (5.0, 15.0)
# Shares of dossiers that come online. The provincial centre tells of 84 % in later years, of which
# some are entered at the counter for the people; what is left grows less the nearer an office is.
ONLINE: Final = {"department": 0.70, "district": 0.40, "commune": 0.20}
POSTAL: Final = 0.03
LAND: Final = 10  # the department that districts hand most on to: it keeps the land register
OPEN_ON_SATURDAYS: Final = 0.2  # share of one-stop shops that are, in the morning


@dataclass(frozen=True, slots=True)
class Unit:
    """An office that handles dossiers, or the centre that does so for its parts."""

    name: str  # of its service, as the platform knows it
    code: str  # in its dossiers' codes
    level: str  # department, district or commune
    key: int  # its own dice
    volume: float  # dossiers on an average working day
    department: int = 0  # its number, 0 where it is none
    saturdays: bool = False
    above: str = ""  # the office that it hands some of its dossiers on to
    parts: tuple["Unit", ...] = ()

    @property
    def online(self) -> float:
        """The share of its dossiers that come online."""
        return ONLINE[self.level]


class Department(NamedTuple):
    """A line of the table of departments, as they were in 2019."""

    number: int
    title: str
    share: float  # of all departments' dossiers


@lru_cache(maxsize=8)
def units(seed: int) -> dict[str, Unit]:
    """Return all offices by their services' names: the departments, the districts, the communes."""
    found = [_department(seed, each) for each in departments()]
    found += [_district(seed, place) for place in districts()]
    found += [_commune(seed, place) for place in in_turn(seed)]
    return {unit.name: unit for unit in found}


@lru_cache(maxsize=8)
def centre(seed: int) -> Unit:
    """Return the provincial centre, which receives and returns what the departments handle."""
    parts = tuple(each for each in units(seed).values() if each.level == "department")
    return Unit(CENTRE, "TTHCC", "department", key_of(seed, CENTRE), DEPARTMENTS_DAY, parts=parts)


def in_turn(seed: int) -> list[Place]:
    """Return the communes in the order in which a city of few services has them."""
    return sorted(communes(), key=lambda place: bits(key_of(seed, place.code), 0))


@lru_cache(maxsize=1)
def departments() -> tuple[Department, ...]:
    """Return the nineteen departments."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Department(int(row["number"]), row["title"], float(row["share"]))
            for row in csv.DictReader(file)
        )


def _department(seed: int, each: Department) -> Unit:
    name = f"onestop-dept-{each.number:02d}"
    volume = DEPARTMENTS_DAY * each.share
    code = f"S{each.number:02d}"
    return Unit(name, code, "department", key_of(seed, name), volume, each.number)


def _district(seed: int, place: Place) -> Unit:
    name = f"onestop-{place.slug}"
    key = key_of(seed, name)
    volume = _within(DISTRICT_DAY, even(key_of(seed, place.code)))
    above = f"onestop-dept-{LAND:02d}"
    return Unit(name, place.code, "district", key, volume, saturdays=_saturdays(key), above=above)


def _commune(seed: int, place: Place) -> Unit:
    name = f"onestop-{place.code}"
    key = key_of(seed, name)
    volume = _within(COMMUNE_DAY, even(key_of(seed, place.code), 1))
    above = next(f"onestop-{each.slug}" for each in districts() if each.code == place.parent)
    return Unit(name, place.code, "commune", key, volume, saturdays=_saturdays(key), above=above)


def _within(bounds: tuple[float, float], share: float) -> float:
    low, high = bounds
    return low + (high - low) * share


def _saturdays(key: int) -> bool:
    return even(key, 9) < OPEN_ON_SATURDAYS
