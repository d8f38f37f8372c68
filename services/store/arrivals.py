"""The tables `arrivals` and `cursors`: the change feed, and how far each reader has come.

Several ingest workers write at once, and a transaction that began earlier may commit later.
So the feed is read in the order of transaction ids and only below the oldest running one:
below it nothing can appear any more.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from models.frame import FRAME, Frame, packed, unpacked
from models.reading import moment
from services.store.pool import Connection

CHANNEL = "arrivals"


class Cursor(NamedTuple):
    """A place in the feed: everything up to and including it has been read."""

    tx: str
    arrival_id: int


class Delivery(NamedTuple):
    """What came after a cursor: the readings, and the cursor behind them (None: nothing came)."""

    readings: Frame
    cursor: Cursor | None
    received_at: datetime | None


class Lane(StrEnum):
    """What a part of the feed is; the words are those of the column `lane`."""

    LIVE = "live"
    HISTORY = "history"  # was somebody's buffer and is nobody's news
    BAD = "bad"  # a sign of life and no measurement
    # What was stored already came again: the stream, the newest time, and as value how often.
    AGAIN = "again"


MEASURED = (Lane.LIVE, Lane.HISTORY, Lane.BAD)  # the lanes that hold readings


def append(conn: Connection, readings: Frame, received_at: int, lane: Lane = Lane.LIVE) -> None:
    """Puts stored readings into the feed and wakes who listens."""
    if not len(readings):
        return
    conn.execute(
        "INSERT INTO arrivals (received_at, frame, lane) VALUES (%s, %s, %s)",
        [moment(received_at), packed(readings), lane.value],
        binary=True,
    )
    conn.execute("SELECT pg_notify('arrivals', '')")


def lock_cursor(conn: Connection, reader: str) -> Cursor:
    """The reader's place, held until the transaction ends."""
    conn.execute("INSERT INTO cursors (reader) VALUES (%s) ON CONFLICT DO NOTHING", [reader])
    row = conn.execute(
        "SELECT tx::text, arrival_id FROM cursors WHERE reader = %s FOR UPDATE", [reader]
    ).fetchone()
    if row is None:
        raise LookupError(f"the cursor of {reader} was taken away")
    return Cursor(str(row[0]), int(str(row[1])))


def received_until(conn: Connection, reader: str) -> datetime | None:
    """When the last that this reader has read was received; None where it has read nothing."""
    row = conn.execute("SELECT received_at FROM cursors WHERE reader = %s", [reader]).fetchone()
    return row[0] if row and isinstance(row[0], datetime) else None


def read_on(
    conn: Connection,
    cursor: Cursor,
    limit: int = 64,
    readings: int = 100_000,
    lanes: Sequence[Lane] = (Lane.LIVE,),
) -> Delivery:
    """The readings of the arrivals after the cursor: at least one arrival, if there is any.

    Further ones up to `limit`, as long as those before them hold fewer than `readings`. What
    came in other lanes is passed over.
    """
    found, cursor_behind, received_at = read_lanes(conn, cursor, limit, readings, lanes)
    frames = unpacked([frame for _, frame in found])
    return Delivery(frames, cursor_behind, received_at)


def read_by_lane(
    conn: Connection,
    cursor: Cursor,
    limit: int = 64,
    readings: int = 100_000,
    lanes: Sequence[Lane] = MEASURED,
) -> tuple[dict[Lane, Frame], Delivery]:
    """As read_on reads, apart by lane; the delivery has the cursor and no readings."""
    found, cursor_behind, received_at = read_lanes(conn, cursor, limit, readings, lanes)
    parts = {lane: [frame for its, frame in found if its == lane] for lane in lanes}
    frames = {lane: unpacked(frames) for lane, frames in parts.items()}
    return frames, Delivery(unpacked([]), cursor_behind, received_at)


def read_lanes(
    conn: Connection, cursor: Cursor, limit: int, readings: int, lanes: Sequence[Lane]
) -> tuple[list[tuple[Lane, bytes]], Cursor | None, datetime | None]:
    """The lane and frame of each arrival, the cursor behind them, and when the last one came."""
    # Ordered by the transaction's number, not by its text: '999' would come after '1000'.
    rows = conn.execute(
        """SELECT tx_text, id, received_at,
                  CASE WHEN lane = ANY(%s) THEN frame ELSE ''::bytea END, lane FROM (
               SELECT tx::text AS tx_text, tx AS tx_number, id, received_at, frame, lane,
                      sum(octet_length(frame)) OVER (ORDER BY tx, id) - octet_length(frame)
                          AS bytes_before
               FROM (SELECT tx, id, received_at, frame, lane FROM arrivals
                     WHERE (tx, id) > (%s::xid8, %s)
                       AND tx < pg_snapshot_xmin(pg_current_snapshot())
                     ORDER BY tx, id LIMIT %s) AS next) AS sized
           WHERE bytes_before < %s
           ORDER BY tx_number, id""",
        [list(lanes), cursor.tx, cursor.arrival_id, limit, readings * FRAME.itemsize],
        binary=True,
    ).fetchall()
    frames = [(Lane(str(row[4])), row[3]) for row in rows if isinstance(row[3], bytes)]
    if not rows:
        return frames, None, None
    tx, arrival_id, received_at = rows[-1][:3]
    return (
        frames,
        Cursor(str(tx), int(str(arrival_id))),
        received_at if isinstance(received_at, datetime) else None,
    )


def move_cursor(conn: Connection, reader: str, delivery: Delivery) -> None:
    """Remembers that the reader has read this delivery."""
    if delivery.cursor is None:
        return
    conn.execute(
        "UPDATE cursors SET tx = %s::xid8, arrival_id = %s, received_at = %s WHERE reader = %s",
        [delivery.cursor.tx, delivery.cursor.arrival_id, delivery.received_at, reader],
    )
