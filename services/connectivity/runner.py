"""Reads on from its cursor, learns how everybody speaks, tells who is silent or delivers wrongly."""

import threading
import time
from collections.abc import Callable

import structlog

from models.conduct import Misconduct
from models.frame import Frame
from models.hearing import Hearing
from models.manners import Manners
from models.reading import DELIVERY, ONLINE, SECOND, microseconds, moment
from models.rollcall import Judgement, Silence, judge
from services.connectivity.settings import ConnectivitySettings
from services.store import anomalies, arrivals, assets, connectivity, streams
from services.store.anomalies import Anomaly
from services.store.arrivals import Cursor, Delivery, Lane
from services.store.pool import Connection, Pool, transaction
from services.store.wakeup import Wakeup

log = structlog.get_logger()

READER = "connectivity"
PLATFORM = "platform"  # the asset, and its kind
DETECTOR = "silence"
PRESENT = (Lane.LIVE, Lane.BAD)  # a bad reading is a sign of life all the same
HEARD = (*PRESENT, Lane.AGAIN)
CERTAIN = 0.999  # as evaluation gives it: a share of messages is no matter of likelihood
NEW_FAMILY = 60.0  # seconds after which gateways are looked up again


def clock() -> int:
    """Now, in microseconds since 1970."""
    return time.time_ns() // 1000


