"""How a system answers: requests, errors among them, and how long an answer takes."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Values
from simulators.dice import Floats, drift

ERROR_SHARE: Final = 0.006


def answers(asset: Asset, at: Floats, requests: Floats, used: Floats, latency: float) -> Values:
    """Return requests and errors a minute and milliseconds, the more the more it is used (0 to 1)."""
    requests = requests * (1 + 0.1 * drift(asset.key + 3, at, 1800))
    slow = 0.35 * np.minimum(used, 3.0) ** 2 + 0.12 * drift(asset.key + 5, at, 1800)
    return {
        "requests": requests,
        "errors": requests * ERROR_SHARE * (1 + drift(asset.key + 4, at, 7200)),
        "latency_ms": latency * (1 + slow),
    }
