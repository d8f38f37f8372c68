"""The table `workers`: who has a session with the broker."""

from services.store.pool import Connection


def enter(conn: Connection, worker: str, share: str) -> None:
    """This worker has a session from now on."""
    conn.execute(
        """INSERT INTO workers (worker, share) VALUES (%s, %s)
           ON CONFLICT (worker) DO UPDATE
               SET share = excluded.share, started_at = now(), left_at = NULL""",
        [worker, share],
    )


def leave(conn: Connection, worker: str) -> None:
    """This worker's session is drained and gone."""
    conn.execute("UPDATE workers SET left_at = now() WHERE worker = %s", [worker])


def present(conn: Connection) -> dict[str, str]:
    """The workers that have a session, with the share each takes part in ('' alone)."""
    rows = conn.execute("SELECT worker, share FROM workers WHERE left_at IS NULL").fetchall()
    return {str(worker): str(share) for worker, share in rows}