class Runner:
    """One connectivity process; what it learned, what it tells and its cursor move together.

    It reads ahead of its cursor and writes both down every few seconds, or at once when there is
    something to tell: whatever moment it is killed at, the next one hears the same again and
    judges the same. Where it finds another cursor than it left (a failed transaction, a second
    process), it reads its state anew.
    """

    def __init__(
        self, pool: Pool, settings: ConnectivitySettings, now: Callable[[], int] = clock
    ) -> None:
        self.pool, self.settings, self.now = pool, settings, now
        self.left_at: Cursor | None = None  # what the store says
        self.ahead: Delivery | None = None  # what was heard beyond
        self.begun: list[Misconduct] = []  # and is not told yet
        self.saved_at = self.judged_at = self.family_at = 0

    def run(self, stop: threading.Event, wakeup: Wakeup) -> None:
        """Works until told to stop; waits for the database when it is away."""
        wakeup.keep_turning(self.turn, stop)

    def turn(self) -> bool:
        """Hears what arrived, and judges once nothing is waiting; False where nothing was."""
        now = self.now()
        with transaction(self.pool) as conn:
            cursor = arrivals.lock_cursor(conn, READER)
            if cursor != self.left_at:
                self.restore(conn, now)
            self.left_at = None  # unless the transaction ends well, memory is worth nothing
            heard = self.listen(conn, cursor)
            news = Judgement([], [])
            if heard < self.settings.arrivals_per_turn and self.due(self.judged_at, now):
                self.judged_at = now
                news = judge(self.hearing, self.settings.limits, now)
            urgent = news.changes or news.silences or self.begun
            if urgent or now - self.saved_at >= self.save_every:
                self.save(conn, news)
                self.saved_at = now
                cursor = self.ahead.cursor or cursor if self.ahead else cursor
                self.ahead, self.begun = None, []
        self.left_at = cursor
        return heard > 0

    @property
    def save_every(self) -> int:
        """Microseconds."""
        return int(self.settings.save_seconds * SECOND)

    def due(self, last: int, now: int) -> bool:
        """Whether it is time to judge; a clock that was put back is no reason to wait."""
        return not 0 <= now - last < self.settings.judge_seconds * SECOND

    def listen(self, conn: Connection, cursor: Cursor) -> int:
        """Hears the arrivals beyond what was heard, one by one: each has its own moment.

        Returns how many there were.
        """
        self.meet_families(conn)
        for count in range(self.settings.arrivals_per_turn):
            place = self.ahead.cursor if self.ahead and self.ahead.cursor else cursor
            frames, delivery = arrivals.read_by_lane(conn, place, limit=1, lanes=HEARD)
            if delivery.cursor is None or delivery.received_at is None:
                return count
            for lane, frame in frames.items():
                self.hear(conn, lane, frame, microseconds(delivery.received_at))
            self.ahead = delivery
        return self.settings.arrivals_per_turn

    def hear(self, conn: Connection, lane: Lane, frame: Frame, received_at: int) -> None:
        """Takes in one arrival; one of history is in none of the lanes: it is nobody's presence."""
        if unknown := self.hearing.roster.unknown(frame):
            self.hearing.roster.know_streams(streams.owners(conn, unknown))
            self.family_at = 0  # a newcomer may have a gateway
        frame = frame[self.hearing.roster.known(frame)]
        if lane is Lane.AGAIN:
            self.begun += self.manners.repeat(frame)
        else:
            self.hearing.take(frame, received_at)
            self.begun += self.manners.take(frame, received_at)

    def meet_families(self, conn: Connection) -> None:
        """Looks up now and then who speaks through whom."""
        if 0 <= self.now() - self.family_at < NEW_FAMILY * SECOND:
            return
        self.family_at = self.now()
        self.hearing.roster.know_family(connectivity.family(conn))

    def restore(self, conn: Connection, now: int) -> None:
        """Knows again what was kept, and nothing else."""
        assets.register(conn, [(PLATFORM, PLATFORM)])
        platform = assets.ids(conn, [PLATFORM])[PLATFORM]
        self.hearing = Hearing(self.settings.rules, platform, self.settings.settle_seconds)
        kept = connectivity.load(conn, self.hearing.layout)
        roster = self.hearing.roster
        roster.know_streams(streams.owners(conn, [stream_id for stream_id, _ in kept.streams]))
        roster.know_assets(asset_id for asset_id, _ in kept.assets)
        self.hearing.restore(now, *kept)
        self.manners, self.begun = Manners(self.hearing), []
        connectivity.bound_skew(conn, self.settings.skew_seconds)
        self.ahead, self.family_at, self.judged_at, self.saved_at = None, 0, 0, now
        log.info("restored", streams=len(kept.streams), assets=len(kept.assets))

    def save(self, conn: Connection, news: Judgement) -> None:
        """Writes down what was learned, what is news, and how far it was heard."""
        layout = self.hearing.layout
        if members := self.hearing.members():
            connectivity.save_members(conn, layout, members)
        if paces := self.hearing.paces():
            connectivity.save_paces(conn, layout, paces)
        connectivity.save_feed(conn, layout, self.hearing.feed.record.tobytes())
        if news.changes:
            connectivity.append_changes(conn, news.changes)
        if news.silences:
            self.tell(conn, news.silences)
        if self.begun:
            self.tell_of_delivery(conn)
        if self.ahead is not None:
            arrivals.move_cursor(conn, READER, self.ahead)

    def tell(self, conn: Connection, silences: list[Silence]) -> None:
        """A silence is an anomaly of the stream `online`, which exists from then on."""
        asset_ids = [silence.asset_id for silence in silences]
        streams.register(conn, [(asset_id, ONLINE, False, None) for asset_id in asset_ids])
        known = streams.ids(conn, asset_ids)
        anomalies.append(
            conn, [as_anomaly(known[each.asset_id][ONLINE], each) for each in silences]
        )
        log.info("silent", assets=len(silences))

    def tell_of_delivery(self, conn: Connection) -> None:
        """What begins is an anomaly of the asset's stream of delivery: one, whatever it measures."""
        owner = self.hearing.roster.asset_ids
        asset_ids = [int(owner[each.row]) for each in self.begun]
        streams.register(conn, [(asset_id, DELIVERY, False, None) for asset_id in asset_ids])
        known = streams.ids(conn, asset_ids)
        found = [
            as_fault(known[asset_id][DELIVERY], each, place)
            for place, (asset_id, each) in enumerate(zip(asset_ids, self.begun, strict=True))
        ]
        anomalies.append(conn, found)
        log.info("delivers wrongly", assets=len(set(asset_ids)))


def as_anomaly(stream_id: int, silence: Silence) -> Anomaly:
    """A silence as the store keeps it: 1 was expected."""
    return Anomaly(stream_id, moment(silence.at), 0.0, silence.score, DETECTOR, 1.0, 0.0)


def as_fault(stream_id: int, fault: Misconduct, place: int) -> Anomaly:
    """A fault of delivery as the store keeps it: the share of messages it is about, 0 expected.

    place, a microsecond each, keeps two that begin together apart. Every message of a wrong clock
    is wrong.
    """
    share = 1.0 if fault.what == "clock" else fault.value
    return Anomaly(stream_id, moment(fault.at + place), share, CERTAIN, fault.what, 0.0, 0.0)
