"""What becomes of a reject: mended, read again, or dismissed. What came is never overwritten."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection
from services.store.refusals import RejectCut, RejectSettled
from services.store.rejects import KEEP_BYTES, StoredReject, Wanted, find

CHANNEL = "replays"  # is notified when something is to be read again
AT_MOST = 10_000  # rejects in one call


class QueuedReject(NamedTuple):
    """A message to be read again: as it came, or as it was mended."""

    id: int
    topic: str
    payload: bytes
    received_at: datetime
    items: int


class Outcome(NamedTuple):
    """What a call for many did: how many it took, and how many it left because they are cut."""

    taken: int
    cut: int = 0


def lock(conn: Connection, reject_id: int) -> None:
    """Keeps a reject for this transaction: two who mend it at once do so one after the other."""
    conn.execute("SELECT FROM rejects WHERE id = %s FOR UPDATE", [reject_id])


# What people do. A status that does not allow it raises RejectSettled; None is no such reject.


def edit(
    conn: Connection, reject_id: int, by: str, topic: str | None, payload: bytes | None
) -> StoredReject | None:
    """Mends an open or dismissed reject; None is what came.

    The whole of the mending is given: what was mended before and is not given is mended no more.
    """
    mended = topic is not None or payload is not None
    done = conn.execute(
        """UPDATE rejects SET edited_topic = %(topic)s, edited_payload = %(payload)s,
                  edited_by = CASE WHEN %(mended)s THEN %(by)s END,
                  edited_at = CASE WHEN %(mended)s THEN clock_timestamp() END
           WHERE id = %(id)s AND status IN ('open', 'dismissed')""",
        {"id": reject_id, "by": by, "topic": topic, "payload": payload, "mended": mended},
    )
    return told(conn, reject_id, done.rowcount, "mended")


def queue(conn: Connection, reject_id: int, by: str) -> StoredReject | None:
    """Has an open or dismissed reject read again. Raises RejectCut too."""
    found = find(conn, reject_id)
    if found is None:
        return None
    if found.status in ("open", "dismissed") and not many(conn, [reject_id], by):
        raise RejectCut(
            f"only the first {KEEP_BYTES:,} of its {found.payload_bytes:,} bytes were kept:"
            " give it a payload first"
        )
    return told(conn, reject_id, found.status in ("open", "dismissed"), "read again")


def many(conn: Connection, ids: Sequence[int], by: str) -> list[int]:
    """Queues those of these rejects that may be and are whole; returns which."""
    done = conn.execute(
        """UPDATE rejects SET status = 'queued', replay_requested_by = %(by)s,
                  replay_requested_at = now(), settled_at = NULL, settled_by = NULL
           WHERE id = ANY(%(ids)s) AND status IN ('open', 'dismissed')
             AND (payload_bytes <= %(whole)s OR edited_payload IS NOT NULL)
           RETURNING id""",
        {"ids": list(ids), "by": by, "whole": KEEP_BYTES},
    ).fetchall()
    if done:
        conn.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return [int(str(each)) for (each,) in done]


def queue_wanted(
    conn: Connection, wanted: Wanted, by: str, limit: int, *, dry_run: bool = False
) -> Outcome:
    """Has the oldest `limit` of the wanted rejects read again; of the open ones if not said.

    dry_run only counts.
    """
    ids, cut = chosen(conn, wanted, ("open", "dismissed"), limit)
    return Outcome(len(ids) if dry_run else len(many(conn, ids, by)), cut)


def dismiss(conn: Connection, reject_id: int, by: str) -> StoredReject | None:
    """Lets an open reject go, or a queued one that nobody has read again yet."""
    return told(conn, reject_id, dismiss_many(conn, [reject_id], by), "dismissed")


def dismiss_many(conn: Connection, ids: Sequence[int], by: str) -> int:
    """Lets those of these rejects go that are open or queued; returns how many."""
    return conn.execute(
        """UPDATE rejects SET status = 'dismissed', settled_by = %s,
                  settled_at = clock_timestamp()
           WHERE id = ANY(%s) AND status IN ('open', 'queued')""",
        [by, list(ids)],
    ).rowcount


def dismiss_wanted(
    conn: Connection, wanted: Wanted, by: str, limit: int, *, dry_run: bool = False
) -> Outcome:
    """Lets the oldest `limit` of the wanted rejects go; of the open ones if not said."""
    ids, cut = chosen(conn, wanted, ("open", "queued"), limit, whole=False)
    return Outcome(len(ids) if dry_run else dismiss_many(conn, ids, by), cut)


def chosen(
    conn: Connection, wanted: Wanted, statuses: Sequence[str], limit: int, *, whole: bool = True
) -> tuple[list[int], int]:
    """The oldest of the wanted rejects in one of these statuses; how many of them are cut."""
    rows = conn.execute(
        """SELECT id, %(whole)s AND payload_bytes > %(kept)s AND edited_payload IS NULL AS cut
           FROM wanted_rejects(%(status)s, %(topic)s, %(reason)s, %(asset)s, %(since)s,
                               %(until)s, %(worker)s)
           WHERE status = ANY(%(statuses)s) ORDER BY id LIMIT %(limit)s""",
        {
            **wanted.parameters(),
            "status": wanted.status or "open",
            "statuses": list(statuses),
            "limit": limit,
            "whole": whole,
            "kept": KEEP_BYTES,
        },
    ).fetchall()
    return [int(str(each)) for each, cut in rows if not cut], sum(1 for _, cut in rows if cut)


def told(conn: Connection, reject_id: int, done: int, participle: str) -> StoredReject | None:
    """The reject as it is now. Raises RejectSettled where nothing was done to it."""
    found = find(conn, reject_id)
    if found is not None and not done:
        raise RejectSettled(f"reject {reject_id} is {found.status}: it cannot be {participle}")
    return found


def standing(conn: Connection, ids: Sequence[int]) -> dict[str, int]:
    """How many of these rejects are in which status."""
    found = conn.execute(
        "SELECT status, count(*) FROM rejects WHERE id = ANY(%s) GROUP BY 1", [list(ids)]
    ).fetchall()
    return {str(status): int(str(number)) for status, number in found}


# What the lane does that reads them again.


def take_queued(conn: Connection, limit: int) -> list[QueuedReject]:
    """The first of the queue, locked until the transaction ends; another worker's are skipped."""
    with conn.cursor(row_factory=class_row(QueuedReject)) as cursor:
        return cursor.execute(
            """SELECT id, coalesce(edited_topic, topic) AS topic,
                      coalesce(edited_payload, payload) AS payload, received_at, items
               FROM rejects WHERE status = 'queued'
               ORDER BY replay_requested_at, id LIMIT %s FOR UPDATE SKIP LOCKED""",
            [limit],
        ).fetchall()


def replayed(conn: Connection, ids: Sequence[int], worker: str) -> None:
    """These gave their readings."""
    conn.execute(
        """UPDATE rejects SET status = 'replayed', replays = replays + 1, settled_by = %s,
                  settled_at = clock_timestamp()
           WHERE id = ANY(%s) AND status = 'queued'""",
        [worker, list(ids)],
    )


def refused_again(conn: Connection, reasons: Mapping[int, str], items: Mapping[int, int]) -> None:
    """These could not be read again, or not wholly: open, with the reason of this time.

    items is how many readings each stands for now.
    """
    conn.execute(
        """UPDATE rejects SET status = 'open', replays = replays + 1, last_reason = said.reason,
                  items = said.items
           FROM unnest(%s::bigint[], %s::text[], %s::integer[]) AS said (id, reason, items)
           WHERE rejects.id = said.id AND status = 'queued'""",
        [
            list(reasons),
            [reason.replace("\0", "\u2400") for reason in reasons.values()],
            [items[each] for each in reasons],
        ],
    )
