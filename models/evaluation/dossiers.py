"""Back-tests the forecasts of e-government over a recorded stretch of dossiers, with no database.

The same code forecasts as in services/egov, and knows of each day what was known before it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from models.city.series import Flags
from models.egov import overdue
from models.egov.backtest import mean, trial
from models.egov.course import Event
from models.egov.daykind import Almanac
from models.egov.forecast import History
from models.egov.overdue import AHEAD, PAST, Dossiers, TooShort
from models.egov.worktime import Calendar
from models.evaluation.moves import Office, Spells, history, mornings, opening_of

LEARNED = timedelta(weeks=26)  # of history before the first day that is foretold, where there is
# A commune's code has five digits (general statistics office), a district's three; and the names
# of their one-stop shops bear them or their names.
LEVELS = (
    ("province", re.compile(r"S\d{2}|onestop-dept-\d{2}|(?:\d{3}\.)*\d{2}\.\d{2}\.H\d{2}")),
    ("commune", re.compile(r"(?:onestop-)?\d{5}")),
    ("district", re.compile(r"\d{3}|onestop-[a-z-]+")),
)
OTHERS, WHOLE = "others", "all"
# In calendar days, what the forecast of overdue dossiers looks back at, and holidays between.
LOOK_BACK = timedelta(days=(PAST + 2 * AHEAD) * 2)


class Ahead(NamedTuple):
    """Overdue dossiers of a unit some working days on: foretold, come true, and two naive ones.

    week is how many there were five working days before, now how many there are.
    """

    level: str
    ahead: int
    expected: float
    low: float
    high: float
    was: float
    week: float
    now: float


@dataclass(slots=True)
class Mornings:
    """How many were overdue as offices opened, by unit and level, and what was foretold then."""

    late: list[dict[str, int]] = field(default_factory=list)
    told: list[tuple[int, str, str, overdue.Overdue]] = field(default_factory=list)

    def ahead(self) -> Iterator[Ahead]:
        """The forecasts whose days have come."""
        for place, level, name, found in self.told:
            for ahead in range(1, AHEAD + 1):
                then, before = place + ahead, place + ahead - AHEAD
                if then < len(self.late) and before >= 0:
                    told = (float(each[ahead - 1]) for each in found)
                    late = (float(self.late[each].get(name, 0)) for each in (then, before, place))
                    yield Ahead(level, ahead, *told, *late)


def run(almanac: Almanac, told: Iterable[Event], since: date | None, every: int) -> dict[str, Any]:
    """The figures of a back-test: of loads every day, of overdue dossiers each so many working days.

    Without a first day half a year is learned from. Raises BadMoves and TooShort.
    """
    office, found = Office(almanac.calendar), Mornings()
    first = since
    for number, day in enumerate(mornings(office, told)):
        first = first or day + LEARNED
        count(office, found, day)
        if day >= first and number % every == 0:
            foretell(office, found, day)
    whole = history(office)
    first = first or whole.first + LEARNED
    names = list(office.units)
    return {
        "since": first.isoformat(),
        "until": (whole.first + timedelta(days=whole.counts.shape[1] - 1)).isoformat(),
        "units": len(names),
        "dossiers": int(whole.counts.sum()),
        "load": loads(almanac, names, whole, first),
        "overdue": overdues(list(found.ahead())),
    }


def count(office: Office, found: Mornings, day: date) -> None:
    """Counts what is overdue as offices open, by unit and level."""
    calendar, there = office.rules.calendar, office.standing()
    now = overdue.position(calendar, opening_of(calendar, day))
    late = there.unit[overdue.late_at(positions(calendar, there), now)]
    own = np.bincount(late, minlength=len(office.units)).tolist()
    places = grouped(list(office.units))
    found.late.append(
        dict(zip(office.units, own, strict=True))
        | {level: sum(own[each] for each in mine) for level, mine in places.items()}
    )


def foretell(office: Office, found: Mornings, day: date) -> None:
    """Foretells what will be overdue, from what is known as offices open."""
    calendar, opens = office.rules.calendar, opening_of(office.rules.calendar, day)
    spells = office.spells((opens - LOOK_BACK).timestamp())
    dossiers, names = positions(calendar, spells), list(office.units)
    for level, name, mine in portions(names, grouped(names)):
        which = np.isin(spells.unit, mine)
        known = Dossiers(*(each[which] for each in dossiers))
        with suppress(TooShort):
            told = overdue.forecast(known, overdue.position(calendar, opens))
            found.told.append((len(found.late) - 1, level, name, told))


def positions(calendar: Calendar, spells: Spells) -> Dossiers:
    """Dossiers on the axis of working time."""
    return Dossiers(*(overdue.positions(calendar, each) for each in spells[1:]))


def grouped(names: Sequence[str]) -> dict[str, list[int]]:
    """The places of the units of each level, and of all."""
    found: dict[str, list[int]] = {WHOLE: list(range(len(names)))}
    for place, name in enumerate(names):
        found.setdefault(level_of(name), []).append(place)
    return found


def portions(
    names: Sequence[str], places: dict[str, list[int]]
) -> Iterator[tuple[str, str, list[int]]]:
    """Of what is foretold: whose figure it counts in, its name, and the units in it."""
    for level, mine in places.items():
        yield f"{level}, together", level, mine
        if level != WHOLE:
            for place in mine:
                yield f"{level}, each", names[place], [place]


def level_of(unit: str) -> str:
    """At which level a unit is, by its code or the name of its one-stop shop."""
    return next((level for level, form in LEVELS if form.fullmatch(unit)), OTHERS)


def loads(almanac: Almanac, names: Sequence[str], whole: History, since: date) -> dict[str, Any]:
    """How good the forecasts of loads were: all, by level, by kind of day, and of levels as wholes."""
    last = whole.first + timedelta(days=whole.counts.shape[1] - 1)
    tried, places = trial(almanac, whole, since, last), grouped(names)
    sums = np.stack([whole.counts[mine].sum(axis=0) for mine in places.values()])
    rolled = trial(almanac, History(whole.first, sums), since, last)
    found = {"all units": tried.score()}
    for number, (level, mine) in enumerate(places.items()):
        if level != WHOLE:
            found[f"{level}, each"] = tried.score(of(mine, len(names)))
        found[f"{level}, together"] = rolled.score(of([number], len(places)))
    found |= {f"days: {kind}": score for kind, score in tried.by_kind(almanac).items()}
    return {name: score._asdict() | {"gain": score.gain} for name, score in found.items()}


def of(places: Sequence[int], number: int) -> Flags:
    """These of so many units, as days x units x hours are asked for."""
    return np.isin(np.arange(number), places)[None, :, None]


def overdues(found: Sequence[Ahead]) -> dict[str, Any]:
    """How good the forecasts of overdue dossiers were, by whose they are and how far ahead."""
    kinds = sorted({each.level for each in found})
    return {
        level: [
            figures([each for each in found if (each.level, each.ahead) == (level, ahead)])
            for ahead in range(1, AHEAD + 1)
        ]
        for level in kinds
    }


def figures(found: Sequence[Ahead]) -> dict[str, float]:
    """Mean absolute errors in dossiers: ours, the week before's, and that of as many as now."""
    _, _, expected, low, high, was, week, now = (
        np.array(each) for each in zip(*found, strict=True)
    )
    ours, naive = mean(np.abs(was - expected)), mean(np.abs(was - week))
    return {
        "forecasts": len(found),
        "error": ours,
        "naive": naive,
        "unchanged": mean(np.abs(was - now)),
        "gain": 1 - ours / naive if naive else 0.0,
        "inside": mean((low <= was) & (was <= high)),
    }


