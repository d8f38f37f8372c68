"""The time machine: a stored window through other detectors or budgets, and what differs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from models import budget
from models.budget import Threshold
from models.correlate import Sign
from models.detectors.bank import Bank, Loud, Oddity
from models.frame import Frame
from models.gathering import Difference, Odd, compared, correlated, gathered
from models.reading import microseconds, moment
from services.detection import guidance, past
from services.detection.acquaintance import Acquaintance
from services.detection.runner import make_bank, special_days
from services.detection.settings import DetectionSettings
from services.store import anomalies, streams
from services.store.anomalies import Told
from services.store.pool import Connection
from services.store.streams import Place

SHIFT_HOURS = 8
APART = timedelta(hours=2)  # candidates that are nearer are one, as of a desk


class NothingToReplay(Exception):
    """A window in which nothing is stored that detectors judge."""


class Replayed(NamedTuple):
    """What a window would have brought. places has where each stream belongs.

    incidents are the numbers of those that were, by stream and the time of their first anomaly.
    threshold is what a budget came to; None where none was asked.
    """

    since: datetime
    until: datetime
    readings: int
    threshold: Threshold | None
    difference: Difference
    places: dict[int, Place]
    incidents: dict[tuple[int, datetime], int | None]


class TimeMachine:
    """A bank in memory that is led through the past; nothing of it is kept."""

    def __init__(self, conn: Connection, settings: DetectionSettings) -> None:
        self.conn = conn
        self.bank: Bank = make_bank(settings, special_days(conn))
        self.acquaintance = Acquaintance(self.bank)
        self.factors = guidance.factors(conn)
        self.least = 1.0  # what a budget asks of all

    def lead(self, since: datetime, until: datetime) -> tuple[list[Told], list[Loud], int]:
        """What a stretch brings: the odd, the loud, and how many readings there were."""
        odd: list[Told] = []
        loud: list[Loud] = []
        count = 0
        for frames in past.slices(self.conn, since, until):
            readings, bad = (self.wanted(frame) for frame in frames)
            found = self.bank.judge(readings) + self.bank.judge(bad, believed=False)
            odd += map(told_by, found)
            loud += self.bank.overheard()
            count += len(readings) + len(bad)
        return odd, loud, count

    def wanted(self, frame: Frame) -> Frame:
        """The readings of a frame that are judged, once the bank knows their streams."""
        present = np.unique(frame["stream_id"]).tolist()
        judged = self.acquaintance.meet(self.conn, present)
        self.ask(set(judged) - set(self.bank.knowing(judged)))
        return frame[np.isin(frame["stream_id"], judged)]

    def ask(self, stream_ids: Iterable[int]) -> None:
        """Asks of these streams what the budget and what was said of them ask."""
        for stream_id in stream_ids:
            self.bank.ask(stream_id, budget.asked([self.least], self.factors.get(stream_id, 1.0)))

    def promise(self, promised: float, loud: Sequence[Loud]) -> Threshold:
        """Takes a threshold from what was loud in the lead, in place of those of the desks."""
        self.factors = guidance.said(self.conn)
        heard = gathered(
            (Odd(each.stream_id, moment(each.time), each.loudness) for each in loud), APART
        )
        left = [each.score / self.factors.get(each.stream_id, 1.0) for each in heard]
        times = [each.time for each in loud]
        judged = max(times) - min(times) if times else 0
        shifts = judged / (SHIFT_HOURS * 3_600_000_000)
        found = budget.threshold(left, shifts, promised)
        self.least = found.factor
        self.ask(self.acquaintance.judged)
        return found


def replay(
    conn: Connection,
    settings: DetectionSettings,
    since: datetime,
    until: datetime,
    promised: float | None = None,
) -> Replayed:
    """What [since, until) would have brought with these settings, beside what it did bring.

    The days before it (settings.lead_days) warm the detectors up, and give the threshold of a
    promised number of false alarms a shift. Without one the desks' thresholds of today hold.
    Raises NothingToReplay.
    """
    if since >= until:
        raise NothingToReplay("the window ends before it begins: --to lies after --from")
    machine = TimeMachine(conn, settings)
    _, loud, _ = machine.lead(since - timedelta(days=settings.lead_days), since)
    threshold = None if promised is None else machine.promise(promised, loud)
    odd, _, count = machine.lead(since, until)
    if not count:
        raise NothingToReplay(
            f"no reading of a judged stream is stored from {since:%Y-%m-%dT%H:%M:%SZ}"
            f" to {until:%Y-%m-%dT%H:%M:%SZ}"
        )
    told = anomalies.of_detectors(conn, since, until)
    places = streams.places(conn, sorted({each.stream_id for each in [*told, *odd]}))
    was = correlated((odd_of(each), sign_of(each, places[each.stream_id])) for each in told)
    would_be = correlated((odd_of(each), sign_of(each, places[each.stream_id])) for each in odd)
    return Replayed(
        since,
        until,
        count,
        threshold,
        compared(was, would_be),
        places,
        {(each.stream_id, each.time): each.incident_id for each in told},
    )


def told_by(oddity: Oddity) -> Told:
    """What would have been told."""
    return Told(
        oddity.stream_id,
        moment(oddity.time),
        oddity.score,
        oddity.detector,
        oddity.value > oddity.expected,
        None,
    )


def odd_of(told: Told) -> Odd:
    """What was told, as incidents are gathered from."""
    return Odd(told.stream_id, told.time, told.score)


def sign_of(told: Told, place: Place) -> Sign:
    """What was told, as incidents of many streams are correlated by."""
    return Sign(*place, microseconds(told.time), told.detector, told.score, told.upwards)
