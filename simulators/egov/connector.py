"""Connectors to the ministries' systems, asked once and again about the dossiers they concern."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats, drift
from simulators.egov.answers import answers
from simulators.egov.books import QUARTER
from simulators.egov.demand import asked
from simulators.egov.metrics import (
    BACKLOG,
    ERRORS,
    LATENCY,
    OLDEST,
    REQUESTS,
    SENDING,
    SUCCESS,
)  # fmt: skip
from simulators.weather import Weather

TICK: Final = 0.08  # of the busiest hour's requests come at any time
PREFIX: Final = "connector-"


def ministry_of(asset: Asset) -> str:
    """Return the ministry's short name."""
    return asset.name.removeprefix(PREFIX)


def requests_a_minute(asset: Asset, at: Floats) -> Floats:
    """Return how often the ministry's system is asked: `size` times in a busy hour."""
    dossiers = asked(int(asset.facts["seed"]), ministry_of(asset), at, QUARTER) * 60 / QUARTER
    return TICK * asset.size + asset.facts["calls"] * dossiers


def _connector(asset: Asset, at: Floats, _weather: Weather) -> Values:
    requests = requests_a_minute(asset, at)
    used = requests / asset.size
    found = answers(asset, at, requests, used, 420)
    sending = 1 + 6 * used * (1 + 0.5 * drift(asset.key, at, 1800))
    return found | {
        "queue_length": sending,
        "backlog": np.floor(0.6 * sending),  # what has not been sent yet
        "oldest_unsent_s": 4 + 8 * used,
        "success_share": 1 - found["errors"] / found["requests"],
    }


CONNECTOR: Final = Kind(
    "service", (LATENCY, REQUESTS, ERRORS, SENDING, BACKLOG, OLDEST, SUCCESS), _connector
)
