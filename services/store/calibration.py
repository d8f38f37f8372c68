"""The table `calibration`: one number that grows when running detection has something to take up."""

from datetime import datetime

from services.store.pool import Connection


def version(conn: Connection) -> int:
    """The number now."""
    row = conn.execute("SELECT version FROM calibration").fetchone()
    return int(str(row[0])) if row else 0


def judged_until(conn: Connection) -> datetime | None:
    """How far detection has come in event time, not beyond the clock; None where it never ran."""
    row = conn.execute(
        """SELECT least(until, now())
           FROM (SELECT max(judged_until) AS until FROM detector_states) t
           WHERE until IS NOT NULL"""
    ).fetchone()
    return row[0] if row and isinstance(row[0], datetime) else None
