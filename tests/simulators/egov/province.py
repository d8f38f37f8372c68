"""The province the tests look at, and times in it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache

import numpy as np

from simulators.asset import Asset, Values
from simulators.dice import Floats
from simulators.egov.services import services
from simulators.happening import Happening, Occurrence
from simulators.occurrences.services import SERVICES
from simulators.weather import Weather

HOUR = 3600.0
DAY = 24 * HOUR
SEED = 1
VIETNAM = timezone(timedelta(hours=7))
WEATHER = Weather(SEED)


def local(text: str) -> float:
    """Return a moment told in local time, as in 2026-03-13 16:00."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp()


def day_of(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def every(minutes: float, since: str, days: float) -> Floats:
    return np.arange(local(since), local(since) + days * DAY, 60 * minutes)


@cache
def all_services() -> dict[str, Asset]:
    return {asset.name: asset for asset in services(SEED, None)}


def service(name: str) -> Asset:
    return all_services()[name]


def truth(name: str, at: Floats) -> Values:
    return service(name).truth(at, WEATHER)


def kind_of(kind: str) -> Occurrence:
    return next(each for each in SERVICES if each.kind == kind)


def happening(kind: str, asset: str, since: str, hours: float) -> Happening:
    began_at = local(since)
    return Happening(kind, f"{kind}-1", asset, "", began_at, began_at + hours * HOUR)


def parts(told: Happening, others: Sequence[Asset] = ()) -> list[Happening]:
    asset = service(told.asset)
    return kind_of(told.kind).parts(told, asset, [asset, *others])


def with_and_without(told: Happening, at: Floats, name: str = "") -> tuple[Values, Values]:
    """Return what is true with what happens, and what would be without it."""
    asset = service(name or told.asset)
    plain, changed = asset.truth(at, WEATHER), asset.truth(at, WEATHER)
    event = kind_of(told.kind).event
    assert event is not None
    for part in parts(told, list(all_services().values())):
        if part.asset == asset.name:
            event(part, asset, at, WEATHER, changed)
    return changed, plain
