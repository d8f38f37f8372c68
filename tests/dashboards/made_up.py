"""A made-up province in a store: every kind of asset, three days, incidents of every severity."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from models.frame import frame
from models.incident import Move
from models.reading import microseconds
from services.incidents import intake, workflow
from services.store import anomalies, assets, readings, rejects, streams
from services.store.anomalies import Anomaly
from services.store.assets import Claim
from services.store.pool import Connection
from services.store.rejects import Reject

MINUTE = timedelta(minutes=1)
COMMUNE, DISTRICT, OTHER_DISTRICT = "07201", "213", "218"

METRICS = {
    "air": {"pm25": ("ug/m3", 30.0), "temperature": ("Cel", 27.0)},
    "river": {"level_m": ("m", 3.3)},
    "rain": {"rain_mm_h": ("mm/h", 0.0)},
    "traffic": {"speed": ("km/h", 50.0), "intensity": ("/h", 900.0)},
    "light": {"power_kw": ("kW", 4.0)},
    "energy": {"active_power_kw": ("kW", 30.0)},
    "waste": {"filling_level": ("1", 0.4)},
    "noise": {"laeq": ("dB", 60.0)},
    "parking": {"occupied": ("1", 20.0)},
    "water": {"pressure": ("bar", 3.0)},
    "weather": {"temperature": ("Cel", 26.0)},
    "platform": {"delay_ms": ("ms", 12.0)},
}
SERVICES = {
    "onestop-213": {"queue_length": 6.0, "dossiers_received": 12.0, "dossiers_returned": 9.0},
    "onestop-218": {"queue_length": 14.0, "dossiers_received": 8.0, "dossiers_returned": 7.0},
    "portal-213": {"requests": 90.0, "errors": 1.0, "latency_ms": 240.0, "dossiers_received": 5.0},
    "connector-218": {"requests": 30.0, "latency_ms": 400.0, "queue_length": 90.0},
}
STATIONS = {"dap-cau": DISTRICT, "luc-nam": OTHER_DISTRICT}


def a_province(conn: Connection, now: datetime) -> None:
    """Fills a migrated store up to now; commits."""
    register(conn)
    fill(conn, now)
    raise_incidents(conn, now)
    for ago in range(6):
        conn.execute(
            """INSERT INTO ledger (worker, minute, received, stored, rejected)
               VALUES ('ingest-1', date_trunc('minute', %s::timestamptz), 603, 600, 3)""",
            [now - ago * MINUTE],
        )
    rejects.append(conn, [Reject(now, "city/x/telemetry", b"{", "malformed JSON", 1)], "ingest-1")
    conn.commit()


def register(conn: Connection) -> None:
    """Two of each kind, one a district; the air of a commune; one that nobody claimed."""
    claims = [
        Claim(f"{kind}-{area}", kind, f"{kind} {area}", area, 21.3, 106.2)
        for kind in METRICS
        for area in (DISTRICT, OTHER_DISTRICT)
        if kind != "river"
    ]
    claims += [
        Claim(name, "river", f"Trạm thủy văn {name}", area) for name, area in STATIONS.items()
    ]
    claims += [Claim("river-new", "river", "Trạm mới", DISTRICT)]
    claims += [Claim(name, "service", name, name[-3:]) for name in SERVICES]
    claims += [Claim("air-commune", "air", "Trạm khí Thọ Xương", COMMUNE)]
    claims += [Claim("air-silent", "air", "Trạm khí im lặng", DISTRICT)]
    assets.claim(conn, claims)
    assets.register(conn, [("stranger", "unknown")])
    units = [
        (claim.name, metric, unit)
        for claim in claims
        if claim.kind in METRICS
        for metric, (unit, _) in METRICS[claim.kind].items()
    ]
    units += [(name, metric, "1") for name, told in SERVICES.items() for metric in told]
    units += [("onestop-213", "dossiers_overdue", "1"), ("stranger", "value", "1")]
    units += [("air-silent", "online", "1")]
    streams.declare(conn, units)


def fill(conn: Connection, now: datetime) -> None:
    """A reading a minute for seven hours and one an hour before; air-silent measured yesterday."""
    dense = [now - n * MINUTE for n in range(7 * 60)]
    sparse = [now - timedelta(hours=n) for n in range(8, 72)]
    for stream_id, asset, kind, metric in conn.execute(
        "SELECT stream_id, asset, kind, metric FROM stream_list"
    ).fetchall():
        level = METRICS.get(str(kind), {}).get(str(metric), ("", 1.0))[1]
        level = SERVICES.get(str(asset), {}).get(str(metric), level)
        level *= 2 if asset == "air-commune" else 1
        quiet = asset == "air-silent" and metric != "online"
        times = sparse[16:] if quiet else dense + sparse
        store(conn, int(str(stream_id)), times, level)


def store(conn: Connection, stream_id: int, times: Sequence[datetime], level: float) -> None:
    """A level that sways by a twentieth, the same up and down in every five minutes."""
    values = [level * (1 + 0.05 * ((at.minute % 5) - 2)) for at in times]
    assert all(later < earlier for earlier, later in pairwise(times))
    ids, at = [stream_id] * len(times), [microseconds(each) for each in times]
    readings.append(conn, frame(ids, at, values), at[0])


def raise_incidents(conn: Connection, now: datetime) -> None:
    """One high, one medium and acknowledged, two low (one in a commune), one resolved."""
    wanted = [
        ("portal-213", "latency_ms", 10, 0.9999999, None),
        ("traffic-218", "speed", 10, 0.999, Move.ACKNOWLEDGE),
        ("air-commune", "pm25", 1, 0.999, None),
        ("onestop-213", "queue_length", 1, 0.999, None),
        ("noise-218", "laeq", 1, 0.999, Move.RESOLVE),
    ]
    for asset, metric, number, score, move in wanted:
        stream_id = streams.find(conn, asset, metric)
        assert stream_id is not None
        moments = [now - timedelta(hours=2) + n * MINUTE for n in range(number)]
        anomalies.append(
            conn, [Anomaly(stream_id, at, 9.0, score, "level", 1.0, 2.0) for at in moments]
        )
        intake.take_in(conn)
        if move is not None:
            row = conn.execute("SELECT max(id) FROM incidents").fetchone()
            assert row is not None
            workflow.move(conn, int(str(row[0])), move, actor="An")
    conn.execute("UPDATE incidents SET opened_at = began_at + interval '1 minute'")
