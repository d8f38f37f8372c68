"""What a running detection is told: the version that judges, and how loud its alarms have to be."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from models import budget, feedback
from models.budget import LOOK_BACK, Bound
from services.store import alarm_candidates, calibration, desks, incident_feedback, model_versions
from services.store.desks import Desk, Threshold
from services.store.model_versions import Draft, ModelVersion
from services.store.pool import Connection

log = structlog.get_logger()

MODEL = "detection"  # the name that the bank's versions go by
SYSTEM = "system"
# A threshold that moves less is not written down anew: nobody would hear the difference.
WORTH_WRITING = 0.02


class Guidance(NamedTuple):
    """What was told at one version of the calibration. factors has the streams that are not at 1."""

    version: int
    model: ModelVersion
    factors: dict[int, float]


def read(conn: Connection, first: Draft) -> Guidance:
    """What holds now. first is registered and promoted where no version ever was.

    The calibration's version is read before the rest: what changes meanwhile is read again.
    """
    version = calibration.version(conn)
    return Guidance(version, live(conn, first), factors(conn))


def live(conn: Connection, first: Draft) -> ModelVersion:
    """The version that judges."""
    found = model_versions.live(conn, first.name)
    if found is not None:
        return found
    made = model_versions.register(conn, first, SYSTEM)
    log.info("first version of the model", name=made.name, version=made.version)
    return model_versions.promote(conn, made.name, made.version, SYSTEM)


def factors(conn: Connection, stream_ids: Sequence[int] | None = None) -> dict[int, float]:
    """How many times louder than the model's own alarm one of each stream has to be, where not 1."""
    by_desk = desks.factors(conn, stream_ids)
    by_people = said(conn, stream_ids)
    found = {
        stream_id: budget.asked(
            list(by_desk.get(stream_id, {}).values()), by_people.get(stream_id, 1.0)
        )
        for stream_id in by_desk.keys() | by_people.keys()
    }
    return {stream_id: factor for stream_id, factor in found.items() if factor != 1.0}


def said(conn: Connection, stream_ids: Sequence[int] | None = None) -> dict[int, float]:
    """What feedback alone asks of each stream of which something was said."""
    return {
        stream_id: feedback.factor(feedback.steps(lines))
        for stream_id, lines in incident_feedback.by_stream(conn, stream_ids).items()
    }


def recalibrate(conn: Connection) -> list[Threshold]:
    """Takes every desk's threshold from the candidates of the last days; returns what changed.

    In event time, up to where detection has come.
    """
    until = calibration.judged_until(conn)
    oldest = alarm_candidates.oldest(conn)
    if until is None:
        return []
    since = max(until - LOOK_BACK, oldest or until)
    found = [threshold(conn, desk, since, until) for desk in desks.page(conn)]
    changed = [each for each in found if is_news(conn, each)]
    for each in changed:
        desks.note_threshold(conn, each)
        log.info("threshold", desk=each.desk, factor=round(each.factor, 3), bound=each.bound)
    return changed


def threshold(conn: Connection, desk: Desk, since: datetime, until: datetime) -> Threshold:
    """A desk's threshold from the candidates of [since, until).

    A stream that people made quieter has to be louder to count: its candidates are taken as what
    is left of them.
    """
    loud, called_real = alarm_candidates.of_desk(conn, desk.name, since, until)
    shifts = (until - since) / timedelta(hours=desk.shift_hours)
    found = budget.threshold(left_of(conn, loud), shifts, desk.budget, least=desk.least_factor)
    return Threshold(
        desk=desk.name,
        factor=found.factor,
        bound=found.bound.value,
        budget=desk.budget,
        expected=found.expected,
        candidates=len(loud),
        called_real=called_real,
        data_from=since,
        data_to=until,
    )


def left_of(conn: Connection, loud: Iterable[tuple[int, float]]) -> list[float]:
    """The loudness of candidates over what feedback asks of their streams."""
    by_people = said(conn)
    return [loudness / by_people.get(stream_id, 1.0) for stream_id, loudness in loud]


def is_news(conn: Connection, found: Threshold) -> bool:
    """Whether a threshold says something else than the one that was written down last."""
    before = desks.thresholds(conn, found.desk, limit=1)
    if not before:
        return found.bound != Bound.LEARNING.value
    return (
        abs(found.factor - before[0].factor) > WORTH_WRITING * before[0].factor
        or found.bound != before[0].bound
        or found.budget != before[0].budget
    )
