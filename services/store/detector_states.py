"""The table `detector_states`: what the detectors know of each stream."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from models.reading import moment
from services.store.pool import Connection


class State(NamedTuple):
    """One stream's packed record; moments are in microseconds since 1970.

    odd_until is the newest reading at which something that was told went on.
    """

    stream_id: int
    judged_until: int
    odd_until: int | None
    state: bytes


def save(conn: Connection, layout: str, states: Iterable[State]) -> None:
    """Replaces the states of these streams. layout names the shape of the bytes."""
    rows = list(states)
    conn.execute(
        """INSERT INTO detector_states (stream_id, layout, judged_until, odd_until, state)
           SELECT stream_id, %s, judged_until, odd_until, state
           FROM unnest(%s::integer[], %s::timestamptz[], %s::timestamptz[], %s::bytea[])
                AS row (stream_id, judged_until, odd_until, state)
           ON CONFLICT (stream_id) DO UPDATE SET layout = excluded.layout,
               judged_until = excluded.judged_until, odd_until = excluded.odd_until,
               state = excluded.state""",
        [
            layout,
            [row.stream_id for row in rows],
            [moment(row.judged_until) for row in rows],
            [None if row.odd_until is None else moment(row.odd_until) for row in rows],
            [row.state for row in rows],
        ],
    )


def load(conn: Connection, layout: str) -> Iterator[tuple[int, bytes]]:
    """(stream id, state) of every stream whose state has this shape."""
    with conn.cursor(binary=True) as cursor:
        # All at once: row by row, psycopg waits for each.
        for stream_id, state in cursor.execute(
            "SELECT stream_id, state FROM detector_states WHERE layout = %s", [layout]
        ):
            if isinstance(stream_id, int) and isinstance(state, bytes):
                yield stream_id, state


def of_other_layouts(conn: Connection, layout: str) -> list[int]:
    """The streams of which only states of another shape are kept."""
    rows = conn.execute("SELECT stream_id FROM detector_states WHERE layout <> %s", [layout])
    return [int(str(row[0])) for row in rows]
