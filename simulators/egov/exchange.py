"""The exchange of documents between agencies, which follows what they have on their desks."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats, drift
from simulators.egov.answers import answers
from simulators.egov.books import QUARTER
from simulators.egov.demand import ALL, asked
from simulators.egov.metrics import BACKLOG, DOCUMENTS, ERRORS, LATENCY, REQUESTS
from simulators.weather import Weather

TICK: Final = 0.05
PAPERS: Final = 3.0  # documents and receipts that a dossier makes
OLDEST: Final = 1500.0  # seconds that the oldest document waits until somebody receives it


def _exchange(asset: Asset, at: Floats, _weather: Weather) -> Values:
    dossiers = asked(int(asset.facts["seed"]), ALL, at, QUARTER) * 60 / QUARTER
    requests = TICK * asset.size + PAPERS * dossiers
    used = requests / asset.size
    waiting = 2 + 10 * used * (1 + 0.5 * drift(asset.key, at, 2700))
    found = answers(asset, at, requests, used, 650) | {"backlog": np.floor(waiting)}
    return found | _documents(asset, at, 60 * (requests - TICK * asset.size))


def _documents(asset: Asset, at: Floats, an_hour: Floats) -> Values:
    """Return documents by state: Little's law, from how long one is in each."""
    hours = {"arrived": 0.4, "received": 0.5, "assigned": 1.0, "processing": 8.0}
    found = {
        f"documents_{state}": np.floor(an_hour * share + 3 * share)
        for state, share in hours.items()
    }
    oldest = OLDEST * (1 + 0.3 * drift(asset.key + 7, at, 3600))
    return found | {"documents_completed": np.floor(an_hour), "oldest_document_s": oldest}


EXCHANGE: Final = Kind("service", (BACKLOG, LATENCY, REQUESTS, ERRORS, *DOCUMENTS), _exchange)
