"""The exchange of documents between agencies, which follows what they have on their desks."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats, drift
from simulators.egov.answers import answers
from simulators.egov.books import QUARTER
from simulators.egov.demand import ALL, asked
from simulators.egov.metrics import BACKLOG, ERRORS, LATENCY, REQUESTS
from simulators.weather import Weather

TICK: Final = 0.05
DOCUMENTS: Final = 3.0  # documents and receipts that a dossier makes


def _exchange(asset: Asset, at: Floats, _weather: Weather) -> Values:
    dossiers = asked(int(asset.facts["seed"]), ALL, at, QUARTER) * 60 / QUARTER
    requests = TICK * asset.size + DOCUMENTS * dossiers
    used = requests / asset.size
    waiting = 2 + 10 * used * (1 + 0.5 * drift(asset.key, at, 2700))
    return answers(asset, at, requests, used, 650) | {"backlog": np.floor(waiting)}


EXCHANGE: Final = Kind("service", (BACKLOG, LATENCY, REQUESTS, ERRORS), _exchange)
