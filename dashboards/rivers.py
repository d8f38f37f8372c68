"""The board of rivers and rain: levels against the alarms in force, rise, rain."""

from collections.abc import Mapping
from typing import Final

from dashboards import panels
from dashboards.board import area, board, each_of, incident_marks, repeated
from dashboards.charts import dashed, metric_of, parameter_of, states_of
from dashboards.language import Told, put
from dashboards.panels import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    YELLOW,
    Json,
    Place,
    asset_columns,
    by_name,
    linked,
    mapped,
    target,
)
from dashboards.queries import filled
from dashboards.queries import rivers as queries
from dashboards.texts import NOTHING, Words
from dashboards.texts import rivers as words

UID: Final = "rivers"
FLOOD_COLORS: Final = {0: GREEN, 1: YELLOW, 2: ORANGE, 3: RED, 4: PURPLE}
ALARM_COLORS: Final = (YELLOW, ORANGE, RED, PURPLE)


def rivers() -> Json:
    """The board; the gauges come last, since nobody knows how many there are."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            stations(),
            panels.state_timeline(
                words.LEVELS,
                Place(0, 8, 12, 6),
                [states_of("river", "flood_level", keep=12)],
                words.FLOOD_LEVELS,
                FLOOD_COLORS,
            ),
            rise(),
            rain(
                words.RAIN_HOUR,
                Place(0, 14, 12, 6),
                "rain_1h_mm",
                {"cloudburst_1h": (words.CLOUDBURST, RED)},
            ),
            rain(
                words.RAIN_DAY,
                Place(12, 14, 12, 6),
                "rain_24h_mm",
                {"heavy_24h": (words.HEAVY, ORANGE), "very_heavy_24h": (words.VERY_HEAVY, RED)},
            ),
            repeated(gauge(), "gauge", a_row=3),
        ],
        variables=[area(), each_of("gauge", words.GAUGE_LABEL, queries.GAUGES)],
        annotations=incident_marks("river", "rain"),
    )


def stations() -> Json:
    """A line a gauge, the worst on top."""
    metres = ("height_m", "first_m", "second_m", "third_m", "record_m")
    colored = {"custom.displayMode": "color-background"}
    return panels.table(
        words.STATIONS,
        Place(0, 0, 24, 8),
        [target(filled(queries.STATIONS))],
        [
            *asset_columns(),
            *(
                by_name(name, unit=panels.UNITS["m"], decimals=2, noValue=NOTHING)
                for name in metres
            ),
            by_name("report"),
            by_name("flood_level", mappings=mapped(words.FLOOD_LEVELS, FLOOD_COLORS), **colored),
            by_name("rise_m_h", unit=panels.UNITS["m/h"], decimals=2),
        ],
        empty=("title", words.NO_GAUGES),
    )


def rise() -> Json:
    """How fast the rivers come."""
    return linked(
        panels.timeseries(
            words.RISE,
            Place(12, 8, 12, 6),
            [
                metric_of("river", "level_rise_m_h", keep=8),
                parameter_of("flood", "fast_rise", words.FAST_RISE),
            ],
            unit="m/h",
            decimals=2,
            soft=(-0.1, 0.4),
            overrides=[dashed(words.FAST_RISE, RED)],
        )
    )


def rain(title: Words, place: Place, metric: str, limits: Mapping[str, tuple[Told, str]]) -> Json:
    """The wettest gauges, and from where on it is much: parameters of the rule."""
    lines = [
        parameter_of("rain", name, label, ref)
        for ref, (name, (label, _)) in zip("BC", limits.items(), strict=False)
    ]
    return linked(
        panels.timeseries(
            title,
            place,
            [metric_of("rain", metric, keep=6), *lines],
            unit="mm",
            soft=(0, 20),
            overrides=[dashed(label, color) for label, color in limits.values()],
        )
    )


def gauge() -> Json:
    """The height of one gauge and its own alarms."""
    names = dict(zip(("first", "second", "third", "record"), words.ALARMS, strict=True))
    height = filled(
        queries.GAUGE, {"kinds": ("river",), "metrics": ("level_m",), "level": words.LEVEL}
    )
    lines = [
        dashed(put("^{}$", name), color)
        for name, color in zip(words.ALARMS, ALARM_COLORS, strict=True)
    ]
    return panels.timeseries(
        words.GAUGE,
        Place(0, 20, 8, 7),
        [
            target(height, series=True),
            target(filled(queries.GAUGE_ALARMS, names), "B", series=True),
        ],
        unit="m",
        decimals=1,
        soft=(None, None),
        overrides=[by_name(words.LEVEL, color=panels.fixed(BLUE)), *lines],
    )
