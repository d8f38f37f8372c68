"""The board of the load on e-government services: dossiers, counters, forecasts."""

from typing import Final

from dashboards import panels
from dashboards.board import board, choice, list_of, service_marks
from dashboards.charts import daily
from dashboards.city_picture import ON_TIME_STEPS
from dashboards.language import Text, put
from dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
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
    unit_columns,
)
from dashboards.queries import egov_load as queries
from dashboards.queries import filled
from dashboards.texts import egov_load as words

UID: Final = "egov-load"
OVERDUE_STEPS: Final[Steps] = ((None, GREEN), (1, ORANGE))
BARS: Final = {"custom.drawStyle": "bars", "custom.fillOpacity": 70, "custom.lineWidth": 0}
COLORED: Final = {"custom.displayMode": "color-text", "color": {"mode": "thresholds"}}


def egov_load() -> Json:
    """The board; it ends a day from now, so that what is foretold is on it."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            now(),
            late(),
            flow(),
            backlog(),
            by_level(),
            by_unit(),
            channels(),
            on_time(),
            forecast(),
            overdue_ahead(),
            quality(),
            waits(),
            counters(),
            hand_overs(),
            quarantine(),
        ],
        variables=[choice("level", words.LEVEL_LABEL, words.LEVELS), units()],
        annotations=service_marks(),
        time=("now-7d", "now+1d"),
    )


def units() -> Json:
    """The variable for the unit, of the chosen levels."""
    sql = filled(queries.UNITS, {"all": words.ALL_UNITS})
    return list_of("unit", words.UNIT_LABEL, sql, first=(words.ALL_UNITS, "all"))


def levels(sql: str) -> Text:
    """The query with the levels' names."""
    return filled(sql, {"levels": tuple(words.LEVELS.items())})


def share(name: str) -> Json:
    """A column or number that is a share on time."""
    return by_name(
        name,
        unit=panels.UNITS["share"],
        decimals=1,
        thresholds=thresholds(ON_TIME_STEPS),
        **COLORED,
        **{"custom.width": 90},
    )


def overdue(*names: str) -> list[Json]:
    """Columns that should be 0."""
    steps = {"unit": panels.UNITS["count"], "thresholds": thresholds(OVERDUE_STEPS)} | COLORED
    return [by_name(name, **steps, **{"custom.width": 105}) for name in names]


def narrow(*names: str) -> list[Json]:
    """Columns of whole numbers."""
    return [by_name(name, **{"custom.width": 105}) for name in names]


def now() -> Json:
    """What lies open."""
    return in_full(
        panels.stat(
            words.NOW,
            Place(0, 0, 12, 5),
            [target(filled(queries.NOW))],
            {
                "submitted": ((None, BLUE),),
                "running": ((None, BLUE),),
                "due_soon": ((None, GREEN), (1, YELLOW)),
            },
        )
    )


def late() -> Json:
    """What is late, and how the last month went."""
    panel = panels.stat(
        words.LATE,
        Place(12, 0, 12, 5),
        [target(filled(queries.LATE))],
        {
            "overdue": OVERDUE_STEPS,
            "overdue_long": ((None, GREEN), (1, RED)),
            "on_time_share": ON_TIME_STEPS,
        },
    )
    percent = by_name("on_time_share", unit=panels.UNITS["share"], decimals=1)
    panel["fieldConfig"]["overrides"].append(percent)
    return in_full(panel)


def in_full(panel: Json) -> Json:
    """A panel whose numbers are counts, in full."""
    panel["fieldConfig"]["defaults"]["unit"] = panels.UNITS["count"]
    return panel


def flow() -> Json:
    """What came, what was done, what was handed out."""
    colors = {"received": BLUE, "ended": GREEN, "returned": PURPLE}
    return daily(
        panels.timeseries(
            words.FLOW,
            Place(0, 5, 12, 8),
            [target(filled(queries.FLOW), series=True)],
            unit="count",
            decimals=0,
            overrides=[
                by_name("received", displayName=words.CAME, color=fixed(BLUE)),
                *(by_name(name, color=fixed(colors[name])) for name in ("ended", "returned")),
            ],
        )
    )


def backlog() -> Json:
    """What lies with the offices."""
    metrics = ("dossiers_in_process", "dossiers_due_soon", "dossiers_overdue")
    return panels.timeseries(
        words.BACKLOG,
        Place(12, 5, 12, 8),
        [target(filled(queries.BACKLOG, {"metrics": metrics}), series=True)],
        unit="count",
        decimals=0,
        overrides=[
            by_name("in_process", color=fixed(BLUE)),
            by_name("due_soon", color=fixed(YELLOW)),
            by_name("overdue", color=fixed(RED)),
        ],
    )


def by_level() -> Json:
    """A line a level."""
    return panels.table(
        words.BY_LEVEL,
        Place(0, 13, 12, 6),
        [target(levels(queries.BY_LEVEL))],
        [
            by_name("level", **{"custom.width": 145}),
            *narrow("submitted", "running", "due_soon", "ended"),
            *overdue("overdue", "overdue_long"),
            share("on_time_share"),
        ],
        empty=("level", words.NO_UNITS),
    )


def by_unit() -> Json:
    """A line a unit, the worst on top."""
    return panels.table(
        words.BY_UNIT,
        Place(12, 13, 12, 14),
        [target(filled(queries.BY_UNIT))],
        [
            *unit_columns(),
            by_name("name", **{"custom.width": 290}),
            *narrow("running", "due_soon", "ended"),
            *overdue("overdue", "overdue_long"),
            share("on_time_share"),
        ],
        empty=("name", words.NO_UNITS),
    )


