"""Stores what was sorted: one transaction a batch, and nothing is forgotten in between."""

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import psycopg

from ingest import aside
from ingest.aside import Aside
from ingest.delivery import Delivery
from ingest.metrics import Metrics
from ingest.registry import Registry
from ingest.repeats import as_they_came, repeated
from ingest.sorted import Sorted
from ingest.sorting import Sorter
from models.frame import Frame
from models.reading import MINUTE, Quality, moment
from services.store import (
    arrivals,
    codec_memory,
    dossier_intake,
    held,
    late_spans,
    ledger,
    readings,
    rejects,
)
from services.store.arrivals import Lane
from services.store.pool import Connection, Pool, transaction
from services.store.refusals import ReadingExists

LATE = 15 * MINUTE  # behind its time, a reading counts as late
# What a batch may be too large for: locks on all the chunks it touches, time, memory.
TOO_MUCH = (
    psycopg.errors.QueryCanceled,
    psycopg.errors.OutOfMemory,
    psycopg.errors.ConfigurationLimitExceeded,
    psycopg.errors.ProgramLimitExceeded,
)
LARGE = 100  # readings in one message, which may be too much by itself
TOGETHER = 1000  # put-aside samples of one asset that wait as one row


class Rows(NamedTuple):
    """Readings to be stored, or stored: with their arrival (microseconds) and their quality."""

    frame: Frame
    received_at: int
    quality: readings.Quality

    def replaced(self, frame: Frame, quality: readings.Quality) -> "Rows":
        """Others of the same arrival."""
        return Rows(frame, self.received_at, quality)


