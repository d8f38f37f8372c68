"""Leads a bank through what is stored, as it would have come."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog

from models.detectors.bank import Bank
from models.frame import Frame
from services.store import arrivals, calibration, detector_states, readings
from services.store.detector_states import State
from services.store.pool import Connection

log = structlog.get_logger()

SLICE = timedelta(hours=1)  # read and judged at once: some 100,000 readings of a large city


def slices(
    conn: Connection,
    since: datetime,
    until: datetime,
    *,
    received_until: datetime | None = None,
    stream_ids: Sequence[int] | None = None,
) -> Iterator[tuple[Frame, Frame]]:
    """What is stored of [since, until), believed and not, an hour at a time, oldest first."""
    while since < until:
        end = min(since + SLICE, until)
        yield readings.judged_between(
            conn, since, end, received_until=received_until, stream_ids=stream_ids
        )
        since = end


def catch_up(
    conn: Connection, bank: Bank, strangers: Sequence[int], lead: timedelta, reader: str
) -> int:
    """Teaches a bank the last days of streams that it has no state of; how many it knows then.

    What the reader had read off the feed is learned and not judged again: it was. The states are
    kept, so that no restart teaches them anew.
    """
    until = calibration.judged_until(conn)
    if not strangers or until is None:
        return 0
    log.info("teaching a new model the last days", streams=len(strangers), lead=str(lead))
    for believed, bad in slices(
        conn,
        until - lead,
        until + timedelta(microseconds=1),
        received_until=arrivals.received_until(conn, reader),
        stream_ids=strangers,
    ):
        bank.judge(believed)
        bank.judge(bad, believed=False)
    bank.overheard()
    known = bank.knowing(strangers)
    detector_states.save(conn, bank.layout, (State(*record) for record in bank.dump(known)))
    return len(known)
