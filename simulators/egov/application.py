"""The mobile application of a department: people look things up on the way, in the evening most."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats, drift
from simulators.egov.answers import answers
from simulators.egov.metrics import ANSWERS, AVAILABILITY, CRASHES, SESSIONS
from simulators.rhythm import bump, moments, presence
from simulators.weather import Weather

CALLS: Final = 6.0  # requests that a session makes
CRASHING: Final = 0.004  # of sessions end with the application


def _application(asset: Asset, at: Floats, _weather: Weather) -> Values:
    """Measure the application of `size` sessions a minute in a busy hour."""
    now = moments(at)
    used = 0.1 + 0.5 * presence(now) + 0.6 * bump(now.hour, 20, 1.5)
    sessions = asset.size * used * (1 + 0.1 * drift(asset.key + 2, at, 1800))
    return answers(asset, at, CALLS * sessions, used, 260) | {
        "availability": np.ones(len(at)),
        "app_sessions": sessions,
        "app_crashes": CRASHING * sessions * (1 + drift(asset.key + 6, at, 7200)),
    }


APPLICATION: Final = Kind("service", (*ANSWERS, AVAILABILITY, SESSIONS, CRASHES), _application)
