"""The panels that the boards of e-government systems have in common."""

from typing import Final

from dashboards import panels, texts
from dashboards.city_picture import SEVERITY_COLORS
from dashboards.panels import (
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    Json,
    Place,
    asset_columns,
    by_name,
    incident_columns,
    mapped,
    target,
)
from dashboards.queries import filled
from dashboards.queries import services as queries
from dashboards.texts import Words
from dashboards.texts import connectors as words

CONNECTORS: Final = ("connector", "documents")
PORTALS: Final = ("portal", "open-data", "signatures")
HEALTH_COLORS: Final = {0: GREEN, 1: YELLOW, 2: ORANGE, 3: RED}
GROUND: Final = {"custom.displayMode": "color-background"}


def lines_of(systems: tuple[str, ...], metric: str, ref: str = "A") -> Json:
    """A line a system, with a link to its board."""
    values = {"systems": systems, "metrics": (metric,)}
    return target(filled(queries.LINES, values), ref, series=True)


def totals_of(systems: tuple[str, ...], *metrics: str) -> Json:
    """A line a metric, all systems added up."""
    values = {"systems": systems, "metrics": metrics}
    return target(filled(queries.TOTALS, values), series=True)


def shares_of(systems: tuple[str, ...], part: str, whole: str) -> Json:
    """A line a system: one metric as a share of another."""
    values = {"systems": systems, "metrics": (part, whole)}
    sql = filled(queries.SHARES, {**values, "part": part, "whole": whole})
    return target(sql, series=True)


def health(title: Words, place: Place, systems: tuple[str, ...], *metrics: str) -> Json:
    """What the rules said of each system, over time."""
    values = {"systems": systems, "metrics": metrics}
    return panels.state_timeline(
        title,
        place,
        [target(filled(queries.HEALTH, values), series=True)],
        words.HEALTHS,
        HEALTH_COLORS,
    )


def health_column() -> Json:
    """What the rules say now."""
    return by_name("health", mappings=mapped(words.HEALTHS, HEALTH_COLORS), **GROUND)


def incidents(title: Words, place: Place, systems: tuple[str, ...]) -> Json:
    """What went wrong, in the rules' words."""
    return panels.table(
        title,
        place,
        [target(filled(queries.INCIDENTS, {"systems": systems}))],
        [
            by_name("opened_at", unit="time:DD/MM HH:mm", **{"custom.width": 110}),
            by_name(
                "severity",
                mappings=mapped(texts.SEVERITIES, SEVERITY_COLORS),
                **{"custom.width": 75},
                **GROUND,
            ),
            *asset_columns(),
            by_name("title", **{"custom.width": 260}),
            by_name("what"),
            by_name("status", mappings=mapped(texts.STATUSES), **{"custom.width": 130}),
            *incident_columns(),
        ],
        empty=("title", texts.NO_INCIDENTS),
    )
