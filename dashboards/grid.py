"""The board of street light and electricity."""

from typing import Final

from dashboards import panels
from dashboards.board import area, board, incident_marks
from dashboards.charts import dashed, metric_of, parameter_of, states_of, total_of
from dashboards.panels import (
    BLUE,
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    Json,
    Place,
    Steps,
    by_name,
    coarse,
    fixed,
    linked,
)
from dashboards.texts import grid as words

UID: Final = "grid"
FAULT_COLORS: Final = {0: GREEN, 1: ORANGE, 2: RED}
OUTAGE_COLORS: Final = {0: GREEN, 1: RED}
# 2 % and 5 % of unbalance are ours.
MOST_UNBALANCE: Final = 0.1
UNBALANCE_STEPS: Final[Steps] = ((None, GREEN), (0.02, YELLOW), (0.05, RED))


def grid() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[*lights(), *power()],
        variables=[area()],
        annotations=incident_marks("light", "energy"),
    )


def lights() -> list[Json]:
    """What is dark, or burns by day."""
    return [
        panels.state_timeline(
            words.FAULTS,
            Place(0, 0, 12, 10),
            [states_of("light", "light_fault", keep=12)],
            words.FAULT_NAMES,
            FAULT_COLORS,
        ),
        linked(
            panels.timeseries(
                words.FAILED,
                Place(12, 0, 12, 10),
                [
                    metric_of("light", "lights_failed_share", keep=8),
                    parameter_of("lighting", "group_share", words.GROUP),
                ],
                unit="share",
                soft=(0, 1),
                overrides=[dashed(words.GROUP, RED)],
            )
        ),
    ]


def power() -> list[Json]:
    """What is drawn, and how well it comes."""
    total = panels.timeseries(
        words.POWER,
        Place(0, 10, 12, 6),
        [total_of(("light", "energy"), ("power_kw", "active_power_kw"))],
        unit="kW",
        overrides=[
            by_name("power_kw", color=fixed(YELLOW)),
            by_name("active_power_kw", color=fixed(BLUE)),
        ],
    )
    outages = panels.state_timeline(
        words.OUTAGES,
        Place(0, 16, 12, 10),
        [states_of("energy", "power_outage", keep=12)],
        words.OUTAGE_NAMES,
        OUTAGE_COLORS,
    )
    return [coarse(total), outages, *quality()]


def quality() -> list[Json]:
    """The meters one by one."""
    told = [
        panels.timeseries(
            words.METERS,
            Place(12, 10, 12, 6),
            [metric_of("energy", "active_power_kw", keep=8)],
            unit="kW",
        ),
        panels.timeseries(
            words.UNBALANCE,
            Place(12, 16, 12, 5),
            [metric_of("energy", "phase_unbalance", keep=8)],
            unit="share",
            steps=UNBALANCE_STEPS,
            soft=(0, 0.06),
        ),
        panels.timeseries(
            words.FACTOR,
            Place(12, 21, 12, 5),
            [
                metric_of("energy", "power_factor", keep=8, lowest=True),
                parameter_of("energy", "least_power_factor", words.LEAST_FACTOR),
            ],
            unit="1",
            decimals=2,
            soft=(0.85, 1),
            overrides=[dashed(words.LEAST_FACTOR, RED)],
        ),
    ]
    # A phase without power is far out of balance: what is left of the scale shows the others.
    told[1]["fieldConfig"]["defaults"]["max"] = MOST_UNBALANCE
    return [linked(each) for each in told]
