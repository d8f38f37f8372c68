"""Stores a large file's readings as history: piece by piece, each in one transaction."""

import re
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
import psycopg
import structlog

from ingest.checked import Checked, check, frame_of, reason_in, rejects_of
from ingest.registry import Registry
from ingest.series import Piece
from ingest.settings import IngestSettings, Unknown
from ingest.ways import Nowhere, Ways
from ingest.writing import LATE, TOO_MUCH, Rows
from models.reading import SECOND, Quality, Span, microseconds, moment
from services.store import arrivals, late_spans, ledger, readings, rejects
from services.store.arrivals import Lane
from services.store.pool import (
    Connection,
    DatabaseAway,
    NoDatabase,
    Pool,
    transaction,
    wait_for_database,
)
from services.store.refusals import ReadingExists
from services.store.rejects import Reject, Wanted

log = structlog.get_logger()

WORKER = "backfill"
PATIENCE = 60.0  # seconds that a database which went away is waited for
SAME = 100  # rejects of the same place and reason that are looked at for one that stands already
NOT_TAKEN = (psycopg.DataError, psycopg.IntegrityError, *TOO_MUCH)


class Tally:
    """What became of a file's rows."""

    def __init__(self) -> None:
        self.rows = self.stored = self.duplicate = self.rejected = 0
        self.reasons: Counter[str] = Counter()

    def __str__(self) -> str:
        return (
            f"{self.rows:,} rows: {self.stored:,} stored, {self.duplicate:,} there already, "
            f"{self.rejected:,} rejected"
        )


class Import:
    """Takes a file's pieces in; a second time, or after a stop in the middle, changes nothing twice.

    What cannot be taken is rejected: one reject for each reason and piece, quoting up to SHOWN of
    its rows. It stands once, however often the file is given.
    """

    def __init__(self, pool: Pool, settings: IngestSettings, name: str) -> None:
        self.pool, self.settings = pool, settings
        hold = settings.unknown is Unknown.HOLD
        self.registry = Registry(pool, settings.metrics_per_asset, settings.max_assets, hold=hold)
        self.ways = Ways(self.registry)
        # A level of a topic, and nothing that a filter would read as a wildcard.
        self.topic = "backfill/" + re.sub(r"[^A-Za-z0-9._-]", "-", name)
        self.tally = Tally()

    def begin(self) -> None:
        """Learns who is claimed, where that counts."""
        self.registry.refresh()

    def take(self, piece: Piece) -> None:
        """Stores one piece. Raises NoDatabase where the database stays away."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.take_once(piece)
            except DatabaseAway as why:
                if time.monotonic() > deadline:
                    raise NoDatabase(f"the database went away and did not return: {why}") from why
                log.warning("waiting for the database", why=type(why).__name__)
                wait_for_database("ingest", PATIENCE)
            else:
                return

    def take_once(self, piece: Piece) -> None:
        """Stores one piece; raises one of DatabaseAway where the database is away."""
        now = time.time_ns() // 1000
        checked = check(piece, span_of(self.settings, now), self.ways)
        self.store(self.judged(checked, now), rejects_of(checked, self.topic, now))

    def judged(self, checked: Checked, now: int) -> Rows:
        """The good rows in the units of their streams, with their quality."""
        frame = frame_of(checked, self.ways.known)
        return Rows(frame, now, self.registry.rules.judge(frame))

    def store(self, rows: Rows, turned_away: Sequence[Reject]) -> None:
        """Stores rows; what the database does not take is found by halving, and rejected."""
        try:
            self.write(rows, turned_away)
        except NOT_TAKEN as error:
            if len(rows.frame) > 1:
                middle = len(rows.frame) // 2
                self.store(part(rows, slice(None, middle)), turned_away)
                self.store(part(rows, slice(middle, None)), ())
                return
            if not len(rows.frame):
                raise
            reason = f"the database refuses it: {str(error).splitlines()[0]}"
            line = str(rows.frame.tolist()[0]).encode()
            poison = Reject(moment(rows.received_at), self.topic, line, reason, 1)
            self.write(part(rows, slice(0)), [*turned_away, poison])

    def write(self, rows: Rows, turned_away: Sequence[Reject]) -> None:
        """One transaction: readings, rejects, ledger, feed, what is late, units."""
        found = len(rows.frame)
        try:
            with transaction(self.pool) as conn:
                stored = readings.append(conn, *rows) if found else 0
                count = self.account(conn, rows, turned_away, found, stored)
        except ReadingExists:
            with transaction(self.pool) as conn:
                fresh = rows.replaced(*readings.append_new(conn, *rows))
                count = self.account(conn, fresh, turned_away, found, len(fresh.frame))
        self.ways.kept()
        self.tally.rows += count.received
        self.tally.stored += count.stored
        self.tally.duplicate += count.duplicate
        self.tally.rejected += count.rejected
        for each in turned_away:
            self.tally.reasons[reason_in(each.reason)] += each.items

    def account(
        self,
        conn: Connection,
        rows: Rows,
        turned_away: Sequence[Reject],
        found: int,
        stored: int,
    ) -> ledger.Count:
        """What the transaction does besides the readings; rows are those it stored of those found."""
        rejected = sum(each.items for each in turned_away)
        late = int(np.count_nonzero(rows.frame["time"] < rows.received_at - LATE))
        count = ledger.Count(
            received=found + rejected,
            stored=stored,
            duplicate=found - len(rows.frame),
            rejected=rejected,
            late=late,
            uncertain=int(np.count_nonzero(rows.quality == Quality.UNCERTAIN)),
            bad=int(np.count_nonzero(rows.quality >= Quality.BAD)),
        )
        if fresh := [each for each in turned_away if not stands(conn, each)]:
            rejects.append(conn, fresh, WORKER)
        self.ways.keep(conn)
        ledger.add(conn, WORKER, count)
        late_spans.remember(conn, rows.frame["time"], rows.received_at)
        # What is bad is nobody's measurement, and out of a file it is no sign of life either.
        believed = rows.frame[rows.quality < Quality.BAD]
        arrivals.append(conn, believed, rows.received_at, Lane.HISTORY)
        return count


def span_of(settings: IngestSettings, now: int) -> Span:
    """The times that are believed now (microseconds)."""
    return Span(microseconds(settings.oldest), now + int(settings.future_seconds * SECOND))


def rehearse(piece: Piece, settings: IngestSettings, known: Nowhere, tally: Tally) -> None:
    """Counts what could not be taken of a piece, whatever the store says of the rest."""
    now = time.time_ns() // 1000
    checked = check(piece, span_of(settings, now), known)
    tally.rows += len(piece.time) + piece.lost
    for reject in rejects_of(checked, "", now):
        tally.rejected += reject.items
        tally.reasons[reason_in(reject.reason)] += reject.items


def part(rows: Rows, which: slice) -> Rows:
    """Some of the rows."""
    return rows.replaced(rows.frame[which], rows.quality[which])


def stands(conn: Connection, reject: Reject) -> bool:
    """Whether the same reject stands already, of an earlier time the file was given."""
    there = rejects.page(conn, Wanted(topic=reject.topic, reason=reject.reason), limit=SAME)
    told = reject.payload, reject.items
    return any(
        ((rejects.payloads(conn, each.id) or (b"",))[0], each.items) == told for each in there
    )
