"""A scenario: which assets a city has, and what happens to them when; read from YAML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from simulators.asset import Asset
from simulators.chance import Chance
from simulators.dice import key_of
from simulators.document import NOWHERE, Node, Place, document
from simulators.egov.units import Unit, units
from simulators.fleet import BadCity, Wanted, check, fleet
from simulators.happening import Happening
from simulators.occurrences.catalogue import (
    OCCURRENCES,
    BadHappening,
    occurrence,
    parts,
    reach,
    sufferers,
)
from simulators.world import Planned, World

FOLDER: Final = Path(__file__).with_name("scenarios")
TRIED: Final = 200  # assets among which the one is looked for that a fault hits hardest
DEEPEST: Final = 8  # scenarios that include one another
MOST_A_DAY: Final = 500.0  # happenings of a kind by chance
LONGEST: Final = 400 * 86400.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Something that is to happen; `at` is seconds after the start, or since 1970 where absolute.

    What is under 0 begins before the start: a run finds it going on, or what it has left behind.
    """

    kind: str
    at: float
    lasts: float
    place: Place
    absolute: bool = False
    cause: str = ""
    asset: str = ""
    metric: str = ""
    strength: float = 1.0
    facts: Mapping[str, float] = field(default_factory=dict)

    def happening(self, number: int, start: float, assets: Sequence[Asset]) -> Happening:
        """Return what happens where a scenario starts then; raises BadScenario."""
        able = sufferers(self.kind, assets)
        if not self.asset and not able:
            raise self.place.refusal(f"nobody in this city can have the fault {self.kind}")
        began_at = self.at if self.absolute else start + self.at
        found = Happening(
            self.kind,
            self.cause or f"{self.kind}-{number}",
            self.asset or _hardest_hit(self.kind, number, able, assets).name,
            self.metric,
            began_at,
            began_at + self.lasts,
            self.strength,
            dict(self.facts),
        )
        try:
            parts(found, assets)
        except BadHappening as why:
            raise self.place.refusal(str(why)) from why
        return found


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a file, and those it includes, say. start is seconds since 1970, durations seconds.

    One that is dated is about its days, as Tet is; another may be lived through on any.
    """

    title: str = ""
    title_en: str = ""
    start: float | None = None
    duration: float | None = None
    dated: bool = False
    wanted: tuple[Wanted, ...] = ()
    dossiers: int = 0  # offices among the services that tell of their dossiers
    plans: tuple[Plan, ...] = ()
    chance: Mapping[str, float] = field(default_factory=dict)
    fleet_at: Place = NOWHERE

    def world(self, seed: int, start: float) -> World:
        """Return the province as it is where this starts then; raises BadScenario."""
        assets = self.assets(seed)
        planned = [plan.happening(at, start, assets) for at, plan in enumerate(self.plans, 1)]
        chance = Chance(assets, seed, self.chance)
        return World(assets, seed, [Planned(planned), chance], self.offices(seed, assets))

    def offices(self, seed: int, assets: Sequence[Asset]) -> list[Unit]:
        """Return the offices that tell of their dossiers; raises BadScenario."""
        there = [units(seed)[asset.name] for asset in assets if asset.name in units(seed)]
        if len(there) < self.dossiers:
            raise self.fleet_at.refusal(
                f"{self.dossiers} offices are to tell of their dossiers, and among the services "
                f"there are {len(there)}"
            )
        return there[: self.dossiers]

    def assets(self, seed: int) -> list[Asset]:
        """Return the assets, the same for the same seed; raises BadScenario."""
        try:
            return fleet(self.wanted, seed)
        except BadCity as why:
            raise self.fleet_at.refusal(str(why)) from why


def _hardest_hit(kind: str, number: int, able: Sequence[Asset], assets: Sequence[Asset]) -> Asset:
    """Return whom it would hit together with the most others, the dice choose among equals.

    Before that counts whether it hits services as well as sensors: a commune with a shop of its own.
    """
    tried = sorted(able, key=lambda asset: key_of(kind, number, asset.name))[:TRIED]
    return max(
        tried, key=lambda asset: reach(Happening(kind, "", asset.name, "", 0.0, 1e5), assets)
    )


def read_scenario(named: str) -> Scenario:
    """Read a scenario by its file, or by the name of one of ours; raises BadScenario."""
    return _read(_found(named, None), ())


def names() -> list[str]:
    """Return the names of our own scenarios."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


def _found(named: str, beside: Path | None) -> Path:
    own = FOLDER / f"{named}.yaml"
    if re.fullmatch(r"[\w-]+", named) and own.exists():
        return own
    return (beside.parent if beside else Path()) / named


def _read(file: Path, above: tuple[Path, ...]) -> Scenario:
    root = document(file, names())
    told = _fields(root, FIELDS)
    base = Scenario()
    if "include" in told:
        for each in told["include"].items_or_one():
            base = _together(base, _included(each, (*above, file)))
    return _finished(_over(base, told), root, whole=not above)


def _included(named: Node, above: tuple[Path, ...]) -> Scenario:
    file = _found(named.text(), above[-1])
    if file in above or len(above) > DEEPEST:
        raise named.place.refusal("the scenario includes itself")
    if not file.is_file():
        raise named.place.refusal(f"there is no {file}; of ours there are {', '.join(names())}")
    return _read(file, above)


