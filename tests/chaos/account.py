"""What became of a load: every acknowledged message against every row of the store."""

from typing import NamedTuple

import numpy as np

from models.frame import unpacked
from services.store.pool import Connection
from tests.chaos.sender import Key


class Account(NamedTuple):
    """Compared are the (asset, time) of every acknowledged message and the rows of `readings`.

    missing and beyond are readings: published and not stored, stored and never published. unfed
    are stored ones that are not in the change feed exactly once. bad_missing are unreadable
    messages without a reject. counted_again (in the ledger, as duplicates) and kept_again
    (rejects) is what was delivered, or tried, more than once. ledger_off is what the ledger says
    is stored, less what is.
    """

    missing: int
    beyond: int
    unfed: int
    bad_missing: int
    imbalance: int
    ledger_off: int
    counted_again: int
    kept_again: int

    @property
    def balances(self) -> bool:
        """Nothing is lost, nothing is there twice, and the ledger agrees."""
        return not any(
            (
                self.missing,
                self.beyond,
                self.unfed,
                self.bad_missing,
                self.imbalance,
                self.ledger_off,
            )
        )


def progress(conn: Connection, worker: str, topic: str) -> tuple[int, int]:
    """The readings a worker's ledger says are stored, and how many rejects of a topic differ.

    Cheap to ask.
    """
    row = conn.execute(
        """SELECT (SELECT coalesce(sum(stored), 0) FROM ledger WHERE worker = %s),
                  (SELECT count(DISTINCT payload) FROM rejects WHERE topic = %s)""",
        [worker, topic],
    ).fetchone()
    assert row is not None
    return int(str(row[0])), int(str(row[1]))


def account(
    conn: Connection, *, worker: str, prefix: str, keys: set[Key], values: int, bad: set[bytes]
) -> Account:
    """Compares what was acknowledged with what is there, key by key."""
    there = stored(conn, prefix)
    missing = sum(values - min(values, there.get(key, 0)) for key in keys)
    beyond = sum(there.values()) - (len(keys) * values - missing)
    kept = [
        bytes(row[0])
        for row in conn.execute(
            "SELECT payload FROM rejects WHERE topic LIKE %s", [f"city/{prefix}-%"]
        )
        if isinstance(row[0], bytes)
    ]
    imbalance, in_ledger, again = of_ledger(conn, worker)
    return Account(
        missing,
        beyond,
        unfed(conn, prefix),
        len(bad - set(kept)),
        imbalance,
        in_ledger - sum(there.values()),
        again,
        len(kept) - len(set(kept)),
    )


def stored(conn: Connection, prefix: str) -> dict[Key, int]:
    """How many readings there are of each (asset, time)."""
    rows = conn.execute(
        """SELECT a.name, (extract(epoch FROM r.time) * 1000)::bigint, count(*)
           FROM readings r JOIN streams s ON s.id = r.stream_id JOIN assets a ON a.id = s.asset_id
           WHERE a.name LIKE %s GROUP BY 1, 2""",
        [f"{prefix}-%"],
    ).fetchall()
    return {(str(name), int(str(at))): int(str(count)) for name, at, count in rows}


def unfed(conn: Connection, prefix: str) -> int:
    """How many stored readings are not in the change feed exactly once."""
    known = conn.execute(
        "SELECT s.id FROM streams s JOIN assets a ON a.id = s.asset_id WHERE a.name LIKE %s",
        [f"{prefix}-%"],
    ).fetchall()
    streams = np.array([int(str(row[0])) for row in known], np.int64)
    frames = unpacked(
        [
            row[0]
            for row in conn.execute("SELECT frame FROM arrivals", binary=True)
            if isinstance(row[0], bytes)
        ]
    )
    fed = frames[np.isin(frames["stream_id"], streams)]
    row = conn.execute(
        "SELECT count(*) FROM readings WHERE stream_id = ANY(%s)", [streams.tolist()]
    ).fetchone()
    rows = int(str(row[0])) if row else 0
    different = len(np.unique(fed[["stream_id", "time"]]))
    return (rows - different) + (len(fed) - different)


def of_ledger(conn: Connection, worker: str) -> tuple[int, int, int]:
    """The worker's imbalance, and the readings it counted as stored and as duplicates."""
    row = conn.execute(
        """SELECT coalesce(sum(abs(imbalance)), 0), coalesce(sum(stored), 0),
                  coalesce(sum(duplicate), 0)
           FROM ledger_balance WHERE worker = %s""",
        [worker],
    ).fetchone()
    assert row is not None
    imbalance, in_ledger, again = (int(str(each)) for each in row)
    return imbalance, in_ledger, again
