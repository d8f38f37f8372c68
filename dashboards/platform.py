"""The board of the platform itself: what came in, where it went, who is heard."""

from typing import Final

from dashboards import panels, texts
from dashboards.asset import GROUND, STATE_COLORS
from dashboards.board import area, board, choice, incident_marks
from dashboards.panels import (
    BARS,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    YELLOW,
    Json,
    Place,
    asset_columns,
    by_name,
    fixed,
    mapped,
    target,
)
from dashboards.queries import filled
from dashboards.queries import platform as queries
from dashboards.texts import platform as words

UID: Final = "platform"
LEDGER_COLORS: Final = {
    "received": BLUE,
    "stored": GREEN,
    "duplicate": PURPLE,
    "rejected": RED,
    "held": ORANGE,
}


def platform() -> Json:
    """The board."""
    return board(
        uid=UID,
        words=words.BOARD,
        panels=[
            *(heard(), balance(), ledger(), changes(), delays(), workers(), reasons()),
            *(quality(), canary(), readers(), chunks()),
        ],
        variables=[area(), choice("kind", texts.KIND_LABEL, texts.KINDS)],
        annotations=incident_marks(),
    )


def heard() -> Json:
    """How many are heard as they should be."""
    return panels.stat(
        words.HEARD,
        Place(0, 0, 14, 4),
        [target(filled(queries.HEARD))],
        {
            "online": ((None, RED), (1, GREEN)),
            "late": ((None, GREEN), (1, YELLOW)),
            "silent": ((None, GREEN), (1, RED)),
            "learning": ((None, GREY),),
            "clock_wrong": ((None, GREEN), (1, ORANGE)),
        },
    )


def balance() -> Json:
    """Whether all that came in is accounted for, and how much lies there."""
    panel = panels.stat(
        words.BALANCE,
        Place(14, 0, 10, 4),
        [target(filled(queries.BALANCE))],
        {
            "imbalance": ((None, GREEN), (1, RED)),
            "open_rejects": ((None, GREEN), (1, YELLOW), (1000, ORANGE)),
            "database_bytes": ((None, BLUE),),
        },
    )
    panel["fieldConfig"]["overrides"].append(
        by_name("database_bytes", unit=panels.UNITS["bytes"], decimals=1)
    )
    return panel


def ledger() -> Json:
    """What came in a minute."""
    panel = panels.timeseries(
        words.LEDGER,
        Place(0, 4, 14, 8),
        [target(filled(queries.LEDGER), series=True)],
        unit="/min",
        overrides=[by_name(name, color=fixed(color)) for name, color in LEDGER_COLORS.items()],
    )
    return panel | {"interval": "1m"}  # a row of the ledger is a minute


def changes() -> Json:
    """When assets fell silent."""
    return panels.timeseries(
        words.CHANGES,
        Place(14, 4, 10, 8),
        [panels.apart(target(filled(queries.CHANGES), series=True))],
        unit="1",
        decimals=0,
        overrides=[
            by_name("late", color=fixed(YELLOW), **BARS),
            by_name("silent", color=fixed(RED), **BARS),
        ],
    )


def delays() -> Json:
    """Who is late, and by how much."""
    seconds = {"unit": panels.UNITS["s"], "decimals": 1}
    return panels.table(
        words.DELAYS,
        Place(0, 12, 14, 14),
        [target(filled(queries.DELAYS))],
        [
            *asset_columns(),
            by_name("title", **{"custom.width": 330}),
            by_name("state", mappings=mapped(texts.CONNECTIVITY, STATE_COLORS), **GROUND),
            by_name("delay_s", **seconds),
            by_name("quiet_s", **seconds),
            by_name("cadence_s", noValue=texts.NOTHING, **seconds),
            by_name("clock_wrong", mappings=mapped({"true": texts.YES, "false": texts.NO})),
        ],
        empty=("title", words.NOBODY_HEARD),
    )


def workers() -> Json:
    """Who takes readings in."""
    return panels.table(
        words.WORKERS,
        Place(14, 12, 10, 6),
        [target(filled(queries.WORKERS))],
        [
            by_name("worker", **{"custom.width": 130}),
            by_name("newest_at", unit="time:DD/MM HH:mm", **{"custom.width": 105}),
            *(by_name(name, **{"custom.width": 88}) for name in LEDGER_COLORS if name != "held"),
            by_name("imbalance"),
        ],
        empty=("newest_at", words.NO_WORKERS),
    )


def reasons() -> Json:
    """What could not be read, and why."""
    return panels.table(
        words.REASONS,
        Place(14, 18, 10, 8),
        [target(filled(queries.REASONS))],
        [
            by_name("reason"),
            by_name(
                "reject_status", mappings=mapped(words.REJECT_STATUSES), **{"custom.width": 100}
            ),
            by_name("messages", **{"custom.width": 92}),
            by_name("items", **{"custom.width": 85}),
            by_name("newest_at", unit="time:DD/MM HH:mm", **{"custom.width": 105}),
        ],
        empty=("reason", words.NO_REJECTS),
    )


def quality() -> Json:
    """How good what came in is."""
    return panels.timeseries(
        words.QUALITY,
        Place(0, 26, 14, 8),
        [target(filled(queries.QUALITY), series=True)],
        unit="share",
        decimals=1,
        soft=(0, 0.05),
        overrides=[
            by_name("uncertain", color=fixed(YELLOW)),
            by_name("bad", color=fixed(RED)),
            by_name("late_share", color=fixed(PURPLE)),
        ],
    )


def canary() -> Json:
    """Whether the way from the broker to the store is free."""
    panel = panels.timeseries(
        words.CANARY,
        Place(14, 26, 10, 8),
        [target(filled(queries.CANARY, {"canary_name": words.CANARY_NAME}), series=True)],
        unit="s",
        steps=((None, GREEN), (30, YELLOW), (120, RED)),
        soft=(0, 5),
    )
    return panel | {"interval": "1m"}


def readers() -> Json:
    """Who is behind."""
    steps = panels.thresholds(((None, GREEN), (30, YELLOW), (120, RED)))
    colored = {"custom.displayMode": "color-text", "color": {"mode": "thresholds"}}
    return panels.table(
        words.READERS,
        Place(0, 34, 10, 7),
        [target(filled(queries.READERS))],
        [
            by_name("reader"),
            by_name("waiting_s", unit=panels.UNITS["s"], decimals=1, thresholds=steps, **colored),
            by_name("read_until_at", unit="time:DD/MM HH:mm:ss", noValue=texts.NOTHING),
        ],
        empty=("reader", words.NO_READER),
    )


def chunks() -> Json:
    """What lies on the disk."""
    return panels.table(
        words.CHUNKS,
        Place(10, 34, 14, 7),
        [target(filled(queries.CHUNKS))],
        [
            by_name("hypertable"),
            by_name("chunks"),
            by_name("compressed"),
            by_name("since_at", unit="time:DD/MM/YYYY"),
            by_name("bytes", unit=panels.UNITS["bytes"], decimals=1),
            by_name("times_smaller", unit="none", decimals=1, noValue=texts.NOTHING),
        ],
        empty=("hypertable", texts.NO_DATA),
    )
