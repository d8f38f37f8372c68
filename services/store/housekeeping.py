"""What the store throws away by itself: what every reader has read, and what is too old."""

from datetime import UTC, datetime, timedelta

from services.store import held, ledger
from services.store.pool import Connection


def drop_read_arrivals(conn: Connection, keep: timedelta) -> int:
    """Drops whole chunks of the change feed that are older than `keep` and read by everyone.

    Returns how many chunks went. A reader that is away, or has never been there, keeps its part
    of the feed.
    """
    row = conn.execute(
        """SELECT least(now() - %s, min(a.received_at))
           FROM cursors c LEFT JOIN arrivals a ON (a.tx, a.id) > (c.tx, c.arrival_id)""",
        [keep],
    ).fetchone()
    if row is None:
        return 0
    return len(
        conn.execute("SELECT drop_chunks('arrivals', older_than => %s)", [row[0]]).fetchall()
    )


def drop_old_rejects(conn: Connection, keep: timedelta, keep_bytes: int) -> int:
    """Drops rejects older than `keep`, and the oldest of those that hold more than `keep_bytes`.

    Returns how many went. What is queued to be read again stays.
    """
    done = conn.execute(
        """DELETE FROM rejects WHERE status <> 'queued' AND (
               received_at < now() - %s OR id <= (
                   SELECT max(id) FROM (
                       SELECT id, sum(octet_length(payload)
                                      + coalesce(octet_length(edited_payload), 0))
                                      OVER (ORDER BY id DESC) AS bytes
                       FROM rejects) AS newest_first
                   WHERE bytes > %s))""",
        [keep, keep_bytes],
    )
    return done.rowcount


def drop_settled_dossiers(conn: Connection, keep: timedelta) -> int:
    """Drops rejects of dossiers that were settled longer than `keep` ago; returns how many.

    Those that nobody has settled stay until somebody does: each is an event of a dossier.
    """
    return conn.execute(
        "DELETE FROM dossier_rejects WHERE settled_at < now() - %s", [keep]
    ).rowcount


def drop_old_held(conn: Connection, keep: timedelta) -> int:
    """Drops readings that waited longer than `keep` for somebody to claim their asset.

    The ledger has them among the rejected from then on. Returns how many went.
    """
    dropped = held.drop_unclaimed(conn, datetime.now(UTC) - keep)
    if dropped:
        count = ledger.Count(received=0, rejected=dropped, held=-dropped)
        ledger.add(conn, "housekeeping", count)
    return dropped


def drop_old_readings(conn: Connection, keep: timedelta) -> int:
    """Drops whole chunks of readings that are older than `keep`; returns how many."""
    return len(
        conn.execute("SELECT drop_chunks('readings', older_than => now() - %s)", [keep]).fetchall()
    )


def drop_old_derivations(conn: Connection, keep: timedelta) -> int:
    """Drops whole chunks of what derived readings were made of; the readings stay. How many."""
    return len(
        conn.execute(
            "SELECT drop_chunks('derivations', older_than => now() - %s)", [keep]
        ).fetchall()
    )