def channels() -> Json:
    """How dossiers come."""
    stacked = {"custom.stacking": {"mode": "normal", "group": "A"}} | BARS
    return daily(
        panels.timeseries(
            words.CHANNELS,
            Place(0, 19, 12, 8),
            [target(filled(queries.CHANNELS), series=True)],
            unit="count",
            decimals=0,
            overrides=[
                by_name("online_dossiers", color=fixed(BLUE), **stacked),
                by_name("other_dossiers", color=fixed(GREY), **stacked),
            ],
        )
    )


def on_time() -> Json:
    """Whether they were done when they were promised."""
    return daily(
        panels.timeseries(
            words.ON_TIME,
            Place(0, 27, 12, 8),
            [target(levels(queries.ON_TIME), series=True)],
            unit="share",
            steps=ON_TIME_STEPS,
            soft=(0.8, 1),
        )
    )


def forecast() -> Json:
    """What is to come, beside what came."""
    names: dict[str, Text] = {
        "low": words.LOW,
        "band": words.BAND,
        "expected": words.EXPECTED,
        "actual": words.ACTUAL,
    }
    hidden = {
        "custom.lineWidth": 0,
        "custom.hideFrom": {"legend": True, "tooltip": False, "viz": False},
    }
    filling = {"custom.fillBelowTo": words.LOW, "custom.fillOpacity": 20, "custom.lineWidth": 0}
    return panels.timeseries(
        words.FORECAST,
        Place(12, 27, 12, 8),
        [target(filled(queries.FORECAST, names), series=True)],
        unit="/h",
        overrides=[
            panels.by_pattern(put("^{}$", words.LOW), color=fixed(BLUE), **hidden),
            panels.by_pattern(put("^{}$", words.BAND), color=fixed(BLUE), **filling),
            panels.by_pattern(put("^{}$", words.EXPECTED), color=fixed(BLUE)),
            panels.by_pattern(put("^{}$", words.ACTUAL), color=fixed(ORANGE)),
        ],
    ) | {"interval": "1h"}


def overdue_ahead() -> Json:
    """What will be late if it goes on like this."""
    numbers = ("expected", "low_end", "high_end")
    return panels.table(
        words.OVERDUE_AHEAD,
        Place(0, 35, 6, 7),
        [target(filled(queries.OVERDUE_AHEAD))],
        [
            by_name("foretold_at", unit="time:DD/MM HH:mm", **{"custom.width": 130}),
            *(by_name(name, unit="none", decimals=0, **{"custom.width": 90}) for name in numbers),
        ],
        empty=("foretold_at", words.NO_FORECAST),
    )


def quality() -> Json:
    """Whether the forecast is worth more than last week's hour."""
    panel = panels.stat(
        words.QUALITY,
        Place(6, 35, 6, 7),
        [target(filled(queries.QUALITY))],
        {
            "load_error": ((None, BLUE),),
            "naive_error": ((None, GREY),),
            "inside": ((None, ORANGE), (0.7, GREEN)),  # four of five are promised
        },
    )
    panel["fieldConfig"]["overrides"] += [
        by_name("load_error", decimals=2),
        by_name("naive_error", decimals=2),
        by_name("inside", unit=panels.UNITS["share"]),
    ]
    return panel


def waits() -> Json:
    """Where people wait longest."""
    return linked(
        panels.timeseries(
            words.WAITS,
            Place(12, 35, 12, 7),
            [target(filled(queries.WAITS, {"metrics": ("wait_p90_min",)}), series=True)],
            unit="min",
            soft=(0, 15),
        )
    )


def counters() -> Json:
    """How it stands at the counters."""
    minutes = {"unit": panels.UNITS["min"], "decimals": 0, "custom.width": 100}
    names = ("queue_length", "tickets_served", "tickets_abandoned")
    return panels.table(
        words.COUNTERS,
        Place(0, 42, 14, 9),
        [target(filled(queries.COUNTERS))],
        [
            *asset_columns(),
            by_name("title", **{"custom.width": 330}),
            *(by_name(name, unit="none", decimals=0, **{"custom.width": 100}) for name in names),
            by_name("counters_open", unit="none", decimals=0, **{"custom.width": 120}),
            by_name("wait_p50_min", **minutes),
            by_name("wait_p90_min", **minutes),
            by_name("utilisation", unit=panels.UNITS["share"], decimals=0, **{"custom.width": 110}),
        ],
        empty=("title", words.NO_COUNTERS),
    )


def hand_overs() -> Json:
    """What is stuck between units."""
    return panels.table(
        words.HAND_OVERS,
        Place(14, 42, 10, 9),
        [target(filled(queries.HAND_OVERS))],
        [
            by_name("giver"),
            by_name("taker"),
            by_name("dossiers", **{"custom.width": 80}),
            by_name("oldest_at", unit="time:DD/MM HH:mm", **{"custom.width": 110}),
        ],
        empty=("giver", words.NO_HAND_OVERS),
    )


def quarantine() -> Json:
    """What is not in these numbers."""
    return panels.table(
        words.QUARANTINE,
        Place(0, 51, 24, 6),
        [target(filled(queries.QUARANTINE))],
        [
            by_name("reason"),
            by_name("door", **{"custom.width": 100}),
            by_name("times", **{"custom.width": 100}),
            by_name("newest_at", unit="time:DD/MM HH:mm", **{"custom.width": 130}),
        ],
        empty=("reason", words.NO_QUARANTINE),
    )
