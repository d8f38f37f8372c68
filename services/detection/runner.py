"""Reads on from its cursor, judges what arrived, keeps anomalies and state."""

import threading

import numpy as np
import structlog

from models.detectors.bank import Bank, Oddity
from models.detectors.ensemble import Ensemble
from models.detectors.flatline import Flatline
from models.detectors.jury import StandIn
from models.detectors.level import Level
from models.detectors.rate import Rate
from models.detectors.reach import Reach
from models.detectors.rhythm import Rhythm
from models.frame import Frame
from models.reading import moment
from services.detection.acquaintance import Acquaintance
from services.detection.settings import DetectionSettings
from services.store import anomalies, arrivals, detector_states
from services.store.anomalies import Anomaly
from services.store.arrivals import Cursor, Lane
from services.store.detector_states import State
from services.store.pool import Connection, Pool, transaction
from services.store.wakeup import Wakeup

log = structlog.get_logger()

READER = "detection"


def make_bank(settings: DetectionSettings) -> Bank:
    """The detectors as they are set: what each stream has always on."""
    ensemble = Ensemble()
    level = Level(settings.level_memory, settings.level_warm_up)
    return Bank(
        [ensemble, Reach(), Rate(), Flatline(), Rhythm()],
        settings.threshold,
        StandIn(level, ensemble, settings.stand_in_threshold),
    )


class Runner:
    """One detection process; anomalies, state and cursor move in one transaction.

    Whatever moment it is killed at, nothing is judged twice and nothing is skipped. Its memory
    is worth something only at the cursor it left; where it finds another (a failed transaction,
    a second process) it reads its state anew.
    """

    def __init__(self, pool: Pool, settings: DetectionSettings) -> None:
        self.pool, self.settings = pool, settings
        self.bank = make_bank(settings)
        self.acquaintance = Acquaintance(self.bank)
        self.version: int | None = None  # of the detectors, where one is registered
        self.left_at: Cursor | None = None

    def run(self, stop: threading.Event, wakeup: Wakeup) -> None:
        """Works until told to stop; waits for the database when it is away."""
        wakeup.keep_turning(self.turn, stop)

    def turn(self) -> bool:
        """Judges one delivery of the feed; False where nothing was waiting."""
        with transaction(self.pool) as conn:
            cursor = arrivals.lock_cursor(conn, READER)
            if cursor != self.left_at:
                self.restore(conn)
            self.left_at = None  # unless the transaction ends well, memory is worth nothing
            frames, delivery = arrivals.read_by_lane(
                conn,
                cursor,
                self.settings.arrivals_per_turn,
                self.settings.readings_per_turn,
                (Lane.LIVE, Lane.BAD),
            )
            if delivery.cursor is not None:
                self.judge(conn, frames[Lane.LIVE], frames[Lane.BAD])
                arrivals.move_cursor(conn, READER, delivery)
        self.left_at = delivery.cursor or cursor
        return delivery.cursor is not None

    def restore(self, conn: Connection) -> None:
        """Knows again what was kept."""
        self.bank.restore(detector_states.load(conn, self.bank.layout))
        log.info("restored", streams=self.bank.streams)

    def judge(self, conn: Connection, readings: Frame, bad: Frame) -> None:
        """Judges readings, and those that nobody believes, and keeps what came of them."""
        readings, bad = self.worth_judging(conn, readings), self.worth_judging(conn, bad)
        found = self.bank.judge(readings) + self.bank.judge(bad, believed=False)
        anomalies.append(conn, [as_anomaly(oddity, self.version) for oddity in found])
        touched = np.unique(np.concatenate([readings["stream_id"], bad["stream_id"]])).tolist()
        if touched:
            detector_states.save(
                conn, self.bank.layout, (State(*record) for record in self.bank.dump(touched))
            )

    def worth_judging(self, conn: Connection, readings: Frame) -> Frame:
        """The readings of streams that the detectors are meant for."""
        if not len(readings):
            return readings
        wanted = self.acquaintance.meet(conn, np.unique(readings["stream_id"]).tolist())
        return readings[np.isin(readings["stream_id"], wanted)]


def as_anomaly(oddity: Oddity, version: int | None) -> Anomaly:
    """An oddity as the store keeps it. version is that of the detectors."""
    return Anomaly(
        oddity.stream_id,
        moment(oddity.time),
        oddity.value,
        oddity.score,
        oddity.detector,
        oddity.expected,
        oddity.band,
        parts={name: round(nats, 3) for name, nats in oddity.parts},
        model_version=version,
    )
