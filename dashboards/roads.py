"""The board of roads and car parks."""

from typing import Final

from dashboards import panels
from dashboards.board import area, board, incident_marks
from dashboards.charts import metric_of, newest_of, states_of
from dashboards.panels import GREEN, ORANGE, RED, YELLOW, Json, Place, Steps, linked
from dashboards.texts import roads as words

UID: Final = "roads"
SERVICE_COLORS: Final = {
    1: GREEN,
    2: "light-green",
    3: YELLOW,
    4: "light-orange",
    5: ORANGE,
    6: RED,
}
# Twice and three times as long as on a free road [ours].
TRAVEL_STEPS: Final[Steps] = ((None, GREEN), (2, YELLOW), (3, RED))
# A car park is full in effect before its last space is taken [ours].
PARKING_STEPS: Final[Steps] = ((None, GREEN), (0.85, YELLOW), (0.95, RED))


def roads() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            panels.state_timeline(
                words.SERVICE,
                Place(0, 0, 12, 9),
                [states_of("traffic", "level_of_service", keep=12)],
                words.SERVICES,
                SERVICE_COLORS,
                written=True,
            ),
            *lines(),
            panels.bargauge(
                words.PARKING_NOW,
                Place(0, 18, 12, 8),
                [newest_of("parking", "parking_occupancy", keep=10, within="1 hour")],
                unit="share",
                steps=PARKING_STEPS,
                low=0,
                high=1,
            ),
        ],
        variables=[area()],
        annotations=incident_marks("traffic", "parking"),
    )


def lines() -> list[Json]:
    """What is measured, over time."""
    told = [
        panels.timeseries(
            words.SPEED,
            Place(12, 0, 12, 9),
            [metric_of("traffic", "speed", keep=8, lowest=True)],
            unit="km/h",
        ),
        panels.timeseries(
            words.TRAVEL,
            Place(0, 9, 12, 9),
            [metric_of("traffic", "travel_time_index", keep=8)],
            unit="1",
            steps=TRAVEL_STEPS,
            decimals=1,
            soft=(0, 2.5),
        ),
        panels.timeseries(
            words.FLOW,
            Place(12, 9, 12, 9),
            [metric_of("traffic", "intensity", keep=8)],
            unit="/h",
        ),
        panels.timeseries(
            words.PARKING,
            Place(12, 18, 12, 8),
            [metric_of("parking", "parking_occupancy", keep=8)],
            unit="share",
            steps=PARKING_STEPS,
            soft=(0, 1),
        ),
    ]
    return [linked(each) for each in told]
