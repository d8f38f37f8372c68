"""The board of connectors to ministries and of the exchange of documents."""

from typing import Final

from dashboards import panels
from dashboards.board import board, service_marks
from dashboards.panels import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
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
    CONNECTORS,
    health,
    health_column,
    incidents,
    lines_of,
    totals_of,
)
from dashboards.texts import connectors as words

UID: Final = "connectors"
# From where on a connector is worth a warning and an alarm, as docs/egovernment.md has it.
SUCCESS_STEPS: Final[Steps] = ((None, RED), (0.9, YELLOW), (0.98, GREEN))
OLDEST_STEPS: Final[Steps] = ((None, GREEN), (1800, YELLOW), (7200, RED))
DAYS_STEPS: Final[Steps] = ((None, RED), (7, YELLOW), (30, GREEN))
COLORED: Final = {"custom.displayMode": "color-text", "color": {"mode": "thresholds"}}
DOCUMENT_COLORS: Final = {
    "documents_arrived": ORANGE,
    "documents_received": YELLOW,
    "documents_assigned": PURPLE,
    "documents_processing": BLUE,
}


def connectors() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            now(),
            health(
                words.HEALTH,
                Place(0, 9, 12, 8),
                CONNECTORS,
                "connector_health",
                "documents_health",
            ),
            *lines(),
            traffic(),
            *documents(),
            incidents(words.INCIDENTS, Place(0, 41, 24, 8), CONNECTORS),
        ],
        variables=[],
        annotations=service_marks(),
    )


def now() -> Json:
    """A line a system."""
    return panels.table(
        words.NOW,
        Place(0, 0, 24, 9),
        [target(filled(queries.CONNECTORS, {"systems": CONNECTORS}))],
        [
            *asset_columns(),
            by_name("title", **{"custom.width": 210}),
            health_column(),
            by_name(
                "success_share",
                unit=UNITS["share"],
                decimals=1,
                thresholds=thresholds(SUCCESS_STEPS),
                **COLORED,
            ),
            by_name("latency_ms", unit=UNITS["ms"], decimals=0),
            by_name("backlog", unit="none", decimals=0),
            by_name(
                "oldest_unsent_s",
                unit=UNITS["duration"],
                decimals=0,
                thresholds=thresholds(OLDEST_STEPS),
                **COLORED,
            ),
            by_name("schema_rejects", unit="none", decimals=1),
            by_name("unverified_signatures", unit="none", decimals=1),
            by_name("record_difference", unit="none", decimals=0),
            by_name(
                "certificate_days",
                unit=words.DAYS,
                decimals=0,
                thresholds=thresholds(DAYS_STEPS),
                **COLORED,
            ),
        ],
        empty=("title", words.NO_CONNECTORS),
    )


def lines() -> list[Json]:
    """What each system says, over time."""
    told = [
        panels.timeseries(
            words.SUCCESS,
            Place(12, 9, 12, 8),
            [lines_of(CONNECTORS, "success_share")],
            unit="share",
            steps=SUCCESS_STEPS,
            soft=(0.85, 1),
        ),
        panels.timeseries(
            words.LATENCY, Place(0, 17, 12, 8), [lines_of(CONNECTORS, "latency_ms")], unit="ms"
        ),
        panels.timeseries(
            words.BACKLOG,
            Place(12, 17, 12, 8),
            [lines_of(CONNECTORS, "backlog")],
            unit="1",
            decimals=0,
        ),
        panels.timeseries(
            words.OLDEST,
            Place(0, 25, 12, 8),
            [lines_of(CONNECTORS, "oldest_unsent_s")],
            unit="duration",
            steps=OLDEST_STEPS,
            soft=(0, 60),
        ),
    ]
    return [linked(each) for each in told]


def traffic() -> Json:
    """How much goes through."""
    return panels.timeseries(
        words.TRAFFIC,
        Place(12, 25, 12, 8),
        [totals_of(CONNECTORS, "requests", "errors")],
        unit="/min",
        overrides=[
            by_name("requests", color=fixed(BLUE)),
            by_name("errors", color=fixed(RED)),
        ],
    )


def documents() -> list[Json]:
    """Where documents stand, and for how long the oldest has."""
    states = panels.timeseries(
        words.DOCUMENTS,
        Place(0, 33, 12, 8),
        [totals_of(("documents",), *DOCUMENT_COLORS)],
        unit="1",
        decimals=0,
        overrides=[by_name(name, color=fixed(color)) for name, color in DOCUMENT_COLORS.items()],
    )
    stuck = panels.timeseries(
        words.STUCK,
        Place(12, 33, 12, 8),
        [lines_of(("documents",), "oldest_document_s")],
        unit="duration",
    )
    return [states, linked(stuck)]
