"""The wall of the operations centre: the city beside the load on its e-government services."""

from typing import Final

from dashboards import panels, queries, texts
from dashboards.aqi import aqi_classes
from dashboards.board import area, board, choice, incident_marks
from dashboards.charts import metric_of, newest_of, total_of
from dashboards.geomap import View, geomap
from dashboards.language import put
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
    by_pattern,
    by_query,
    coarse,
    fixed,
    incident_columns,
    linked,
    mapped,
    target,
)
from dashboards.queries import filled

UID: Final = "city-picture"
DASHED: Final = {"fill": "dash", "dash": [10, 6]}
SOLID: Final = {"custom.fillOpacity": 100, "custom.lineWidth": 0}

SEVERITY_COLORS: Final = {"high": RED, "medium": ORANGE, "low": YELLOW}
STATE_STEPS: Final[Steps] = ((None, GREY), (0, GREEN), (1, YELLOW), (2, ORANGE), (3, RED))
OVER_LIMIT: Final[Steps] = ((None, GREEN), (0, YELLOW), (10, RED))
ALARMS: Final[Steps] = ((None, GREEN), (0, YELLOW), (1, ORANGE), (2, RED))
# As one provincial board of the index has them: 95 % is well, below 90 % is bad.
ON_TIME_STEPS: Final[Steps] = ((None, RED), (0.9, YELLOW), (0.95, GREEN))
QUEUE_STEPS: Final[Steps] = ((None, GREEN), (10, YELLOW), (25, RED))

LABELS: Final = 5  # so many names a map of this size bears
WHOLE_PROVINCE: Final = View(latitude=21.37, longitude=106.4, zoom=9.6)


def city_picture() -> Json:
    """The board: one screen of 1920 by 1080 pixels, 27 rows."""
    return board(
        uid=UID,
        words=texts.BOARD,
        panels=[
            incidents(),
            services_now(),
            platform(),
            city_map(),
            newest_incidents(),
            air(),
            rivers(),
            traffic(),
            power(),
            services(),
            dossiers(),
            queues(),
            noise(),
        ],
        variables=[
            area(),
            choice("kind", texts.KIND_LABEL, texts.KINDS),
        ],
        annotations=incident_marks(),
        refresh="10s",
    )


def incidents() -> Json:
    """How much stands open."""
    loud: dict[str, Steps] = {
        name: ((None, GREEN), (1, color)) for name, color in SEVERITY_COLORS.items()
    }
    return panels.stat(
        texts.INCIDENTS,
        Place(0, 0, 8, 4),
        [target(filled(queries.OPEN_INCIDENTS))],
        loud | {"unacknowledged": ((None, GREEN), (1, YELLOW), (10, ORANGE))},
    )


def services_now() -> Json:
    """The load on e-government services in four numbers."""
    panel = panels.stat(
        texts.SERVICES_NOW,
        Place(8, 0, 8, 4),
        [target(filled(queries.SERVICES_NOW))],
        {
            "in_process": ((None, BLUE),),
            "due_soon": ((None, GREEN), (1, YELLOW)),
            "overdue": ((None, GREEN), (1, ORANGE)),
            "on_time_share": ON_TIME_STEPS,
        },
    )
    panel["fieldConfig"]["overrides"] += [
        by_name("on_time_share", unit=panels.UNITS["share"], decimals=1),
        *(
            by_name(name, unit=panels.UNITS["count"])
            for name in ("in_process", "due_soon", "overdue")
        ),
    ]
    return panel


def platform() -> Json:
    """Whether the city is heard at all."""
    return panels.stat(
        texts.PLATFORM,
        Place(16, 0, 8, 4),
        [target(filled(queries.REPORTING)), target(queries.LEDGER, "B")],
        {
            "reporting": ((None, RED), (1, GREEN)),
            "silent": ((None, GREEN), (1, YELLOW), (10, ORANGE)),
            "per_minute": ((None, RED), (1, GREEN)),
            "rejected": ((None, GREEN), (1, YELLOW), (1000, ORANGE)),
        },
    )


def city_map() -> Json:
    """Every asset and service by its state."""
    return geomap(
        texts.MAP,
        Place(0, 4, 8, 11),
        [target(filled(queries.MAP, {"labels": LABELS}))],
        view=WHOLE_PROVINCE,
        level="state_level",
        steps=STATE_STEPS,
        overrides=[
            by_name("state_level", min=-1, max=3, mappings=mapped(texts.STATES)),
            by_name("kind", mappings=mapped(texts.KINDS)),
            *asset_columns(),
            by_name("area"),
            by_name("open_incidents"),
        ],
    )


