"""Reads the registry file of assets: CSV in, claims and units out, errors by line."""

import csv
from collections.abc import Iterable
from typing import NamedTuple

from models.asset import Kind
from models.reading import ASSET_NAME, METRIC_NAME
from services.store.assets import Claim

COLUMNS = ("name", "kind", "title", "area", "latitude", "longitude", "metrics")


class BadRegistry(Exception):
    """The registry file cannot be taken as it is; nothing of it was."""


class Registry(NamedTuple):
    """What a file says: the assets, and (asset, metric, UCUM unit) of their streams."""

    claims: list[Claim]
    units: list[tuple[str, str, str]]


def read(lines: Iterable[str]) -> Registry:
    """The registry in a CSV whose first line names the columns.

    Raises BadRegistry with every bad line, not only the first.
    """
    rows = csv.DictReader(lines)
    missing = [column for column in COLUMNS[:2] if column not in (rows.fieldnames or [])]
    if missing:
        raise BadRegistry(f"line 1: no column {' and no column '.join(missing)}")
    registry, flaws = Registry([], []), []
    for row in rows:
        try:
            claim, units = read_row(row)
        except ValueError as error:
            flaws.append(f"line {rows.line_num}: {error}")
            continue
        registry.claims.append(claim)
        registry.units.extend(units)
    if flaws:
        raise BadRegistry("\n".join(flaws))
    return registry


def read_row(row: dict[str, str]) -> tuple[Claim, list[tuple[str, str, str]]]:
    """One line. Raises ValueError with the reason it cannot be taken."""
    name = (row.get("name") or "").strip()
    if not ASSET_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an asset")
    kind = (row.get("kind") or "").strip()
    if kind and kind not in list(Kind):
        raise ValueError(f"{kind!r} is no kind of asset; these are: {', '.join(Kind)}")
    units = []
    for pair in filter(None, (row.get("metrics") or "").split(";")):
        metric, separator, unit = pair.strip().partition("=")
        if not separator or not METRIC_NAME.fullmatch(metric) or not unit:
            raise ValueError(f"{pair!r} is not metric=unit")
        units.append((name, metric, unit))
    latitude, longitude = coordinate(row, "latitude", 90), coordinate(row, "longitude", 180)
    if (latitude is None) != (longitude is None):
        raise ValueError("a place has a latitude and a longitude")
    claim = Claim(
        name,
        kind or None,
        (row.get("title") or "").strip() or None,
        (row.get("area") or "").strip() or None,
        latitude,
        longitude,
    )
    return claim, units


def coordinate(row: dict[str, str], column: str, bound: float) -> float | None:
    """A coordinate in degrees, None where the field is empty."""
    text = (row.get(column) or "").strip()
    if not text:
        return None
    degrees = float(text)
    if not -bound <= degrees <= bound:
        raise ValueError(f"{column} {text} is outside -{bound:g} to {bound:g}")
    return degrees
