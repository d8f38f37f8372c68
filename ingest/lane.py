"""The polite lane: stores what was put aside and mended rejects, when live messages leave room."""

import threading
import time
from collections.abc import Callable

import psycopg
import structlog

from ingest import aside
from ingest.aside import Aside
from ingest.delivery import Delivery
from ingest.sorted import Sorted
from ingest.writing import TOO_MUCH, Writer
from models.reading import microseconds
from services.store import held, replays
from services.store.arrivals import Lane as Feed
from services.store.held import Reason, Waiting
from services.store.ledger import Count
from services.store.pool import Connection, DatabaseAway, Pool, transaction
from services.store.replays import QueuedReject

log = structlog.get_logger()

PIECE = 50  # rows of put-aside samples that one transaction takes; rejects before a rest
IDLE = 1.0  # seconds between looks where nothing waits
LONGEST_WAIT = 5.0  # seconds that live messages may hold the lane up, so that it gets on at all
STEP = 0.05

# What has waited for a claim is news, however old; somebody's buffer is not.
ROOMS = {Reason.UNCLAIMED: Feed.LIVE, Reason.HISTORY: Feed.HISTORY}
NOT_TAKEN = (psycopg.DataError, psycopg.IntegrityError, *TOO_MUCH)
NO_RECEIPT = -1  # of a delivery that no broker waits for


class Lane:
    """Reads on in what waits, as the same worker and through the same sorter and writer.

    It rests as long as it worked, and longer while `busy` says that live messages wait. Several
    workers may have a lane each: a row is taken by one of them.
    """

    def __init__(
        self, pool: Pool, writer: Writer, busy: Callable[[], bool], *, remembers: bool = True
    ) -> None:
        self.pool, self.writer, self.busy = pool, writer, busy
        self.remembers = remembers

    def run(self, stop: threading.Event) -> None:
        """Works until told to stop; an absent database costs a turn."""
        while not stop.is_set():
            began = time.monotonic()
            try:
                worked = self.turn()
            except DatabaseAway as why:
                log.debug("the lane waits for the database", why=type(why).__name__)
                worked = False
            self.rest(time.monotonic() - began if worked else IDLE, stop)

    def rest(self, seconds: float, stop: threading.Event) -> None:
        """Leaves the database to live messages for a while."""
        began = time.monotonic()
        stop.wait(seconds)
        while self.busy() and time.monotonic() - began < LONGEST_WAIT and not stop.wait(STEP):
            pass

    def turn(self) -> bool:
        """One piece of each kind; False where nothing waits."""
        worked = [self.store_held(reason, feed) for reason, feed in ROOMS.items()]
        return self.store_mended() or any(worked)

    def store_held(self, reason: Reason, feed: Feed) -> bool:
        """Stores a piece of what was put aside; what the database cannot take is rejected."""
        try:
            return self.store_some(reason, feed) > 0
        except NOT_TAKEN:
            with transaction(self.pool) as conn:
                ids = held.may_go_on(conn, reason, PIECE)
            for each in ids:
                self.store_apart(reason, feed, each)
        return True

    def store_some(self, reason: Reason, feed: Feed) -> int:
        """Stores put-aside samples whose time has come; returns how many rows of them."""
        with transaction(self.pool) as conn:
            waiting = held.take(conn, reason, PIECE)
            if waiting:
                found = self.placed(waiting, reason)
                before = Count(received=0, held=sum(each.items for each in waiting))
                self.writer.write_into(conn, found, feed, before)
                held.drop(conn, [each.id for each in waiting])
        return len(waiting)

    def placed(self, waiting: list[Waiting], reason: Reason) -> Sorted:
        """What was put aside, as rows or, where no stream can be had, as rejects."""
        found = Sorted()
        for each in waiting:
            for apart in aside.unwrapped(each.samples):
                self.place(each, apart, reason, found)
        self.writer.introduce(found)
        return found

    def place(self, waiting: Waiting, apart: Aside, reason: Reason, found: Sorted) -> None:
        """Places one sample."""
        if apart.sample.historical and reason is Reason.UNCLAIMED:
            found.held.append(apart)  # claimed by now, it is history like any other
        else:
            self.writer.sorter.place_aside(as_delivered(waiting, apart), apart, found)

    def store_apart(self, reason: Reason, feed: Feed, number: int) -> None:
        """Stores the samples of one row one by one; what the database cannot take is rejected."""
        with transaction(self.pool) as conn:
            for each in held.take(conn, reason, 1, number):
                for apart in aside.unwrapped(each.samples):
                    self.store_one(conn, each, apart, reason, feed)
                held.drop(conn, [each.id])

    def store_one(
        self, conn: Connection, waiting: Waiting, apart: Aside, reason: Reason, feed: Feed
    ) -> None:
        """Stores or rejects one sample."""
        before = Count(received=0, held=len(apart.sample.values))
        try:
            with conn.transaction():
                found = Sorted()
                self.place(waiting, apart, reason, found)
                self.writer.introduce(found)
                self.writer.write_into(conn, found, feed, before)
        except NOT_TAKEN as error:
            why = f"the database refuses it: {str(error).splitlines()[0]}"
            found = Sorted()
            found.reject(as_delivered(waiting, apart), [why] * len(apart.sample.values))
            self.writer.write_into(conn, found, feed, before)

    def store_mended(self) -> bool:
        """Reads rejects again that people have sent back; each by itself.

        Only by the worker that reads the conventions with a memory: others' are of an earlier day.
        """
        if not self.remembers:
            return False
        for done in range(PIECE):
            with transaction(self.pool) as conn:
                queued = replays.take_queued(conn, 1)
                for reject in queued:
                    self.read_again(conn, reject)
            if not queued:
                return done > 0
        return True

    def read_again(self, conn: Connection, reject: QueuedReject) -> None:
        """Stores what can be read of a reject now; what cannot stays a reject."""
        found = self.writer.sorter.sort([as_delivery(reject)], again=True)
        try:
            with conn.transaction():
                self.writer.introduce(found)
                reasons = "; ".join(each.reason for each in found.rejects)
                still = found.rejected
                found.rejects.clear()  # it is kept already
                before = Count(received=reject.items, rejected=reject.items - still)
                self.writer.write_into(conn, found, Feed.LIVE, before)
        except NOT_TAKEN as error:
            reasons, still = f"the database refuses it: {str(error).splitlines()[0]}", reject.items
        if reasons:
            replays.refused_again(conn, {reject.id: reasons}, {reject.id: still})
        else:
            replays.replayed(conn, [reject.id], self.writer.worker)


def as_delivered(waiting: Waiting, apart: Aside) -> Delivery:
    """A sample that was put aside as a message, for the reject it may become."""
    arrival = microseconds(waiting.received_at)
    return Delivery(*aside.as_message(apart), arrival, 0, NO_RECEIPT, waiting.id)


def as_delivery(reject: QueuedReject) -> Delivery:
    """A reject as the message it was, or was made into."""
    return Delivery(
        reject.topic, reject.payload, microseconds(reject.received_at), 0, NO_RECEIPT, reject.id
    )
