"""The board of models: promised and seen, versions, drift, feedback, who found what."""

from typing import Final

from dashboards import panels, texts
from dashboards.asset import GROUND, TEXT
from dashboards.board import board
from dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    YELLOW,
    Json,
    Place,
    asset_columns,
    by_name,
    by_pattern,
    mapped,
    target,
)
from dashboards.queries import filled
from dashboards.queries import models as queries
from dashboards.texts import models as words

UID: Final = "models"
VERSION_COLORS: Final = {"live": GREEN, "candidate": BLUE, "retired": GREY}
VERDICT_COLORS: Final = {"real": GREEN, "false": ORANGE}
COUNTS: Final = ("promised", "seen", "real_alarms", "false_alarms", "unjudged")
DATE: Final = "time:DD/MM/YYYY"
DETECTORS: Final = tuple(words.DETECTORS.items())


def models() -> Json:
    """The board; shifts are eight hours long, so it opens with two weeks of them."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            kept(),
            budget(),
            shifts(),
            drift(),
            by_detector(),
            shares(),
            versions(),
            feedback(),
        ],
        variables=[],
        annotations=[],
        time=("now-14d", "now"),
    )


def kept() -> Json:
    """Whether what was promised was kept."""
    # Nineteen shifts of twenty [ours]: a budget is a mean, and a storm is nobody's fault.
    panel = panels.stat(
        words.KEPT,
        Place(0, 0, 12, 4),
        [target(filled(queries.KEPT))],
        {
            "kept_share": ((None, RED), (0.8, YELLOW), (0.95, GREEN)),
            "shifts": ((None, BLUE),),
            "alarms": ((None, BLUE),),
            "real_alarms": ((None, GREEN),),
            "false_alarms": ((None, GREEN), (1, ORANGE)),
        },
    )
    panel["fieldConfig"]["overrides"].append(by_name("kept_share", unit=panels.UNITS["share"]))
    return panel


def budget() -> Json:
    """The shift under way."""
    return panels.table(
        words.BUDGET,
        Place(12, 0, 12, 4),
        [target(filled(queries.BUDGET))],
        [
            by_name("desk", **{"custom.width": 150}),
            by_name("began_at", unit="time:DD/MM HH:mm", **{"custom.width": 105}),
            *(by_name(name, **{"custom.width": 98}) for name in COUNTS),
            by_name(
                "factor", **{"custom.width": 85}, unit="none", decimals=3, noValue=texts.NOTHING
            ),
            by_name("bound", mappings=mapped(words.BOUNDS), noValue=texts.NOTHING),
        ],
        empty=("desk", words.NO_SHIFT),
    )


def shifts() -> Json:
    """Promised and seen."""
    values = {"promised": words.PROMISED, "seen": words.SEEN}
    panel = panels.timeseries(
        words.SHIFTS,
        Place(0, 4, 12, 9),
        [target(filled(queries.SHIFTS, values), series=True)],
        unit="1",
        decimals=0,
        overrides=[by_pattern(words.SEEN, **panels.BARS)],
    )
    panel["fieldConfig"]["defaults"]["custom"] |= {"lineInterpolation": "stepAfter"}
    return panel


def drift() -> Json:
    """What a score means."""
    panel = panels.timeseries(
        words.DRIFT,
        Place(12, 4, 12, 9),
        [target(filled(queries.DRIFT, {"version": words.VERSION}), series=True)],
        unit="1",
        decimals=1,
        soft=(3, 8),
    )
    return panel | {"interval": "6h"}


def by_detector() -> Json:
    """Who found what, over time."""
    panel = panels.timeseries(
        words.BY_DETECTOR,
        Place(0, 13, 14, 10),
        [target(filled(queries.BY_DETECTOR, {"detectors": DETECTORS}), series=True)],
        unit="1",
        decimals=0,
    )
    panel["fieldConfig"]["defaults"]["custom"] |= {
        "drawStyle": "bars",
        "fillOpacity": 80,
        "lineWidth": 0,
        "stacking": {"mode": "normal", "group": "A"},
    }
    return panel | {"interval": "6h"}


def shares() -> Json:
    """Who found most."""
    return panels.bargauge(
        words.SHARES,
        Place(14, 13, 10, 10),
        [target(filled(queries.SHARES, {"detectors": DETECTORS}))],
        unit="share",
        steps=((None, BLUE),),
        low=0,
        high=1,
    )


def versions() -> Json:
    """What judges, and what it was tried on."""
    state = mapped(words.VERSION_STATES, VERSION_COLORS)
    return panels.table(
        words.VERSIONS,
        Place(0, 23, 14, 6),
        [target(filled(queries.VERSIONS))],
        [
            by_name("model", **{"custom.width": 90}),
            by_name("version", **{"custom.width": 50}),
            by_name("version_state", mappings=state, **GROUND, **{"custom.width": 95}),
            *(
                by_name(name, unit=DATE, noValue=texts.NOTHING, **{"custom.width": 95})
                for name in ("promoted_at", "data_from_at", "data_to_at")
            ),
            by_name("promoted_by", **{"custom.width": 105}),
            by_name("scores", **{"custom.width": 250}),
            by_name("note"),
        ],
        empty=("model", words.NO_VERSION),
    )


def feedback() -> Json:
    """What people said."""
    verdicts = mapped(words.VERDICTS, VERDICT_COLORS)
    return panels.table(
        words.FEEDBACK,
        Place(14, 23, 10, 6),
        [target(filled(queries.FEEDBACK))],
        [
            by_name("said_at", unit="time:DD/MM HH:mm", **{"custom.width": 100}),
            *asset_columns(),
            by_name("metric"),
            by_name("verdict", mappings=verdicts, **TEXT, **{"custom.width": 65}),
            by_name("actor", **{"custom.width": 80}),
            by_name("note"),
        ],
        empty=("title", words.NO_WORD),
    )
