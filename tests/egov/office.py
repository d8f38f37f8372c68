"""A made-up office of the tests: its procedures, and what happens to its dossiers."""

from datetime import UTC, datetime, timedelta

from models.egov.told import Told, read
from services.store import dossier_intake
from services.store.dossier_intake import Answer, Item
from services.store.pool import Connection

NOW = datetime(2026, 3, 2, tzinfo=UTC)
UNIT = "onestop-yen-the"
CODE = "H02.215-190102-0001"
BEGUN = datetime(2019, 1, 2, 1, 30, tzinfo=UTC)


def procedures(conn: Connection) -> None:
    """One procedure of five working days."""
    conn.execute(
        """INSERT INTO procedures (code, title, field, amount, span, valid_from, source, mark)
           VALUES ('DD.11', 'Đăng ký biến động đất đai', 'land', 5, 'working-days', '2015-01-01',
                   'test', 'design') ON CONFLICT DO NOTHING"""
    )


def event(
    step: int, state: int, hours: float, code: str = CODE, **more: object
) -> dict[str, object]:
    """One event as a system sends it, so many hours after the dossier began."""
    at = BEGUN + timedelta(hours=hours)
    return {
        "event": f"{code}-{step}",
        "dossier": code,
        "unit": UNIT,
        "procedure": "DD.11",
        "channel": 1,
        "state": state,
        "at": at.isoformat(),
    } | more


def course(code: str = CODE) -> list[dict[str, object]]:
    """A dossier that waits for a paper, and is done and fetched."""
    due = (BEGUN + timedelta(days=7)).isoformat()
    return [
        event(1, 2, 0, code, due_at=due),
        event(2, 4, 1, code),
        event(3, 5, 24, code),
        event(4, 4, 48, code),
        event(5, 9, 72, code),
        event(6, 10, 96, code),
    ]


def told(*events: object) -> list[Told]:
    """What the door reads of these."""
    return [each for item in events for each in read(item, NOW)]


def take(conn: Connection, *events: object) -> list[Answer]:
    """Takes these in by the people's door."""
    return dossier_intake.take(conn, "http", "office", [Item(each) for each in told(*events)])
