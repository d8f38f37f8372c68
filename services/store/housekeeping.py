"""What the store throws away by itself: what every reader has read, and what is too old."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from services.store import held, late_spans, ledger, migrations
from services.store.pool import Connection

ROLLUPS = ("readings_5m", "readings_1h")
MARGIN = timedelta(hours=1)  # a rollup's widest bucket: a refresh computes whole ones only


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


def repair_rollups(conn: Connection) -> int:
    """Computes the rollups of late spans again; returns how many spans there were.

    In the community edition a policy looks back some weeks and no further; in the Apache edition
    rollups are computed when asked. A refresh takes no transaction around it: what was done in
    this one is committed first.
    """
    spans = late_spans.all_of(conn)
    if spans and migrations.edition(conn) == migrations.COMMUNITY:
        conn.commit()
        conn.autocommit = True
        try:
            for began_at, ended_at in merged(spans):
                for rollup in ROLLUPS:
                    conn.execute(
                        "CALL refresh_continuous_aggregate(%s, %s, %s)",
                        [rollup, began_at - MARGIN, ended_at + MARGIN],
                    )
        finally:
            conn.autocommit = False
    late_spans.drop(conn, [span.id for span in spans])
    return len(spans)


def merged(spans: Iterable[late_spans.Span]) -> list[tuple[datetime, datetime]]:
    """Spans, ordered by their beginning, with those that touch as one."""
    found: list[tuple[datetime, datetime]] = []
    for span in spans:
        if found and span.began_at <= found[-1][1] + MARGIN:
            found[-1] = found[-1][0], max(found[-1][1], span.ended_at)
        else:
            found.append((span.began_at, span.ended_at))
    return found
