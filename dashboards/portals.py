"""The board of portals, the mobile app and the signing service."""

from typing import Final

from dashboards import panels
from dashboards.board import board, service_marks
from dashboards.panels import (
    BLUE,
    GREEN,
    RED,
    UNITS,
    YELLOW,
    Json,
    Place,
    Steps,
    asset_columns,
    by_name,
    fixed,
    linked,
    target,
    thresholds,
)
from dashboards.queries import filled
from dashboards.queries import services as queries
from dashboards.systems import (
    PORTALS,
    health,
    health_column,
    incidents,
    lines_of,
    shares_of,
    totals_of,
)
from dashboards.texts import portals as words

UID: Final = "portals"
AVAILABLE_STEPS: Final[Steps] = ((None, RED), (0.95, YELLOW), (0.99, GREEN))
FAILED_STEPS: Final[Steps] = ((None, GREEN), (0.02, YELLOW), (0.1, RED))
COLORED: Final = {"custom.displayMode": "color-text", "color": {"mode": "thresholds"}}
SIGNING: Final = ("signatures",)


def portals() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            now(),
            health(words.HEALTH, Place(0, 7, 12, 8), PORTALS, "portal_health", "signing_health"),
            *lines(),
            *signing(),
            incidents(words.INCIDENTS, Place(0, 39, 24, 8), PORTALS),
        ],
        variables=[],
        annotations=service_marks(),
    )


def now() -> Json:
    """A line a system."""
    failed = {"thresholds": thresholds(FAILED_STEPS)} | COLORED
    available = {"thresholds": thresholds(AVAILABLE_STEPS)} | COLORED
    return panels.table(
        words.NOW,
        Place(0, 0, 24, 7),
        [target(filled(queries.PORTALS, {"systems": PORTALS}))],
        [
            *asset_columns(),
            by_name("title", **{"custom.width": 210}),
            health_column(),
            by_name("availability", unit=UNITS["share"], decimals=1, **available),
            by_name("requests", unit="none", decimals=1),
            by_name("error_share", unit=UNITS["share"], decimals=1, **failed),
            by_name("latency_ms", unit=UNITS["ms"], decimals=0),
            by_name("signatures", unit="none", decimals=1),
            by_name("failure_share", unit=UNITS["share"], decimals=1, **failed),
        ],
        empty=("title", words.NO_PORTALS),
    )


def lines() -> list[Json]:
    """What each system says, over time."""
    told = [
        panels.timeseries(
            words.AVAILABILITY,
            Place(12, 7, 12, 8),
            [lines_of(PORTALS, "availability")],
            unit="share",
            steps=AVAILABLE_STEPS,
            soft=(0.9, 1),
        ),
        panels.timeseries(
            words.REQUESTS, Place(0, 15, 12, 8), [lines_of(PORTALS, "requests")], unit="/min"
        ),
        panels.timeseries(
            words.ERRORS,
            Place(12, 15, 12, 8),
            [shares_of(PORTALS, "errors", "requests")],
            unit="share",
            steps=FAILED_STEPS,
            decimals=1,
            soft=(0, 0.03),
        ),
        panels.timeseries(
            words.LATENCY, Place(0, 23, 12, 8), [lines_of(PORTALS, "latency_ms")], unit="ms"
        ),
        panels.timeseries(
            words.ONLINE,
            Place(12, 23, 12, 8),
            [lines_of(PORTALS, "dossiers_received")],
            unit="/h",
        ),
    ]
    return [linked(each) for each in told]


def signing() -> list[Json]:
    """Whether what is decided can be signed."""
    load = panels.timeseries(
        words.SIGNATURES,
        Place(0, 31, 12, 8),
        [totals_of(SIGNING, "signatures", "signature_failures")],
        unit="/min",
        overrides=[
            by_name("signatures", color=fixed(BLUE)),
            by_name("signature_failures", color=fixed(RED)),
        ],
    )
    failures = panels.timeseries(
        words.FAILURES,
        Place(12, 31, 12, 8),
        [shares_of(SIGNING, "signature_failures", "signatures")],
        unit="share",
        steps=FAILED_STEPS,
        decimals=1,
        soft=(0, 0.03),
    )
    return [load, linked(failures)]
