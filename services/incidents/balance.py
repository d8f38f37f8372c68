"""Notices a ledger that does not add up: an imbalance is an anomaly of the platform."""

from datetime import datetime

from models.asset import Kind
from services.store import anomalies, assets, ledger, streams
from services.store.anomalies import Anomaly
from services.store.pool import Connection

PLATFORM, METRIC = "platform", "ledger_imbalance"
CERTAIN = 1.0  # readings that are gone are no matter of likelihood


def notice(conn: Connection, since: datetime) -> int:
    """Makes an anomaly of each minute since then that is out of balance; returns how many."""
    found = ledger.imbalances(conn, since)
    if not found:
        return 0
    stream_id = platform_stream(conn)
    anomalies.append(
        conn,
        [
            Anomaly(stream_id, line.time, float(line.imbalance), CERTAIN, "ledger", 0.0, 0.0)
            for line in found
        ],
    )
    return len(found)


def platform_stream(conn: Connection) -> int:
    """The stream of the platform's imbalance, registered when it is first needed."""
    assets.register(conn, [(PLATFORM, Kind.PLATFORM.value)])
    asset_id = assets.ids(conn, [PLATFORM])[PLATFORM]
    streams.register(conn, [(asset_id, METRIC, False, "1")])
    return streams.ids(conn, [asset_id])[asset_id][METRIC]
