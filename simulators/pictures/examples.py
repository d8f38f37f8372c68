"""Where and when a kind of fault is best seen: one example a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulators.asset import Asset
from simulators.happening import Happening, Occurrence
from simulators.occurrences.catalogue import occurrence, reach, sufferers
from simulators.recording import moment

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
WORKING_DAY: Final = "2026-03-04T09:00:00+07:00"  # a Wednesday, the counters are open
LONG: Final = 12 * HOUR  # what lasts longer is shown from its first midnight on


@dataclass(frozen=True, slots=True)
class Example:
    """Whom it begins at, in which metrics it is shown, when, and how much of the time around it.

    `kind` is the platform's kind of asset; times but `begins` are seconds. Where no metrics are
    named, it is shown in the one that it changes most.
    """

    kind: str
    shows: tuple[str, ...]
    lasts: float
    around: float  # before it and after it
    begins: str = WORKING_DAY


EXAMPLES: Final = {
    "spike": Example("air", ("pm25",), 1200, 2400),
    "level-shift": Example("river", ("level_m",), 6 * HOUR, 8 * HOUR),
    "drift": Example("air", ("pm25",), DAY, DAY),
    "stuck": Example("weather", ("temperature",), 8 * HOUR, 10 * HOUR),
    "noise-burst": Example("energy", ("voltage_l1",), 1.5 * HOUR, 2 * HOUR),
    "silence": Example("traffic", ("intensity",), 4 * HOUR, 4 * HOUR),
    "wrong-clock": Example("traffic", ("intensity",), 3 * HOUR, 4 * HOUR),
    "unit-mix-up": Example("weather", ("temperature",), 5 * HOUR, 6 * HOUR),
    "duplicate-storm": Example("traffic", ("speed",), 900, 1200),
    "out-of-order": Example("air", ("pm25",), 1800, 600),
    "gateway-down": Example("traffic", ("speed", "occupied"), 3 * HOUR, 4 * HOUR),
    "network-cut": Example(
        "traffic",
        ("pm25", "intensity", "occupied", "active_power_kw", "flow", "counters_open"),
        4 * HOUR,
        5 * HOUR,
    ),
    "power-cut": Example(
        "energy",
        ("pm25", "intensity", "active_power_kw", "illuminance_level", "voltage", "counters_open"),
        4 * HOUR,
        5 * HOUR,
        "2026-03-04T15:30:00+07:00",
    ),
    "flood-wave": Example(
        "river", ("level_m", "rain_mm_h"), 9 * DAY, 1.5 * DAY, "2025-10-06T12:00:00+07:00"
    ),
    "smog": Example("air", ("pm25",), 3 * DAY, 2 * DAY, "2026-01-13T00:00:00+07:00"),
    "accident": Example("traffic", ("speed", "occupancy"), 4500, 2 * HOUR),
    "container-fire": Example("waste", ("temperature", "filling_level"), 3 * HOUR, 8 * HOUR),
    "leak": Example("water", ("flow", "water_pressure"), 4 * DAY, 3 * DAY),
    "light-group": Example(
        "light", ("power_kw", "illuminance_level"), 2 * DAY, DAY, "2026-03-04T12:00:00+07:00"
    ),
    "connector-slow": Example(
        "service",
        ("latency_ms", "success_share", "backlog", "oldest_unsent_s"),
        2 * HOUR,
        3.5 * HOUR,
    ),
    "connector-down": Example(
        "service", ("latency_ms", "success_share", "backlog", "oldest_unsent_s"), HOUR, 3 * HOUR
    ),
    "portal-outage": Example(
        "service",
        ("availability", "errors", "latency_ms", "dossiers_received"),
        1.5 * HOUR,
        3 * HOUR,
    ),
    "app-crashing": Example("service", ("app_crashes", "app_sessions", "requests"), HOUR, 3 * HOUR),
    "link-stuck": Example(
        "service", ("dossiers_unlinked", "oldest_unsent_s", "requests"), 3 * HOUR, 5 * HOUR
    ),
    "counter-queue": Example(
        "service", ("queue_length", "wait_p90_min", "counters_open"), 1.5 * HOUR, 3 * HOUR
    ),
    "signature-failing": Example(
        "service",
        ("signature_failures", "signatures", "dossiers_returned"),
        1.5 * HOUR,
        3 * HOUR,
    ),
    "documents-stuck": Example(
        "service", ("documents_arrived", "oldest_document_s"), 2 * DAY, 3 * DAY
    ),
    "handovers-stuck": Example(
        "service", ("handovers_waiting", "oldest_handover_s"), 2 * DAY, 3 * DAY
    ),
    "overdue-wave": Example(
        "service", ("dossiers_overdue", "dossiers_in_process"), 6 * HOUR, 14 * HOUR
    ),
    "office-idle": Example("service", ("counters_open", "tickets_issued"), 2 * HOUR, 4 * HOUR),
    "connector-rejecting": Example("service", ("schema_rejects", "requests"), 2 * HOUR, 4 * HOUR),
    "records-differ": Example("service", ("records_ours", "records_theirs"), 6 * HOUR, DAY),
    "certificate-expiring": Example("service", ("certificate_days",), DAY, 2 * DAY),
    "office-silent": Example(
        "service", ("dossiers_received", "dossiers_in_process"), 3 * HOUR, 4 * HOUR
    ),
}


def example_of(kind: str, assets: Sequence[Asset]) -> Example:
    """Return the example of a kind: where none was chosen, one that its own words allow."""
    if kind in EXAMPLES:
        return EXAMPLES[kind]
    lasts = sum(occurrence(kind).lasts) / 2
    first = sufferers(kind, assets)[0]
    return Example(first.kind.name, (), lasts, lasts if lasts > LONG else max(lasts, 2 * HOUR))


def cause_of(example: Example, kind: Occurrence, assets: Sequence[Asset]) -> Happening:
    """Return what happens: at the asset of the example's kind from where it reaches furthest."""
    able = [each for each in sufferers(kind.kind, assets) if each.kind.name == example.kind]
    begins = moment(example.begins) / 1000
    causes = [
        Happening(kind.kind, kind.kind, each.name, "", begins, begins + example.lasts)
        for each in able
    ]
    return max(causes, key=lambda cause: reach(cause, assets))