def newest_incidents() -> Json:
    """What came up last."""
    ground = {"displayMode": "color-background"}
    severity = mapped(texts.SEVERITIES, SEVERITY_COLORS)
    return panels.table(
        texts.NEWEST,
        Place(0, 15, 8, 12),
        [target(filled(queries.NEWEST_INCIDENTS))],
        [
            by_name("opened_at", unit="time:DD/MM HH:mm", **{"custom.width": 98}),
            by_name(
                "severity",
                mappings=severity,
                **{f"custom.{key}": value for key, value in ground.items()},
            ),
            by_name("severity", **{"custom.width": 75}),
            *asset_columns(),
            by_name("metric", **{"custom.width": 155}),
            by_name("status", mappings=mapped(texts.STATUSES), **{"custom.width": 120}),
            *incident_columns(),
        ],
        empty=("title", texts.NO_INCIDENTS),
    )


def air() -> Json:
    """The stations' air in the index's own words and colours."""
    return aqi_classes(texts.AIR, Place(8, 4, 8, 6), keep=6)


def rivers() -> Json:
    """Levels against the flood alarms."""
    values: dict[str, queries.Value] = {
        "kinds": ("river",),
        "metrics": ("level_m",),
        "level_itself": put(" {}", texts.LEVEL_ITSELF),
    }
    return panels.timeseries(
        texts.RIVERS,
        Place(8, 10, 8, 6),
        [target(filled(queries.RIVERS, values), series=True)],
        unit="m",
        steps=ALARMS,
        soft=(-4, 1),
        decimals=1,
        overrides=[by_pattern(put("{}$", texts.LEVEL_ITSELF), **{"custom.axisPlacement": "right"})],
    )


def traffic() -> Json:
    """The slowest roads."""
    return linked(
        panels.timeseries(
            texts.TRAFFIC,
            Place(8, 16, 8, 6),
            [metric_of("traffic", "speed", keep=5, lowest=True)],
            unit="km/h",
        )
    )


def power() -> Json:
    """What lights and buildings draw."""
    return coarse(
        panels.timeseries(
            texts.POWER,
            Place(8, 22, 8, 5),
            [total_of(("light", "energy"), ("power_kw", "active_power_kw"))],
            unit="kW",
            overrides=[
                by_name("power_kw", color=fixed(YELLOW)),
                by_name("active_power_kw", color=fixed(BLUE)),
            ],
        )
    )


def services() -> Json:
    """How much the portals and connectors are asked, and how long they take."""
    slowest: dict[str, queries.Value] = {
        "kinds": ("service",),
        "metrics": ("latency_ms",),
        "keep": 3,
        "sign": 1,
    }
    return panels.timeseries(
        texts.SERVICES,
        Place(16, 4, 8, 6),
        [
            total_of(("service",), ("requests", "errors")),
            target(filled(queries.OUTSTANDING, slowest), "B", series=True),
        ],
        unit="/min",
        overrides=[
            by_query(
                "B",
                unit=panels.UNITS["ms"],
                **{"custom.axisPlacement": "right", "custom.lineStyle": DASHED},
            ),
            by_name("requests", color=fixed(BLUE), **{"custom.fillOpacity": 25}),
            by_name("errors", color=fixed(RED), **{"custom.drawStyle": "bars", **SOLID}),
        ],
    )


def dossiers() -> Json:
    """What comes in, what goes out, what is late."""
    metrics = ("dossiers_received", "dossiers_returned", "dossiers_overdue")
    values: dict[str, queries.Value] = {"kinds": ("service",), "metrics": metrics}
    return panels.timeseries(
        texts.DOSSIERS,
        Place(16, 10, 8, 6),
        [target(filled(queries.SHOP_TOTALS, values), series=True)],
        unit="1",
        decimals=0,
        overrides=[
            by_name(name, color=fixed(color))
            for name, color in zip(metrics, (BLUE, GREEN, RED), strict=True)
        ],
    )


def queues() -> Json:
    """Where people wait. A connector has a queue too, but no dossiers to return."""
    values: dict[str, queries.Value] = {
        "kinds": ("service",),
        "metrics": ("queue_length",),
        "having": "dossiers_returned",
        "within": "1 hour",
        "keep": 8,
    }
    return panels.bargauge(
        texts.QUEUES,
        Place(16, 16, 8, 6),
        [target(filled(queries.NEWEST, values))],
        unit="1",
        steps=QUEUE_STEPS,
        low=0,
        high=30,
    )


def noise() -> Json:
    """Where it is louder than it may be. The limit of an hour is ready when the hour is."""
    return panels.bargauge(
        texts.NOISE,
        Place(16, 22, 8, 5),
        [newest_of("noise", "noise_excess_db", keep=6, within="3 hours")],
        unit="dB",
        steps=OVER_LIMIT,
        low=-30,
        high=20,
    )
