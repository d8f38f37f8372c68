"""The board of waste, water and noise."""

from typing import Final

from dashboards import panels
from dashboards.board import area, board, incident_marks
from dashboards.charts import dashed, metric_of, parameter_of, states_of
from dashboards.panels import (
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    Json,
    Place,
    Steps,
    asset_columns,
    by_name,
    linked,
    mapped,
    target,
)
from dashboards.queries import filled
from dashboards.queries import upkeep as queries
from dashboards.texts import upkeep as words

UID: Final = "upkeep"
FIRE_COLORS: Final = {0: GREEN, 1: ORANGE, 2: RED}
LEAK_COLORS: Final = {0: GREEN, 1: RED}
# A container is put on a round before it overflows [ours].
FILLING_STEPS: Final[Steps] = ((None, GREEN), (0.75, YELLOW), (0.9, RED))
NOISE_STEPS: Final[Steps] = ((None, GREEN), (0, YELLOW))  # 0 is the limit itself


def upkeep() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[containers(), *waste(), *water(), *noise()],
        variables=[area()],
        annotations=incident_marks("waste", "water", "noise"),
    )


def containers() -> Json:
    """Where to send the next truck."""
    colored = {"custom.displayMode": "color-text"}
    return panels.table(
        words.CONTAINERS,
        Place(0, 0, 8, 9),
        [target(filled(queries.CONTAINERS))],
        [
            *asset_columns(),
            by_name(
                "filling_level",
                unit=panels.UNITS["share"],
                decimals=0,
                **{"custom.width": 90},
                thresholds=panels.thresholds(FILLING_STEPS),
                color={"mode": "thresholds"},
                **colored,
            ),
            by_name(
                "hours_until_full", unit=panels.UNITS["h"], decimals=1, **{"custom.width": 100}
            ),
            by_name(
                "fire_suspected",
                mappings=mapped(words.FIRE_NAMES, FIRE_COLORS),
                **colored,
                **{"custom.width": 110},
            ),
        ],
        empty=("title", words.NO_CONTAINERS),
    )


def waste() -> list[Json]:
    """Containers over time."""
    filling = panels.timeseries(
        words.FILLING,
        Place(8, 0, 8, 9),
        [metric_of("waste", "filling_level", keep=8)],
        unit="share",
        steps=FILLING_STEPS,
        soft=(0, 1),
    )
    fires = panels.state_timeline(
        words.FIRES,
        Place(16, 0, 8, 9),
        [states_of("waste", "fire_suspected", keep=8)],
        words.FIRE_NAMES,
        FIRE_COLORS,
    )
    return [linked(filling), fires]


def water() -> list[Json]:
    """What runs when nobody should draw any, and what is left in the pipes."""
    flows = [
        ("night_flow", words.NIGHT_FLOW, Place(0, 9, 8, 9)),
        ("flow", words.FLOW, Place(0, 18, 8, 8)),
    ]
    told = [
        panels.timeseries(title, place, [metric_of("water", metric, keep=8)], unit="m3/h")
        for metric, title, place in flows
    ]
    pressure = panels.timeseries(
        words.PRESSURE,
        Place(16, 9, 8, 9),
        [metric_of("water", "water_pressure", keep=8, lowest=True)],
        unit="kPa",
        soft=(None, None),
    )
    leaks = panels.state_timeline(
        words.LEAKS,
        Place(8, 9, 8, 9),
        [states_of("water", "leak_suspected", keep=8)],
        words.LEAK_NAMES,
        LEAK_COLORS,
    )
    return [*(linked(each) for each in told), linked(pressure), leaks]


def noise() -> list[Json]:
    """Where it is louder than it may be, and what it may be."""
    excess = panels.timeseries(
        words.NOISE,
        Place(8, 18, 8, 8),
        [metric_of("noise", "noise_excess_db", keep=8), parameter_of("noise", "loud", words.LOUD)],
        unit="dB",
        steps=NOISE_STEPS,
        soft=(-20, 15),
        overrides=[dashed(words.LOUD, RED)],
    )
    limits = panels.table(
        words.LIMITS,
        Place(16, 18, 8, 8),
        [target(filled(queries.LIMITS))],
        [
            by_name("area_class", **{"custom.width": 115}, mappings=mapped(words.AREA_CLASSES)),
            by_name("period", **{"custom.width": 90}, mappings=mapped(words.PERIODS)),
            by_name("limit_db", **{"custom.width": 90}, unit=panels.UNITS["dB"]),
            by_name("source"),
        ],
        empty=("source", words.NO_LIMITS),
    )
    return [linked(excess), limits]
