"""Links to the ministries' systems, asked once and again about the dossiers they concern."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats, drift
from simulators.egov.answers import answers
from simulators.egov.books import QUARTER
from simulators.egov.demand import asked
from simulators.egov.metrics import (
    BACKLOG,
    CERTIFICATE,
    ERRORS,
    LATENCY,
    OLDEST,
    OURS,
    REJECTS,
    REQUESTS,
    SENDING,
    SUCCESS,
    THEIRS,
    UNLINKED,
)  # fmt: skip
from simulators.weather import Weather

TICK: Final = 0.08  # of the busiest hour's requests come at any time
REJECTED: Final = 0.001  # of messages, for their structure
DAY: Final = 86400.0
YEAR: Final = 365.0  # days that a certificate is valid
RENEWED: Final = 42.0  # days before that it is renewed
PREFIX: Final = "connector-"
LINK: Final = "link-"  # of a ministry's own public services with the one-stop software


def ministry_of(asset: Asset) -> str:
    """Return the ministry's short name."""
    return asset.name.removeprefix(PREFIX).removeprefix(LINK)


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
        "schema_rejects": REJECTED * requests,
        **_reconciled(asset, at),
        "certificate_days": _certificate(asset, at),
    }


def _link(asset: Asset, at: Floats, weather: Weather) -> Values:
    """Measure a link by which dossiers come: what is on its way has not reached us yet."""
    found = _connector(asset, at, weather)
    return found | {"dossiers_unlinked": np.floor(found["backlog"] / asset.facts["calls"])}


def _reconciled(asset: Asset, at: Floats) -> Values:
    """Return how many records of the last day both sides count: the same."""
    seed = int(asset.facts["seed"])
    records = np.floor(asset.facts["calls"] * asked(seed, ministry_of(asset), at, DAY))
    return {"records_ours": records, "records_theirs": records.copy()}


def _certificate(asset: Asset, at: Floats) -> Floats:
    """Return the days for which the certificate is valid: it is renewed six weeks before its end."""
    left: Floats = RENEWED + (asset.key % 1000 - at / DAY) % (YEAR - RENEWED)
    return left


_CONNECTED: Final = (
    LATENCY, REQUESTS, ERRORS, SENDING, BACKLOG, OLDEST, SUCCESS, REJECTS, OURS, THEIRS,
    CERTIFICATE,
)  # fmt: skip
CONNECTOR: Final = Kind("service", _CONNECTED, _connector)
LINKED: Final = Kind("service", (*_CONNECTED, UNLINKED), _link)
