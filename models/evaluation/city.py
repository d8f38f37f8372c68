"""Runs detection over a recorded province: the bank that works live, and what stands beside it.

Readings are judged in the order they were sent. Beside the bank: silence as connectivity judges
it, conduct (clock, order, repeats), and the city's rules. What they say becomes incidents.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models import conduct
from models.cadence import Rules as CadenceRules
from models.connectivity import Limits, with_descendants
from models.correlate import Sign
from models.detectors.bank import Bank, Oddity
from models.detectors.standard import Days, standard
from models.evaluation import province
from models.evaluation.grids import Grids
from models.evaluation.province import Arrivals
from models.evaluation.town import Town
from models.frame import Frame
from models.hearing import Hearing
from models.reading import MINUTE
from models.rollcall import judge

PLATFORM = 0  # as an asset, for whoever is nobody's child
SILENCE = "silence"


class Silences:
    """Connectivity over the same arrivals."""

    def __init__(self, town: Town, cadence: CadenceRules, limits: Limits) -> None:
        self.town, self.limits = town, limits
        self.hearing = Hearing(cadence, PLATFORM)
        self.hearing.roster.know_assets(range(len(town.names)))

    def know(self, stream: int, asset: int, metric: str) -> None:
        """Makes a stream known."""
        self.hearing.roster.know_streams([(stream, asset, metric)])
        self.hearing.roster.know_family(self.town.family)

    def take(self, frame: Frame, received_at: int) -> Iterator[Sign]:
        """Hears an arrival, calls the roll; gives the silences that are told now."""
        self.hearing.take(frame, received_at)
        for silence in judge(self.hearing, self.limits, received_at).silences:
            name = self.town.names[silence.asset_id]
            sign = self.town.sign(name, "online", received_at, SILENCE, silence.score)
            yield sign._replace(members=self.folded(silence.asset_id))

    def folded(self, asset: int) -> tuple[str, ...]:
        """Whose silence is told with a gateway's: all behind it, lamps behind cabinets too."""
        roster = self.hearing.roster
        under = np.zeros(len(roster.parent), bool)
        under[roster.rows[asset]] = True
        behind = with_descendants(roster.parent, under) & self.hearing.assets["with_parent"]
        rows = np.flatnonzero(behind)
        return tuple(self.town.names[each] for each in roster.asset_ids[rows].tolist())


class Manners:
    """Conduct over the same arrivals."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.rows = conduct.blank(0)
        self.last = np.zeros(0, np.int64)
        self.asset_of = np.zeros(0, np.int64)

    def know(self, asset: int) -> None:
        """Makes the next stream known."""
        self.last = np.r_[self.last, 0]
        self.asset_of = np.r_[self.asset_of, asset]
        self.rows = np.concatenate(
            [self.rows, conduct.blank(max(0, len(self.town.names) - len(self.rows)))]
        )

    def take(self, frame: Frame, received_at: int) -> Iterator[Sign]:
        """What begins with an arrival."""
        for each in conduct.take(self.rows, self.last, self.asset_of, frame, received_at):
            yield self.town.sign(
                self.town.names[each.row], f"delivery_{each.what}", received_at, each.what, 0.999
            )


class Watch(NamedTuple):
    """All who listen."""

    bank: Bank
    silences: Silences
    manners: Manners


def signs(
    arrivals: Arrivals, town: Town, watch: Watch, take: Callable[[Frame], None] = lambda _: None
) -> Iterator[Sign]:
    """All signs but those of rules, in the order in which they were given."""
    known = 0
    for frame, received_at in arrivals:
        for stream in range(known, len(arrivals.streams)):
            asset = town.number(arrivals.streams[stream].asset)
            watch.silences.know(stream, asset, arrivals.streams[stream].metric)
            watch.manners.know(asset)
            watch.bank.know(stream, town.traits(arrivals.streams[stream]))
        known = len(arrivals.streams)
        yield from watch.silences.take(frame, received_at)
        yield from watch.manners.take(frame, received_at)
        for oddity in watch.bank.judge(frame):
            yield from said(oddity, arrivals, town)
        take(frame)


def said(oddity: Oddity, arrivals: Arrivals, town: Town) -> Iterator[Sign]:
    """An oddity as a sign."""
    stream = arrivals.streams[oddity.stream_id]
    sign = town.sign(stream.asset, stream.metric, oddity.time, oddity.detector, oddity.score)
    yield sign._replace(upwards=oddity.value > oddity.expected, parts=oddity.parts)


class Heard(NamedTuple):
    """All signs, and how many readings there were."""

    signs: list[Sign]
    readings: int


def listen(
    readings: Path,
    assets: Path,
    facts: Path | None = None,
    pace: int = MINUTE,
    days: Path | None = None,
) -> Heard:
    """Runs everything over a recorded province. Raises BadProvince.

    Without days there is no holiday. What came within a pace (microseconds) is heard together: no more than the usual cadence.
    """
    arrivals, town = Arrivals(readings, pace), Town(province.assets(assets))
    known = province.facts(facts) if facts else {}
    bank = standard(days=province.days(days) if days else Days())
    watch = Watch(bank, Silences(town, CadenceRules(), Limits()), Manners(town))
    grids = Grids(town, known, arrivals.streams)
    found = list(signs(arrivals, town, watch, grids.take))
    return Heard([*found, *grids.signs()], grids.readings)
