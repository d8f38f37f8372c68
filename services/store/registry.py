"""The registry file of assets: CSV in, claims and units out, errors by line; and CSV out again."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from models.asset import Kind
from models.reading import ASSET_NAME, METRIC_NAME, UNIT_CODE
from services.store.assets import HIGHEST, Claim
from services.store.exports import Line

COLUMNS = (
    "name",
    "kind",
    "title",
    "area",
    "latitude",
    "longitude",
    "metrics",
    "parent",
    "owner_unit",
)
ONE_LINE = re.compile(r"[^\x00-\x1f]{1,200}")


class BadRegistry(Exception):
    """The registry file cannot be taken as it is; nothing of it was."""


@dataclass
class Registry:
    """What a file says: the assets, and (asset, metric, UCUM unit) of their streams.

    lines is where each asset is said, flaws what is wrong, by line.
    """

    claims: list[Claim] = field(default_factory=list)
    units: list[tuple[str, str, str]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    flaws: dict[int, str] = field(default_factory=dict)

    def refuse(self, asset: str, why: str) -> None:
        """Says what is wrong with the line of an asset; the first flaw of a line stands."""
        self.flaws.setdefault(self.lines[asset], why)

    def check(self) -> None:
        """Raises BadRegistry with every flaw, by line."""
        if self.flaws:
            raise BadRegistry(
                "\n".join(f"line {line}: {why}" for line, why in sorted(self.flaws.items()))
            )


def read(lines: Iterable[str]) -> Registry:
    """The registry in a CSV whose first line names the columns.

    Bad lines are in its flaws: all of them, not only the first. Raises BadRegistry where it is no
    such file at all.
    """
    rows = csv.DictReader(lines)
    registry = Registry()
    try:
        check_columns(rows.fieldnames or [])
        for row in rows:
            try:
                take(registry, rows.line_num, row)
            except ValueError as error:
                registry.flaws[rows.line_num] = str(error)
    except csv.Error as error:
        raise BadRegistry(f"line {rows.line_num}: this is not CSV: {error}") from error
    except UnicodeDecodeError as error:
        raise BadRegistry(f"the file is not UTF-8: {error.reason}") from error
    return registry


def check_columns(names: Iterable[str]) -> None:
    """Raises BadRegistry where a column is missing or there is one that means nothing here."""
    found = [name.strip() for name in names]
    missing = [column for column in COLUMNS[:2] if column not in found]
    if missing:
        raise BadRegistry(f"line 1: no column {' and no column '.join(missing)}")
    if unknown := [name for name in found if name not in COLUMNS]:
        raise BadRegistry(f"line 1: {unknown[0]!r} is no column; these are: {', '.join(COLUMNS)}")


def take(registry: Registry, line: int, row: Mapping[str, str | None]) -> None:
    """One line into the registry. Raises ValueError with the reason it cannot be taken."""
    claim, units = read_row(row)
    if claim.name in registry.lines:
        raise ValueError(f"{claim.name} is on line {registry.lines[claim.name]} already")
    registry.lines[claim.name] = line
    registry.claims.append(claim)
    registry.units.extend(units)


def read_row(row: Mapping[str, str | None]) -> tuple[Claim, list[tuple[str, str, str]]]:
    """One line. Raises ValueError with the reason it cannot be taken."""
    if None in row:  # where csv puts what has no column
        raise ValueError("it has more fields than there are columns")
    said = {column: (row.get(column) or "").strip() for column in COLUMNS}
    if not ASSET_NAME.fullmatch(said["name"]):
        raise ValueError(f"{said['name']!r} is no name of an asset")
    if said["kind"] and said["kind"] not in list(Kind):
        raise ValueError(f"{said['kind']!r} is no kind of asset; these are: {', '.join(Kind)}")
    for column in ("title", "area", "owner_unit"):
        if said[column] and not ONE_LINE.fullmatch(said[column]):
            raise ValueError(f"{column} is longer than 200 characters, or than a line")
    if said["parent"] and not ASSET_NAME.fullmatch(said["parent"]):
        raise ValueError(f"{said['parent']!r} is no name of an asset")
    latitude = coordinate(said["latitude"], "latitude", 90)
    longitude = coordinate(said["longitude"], "longitude", 180)
    if (latitude is None) != (longitude is None):
        raise ValueError("a place has a latitude and a longitude")
    claim = Claim(
        said["name"],
        said["kind"] or None,
        said["title"] or None,
        said["area"] or None,
        latitude,
        longitude,
        said["parent"] or None,
        said["owner_unit"] or None,
    )
    units = metrics(said["metrics"])
    return claim, [(claim.name, metric, unit) for metric, unit in units.items()]


def metrics(text: str) -> dict[str, str]:
    """The units of a line's metrics, from `pm25=ug/m3;humidity=1`. Raises ValueError."""
    units: dict[str, str] = {}
    for pair in filter(None, map(str.strip, text.split(";"))):
        metric, separator, unit = pair.partition("=")
        if not separator or not METRIC_NAME.fullmatch(metric) or not unit:
            raise ValueError(f"{pair!r} is not metric=unit")
        if not UNIT_CODE.fullmatch(unit):
            raise ValueError(f"{unit!r} is no UCUM code")
        if metric in units:
            raise ValueError(f"{metric} has two units")
        units[metric] = unit
    return units


def coordinate(text: str, column: str, bound: float) -> float | None:
    """A coordinate in degrees, None where the field is empty. Raises ValueError."""
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        raise ValueError(f"{column} {text!r} is no number") from None
    if not -bound <= degrees <= bound:
        raise ValueError(f"{column} {text} is outside -{bound:g} to {bound:g}")
    return degrees


def refuse_circles(registry: Registry, above: Mapping[str, str]) -> None:
    """Refuses what would stand below itself, or below more than HIGHEST others.

    above are the parents that stand already; the file's take their place.
    """
    parents = {**above, **{each.name: each.parent for each in registry.claims if each.parent}}
    for claim in registry.claims:
        height = sum(1 for _ in ancestors(claim.name, parents)) if claim.parent else 0
        if height > HIGHEST:
            registry.refuse(
                claim.name,
                f"{claim.name} would stand below itself, or below more than {HIGHEST} others",
            )


def ancestors(name: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Who stands above an asset, no further than one too many."""
    for _ in range(HIGHEST + 1):
        if name not in parents:
            return
        name = parents[name]
        yield name


def write(lines: Iterable[Line], file: TextIO) -> int:
    """Writes assets as `read` takes them, with the header; returns how many."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for line in lines:
        writer.writerow(line)
        count += 1
    return count
