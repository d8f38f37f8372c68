"""The board of incidents and alarm figures: how many alarms an operator has to bear."""

from typing import Final

from dashboards import panels, texts
from dashboards.asset import GROUND
from dashboards.board import area, board, choice, incident_marks, one_of
from dashboards.city_picture import SEVERITY_COLORS
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
    fixed,
    incident_columns,
    mapped,
    target,
)
from dashboards.queries import OPERATORS, filled
from dashboards.queries import alarms as queries
from dashboards.texts import alarms as words

UID: Final = "alarms"
# EEMUA 191: one alarm in ten minutes is acceptable, two can be managed, more than ten are a flood;
# six an hour acceptable, twelve too many. Stale: fewer than five, each with a plan. A source with
# more than 5 % of the alarms is a bad actor.
RATE_STEPS: Final[Steps] = ((None, GREEN), (1.01, YELLOW), (2.01, ORANGE), (10.01, RED))
HOUR_STEPS: Final[Steps] = ((None, GREEN), (6.01, YELLOW), (12.01, RED))
FLOOD_STEPS: Final[Steps] = ((None, GREEN), (0.01, RED))
STALE_STEPS: Final[Steps] = ((None, GREEN), (1, YELLOW), (5, RED))
LOUD_STEPS: Final[Steps] = ((None, GREEN), (0.01, YELLOW), (0.05, RED))
DAY_STEPS: Final[Steps] = ((None, GREEN), (8 * 3600, YELLOW), (24 * 3600, RED))
# As long as a display's worth of lines [ours]: what stands should fit on one screen.
STANDING_STEPS: Final[Steps] = ((None, GREEN), (10, YELLOW), (20, ORANGE))


def alarms() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            now(),
            rates(),
            over_time(),
            priorities(),
            standing(),
            times(),
            longest(),
            top_ten(),
            chattering(),
        ],
        variables=[
            area(),
            choice("kind", texts.KIND_LABEL, texts.KINDS),
            one_of("operators", words.OPERATORS_LABEL, OPERATORS),
        ],
        annotations=incident_marks(),
    )


def now() -> Json:
    """What stands."""
    steps = {
        "standing": STANDING_STEPS,
        "unacknowledged": ((None, GREEN), (1, ORANGE)),
        "stale": STALE_STEPS,
    }
    return panels.stat(words.NOW, Place(0, 0, 9, 5), [target(filled(queries.NOW))], steps)


def rates() -> Json:
    """How fast they came."""
    panel = panels.stat(
        words.RATES,
        Place(9, 0, 15, 5),
        [target(filled(queries.RATES))],
        {
            "alarms": ((None, panels.BLUE),),
            "per_hour": HOUR_STEPS,
            "peak_10m": RATE_STEPS,
            "flood_share": FLOOD_STEPS,
        },
    )
    panel["fieldConfig"]["overrides"] += [
        by_name("per_hour", decimals=1),
        by_name("flood_share", unit=panels.UNITS["share"], decimals=1),
    ]
    return panel


def over_time() -> Json:
    """The load over time."""
    sql = filled(queries.OVER_TIME, {"per_operator": words.PER_OPERATOR})
    panel = panels.timeseries(
        words.OVER_TIME,
        Place(0, 5, 14, 10),
        [panels.apart(target(sql, series=True))],
        unit="1",
        steps=RATE_STEPS,
        decimals=1,
        soft=(0, 3),
        overrides=[by_name(words.PER_OPERATOR, color=fixed(panels.BLUE), **panels.BARS)],
    )
    return panel | {"interval": "10m"}


def priorities() -> Json:
    """Whether what is called grave is rare."""
    share = {"unit": panels.UNITS["share"], "decimals": 0}
    return panels.table(
        words.PRIORITIES,
        Place(14, 5, 10, 5),
        [target(filled(queries.PRIORITIES))],
        [
            severity(),
            by_name("alarms"),
            by_name("alarm_share", **share),
            by_name("wanted_share", **share),
        ],
        empty=("severity", words.NONE_RAISED),
    )


def times() -> Json:
    """How long people, and the world, took."""
    seconds: Json = {"unit": panels.UNITS["duration"], "custom.width": 142}
    seconds["noValue"] = texts.NOTHING
    names = ("known_median_s", "known_most_s", "over_median_s", "over_most_s")
    return panels.table(
        words.TIMES,
        Place(14, 10, 10, 5),
        [target(filled(queries.TIMES))],
        [
            severity(),
            by_name("alarms", **{"custom.width": 80}),
            *(by_name(name, **seconds) for name in names),
        ],
        empty=("severity", words.NONE_RAISED),
    )


def standing() -> Json:
    """What piled up."""
    panel = panels.timeseries(
        words.STANDING,
        Place(0, 15, 14, 8),
        [target(filled(queries.STANDING), series=True)],
        unit="1",
        decimals=0,
        overrides=[
            by_name("standing", color=fixed(RED)),
            by_name("unacknowledged", color=fixed(ORANGE)),
        ],
    )
    panel["fieldConfig"]["defaults"]["custom"] |= {"lineInterpolation": "stepAfter"}
    return panel


def longest() -> Json:
    """What has been forgotten."""
    return panels.table(
        words.LONGEST,
        Place(14, 15, 10, 8),
        [target(filled(queries.LONGEST))],
        [
            *asset_columns(),
            by_name("metric", **{"custom.width": 210}),
            severity(**{"custom.width": 75}),
            by_name("status", mappings=mapped(texts.STATUSES), **{"custom.width": 125}),
            *incident_columns(),
            stepped(
                "standing_s",
                DAY_STEPS,
                unit=panels.UNITS["duration"],
                **{"custom.width": 100},
            ),
        ],
        empty=("title", words.NONE_STANDING),
    )


def top_ten() -> Json:
    """What to mend first."""
    return panels.table(
        words.TOP_TEN,
        Place(0, 23, 14, 11),
        [target(filled(queries.TOP_TEN))],
        [
            *asset_columns(),
            by_name("metric", **{"custom.width": 260}),
            by_name("alarms"),
            stepped("alarm_share", LOUD_STEPS, unit=panels.UNITS["share"], decimals=1),
        ],
        empty=("title", words.NONE_RAISED),
    )


def chattering() -> Json:
    """What cries wolf."""
    return panels.table(
        words.CHATTERING,
        Place(14, 23, 10, 11),
        [target(filled(queries.CHATTERING))],
        [
            *asset_columns(),
            by_name("metric", **{"custom.width": 230}),
            by_name("returns_10m", **{"custom.width": 115}),
            by_name("returns", **{"custom.width": 70}),
        ],
        empty=("title", words.NONE_CHATTERS),
    )


def severity(**properties: object) -> Json:
    """The column of priorities."""
    priorities = mapped(texts.SEVERITIES, SEVERITY_COLORS)
    return by_name("severity", mappings=priorities, **GROUND, **properties)


def stepped(name: str, steps: Steps, **properties: object) -> Json:
    """A column whose numbers are coloured by steps."""
    colored = {"custom.displayMode": "color-text", "color": {"mode": "thresholds"}}
    return by_name(name, thresholds=panels.thresholds(steps), **colored, **properties)
