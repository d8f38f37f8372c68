"""Reads on from its cursor and keeps what the city's rules make of what arrived."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
import structlog

from models.city.derivation import Due, touched
from models.city.derived.rules import RULES
from models.frame import Frame
from services.derivation import deriving
from services.derivation.settings import DerivationSettings
from services.store import arrivals, city, derivation_due, derivations
from services.store.arrivals import Lane
from services.store.derivation_due import Ripe
from services.store.derivations import Reporter
from services.store.pool import Connection, Pool, transaction
from services.store.wakeup import Wakeup

log = structlog.get_logger()

# What a turn may be too large for: time, memory, what may be decompressed at once.
TOO_MUCH = (
    psycopg.errors.QueryCanceled,
    psycopg.errors.OutOfMemory,
    psycopg.errors.ConfigurationLimitExceeded,
    psycopg.errors.ProgramLimitExceeded,
)
READER = "derivation"
BUFFERED = timedelta(seconds=60)  # what comes out of a buffer waits for more of it


def clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


class Runner:
    """One derivation process; what is due, what is derived and its cursor move together.

    What was read and is not derived yet stands in the store, so whatever moment it is killed at,
    nothing is skipped; what is derived twice is written over with the same.
    """

    def __init__(
        self, pool: Pool, settings: DerivationSettings, now: Callable[[], datetime] = clock
    ) -> None:
        self.pool, self.settings, self.now = pool, settings, now
        self.begun = False
        self.parts = settings.parts_per_turn

    def run(self, stop: threading.Event, wakeup: Wakeup) -> None:
        """Works until told to stop; waits for the database when it is away."""
        wakeup.keep_turning(self.turn, stop)

    def turn(self) -> bool:
        """Reads one delivery of the feed and derives some of what is due; False: nothing was.

        What is too much for the database at once is done in halves.
        """
        try:
            worked = self.turn_once()
        except TOO_MUCH as error:
            if self.parts == 1:
                raise
            self.parts = max(1, self.parts // 2)
            log.warning("too much at once", parts=self.parts, why=str(error).splitlines()[0])
            return True
        self.parts = min(self.settings.parts_per_turn, self.parts * 2)
        return worked

    def turn_once(self) -> bool:
        """One turn, in one transaction."""
        now = self.now()
        with transaction(self.pool) as conn:
            cursor = arrivals.lock_cursor(conn, READER)
            if not self.begun:
                derivation_due.forget_others(conn, [rule.name for rule in RULES])
            frames, delivery = arrivals.read_by_lane(
                conn, cursor, self.settings.arrivals_per_turn, self.settings.readings_per_turn
            )
            if delivery.cursor is not None:
                self.mark(conn, frames, now)
                arrivals.move_cursor(conn, READER, delivery)
            taken = derivation_due.take(
                conn,
                self.ripe(now),
                self.parts,
                self.settings.steps_per_turn,
                # What is live stands behind a large import in the feed: on to it.
                news_alone=len(frames[Lane.HISTORY]) * 2 > self.settings.readings_per_turn,
            )
            self.derive(conn, taken, now)
        self.begun = True
        return delivery.cursor is not None or bool(taken)

    def ripe(self, now: datetime) -> list[Ripe]:
        """Since when each rule's steps have to be due for it to do them now."""
        share = self.settings.patience
        return [
            Ripe(rule.name, now - timedelta(seconds=rule.patience * share), rule.step)
            for rule in RULES
        ]

    def mark(self, conn: Connection, frames: dict[Lane, Frame], now: datetime) -> None:
        """Writes down what is due because of what arrived."""
        later = now + BUFFERED * self.settings.patience
        live = frames[Lane.LIVE]  # what is bad measures nothing, and makes nothing due
        known = known_of(conn, np.concatenate([live, frames[Lane.HISTORY]]))
        derivation_due.mark(conn, list(dues(live, known, news=True)), now)
        derivation_due.mark(conn, list(dues(frames[Lane.HISTORY], known, news=False)), later)

    def derive(self, conn: Connection, taken: list[Due], now: datetime) -> None:
        """Derives what was taken, rule after rule."""
        if not taken:
            return
        book = city.book(conn)
        for rule in RULES:
            mine = [due for due in taken if due.rule == rule.name]
            if mine:
                deriving.derive(conn, rule, mine, book, now)


def known_of(conn: Connection, readings: Frame) -> dict[int, Reporter]:
    """What is known of the streams of these readings, by id."""
    found = derivations.reporters(conn, np.unique(readings["stream_id"]).tolist())
    return {each.stream_id: each for each in found}


def dues(readings: Frame, known: dict[int, Reporter], *, news: bool) -> Iterator[Due]:
    """What is due because of these readings, rule by rule."""
    streams = np.array(sorted(known), np.int64)
    for rule in RULES:
        read = [
            each.kind in rule.kinds and each.metric in rule.inputs
            for each in (known[stream] for stream in streams.tolist())
        ]
        mine = streams[np.array(read, bool)] if read else streams
        rows = readings[np.isin(readings["stream_id"], mine)]
        if len(rows):
            owners = np.array([known[stream].asset_id for stream in rows["stream_id"].tolist()])
            yield from touched(rule, owners, rows["time"], news=news)