def text(told: dict[str, Any]) -> str:
    """The figures as tables for a terminal."""
    shares = f"{'in band':>10}{'busy':>8}{'quiet':>8}{'still':>8}"
    lines = [
        f"{told['dossiers']:,} dossiers of {told['units']} units, {told['since']} to {told['until']}",
        "",
        f"{'dossiers an hour':24}{'ours':>9}{'naive':>9}{'better':>9}{shares}",
    ]
    for name, each in told["load"].items():
        shares = "".join(f"{share(each[one]):>8}" for one in ("busy", "quiet", "still"))
        lines.append(
            f"{name:24}{each['error']:9.4f}{each['naive']:9.4f}{each['gain']:9.1%}"
            f"{share(each['inside']):>10}{shares}"
        )
    lines += [
        "",
        f"{'overdue, days ahead':24}{'ours':>9}{'naive':>9}{'better':>9}{'unchanged':>11}",
    ]
    lines[-1] += f"{'in band':>9}"
    for level, ahead in told["overdue"].items():
        lines += [
            f"{level:20}{number:4}{each['error']:9.2f}{each['naive']:9.2f}{each['gain']:9.1%}"
            f"{each['unchanged']:11.2f}{share(each['inside']):>9}"
            for number, each in enumerate(ahead, 1)
        ]
    return "\n".join(lines)


def share(number: float) -> str:
    """A share as people read it; a dash for none."""
    return "-" if np.isnan(number) else f"{number:.1%}"
