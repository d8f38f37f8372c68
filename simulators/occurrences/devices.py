"""Faults of one device: it shows what is not, shows it wrongly, or does not get it across."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulators.asset import Asset, Metric, Values
from simulators.dice import Floats, Ints, bells, evens, key_of
from simulators.happening import AtFirst, Happening, Occurrence, Reports
from simulators.labels import Nature

LEAST: Final = 0.02  # of the present value, for metrics with hardly any swing
SPIKE: Final = 14.0  # swings at the highest peak
LOWEST: Final = 0.75  # of it, at the lowest
SPIKES: Final = 0.25  # of the reports while it lasts
SHIFT: Final = 8.0  # swings all along
DRIFT: Final = 12.0  # swings at its end
BURST: Final = 6.0  # swings, the deviation of the noise
CLOCK: Final = -5400.0  # seconds that a wrong clock is off; one in the future would be refused
COPIES: Final = 20  # of each message in a storm
SHUFFLED: Final = 300.0  # seconds whose reports are sent in another order
# What a device of another firmware sends: the number in this unit, and nobody is told.
MIX_UPS: Final = {
    "Cel": (1.8, 32.0),  # degrees Fahrenheit
    "ug/m3": (0.001, 0.0),  # mg/m3
    "m": (100.0, 0.0),  # cm
    "km/h": (1 / 3.6, 0.0),  # m/s
    "kW": (1000.0, 0.0),  # W
    "1": (100.0, 0.0),  # percent
    "%": (0.01, 0.0),
    "m3/h": (1000 / 3600, 0.0),  # L/s
    "mm/h": (0.1, 0.0),  # cm/h
    "kPa": (0.01, 0.0),  # bar
    "hPa": (100.0, 0.0),
    "V": (0.001, 0.0),
    "A": (1000.0, 0.0),
    "m/s": (3.6, 0.0),
}


def spike(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Show single values far away, and true ones between them: at least one."""
    spiked = _spiked(part, reports.asset)
    for metric, values in _shown(part, reports):
        inside = np.isin(reports.at, spiked) & part.going_on(reports.at)
        high = evens(key_of("peak", part.cause, part.asset), _numbers(reports.at[inside]))
        _move(part, metric, values, inside, SPIKE * (LOWEST + (1 - LOWEST) * high))


