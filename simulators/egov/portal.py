"""Portals: people apply, pay and look things up there at any hour."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats
from simulators.egov.answers import answers
from simulators.egov.books import HOUR, QUARTER
from simulators.egov.demand import PORTAL, asked
from simulators.egov.metrics import ANSWERS, AVAILABILITY, RECEIVED
from simulators.rhythm import bump, moments, presence
from simulators.weather import Weather

PAGES: Final = 25.0  # requests that an application makes
LOOKING: Final = 0.35  # of the busiest hour's requests are of people who look things up


def _portal(asset: Asset, at: Floats, _weather: Weather) -> Values:
    """Measure the portal of `size` requests a minute in a busy hour."""
    seed = int(asset.facts["seed"])
    applying = PAGES * asked(seed, PORTAL, at, QUARTER) * 60 / QUARTER
    requests = applying + LOOKING * asset.size * _looking(at)
    return answers(asset, at, requests, requests / asset.size, 240) | {
        "availability": np.ones(len(at)),
        "dossiers_received": asked(seed, PORTAL, at, HOUR),
    }


def _open_data(asset: Asset, at: Floats, _weather: Weather) -> Values:
    """Measure a portal that is only looked at, and read by machines day and night."""
    requests = asset.size * (0.3 + 0.7 * _looking(at))
    measured = answers(asset, at, requests, requests / asset.size, 320)
    return measured | {"availability": np.ones(len(at))}


def _looking(at: Floats) -> Floats:
    now = moments(at)
    evening = 0.4 * bump(now.hour, 21, 1.2)
    return (0.08 + 0.5 * presence(now) + evening) * np.where(now.home_for_tet, 0.4, 1.0)


_PORTAL: Final = (*ANSWERS, AVAILABILITY)
PORTAL_KIND: Final = Kind("service", (*_PORTAL, RECEIVED), _portal)
OPEN_DATA: Final = Kind("service", _PORTAL, _open_data)