def _together(one: Scenario, other: Scenario) -> Scenario:
    """Return two scenarios as one: fleets, plans and chances add up, what the later says counts."""
    wanted = {each.kind: each for each in one.wanted} | {each.kind: each for each in other.wanted}
    return replace(
        other,
        start=other.start if other.start is not None else one.start,
        duration=other.duration if other.duration is not None else one.duration,
        dated=one.dated or other.dated,
        wanted=tuple(wanted.values()),
        dossiers=other.dossiers or one.dossiers,
        plans=one.plans + other.plans,
        chance={**one.chance, **other.chance},
        fleet_at=other.fleet_at if other.wanted else one.fleet_at,
    )


def _over(base: Scenario, told: dict[str, Node]) -> Scenario:
    wanted = tuple(_wanted(told["fleet"])) if "fleet" in told else ()
    if "cadence" in told:
        cadence = told["cadence"].duration(86400)
        wanted = tuple(replace(each, cadence=each.cadence or cadence) for each in wanted)
        inherited = tuple(replace(each, cadence=cadence) for each in base.wanted)
        base = replace(base, wanted=inherited)
    own = Scenario(
        title=told["title"].text() if "title" in told else base.title,
        title_en=told["title_en"].text() if "title_en" in told else base.title_en,
        start=told["start"].moment() if "start" in told else None,
        duration=told["duration"].duration(LONGEST) if "duration" in told else None,
        dated=told["dated"].yes() if "dated" in told else False,
        wanted=wanted,
        dossiers=told["dossiers"].count() if "dossiers" in told else 0,
        plans=tuple(_plan(each) for each in told["faults"].items()) if "faults" in told else (),
        chance=_chance(told["chance"]) if "chance" in told else {},
        fleet_at=told["fleet"].place if "fleet" in told else NOWHERE,
    )
    return _together(base, own)


def _finished(scenario: Scenario, root: Node, *, whole: bool) -> Scenario:
    if whole and not scenario.wanted:
        raise root.place.refusal("the scenario has no fleet, and includes none that has")
    return scenario


def _wanted(node: Node) -> Iterator[Wanted]:
    for kind, (key, value) in node.pairs().items():
        wanted = Wanted(kind, value.count()) if value.scalar else _described(kind, value)
        try:
            check(wanted)
        except BadCity as why:
            raise key.place.refusal(str(why)) from why
        yield wanted


def _described(kind: str, node: Node) -> Wanted:
    told = _fields(node, ("count", "cadence", "convention", "lamps"))
    if "count" not in told:
        raise node.place.refusal(f"how many of {kind}? there is no count")
    return Wanted(
        kind,
        told["count"].count(),
        told["cadence"].duration(86400) if "cadence" in told else None,
        told["convention"].text() if "convention" in told else None,
        told["lamps"].count() if "lamps" in told else 0,
    )


def _plan(node: Node) -> Plan:
    told = _fields(
        node, (*PLANNED, *(name for each in OCCURRENCES.values() for name in each.fields))
    )
    if "kind" not in told:
        raise node.place.refusal("what goes wrong? there is no kind")
    kind = told["kind"].text()
    try:
        fields = occurrence(kind).fields
    except BadHappening as why:
        raise told["kind"].place.refusal(str(why)) from why
    for name, value in told.items():
        if name not in PLANNED and name not in fields:
            raise value.place.refusal(f"the fault {kind} has no field {name!r}")
    at, absolute = told["at"].offset(LONGEST) if "at" in told else (0.0, False)
    lasts = _lasting(told, at, node, absolute=absolute)
    return Plan(
        kind,
        at,
        lasts,
        node.place,
        absolute=absolute,
        cause=told["cause"].text() if "cause" in told else "",
        asset=told["asset"].text() if "asset" in told else "",
        metric=told["metric"].text() if "metric" in told else "",
        strength=told["strength"].number(0, 100) if "strength" in told else 1.0,
        facts={name: told[name].number(-1e9, 1e9) for name in fields if name in told},
    )


def _lasting(told: dict[str, Node], at: float, node: Node, *, absolute: bool) -> float:
    if ("lasts" in told) == ("until" in told):
        raise node.place.refusal("until when? a fault has either lasts or until")
    if "lasts" in told:
        return told["lasts"].duration(LONGEST)
    end, end_absolute = told["until"].offset(LONGEST)
    if end_absolute != absolute:
        raise told["until"].place.refusal("at and until are both times, or both durations")
    if end <= at:
        raise told["until"].place.refusal("it ends before it begins")
    return end - at


def _chance(node: Node) -> dict[str, float]:
    found = {}
    for kind, (key, value) in node.pairs().items():
        if kind not in OCCURRENCES:
            raise key.place.refusal(
                f"there is no fault {kind!r}: there are {', '.join(OCCURRENCES)}"
            )
        found[kind] = value.number(0, MOST_A_DAY)
    return found


FIELDS: Final = (
    "title", "title_en", "include", "start", "duration", "dated", "cadence", "fleet", "dossiers",
    "faults", "chance",
)  # fmt: skip
PLANNED: Final = ("kind", "cause", "at", "lasts", "until", "asset", "metric", "strength")


def _fields(node: Node, known: Sequence[str]) -> dict[str, Node]:
    pairs = node.pairs()
    for name, (key, _) in pairs.items():
        if name not in known:
            raise key.place.refusal(f"there is no field {name!r}: there are {', '.join(known)}")
    return {name: value for name, (_, value) in pairs.items()}
