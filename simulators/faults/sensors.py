"""Faults of a device: it shows too much, shows the wrong level, shows the same, shows nothing."""

import math
from typing import Final

from simulators.faults.fault import Fault, Reporting

SPIKE: Final = 14.0  # swings at the peak
SHIFT: Final = 8.0  # swings all along
LEAST: Final = 0.02  # of the present value, for metrics with hardly any swing


def spike(fault: Fault, report: Reporting) -> dict[str, float]:
    """Rise to a peak and fall again."""
    return _moved(fault, report, SPIKE * math.sin(math.pi * fault.share(report.at)))


def shift(fault: Fault, report: Reporting) -> dict[str, float]:
    """Stay beside the true level."""
    return _moved(fault, report, SHIFT)


def stuck(fault: Fault, report: Reporting) -> dict[str, float]:
    """Repeat what was there when it began."""
    return report.asset.report(fault.begins_at, report.weather)


def silence(_fault: Fault, _report: Reporting) -> None:
    """Send nothing."""


def _moved(fault: Fault, report: Reporting, swings: float) -> dict[str, float]:
    metric = report.metric(fault.metric)
    if metric is None:
        return report.values
    value = report.values[metric.name]
    step = swings * max(metric.swing, LEAST * abs(value), 10**-metric.decimals)
    # What has no room above falls instead: a rate of 0.97 cannot rise by half.
    return report.changed(
        {metric.name: value + step if value + step < metric.high else value - step}
    )
