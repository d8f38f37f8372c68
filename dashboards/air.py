"""The board of the air: VN_AQI, what it is due to, concentrations against their limits."""

from typing import Final

from dashboards import panels, texts
from dashboards.aqi import BEGINNINGS, STEPS, aqi_classes
from dashboards.board import area, board, incident_marks, list_of
from dashboards.charts import dashed, limit_of, metric_of
from dashboards.panels import RED, Json, Place, asset_columns, by_name, linked, target
from dashboards.queries import air as queries
from dashboards.queries import filled
from dashboards.texts import air as words

UID: Final = "air"
# Which limit of QCVN 05 a panel of hourly means is read against.
AVERAGINGS: Final = {"pm25": "24h", "pm10": "24h", "o3": "1h", "no2": "1h", "so2": "1h", "co": "1h"}
POLLUTANT_COLORS: Final = {
    "pm25": "#e0752d",
    "pm10": "#cca300",
    "o3": "#6ed0e0",
    "no2": "#ba43a9",
    "so2": "#eab839",
    "co": "#806eb7",
}


def air() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            now(),
            aqi_classes(words.CLASSES, Place(8, 0, 16, 7), keep=8),
            index(),
            parts(),
            dominant(),
            *concentrations(),
            days_over(),
        ],
        variables=[
            area(),
            list_of(
                "station",
                words.STATION_LABEL,
                filled(queries.STATIONS, {"no_station": texts.NO_STATION}),
                first=("", ""),
            ),
        ],
        annotations=incident_marks("air"),
    )


def now() -> Json:
    """The newest index of each station, in words too."""
    sql = filled(
        queries.NOW,
        {"keep": 8, "beginnings": BEGINNINGS[1:], "classes": tuple(texts.AQI_CLASSES.values())},
    )
    return panels.bargauge(
        words.NOW, Place(0, 0, 8, 7), [target(sql)], unit="1", steps=STEPS, low=0, high=300
    )


def index() -> Json:
    """The index over time."""
    return linked(
        panels.timeseries(
            words.INDEX,
            Place(0, 7, 12, 9),
            [metric_of("air", "aqi", keep=8)],
            unit="1",
            steps=STEPS,
            decimals=0,
            soft=(0, 150),
        )
    )


def parts() -> Json:
    """What the index of the chosen station is the highest of."""
    return panels.timeseries(
        words.PARTS,
        Place(12, 7, 12, 5),
        [target(filled(queries.PARTS), series=True)],
        unit="1",
        decimals=0,
        overrides=[
            by_name(name, displayName=words.POLLUTANTS[name], color=panels.fixed(color))
            for name, color in POLLUTANT_COLORS.items()
        ],
    )


def dominant() -> Json:
    """Which of them it was."""
    return panels.state_timeline(
        words.DOMINANT,
        Place(12, 12, 12, 4),
        [target(filled(queries.DOMINANT))],
        words.POLLUTANTS,
        POLLUTANT_COLORS,
    )


def concentrations() -> list[Json]:
    """Six small panels."""
    places = [Place(8 * (n % 3), 16 + 6 * (n // 3), 8, 6) for n in range(6)]
    return [
        linked(
            panels.timeseries(
                words.concentration(pollutant),
                place,
                [
                    metric_of("air", pollutant, keep=6),
                    limit_of(pollutant, words.LIMIT, averaging),
                ],
                unit="ug/m3",
                overrides=[dashed(words.LIMIT, RED)],
            )
        )
        for (pollutant, averaging), place in zip(AVERAGINGS.items(), places, strict=True)
    ]


def days_over() -> Json:
    """How often a day was worse than it may be."""
    return panels.table(
        words.DAYS,
        Place(0, 28, 24, 7),
        [target(filled(queries.DAYS_OVER))],
        [
            *asset_columns(),
            *(by_name(f"days_{name}") for name in ("pm25", "pm10", "no2", "so2", "measured")),
        ],
        empty=("title", words.NO_DAYS),
    )
