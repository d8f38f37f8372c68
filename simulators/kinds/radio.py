"""What a device on a battery says of itself: how full it is, and how well it is heard."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Metric, Values
from simulators.dice import Floats, drift, even, key_of

DAY: Final = 86400.0
LIFE_DAYS: Final = (700, 1400)  # a battery's
RADIO: Final = (
    Metric("battery", "%", 0, 100, 0, 0),
    Metric("rssi", "dB[mW]", -130, -20, 4, 0),
    Metric("snr", "dB", -22, 14, 2, 1),
)


def radio(asset: Asset, at: Floats) -> Values:
    """Return battery (%), signal strength (dBm) and signal to noise (dB).

    A battery empties over two to four years, quicker towards its end, and is then changed.
    """
    dice = key_of(asset.key, "radio")
    low, high = LIFE_DAYS
    life = low + (high - low) * even(dice, 1)
    used = (at / DAY + life * even(dice, 2)) % life / life
    weather = drift(dice, at, 6 * 3600)
    strength = -75 - 35 * even(dice, 3) - 6 * np.maximum(0.0, weather)
    return {
        "battery": 100 * (1 - used**1.6),
        "rssi": strength,
        "snr": 9 - 12 * even(dice, 3) - 3 * np.maximum(0.0, weather),
    }
