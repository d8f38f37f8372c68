"""A small city in the store: what the tests of the API ask for."""

import itertools
from datetime import UTC, datetime, timedelta

from models.frame import frame
from models.reading import MINUTE, SECOND, microseconds
from services.incidents import intake
from services.store import anomalies, assets, incidents, ledger, readings, rejects, streams
from services.store.anomalies import Anomaly
from services.store.assets import Claim
from services.store.ledger import Count
from services.store.pool import Connection
from services.store.rejects import Reject

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
START = microseconds(MIDNIGHT)
READINGS = 30  # of pump-7's flow: a minute apart, 0.0 to 29.0
NUMBERS = itertools.count(100)


def build(conn: Connection) -> None:
    """pump-7 (claimed, flow and level) and gauge-1 (not claimed); readings, rejects, a ledger."""
    assets.claim(conn, [Claim("pump-7", "water", "Trạm bơm số 7", "213", 21.29, 106.18)])
    assets.register(conn, [("gauge-1", "unknown")])
    streams.declare(conn, [("pump-7", "flow", "m3/h"), ("pump-7", "level", "m")])
    flow = stream_id(conn, "pump-7", "flow")
    times = [START + minute * MINUTE for minute in range(READINGS)]
    values = [float(minute) for minute in range(READINGS)]
    readings.append(conn, frame([flow] * READINGS, times, values), START + SECOND)
    unreadable = Reject(MIDNIGHT, "city/pump-7/telemetry", b'{"values', "not JSON", 1)
    binary = Reject(MIDNIGHT, "city/gauge-1/telemetry", b"\xff\x00", "not UTF-8", 1)
    rejects.append(conn, [unreadable, binary], "ingest-1")
    ledger.add(conn, "ingest-1", Count(received=34, stored=30, duplicate=2, rejected=2))


def stream_id(conn: Connection, asset: str, metric: str) -> int:
    """The id of a stream that there is."""
    found = streams.find(conn, asset, metric)
    assert found is not None
    return found


def newcomer(conn: Connection) -> str:
    """The name of an asset that has just registered itself with a metric `flow`."""
    name = f"newcomer-{next(NUMBERS)}"
    assets.register(conn, [(name, "unknown")])
    streams.declare(conn, [(name, "flow", "m3/h")])
    return name


def raise_incident(conn: Connection, asset: str | None = None, score: float = 0.99998) -> int:
    """The number of an incident that a newcomer's anomaly has just opened.

    Those of the tests before are long ago: at the same time they would be one with it.
    """
    conn.execute(
        """UPDATE incidents SET began_at = began_at - INTERVAL '100 days',
                  last_anomaly_at = last_anomaly_at - INTERVAL '100 days'
           WHERE last_anomaly_at > %s""",
        [MIDNIGHT - timedelta(days=1)],
    )
    stream = stream_id(conn, asset or newcomer(conn), "flow")
    parts = {"value": 9.1, "drift": 4.25}
    spike = Anomaly(
        stream, MIDNIGHT, 97.0, score, "ensemble", 12.4, 1.1, parts=parts, model_version=3
    )
    anomalies.append(conn, [spike])
    intake.take_in(conn)
    return incidents.page(conn, limit=1)[0].id
