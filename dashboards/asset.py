"""The board of one asset: readings with anomalies, quality, connectivity, incidents."""

from typing import Final

from dashboards import panels, texts
from dashboards.board import annotation, board, each_of, list_of, repeated
from dashboards.city_picture import SEVERITY_COLORS
from dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    YELLOW,
    Json,
    Place,
    by_name,
    fixed,
    incident_columns,
    mapped,
    target,
)
from dashboards.queries import asset as queries
from dashboards.queries import filled
from dashboards.texts import asset as words

UID: Final = "asset"
STATE_COLORS: Final = {"learning": GREY, "online": GREEN, "late": YELLOW, "silent": RED}
QUALITY_COLORS: Final = {0: GREEN, 1: YELLOW, 2: RED, 3: ORANGE}
UNITS: Final = tuple(words.UNITS.items())
GROUND: Final = {"custom.displayMode": "color-background"}
TEXT: Final = {"custom.displayMode": "color-text"}
DOTS: Final = {"custom.drawStyle": "points", "custom.showPoints": "always"}


def asset() -> Json:
    """The board; the metrics come last, a panel each."""
    sql = filled(queries.ANOMALY_MARKS, {"anomaly": words.ANOMALIES})
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            now(),
            heard(),
            states(),
            newest(),
            incidents(),
            quality(),
            repeated(readings(), "metric", a_row=3),
        ],
        variables=[
            list_of("asset", words.ASSET_LABEL, queries.ASSETS, first=("", "")),
            each_of("metric", words.METRIC_LABEL, filled(queries.METRICS, {"units": UNITS})),
        ],
        annotations=[annotation(words.ANOMALIES, sql, RED, enabled=True)],
    )


def now() -> Json:
    """What stands out."""
    panel = panels.stat(
        words.NOW,
        Place(0, 0, 8, 4),
        [target(queries.NOW)],
        {
            "open_incidents": ((None, GREEN), (1, ORANGE)),
            "anomalies": ((None, GREEN), (1, YELLOW)),
            "good_share": ((None, RED), (0.5, YELLOW), (0.9, GREEN)),
        },
    )
    panel["fieldConfig"]["defaults"]["unit"] = panels.UNITS["count"]
    panel["fieldConfig"]["overrides"].append(by_name("good_share", unit=panels.UNITS["share"]))
    return panel


def heard() -> Json:
    """Whether it is heard."""
    return panels.table(
        words.HEARD,
        Place(8, 0, 16, 4),
        [target(queries.HEARD)],
        [
            by_name("state", mappings=mapped(texts.CONNECTIVITY, STATE_COLORS), **GROUND),
            by_name("last_received_at", unit="time:DD/MM HH:mm:ss"),
            by_name("cadence_s", unit=panels.UNITS["s"], decimals=0, noValue=texts.NOTHING),
            by_name("skew_s", unit=panels.UNITS["s"], decimals=1, noValue=texts.NOTHING),
            by_name("parent", noValue=texts.NOTHING),
            by_name("area", noValue=texts.NOTHING),
        ],
        empty=("state", words.NEVER_HEARD),
    )


def states() -> Json:
    """When it was heard."""
    return panels.state_timeline(
        words.STATES,
        Place(0, 4, 24, 4),
        [target(queries.STATES)],
        texts.CONNECTIVITY,
        STATE_COLORS,
    )


def newest() -> Json:
    """What it said last."""
    return panels.table(
        words.NEWEST,
        Place(0, 8, 12, 8),
        [target(filled(queries.NEWEST))],
        [
            by_name("metric", **{"custom.width": 200}),
            by_name("value", unit="none", decimals=2),
            by_name("unit", mappings=mapped(words.UNITS), **{"custom.width": 80}),
            by_name("quality", mappings=mapped(words.QUALITIES, QUALITY_COLORS), **TEXT),
            by_name("reading_at", unit="time:DD/MM HH:mm:ss"),
            by_name("derived_by", noValue=texts.NOTHING),
        ],
        empty=("metric", words.NO_READINGS),
    )


def incidents() -> Json:
    """What became of it."""
    return panels.table(
        words.INCIDENTS,
        Place(12, 8, 12, 8),
        [target(filled(queries.INCIDENTS))],
        [
            by_name("opened_at", unit="time:DD/MM HH:mm"),
            by_name("severity", mappings=mapped(texts.SEVERITIES, SEVERITY_COLORS), **GROUND),
            by_name("metric", **{"custom.width": 260}),
            by_name("status", mappings=mapped(texts.STATUSES)),
            *incident_columns(),
            by_name("anomaly_count"),
        ],
        empty=("metric", texts.NO_INCIDENTS),
    )


def quality() -> Json:
    """How far what it said can be trusted."""
    return panels.state_timeline(
        words.QUALITY,
        Place(0, 16, 24, 8),
        [target(filled(queries.QUALITY), series=True)],
        words.QUALITIES,
        QUALITY_COLORS,
    )


def readings() -> Json:
    """One metric, with what was odd in it."""
    odd = filled(
        queries.ANOMALIES,
        {"anomaly": words.ANOMALIES, "upper": words.UPPER, "lower": words.LOWER},
    )
    return panels.timeseries(
        words.READINGS,
        Place(0, 24, 8, 6),
        [
            target(filled(queries.READINGS, {"reading": words.READING}), series=True),
            target(odd, "B", series=True),
        ],
        unit="1",
        soft=(None, None),
        overrides=[
            by_name(words.READING, color=fixed(BLUE)),
            by_name(words.ANOMALIES, color=fixed(RED), **DOTS, **{"custom.pointSize": 7}),
            by_name(words.UPPER, color=fixed(GREY), **DOTS, **{"custom.pointSize": 4}),
            by_name(words.LOWER, color=fixed(GREY), **DOTS, **{"custom.pointSize": 4}),
        ],
    )
