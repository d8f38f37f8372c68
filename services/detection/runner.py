"""Reads on from its cursor, judges what arrived, keeps anomalies and state."""

import threading
import time
from datetime import timedelta

import numpy as np
import structlog

from models.detectors.bank import Bank, Loud, Oddity
from models.detectors.standard import Choice, Days, standard
from models.frame import Frame
from models.reading import moment
from services.detection import guidance, parameters, past
from services.detection.acquaintance import Acquaintance
from services.detection.guidance import Guidance
from services.detection.settings import DetectionSettings
from services.store import (
    alarm_candidates,
    anomalies,
    arrivals,
    calibration,
    detector_states,
    procedures,
)
from services.store.alarm_candidates import Candidate
from services.store.anomalies import Anomaly
from services.store.arrivals import Cursor, Lane
from services.store.detector_states import State
from services.store.model_versions import Draft
from services.store.pool import Connection, Pool, transaction
from services.store.wakeup import Wakeup

log = structlog.get_logger()

READER = "detection"
CALIBRATE_EVERY = 900.0  # seconds between two looks at the budgets, if nobody changes anything


def make_bank(settings: DetectionSettings, days: Days = Days()) -> Bank:  # noqa: B008
    """The detectors as they are set: the standard ones, that evaluation measures as well."""
    return standard(
        Choice(
            settings.threshold,
            settings.stand_in_threshold,
            settings.level_memory,
            settings.level_warm_up,
            settings.detectors,
        ),
        days,
    )


def special_days(conn: Connection) -> Days:
    """The days off and the worked ones of weekends, as detectors take them."""
    return Days.of(*procedures.special_days(conn))


class Runner:
    """One detection process; anomalies, state and cursor move in one transaction.

    Whatever moment it is killed at, nothing is judged twice and nothing is skipped. Its memory
    is worth something only at the cursor it left; where it finds another (a failed transaction,
    a second process) it reads its state anew.
    """

    def __init__(self, pool: Pool, settings: DetectionSettings) -> None:
        self.pool, self.settings = pool, settings
        self.days = Days()
        self.bank = make_bank(settings)
        self.acquaintance = Acquaintance(self.bank)
        self.told: Guidance | None = None
        self.calibrate_at = 0.0
        self.left_at: Cursor | None = None

    def run(self, stop: threading.Event, wakeup: Wakeup) -> None:
        """Works until told to stop; waits for the database when it is away."""
        wakeup.keep_turning(self.turn, stop)

    def turn(self) -> bool:
        """Judges one delivery of the feed; False where nothing was waiting."""
        with transaction(self.pool) as conn:
            cursor = arrivals.lock_cursor(conn, READER)
            told = self.take_up(conn)
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
                self.judge(conn, frames[Lane.LIVE], frames[Lane.BAD], told)
                arrivals.move_cursor(conn, READER, delivery)
        self.left_at = delivery.cursor or cursor
        if told is not self.told:
            self.told, self.calibrate_at = told, time.monotonic() + CALIBRATE_EVERY
        return delivery.cursor is not None

    def take_up(self, conn: Connection) -> Guidance:
        """Follows what people changed: which version judges, and how loud its alarms have to be.

        A version takes over between two deliveries: what was read was judged by the one before.
        """
        if (
            self.told is not None
            and self.told.version == calibration.version(conn)
            and time.monotonic() < self.calibrate_at
        ):
            return self.told
        guidance.recalibrate(conn)
        told, days = guidance.read(conn, self.draft()), special_days(conn)
        if self.told is None or told.model.id != self.told.model.id or days != self.days:
            self.change_bank(told, days)
        for stream_id in told.factors.keys() | self.bank.factors.keys():
            factor = told.factors.get(stream_id, 1.0)
            if factor != self.bank.factors.get(stream_id, 1.0):
                self.bank.ask(stream_id, factor)
        return told

    def draft(self) -> Draft:
        """The version that the settings make, for a store that has none."""
        return Draft(guidance.MODEL, parameters.of(self.settings), make_bank(self.settings).layout)

    def change_bank(self, told: Guidance, days: Days) -> None:
        """Begins with the detectors of a version; what they know is read as after a restart.

        A changed calendar is taken up likewise.
        """
        log.info("a version judges", name=told.model.name, version=told.model.version)
        if ignored := parameters.overruled(self.settings, told.model.parameters):
            log.warning("the version's parameters hold, not the environment's", ignored=ignored)
        self.days = days
        self.bank = make_bank(parameters.applied(self.settings, told.model.parameters), days)
        self.acquaintance = Acquaintance(self.bank)
        self.left_at = None

    def restore(self, conn: Connection) -> None:
        """Knows again what was kept; what another model kept is learned from what is stored."""
        self.bank.restore(detector_states.load(conn, self.bank.layout))
        strangers = detector_states.of_other_layouts(conn, self.bank.layout)
        wanted = self.acquaintance.meet(conn, strangers)
        lead = timedelta(days=self.settings.lead_days)
        past.catch_up(conn, self.bank, wanted, lead, READER)
        log.info("restored", streams=self.bank.streams)

    def judge(self, conn: Connection, readings: Frame, bad: Frame, told: Guidance) -> None:
        """Judges readings, and those that nobody believes, and keeps what came of them."""
        readings, bad = self.worth_judging(conn, readings), self.worth_judging(conn, bad)
        touched = np.unique(np.concatenate([readings["stream_id"], bad["stream_id"]])).tolist()
        if not touched:
            return
        self.welcome(conn, touched)
        found = self.bank.judge(readings) + self.bank.judge(bad, believed=False)
        anomalies.append(conn, [as_anomaly(oddity, told.model.id) for oddity in found])
        alarm_candidates.append(conn, [as_candidate(loud) for loud in self.bank.overheard()])
        detector_states.save(
            conn, self.bank.layout, (State(*record) for record in self.bank.dump(touched))
        )

    def welcome(self, conn: Connection, present: list[int]) -> None:
        """Asks of streams that are new what their desks ask."""
        new = set(present) - set(self.bank.knowing(present))
        if new:
            for stream_id, factor in guidance.factors(conn, sorted(new)).items():
                self.bank.ask(stream_id, factor)

    def worth_judging(self, conn: Connection, readings: Frame) -> Frame:
        """The readings of streams that the detectors are meant for."""
        if not len(readings):
            return readings
        wanted = self.acquaintance.meet(conn, np.unique(readings["stream_id"]).tolist())
        return readings[np.isin(readings["stream_id"], wanted)]


def as_candidate(loud: Loud) -> Candidate:
    """A loud moment as the store keeps it."""
    return Candidate(loud.stream_id, moment(loud.time), loud.loudness, loud.detector)


def as_anomaly(oddity: Oddity, version: int) -> Anomaly:
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