def _spiked(part: Happening, asset: Asset) -> Floats:
    """Return the moments of all its spikes, the same whatever stretch of it is looked at."""
    turns = asset.turns(part.began_at, part.ended_at)
    turns = turns[asset.heard(turns)]
    thrown = evens(key_of("spike", part.cause, part.asset), _numbers(turns))
    chosen = turns[thrown < SPIKES]
    return chosen if len(chosen) else turns[len(turns) // 2 : len(turns) // 2 + 1]


def level_shift(part: Happening, reports: Reports, first: AtFirst) -> None:
    """Stay beside the true level."""
    way = _ways(part, reports.asset, first(part), SHIFT)
    for metric, values in _shown(part, reports):
        inside = part.going_on(reports.at)
        _shift(part, metric, values, inside, SHIFT * way[metric.name])


def drift(part: Happening, reports: Reports, first: AtFirst) -> None:
    """Go away from the true level little by little, as a sensor does that is not cleaned."""
    way = _ways(part, reports.asset, first(part), DRIFT)
    for metric, values in _shown(part, reports):
        inside = part.going_on(reports.at)
        passed = part.share(reports.at)[inside]
        _shift(part, metric, values, inside, DRIFT * way[metric.name] * passed)


def stuck(part: Happening, reports: Reports, first: AtFirst) -> None:
    """Repeat what was there when it began."""
    held = first(part)
    inside = part.going_on(reports.at)
    for metric, values in _shown(part, reports):
        values[inside] = held[metric.name][0]


def noise_burst(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Tremble around the true value, as a loose contact does."""
    for metric, values in _shown(part, reports):
        inside = part.going_on(reports.at)
        dice = key_of("burst", part.cause, part.asset, metric.name)
        _move(part, metric, values, inside, BURST * bells(dice, _numbers(reports.at[inside])))


def silence(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Send nothing."""
    reports.keep(~part.going_on(reports.at))


def wrong_clock(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Tell a time that is not the time."""
    offset = part.facts.get("offset", CLOCK) * part.strength
    reports.told[part.going_on(reports.at)] += offset


def unit_mix_up(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Send the number in another unit than the one that is believed."""
    for metric, values in _shown(part, reports):
        scale, zero = MIX_UPS.get(metric.unit, (1000.0, 0.0))
        inside = part.going_on(reports.at)
        values[inside] = np.round(values[inside] * scale + zero, metric.decimals + 3)


def duplicate_storm(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Send every message many times over."""
    copies = max(2, round(COPIES * part.strength))
    times = np.where(part.going_on(reports.at), copies, 1)
    reports.keep(np.repeat(np.arange(len(reports.at)), times))


def out_of_order(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Send what five minutes brought in another order, each with its own time.

    The places in the order of sending stay those of the clock: `at` is kept, what is told moves.
    """
    inside = np.nonzero(part.going_on(reports.at))[0]
    if not len(inside):
        return
    window = np.floor(reports.at[inside] / SHUFFLED)
    thrown = evens(key_of("order", part.cause, part.asset), _numbers(reports.at[inside]))
    order = np.arange(len(reports.at))
    order[inside] = inside[np.lexsort((thrown, window))]
    at = reports.at.copy()
    reports.keep(order)
    reports.at = at


def _one(part: Happening, _asset: Asset, _others: list[Asset]) -> list[Happening]:
    return [part]


def _all_metrics(part: Happening, asset: Asset, _others: list[Asset]) -> list[Happening]:
    """Name no metric: the fault is the device's, whatever it measures."""
    return [part.at(asset)]


def _quick(asset: Asset) -> bool:
    """Whether there is something to bring in another order: what speaks rarely has nothing."""
    return _device(asset) and 3 * asset.cadence <= SHUFFLED


def _device(asset: Asset) -> bool:
    return asset.system == "city"


def _numbers(at: Floats) -> Ints:
    return np.round(at * 1000).astype(np.int64)


def _shown(part: Happening, reports: Reports) -> list[tuple[Metric, Floats]]:
    """Return the metrics it shows in that are reported, with their values."""
    return [
        (metric, reports.values[metric.name])
        for metric in reports.asset.kind.metrics
        if metric.name in reports.values and part.metric in {"", metric.name}
    ]


def _move(
    part: Happening, metric: Metric, values: Floats, where: NDArray[Any], swings: float | Floats
) -> None:
    """Move values by so many swings: down where there is no room above."""
    value = values[where]
    step = swings * part.strength * _swing(metric, value)
    room = (value + step <= metric.high) & (value + step >= metric.low)
    values[where] = metric.written(np.where(room, value + step, value - step))


def _shift(
    part: Happening, metric: Metric, values: Floats, where: NDArray[Any], swings: float | Floats
) -> None:
    """Move values by so many swings, and no further than the device can show."""
    value = values[where]
    values[where] = metric.written(value + swings * part.strength * _swing(metric, value))


def _ways(part: Happening, asset: Asset, first: Values, swings: float) -> dict[str, float]:
    """Return by metric whether a device goes wrong upwards, 1, or has no room there, -1.

    That is decided once, by what there is when it begins: it does not turn half-way.
    """
    return {
        name: 1.0
        if value[0] + swings * part.strength * _swing(metric, value)[0] <= metric.high
        else -1.0
        for name, value in first.items()
        if (metric := asset.kind.metric(name))
    }


def _swing(metric: Metric, value: Floats) -> Floats:
    """Return what a swing is worth at these values."""
    return np.maximum(max(metric.swing, 10.0**-metric.decimals), LEAST * np.abs(value))


HOUR: Final = 3600.0
_S = Nature.SENSOR
DEVICES: Final = (
    Occurrence("spike", _S, "gai nhọn / spikes", _device, _one, fault=spike, lasts=(300, 1200)),
    Occurrence(
        "level-shift", _S, "lệch mức / level shift", _device, _one,
        fault=level_shift, lasts=(HOUR, 6 * HOUR),
    ),
    Occurrence(
        "drift", _S, "trôi dần / drift", _device, _one, fault=drift, lasts=(12 * HOUR, 24 * HOUR)
    ),
    Occurrence(
        "stuck", _S, "kẹt giá trị / stuck value", _device, _one,
        fault=stuck, lasts=(2 * HOUR, 8 * HOUR),
    ),
    Occurrence(
        "noise-burst", _S, "nhiễu mạnh / noise burst", _device, _one,
        fault=noise_burst, lasts=(1800, 2 * HOUR),
    ),
    Occurrence(
        "silence", _S, "im lặng / silence", _device, _all_metrics,
        fault=silence, lasts=(HOUR, 6 * HOUR),
    ),
    Occurrence(
        "wrong-clock", _S, "sai đồng hồ / wrong clock", _device, _all_metrics,
        fault=wrong_clock, lasts=(HOUR, 6 * HOUR), fields=("offset",),
    ),
    Occurrence(
        "unit-mix-up", _S, "sai đơn vị / unit mix-up", _device, _one,
        fault=unit_mix_up, lasts=(HOUR, 6 * HOUR),
    ),
    Occurrence(
        "duplicate-storm", _S, "lặp bản tin / duplicate storm", _device, _all_metrics,
        fault=duplicate_storm, lasts=(600, HOUR),
    ),
    Occurrence(
        "out-of-order", _S, "sai thứ tự / out of order", _quick, _all_metrics,
        fault=out_of_order, lasts=(HOUR, 3 * HOUR), together=SHUFFLED,
    ),
)  # fmt: skip
