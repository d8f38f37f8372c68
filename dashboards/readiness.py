"""The board of readiness and coverage."""

from typing import Final

from dashboards import panels
from dashboards.board import board, list_of, service_marks
from dashboards.charts import daily
from dashboards.egov_load import BARS, COLORED, levels
from dashboards.panels import (
    BLUE,
    GREEN,
    ORANGE,
    RED,
    UNITS,
    YELLOW,
    Json,
    Place,
    Steps,
    by_name,
    fixed,
    target,
    thresholds,
    unit_columns,
)
from dashboards.queries import filled
from dashboards.queries import readiness as queries
from dashboards.texts import readiness as words
from dashboards.texts.names import NAMES

UID: Final = "readiness"
# All are meant to be there; less than nine in ten is bad [ours].
COVERAGE_STEPS: Final[Steps] = ((None, RED), (0.9, YELLOW), (0.995, GREEN))
SCORE_STEPS: Final[Steps] = ((None, RED), (50, ORANGE), (70, YELLOW), (80, GREEN))


def readiness() -> Json:
    """The board."""
    units = filled(queries.UNITS, {"nobody": words.NO_READINESS})
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[coverage(), today(), changes(), silent(), scores(), parts(), trend()],
        variables=[list_of("unit", NAMES["name"], units, first=("", "24"))],
        annotations=service_marks(),
        time=("now-7d", "now"),
    )


def coverage() -> Json:
    """10 of 10, 19 of 19, 230 of 230, if all is well."""
    return panels.bargauge(
        words.COVERAGE,
        Place(0, 0, 12, 8),
        [target(levels(queries.COVERAGE))],
        unit="share",
        steps=COVERAGE_STEPS,
        low=0,
        high=1,
    )


def today() -> Json:
    """The same by the organisation of today, in working time."""
    return panels.table(
        words.TODAY,
        Place(12, 0, 12, 8),
        [target(filled(queries.TODAY))],
        [
            by_name("level", **{"custom.width": 160}),
            by_name("heard", **{"custom.width": 90}),
            by_name("of_all", **{"custom.width": 80}),
            by_name(
                "share",
                unit=UNITS["share"],
                decimals=0,
                thresholds=thresholds(COVERAGE_STEPS),
                **COLORED,
                **{"custom.width": 80},
            ),
            by_name("since_at", unit="time:DD/MM HH:mm", **{"custom.width": 110}),
            by_name("silent_units"),
        ],
        empty=("level", words.NO_COVERAGE),
    )


def changes() -> Json:
    """When units fell silent."""
    return panels.timeseries(
        words.CHANGES,
        Place(0, 8, 12, 8),
        [panels.apart(target(levels(queries.CHANGES), series=True))],
        unit="1",
        decimals=0,
        overrides=[panels.by_pattern("^(?![Tt]ime$)", **BARS)],
    )


def silent() -> Json:
    """Who they are."""
    return panels.table(
        words.SILENT,
        Place(12, 8, 12, 8),
        [target(filled(queries.SILENT))],
        [
            *unit_columns(),
            by_name("name", **{"custom.width": 230}),
            by_name("service", **{"custom.width": 170}),
            by_name("since_at", unit="time:DD/MM HH:mm"),
            by_name("last_received_at", unit="time:DD/MM HH:mm"),
        ],
        empty=("name", words.NOBODY_SILENT),
    )


def scores() -> Json:
    """Who is least ready."""
    return panels.table(
        words.SCORES,
        Place(0, 16, 10, 17),
        [target(filled(queries.SCORES))],
        [
            *unit_columns(),
            by_name("name", **{"custom.width": 300}),
            by_name(
                "readiness",
                unit="none",
                decimals=1,
                thresholds=thresholds(SCORE_STEPS),
                **COLORED,
            ),
            by_name("coverage", unit=UNITS["share"], decimals=0),
        ],
        empty=("name", words.NO_READINESS),
    )


def parts() -> Json:
    """Why."""
    return panels.table(
        words.PARTS,
        Place(10, 16, 14, 10),
        [target(filled(queries.PARTS))],
        [
            by_name("input", **{"custom.width": 330}),
            by_name("weight", unit="none"),
            *(by_name(name, unit="none", decimals=1) for name in ("input_value", "points")),
        ],
        empty=("input", words.NO_READINESS),
    )


def trend() -> Json:
    """Whether it gets better."""
    return daily(
        panels.timeseries(
            words.TREND,
            Place(10, 26, 14, 7),
            [target(filled(queries.TREND), series=True)],
            unit="1",
            decimals=1,
            soft=(0, 100),
            overrides=[by_name("readiness", color=fixed(BLUE))],
        )
    )
