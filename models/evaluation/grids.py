"""The city's rules over a recorded province: cells of five minutes, and the alarms out of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.city.book import Book
from models.city.derivation import Case, Cell, Derived, Kept, Place, Rule, stretch
from models.city.derived import energy, lighting, waste, water
from models.correlate import Sign
from models.evaluation.province import Stream
from models.evaluation.town import Town
from models.frame import Frame

# Those that a recorded province can be asked about without a book of limits and stations. Each
# reads what devices report; lighting-group reads what lighting gives.
RULES = (
    energy.ENERGY,
    waste.FIRE,
    lighting.LIGHT,
    lighting.GROUP,
    water.WATER_NIGHT,
    water.WATER_LEAK,
)
CERTAIN = 1.0

Series = dict[int, Cell]
Cells = dict[tuple[str, str, int], Series]  # by asset, metric and step


class Grids:
    """Takes readings in, and derives at the end."""

    def __init__(
        self, town: Town, facts: Mapping[str, Mapping[str, str]], streams: Sequence[Stream]
    ) -> None:
        self.town, self.facts, self.streams = town, facts, streams
        self.cells: Cells = defaultdict(dict)
        self.readings = 0
        self.wanted: list[list[int]] = []

    def take(self, frame: Frame) -> None:
        """Takes an arrival in."""
        self.readings += len(frame)
        for stream in self.streams[len(self.wanted) :]:
            self.wanted.append(self.grains(stream))
        asked = np.array([bool(grains) for grains in self.wanted])
        frame = frame[asked[frame["stream_id"]]]
        for stream_id, time, value in frame.tolist():
            for grain in self.wanted[stream_id]:
                stream = self.streams[stream_id]
                series = self.cells[stream.asset, stream.metric, grain]
                step = time // grain * grain
                series[step] = grown(series.get(step), time, value)

    def grains(self, stream: Stream) -> list[int]:
        """The lengths of steps that some rule reads a stream in."""
        kind = self.town.assets[stream.asset].kind
        return sorted(
            {
                rule.grain or rule.step
                for rule in RULES
                if kind in rule.kinds and stream.metric in rule.inputs
            }
        )

    def signs(self) -> Iterator[Sign]:
        """The alarms of all rules over everything that was taken in; stamped when they are due."""
        for rule in RULES:
            for name in self.concerned(rule):
                for derived in self.derive(rule, name):
                    if derived.alarm and derived.judged and derived.metric in rule.alarms:
                        told_at = derived.time + rule.step
                        sign = self.town.sign(name, derived.metric, told_at, rule.name, CERTAIN)
                        yield sign._replace(upwards=derived.value > derived.alarm.expected)

    def concerned(self, rule: Rule) -> list[str]:
        """The assets a rule is about."""
        if rule.of_members:
            above = {
                self.town.assets[name].parent
                for name, metric, _ in self.cells
                if metric in rule.inputs
            }
            return sorted(name for name in above if name)
        return sorted(
            {name for name, _, _ in self.cells if self.town.assets[name].kind in rule.kinds}
        )

    def derive(self, rule: Rule, name: str) -> list[Derived]:
        """All that a rule gives for an asset; what it gives is an input of those after it."""
        members = [name]
        if rule.of_members:
            members = [each for each, asset in self.town.assets.items() if asset.parent == name]
        grain = rule.grain or rule.step
        series = {
            number: {
                metric: self.cells[each, metric, grain]
                for metric in rule.inputs
                if (each, metric, grain) in self.cells
            }
            for number, each in enumerate(members)
        }
        times = [time for of in series.values() for cells in of.values() for time in cells]
        if not times:
            return []
        asset = self.town.assets[name]
        place = Place(0, name, asset.latitude, asset.longitude, self.facts.get(name, {}))
        found: list[Derived] = []
        before: dict[str, Kept] = {}
        since, until = rule.floor_of(min(times)), rule.floor_of(max(times)) + rule.step
        for due in stretch(rule, 0, since, until, news=True):
            case = Case(place, series[0], series, before, Book(), due.since, due.until)
            derived = list(rule.derive(case))
            before |= {each.metric: Kept(each.time, each.value, each.inputs) for each in derived}
            found += derived
        for each in found:
            for reader in RULES:
                if each.metric in reader.inputs:
                    step = reader.grain or reader.step
                    self.cells[name, each.metric, step][each.time] = grown(
                        None, each.time, each.value
                    )
        return found


def grown(cell: Cell | None, time: int, value: float) -> Cell:
    """A cell with another reading in it."""
    if cell is None:
        return Cell(value, value, value, value, 1, time, time)
    newer = time >= cell.last_at
    return Cell(
        cell.mean + (value - cell.mean) / (cell.samples + 1),
        min(cell.low, value),
        max(cell.high, value),
        value if newer else cell.last,
        cell.samples + 1,
        min(cell.first_at, time),
        max(cell.last_at, time),
    )
