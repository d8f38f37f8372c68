"""What the rules can be told: every parameter with its default, its unit and its bounds.

All defaults are suggestions of ours [D] unless a comment names a source.
"""

from typing import NamedTuple

from models.city import energy, flood, lighting, rain, waste, water
from models.egov.connector import LIMITS, UNITS, Level
from models.reading import MINUTE


class Told(NamedTuple):
    """A parameter: its default, its unit (UCUM), and between which values it makes sense."""

    default: float
    unit: str
    least: float
    most: float


FLOOD, HEAT, LIGHT, LEAK = flood.Rules(), waste.Heat(), lighting.Rules(), water.Rules()
HEAVY, VERY_HEAVY = (each.least for each in rain.CLASSES[-2:])  # named there with their source

PARAMETERS: dict[tuple[str, str], Told] = {
    ("flood", "hysteresis"): Told(FLOOD.hysteresis, "m", 0, 1),
    ("flood", "dwell"): Told(FLOOD.dwell / MINUTE, "min", 0, 1440),
    ("flood", "fast_rise"): Told(FLOOD.fast, "m/h", 0.01, 10),
    ("noise", "loud"): Told(10.0, "dB", 0, 100),  # twice as loud to the ear
    ("traffic", "free_flow_speed"): Told(50.0, "km/h", 1, 200),  # an urban limit
    ("lighting", "rated_power"): Told(100.0, "W", 1, 10_000),
    ("lighting", "day_above"): Told(LIGHT.day_above, "deg", 0, 20),
    ("lighting", "night_below"): Told(LIGHT.night_below, "deg", -20, 0),
    ("lighting", "burning"): Told(LIGHT.burning, "1", 0.01, 0.9),
    ("lighting", "group_share"): Told(LIGHT.group_share, "1", 0.05, 1),
    ("lighting", "fewest"): Told(LIGHT.fewest, "1", 1, 1000),
    ("energy", "nominal_voltage"): Told(energy.Rules().nominal, "V", 1, 1e6),
    # Below it reactive power is charged: Circular 15/2014/TT-BCT [G].
    ("energy", "least_power_factor"): Told(0.9, "1", 0, 1),
    ("waste-fire", "hot"): Told(HEAT.hot, "Cel", 40, 500),
    ("waste-fire", "rise"): Told(HEAT.rise, "K", 1, 500),
    ("waste-filling", "full_at"): Told(1.0, "1", 0.1, 1.2),
    ("rain", "heavy_24h"): Told(HEAVY, "mm", 1, 5000),
    ("rain", "very_heavy_24h"): Told(VERY_HEAVY, "mm", 1, 5000),
    ("rain", "cloudburst_1h"): Told(50.0, "mm", 1, 1000),  # more than streets drain
    ("water-leak", "deviations"): Told(LEAK.deviations, "1", 1, 100),
    ("water-leak", "least"): Told(LEAK.least, "m3/h", 0, 1e6),
    ("portal", "available"): Told(0.98, "1", 0, 1),
    ("portal", "down"): Told(0.5, "1", 0, 1),
    ("portal", "errors"): Told(0.1, "1", 0.001, 1),
    ("portal", "crashes"): Told(0.05, "1", 0.001, 1),  # a usable application: under 0.01
    ("portal", "latency"): Told(5000.0, "ms", 100, 60_000),
    ("signing", "warning"): Told(0.05, "1", 0.001, 1),
    ("signing", "alarm"): Told(0.2, "1", 0.001, 1),
    ("counters", "service"): Told(10.0, "min", 1, 120),
    ("counters", "target"): Told(15.0, "min", 1, 240),
    ("counters", "long"): Told(30.0, "min", 1, 480),
    ("counters", "very_long"): Told(60.0, "min", 1, 480),
    ("idle", "minutes"): Told(30.0, "min", 10, 120),
    # Received within a working day, and handed over on the day or first thing on the next one:
    # Decree 61/2018/ND-CP [G].
    ("documents", "days"): Told(1.0, "d", 0.1, 60),
    ("hand-overs", "days"): Told(1.0, "d", 0.1, 60),
    ("overdue", "fewest"): Told(10.0, "1", 1, 10_000),
    ("overdue", "times"): Told(1.5, "1", 1, 100),
    **{
        ("connector", f"{sign.value}_{level.value}"): Told(limit, UNITS[sign], 0, 1e6)
        for sign, pair in LIMITS.items()
        for level, limit in zip(Level, pair, strict=True)
    },
}
