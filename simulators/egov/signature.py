"""The service that signs: what departments finish goes out under a digital signature."""

from typing import Final

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats, drift
from simulators.egov.answers import answers
from simulators.egov.books import QUARTER, counted
from simulators.egov.metrics import LATENCY, SIGNATURE_FAILURES, SIGNATURES
from simulators.egov.units import centre
from simulators.egov.worktime import is_open
from simulators.weather import Weather

SIGNED: Final = 4.0  # a result, its copies and its receipts
LETTERS: Final = 0.4  # of the busiest hour's signatures are on letters, in office hours
FAILING: Final = 0.004


def _signature(asset: Asset, at: Floats, _weather: Weather) -> Values:
    """Measure a service of `size` signatures a minute in a busy hour."""
    done = counted(centre(int(asset.facts["seed"])), "ended", at, QUARTER) * 60 / QUARTER
    signatures = SIGNED * done + LETTERS * asset.size * is_open(at)
    found = answers(asset, at, signatures, signatures / asset.size, 700)
    failing = FAILING * (1 + drift(asset.key + 1, at, 5400))
    return {
        "signatures": found["requests"],
        "signature_failures": found["requests"] * failing,
        "latency_ms": found["latency_ms"],
    }


SIGNATURE: Final = Kind("service", (SIGNATURES, SIGNATURE_FAILURES, LATENCY), _signature)
