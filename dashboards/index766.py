"""The board of the index of Decision 766, down to what cost points."""

from typing import Final

from dashboards import panels, texts
from dashboards.board import board, list_of, service_marks
from dashboards.charts import daily
from dashboards.city_picture import SEVERITY_COLORS
from dashboards.egov_load import COLORED
from dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    YELLOW,
    Json,
    Place,
    Steps,
    asset_columns,
    by_name,
    fixed,
    incident_columns,
    mapped,
    target,
    thresholds,
    unit_columns,
)
from dashboards.queries import filled
from dashboards.queries import index766 as queries
from dashboards.texts import index766 as words
from dashboards.texts.names import NAMES

UID: Final = "index-766"
# The Decision's grades, of the points that are assessed: 90 is excellent, 80 good.
SHARE_STEPS: Final[Steps] = ((None, RED), (0.5, ORANGE), (0.7, YELLOW), (0.8, GREEN))
LOST_STEPS: Final[Steps] = ((None, GREEN), (0.01, YELLOW), (2, ORANGE))
GROUPS: Final = tuple(words.GROUP_NAMES.items())
GROUND: Final = {"custom.displayMode": "color-background"}


def index766() -> Json:
    """The board; it opens with a month, and with the province where there is one."""
    units = filled(queries.UNITS, {"nobody": words.NO_INDEX})
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            now(),
            groups(),
            trend(),
            submetrics(),
            unit_scores(),
            procedures(),
            dossiers(),
            incidents(),
        ],
        variables=[list_of("unit", NAMES["name"], units, first=("", "24"))],
        annotations=service_marks(),
        time=("now-30d", "now"),
    )


def points(*names: str) -> list[Json]:
    """Columns of points."""
    return [by_name(name, unit="none", decimals=2, **{"custom.width": 125}) for name in names]


def lost() -> Json:
    """The column of what could have been had."""
    steps = thresholds(LOST_STEPS)
    return by_name(
        "lost", unit="none", decimals=2, thresholds=steps, **COLORED, **{"custom.width": 70}
    )


def now() -> Json:
    """The index."""
    panel = panels.stat(
        words.NOW,
        Place(0, 0, 8, 8),
        [target(filled(queries.NOW))],
        {
            "score": ((None, BLUE),),
            "assessed": ((None, GREY),),
            "of_assessed": SHARE_STEPS,
            "lost": LOST_STEPS,
        },
    )
    panel["fieldConfig"]["overrides"] += [
        *points("score", "assessed", "lost"),
        by_name("of_assessed", unit=panels.UNITS["share"], decimals=1),
    ]
    return panel


def groups() -> Json:
    """Where points were lost, roughly."""
    panel = panels.bargauge(
        words.GROUPS,
        Place(8, 0, 8, 8),
        [target(filled(queries.GROUPS, {"groups": GROUPS}))],
        unit="share",
        steps=SHARE_STEPS,
        low=0,
        high=1,
    )
    panel["fieldConfig"]["defaults"]["noValue"] = words.NOT_ASSESSED
    return panel


def trend() -> Json:
    """Whether it gets better."""
    return daily(
        panels.timeseries(
            words.TREND,
            Place(16, 0, 8, 8),
            [target(filled(queries.TREND), series=True)],
            unit="1",
            decimals=1,
            overrides=[
                by_name("score", color=fixed(BLUE)),
                by_name("assessed", color=fixed(GREY)),
            ],
        )
    )


def submetrics() -> Json:
    """Where points were lost, exactly."""
    return panels.table(
        words.SUBMETRICS,
        Place(0, 8, 14, 11),
        [target(filled(queries.SUBMETRICS, {"groups": GROUPS}))],
        [
            by_name("index_group", **{"custom.width": 175}),
            by_name("submetric", **{"custom.width": 240}),
            *(
                by_name(name, unit="none", decimals=0, **{"custom.width": 90})
                for name in ("numerator", "denominator")
            ),
            *points("score", "most"),
            lost(),
            by_name("formula", mappings=mapped(words.FORMULAS)),
        ],
        empty=("submetric", words.NO_INDEX),
    )


def unit_scores() -> Json:
    """Who lost them."""
    return panels.table(
        words.UNITS,
        Place(14, 8, 10, 11),
        [target(filled(queries.UNIT_SCORES))],
        [*unit_columns(), *points("score", "assessed"), lost(), by_name("grade")],
        empty=("name", words.NO_INDEX),
    )


def procedures() -> Json:
    """With what."""
    return panels.table(
        words.PROCEDURES,
        Place(0, 19, 9, 9),
        [target(filled(queries.PROCEDURES))],
        [
            by_name("procedure", **{"custom.width": 300}),
            by_name("dossiers"),
            by_name("still_open"),
            by_name("late_days", unit=words.DAYS, decimals=1),
        ],
        empty=("procedure", words.NOTHING_LATE),
    )


def dossiers() -> Json:
    """One by one."""
    return panels.table(
        words.DOSSIERS,
        Place(9, 19, 15, 9),
        [target(filled(queries.DOSSIERS))],
        [
            by_name("dossier", **{"custom.width": 210}),
            *unit_columns(),
            by_name("procedure", **{"custom.width": 260}),
            by_name("due_at", unit="time:DD/MM HH:mm"),
            by_name("dossier_state", mappings=mapped(words.STATES)),
            by_name("late_days", unit=words.DAYS, decimals=1),
        ],
        empty=("dossier", words.NOTHING_LATE),
    )


def incidents() -> Json:
    """What else went wrong there."""
    return panels.table(
        words.INCIDENTS,
        Place(0, 28, 24, 8),
        [target(filled(queries.INCIDENTS))],
        [
            by_name("opened_at", unit="time:DD/MM HH:mm", **{"custom.width": 110}),
            by_name(
                "severity",
                mappings=mapped(texts.SEVERITIES, SEVERITY_COLORS),
                **{"custom.width": 75},
                **GROUND,
            ),
            *asset_columns(),
            by_name("title", **{"custom.width": 300}),
            by_name("what"),
            by_name("status", mappings=mapped(texts.STATUSES), **{"custom.width": 140}),
            *incident_columns(),
        ],
        empty=("title", texts.NO_INCIDENTS),
    )