class Writer:
    """Stores batches for one worker. Several threads may write at once."""

    def __init__(
        self, pool: Pool, registry: Registry, sorter: Sorter, worker: str, metrics: Metrics
    ) -> None:
        self.pool, self.registry, self.sorter = pool, registry, sorter
        self.worker, self.metrics = worker, metrics

    def store(self, deliveries: Sequence[Delivery], found: Sorted) -> None:
        """Stores a sorted batch; a part that the database cannot take is found and rejected."""
        try:
            self.introduce(found)
            self.write(deliveries, found)
        except TOO_MUCH as error:
            if len(deliveries) == 1 and found.received < LARGE:
                raise  # it is not the message: wait, and try again
            self.store_in_halves(deliveries, found, error)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            self.store_in_halves(deliveries, found, error)

    def introduce(self, found: Sorted) -> None:
        """Registers what is new, and places what waited for that."""
        wanted = dict(found.unknown)
        for each in found.held:
            if each.sample.asset not in self.registry.asset_ids:
                wanted.setdefault((each.sample.asset, each.kind), {})
                if each.parent is not None:
                    found.parents.setdefault(each.sample.asset, each.parent)
        if wanted:
            self.registry.learn(wanted, found.parents, found.titles)
        if found.waiting:
            self.sorter.place_waiting(found)

    def store_in_halves(
        self, deliveries: Sequence[Delivery], found: Sorted, error: psycopg.Error
    ) -> None:
        """One of these is poison to the database: halve until it stands alone, and reject it."""
        if len(deliveries) > 1:
            middle = len(deliveries) // 2
            for half in (deliveries[:middle], deliveries[middle:]):
                part = self.sorter.sort(half, found.told)
                part.memory, part.tried = found.memory, found.tried
                self.store(half, part)
            return
        alone = Sorted(received=found.received)
        reason = f"the database refuses it: {str(error).splitlines()[0]}"
        self.sorter.refuse(deliveries[0], [reason] * max(1, found.received), alone)
        self.write(deliveries, alone)

    def write(self, deliveries: Sequence[Delivery], found: Sorted) -> None:
        """One transaction: readings, rejects, what is put aside, the ledger, the change feed."""
        rows = self.judged(found)
        began = time.perf_counter()
        try:
            with transaction(self.pool) as conn:
                stored = readings.append(conn, *rows) if len(rows.frame) else 0
                count = counted(found, rows, stored=stored)
                count = self.account(conn, found, rows, count)
        except ReadingExists:
            # Something was delivered twice: sort out what is new.
            with transaction(self.pool) as conn:
                fresh = stored_new(conn, rows)
                count = counted(found, fresh, duplicate=len(rows.frame) - len(fresh.frame))
                count = self.account(conn, found, fresh, count)
                again = repeated(deliveries, found, rows.frame, fresh.frame)
                arrivals.append(conn, again, rows.received_at, Lane.AGAIN)
        self.registry.kept(found.units, found.conversions)
        self.metrics.batch(count, time.perf_counter() - began)

    def write_into(self, conn: Connection, found: Sorted, lane: Lane, before: ledger.Count) -> None:
        """As write, inside the caller's transaction, for what was counted before.

        before is what the ledger said of it then: it is taken back here, whatever becomes of it.
        """
        rows = self.judged(found)
        fresh = stored_new(conn, rows) if len(rows.frame) else rows
        count = counted(found, fresh, duplicate=len(rows.frame) - len(fresh.frame))
        count = ledger.Count(*(now - then for now, then in zip(count, before, strict=True)))
        self.account(conn, found, fresh, count, lane)

    def judged(self, found: Sorted) -> Rows:
        """The rows of a batch with their quality, as of now."""
        frame = found.frame()
        quality = self.registry.rules.judge(frame, found.quality())
        return Rows(frame, time.time_ns() // 1000, quality)

    def account(
        self,
        conn: Connection,
        found: Sorted,
        rows: Rows,
        count: ledger.Count,
        lane: Lane = Lane.LIVE,
    ) -> ledger.Count:
        """What the transaction does besides the readings themselves; rows are those it stored.

        Returns what became of the whole batch, with its dossier events.
        """
        believed = rows.quality < Quality.BAD
        if found.dossiers:
            count = with_dossiers(count, dossier_intake.take(conn, "mqtt", "", found.dossiers))
        with conn.pipeline():
            if found.rejects:
                rejects.append(conn, found.rejects, self.worker)
            if found.held:
                held.append(conn, self.put_aside(found.held, rows.received_at))
            for codec, memory in found.memory.items():
                codec_memory.keep(conn, codec, memory)
            if found.units or found.conversions:
                self.registry.keep(conn, found.units, found.conversions)
            ledger.add(conn, self.worker, count)
            late_spans.remember(conn, rows.frame["time"], rows.received_at)
            arrivals.append(conn, rows.frame[believed], rows.received_at, lane)
            arrivals.append(conn, rows.frame[~believed], rows.received_at, Lane.BAD)
        return count

    def put_aside(self, samples: Sequence[Aside], received_at: int) -> Iterator[held.Held]:
        """Samples as the store puts them aside: an asset's together."""
        by_asset: dict[str, list[Aside]] = {}
        for each in samples:
            by_asset.setdefault(each.sample.asset, []).append(each)
        for asset, theirs in by_asset.items():
            waits = self.registry.held_back(asset)
            reason = held.Reason.UNCLAIMED if waits else held.Reason.HISTORY
            for at in range(0, len(theirs), TOGETHER):
                some = theirs[at : at + TOGETHER]
                items = sum(len(each.sample.values) for each in some)
                yield held.Held(moment(received_at), asset, reason, aside.wrapped(some), items)


def stored_new(conn: Connection, rows: Rows) -> Rows:
    """Stores what is new of these, and gives it in the order in which it came."""
    frame, quality = readings.append_new(conn, *rows)
    order = as_they_came(rows.frame, frame)
    return rows.replaced(frame[order], quality[order])


def counted(
    found: Sorted, rows: Rows, *, stored: int | None = None, duplicate: int = 0
) -> ledger.Count:
    """What became of a batch, in readings; stored is the database's own count where it has one."""
    return ledger.Count(
        received=found.received,
        stored=len(rows.frame) if stored is None else stored,
        duplicate=duplicate,
        rejected=found.rejected,
        held=sum(len(each.sample.values) for each in found.held),
        late=int(np.count_nonzero(rows.frame["time"] < rows.received_at - LATE)),
        uncertain=int(np.count_nonzero(rows.quality == Quality.UNCERTAIN)),
        bad=int(np.count_nonzero(rows.quality >= Quality.BAD)),
    )


def with_dossiers(count: ledger.Count, answers: Sequence[dossier_intake.Answer]) -> ledger.Count:
    """What became of a batch, with its dossier events; one that waits for another is stored."""
    stored, duplicate, rejected = dossier_intake.counted(answers)
    return count._replace(
        stored=count.stored + stored,
        duplicate=count.duplicate + duplicate,
        rejected=count.rejected + rejected,
    )
