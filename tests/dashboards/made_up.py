"""A made-up province in a store: every kind of asset, three days, incidents of every severity."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from psycopg.types.json import Jsonb

from models.frame import frame
from models.incident import Move
from models.reading import microseconds
from services.incidents import intake, workflow
from services.store import anomalies, assets, readings, rejects, streams
from services.store.anomalies import Anomaly
from services.store.assets import Claim
from services.store.pool import Connection
from services.store.rejects import Reject
from tests.dashboards.made_up_egov import its_egovernment

MINUTE = timedelta(minutes=1)
COMMUNE, DISTRICT, OTHER_DISTRICT = "07201", "213", "218"

METRICS = {
    "air": {
        "pm25": ("ug/m3", 30.0),
        "pm10": ("ug/m3", 60.0),
        "o3": ("ug/m3", 50.0),
        "no2": ("ug/m3", 20.0),
        "so2": ("ug/m3", 10.0),
        "co": ("ug/m3", 900.0),
        "temperature": ("Cel", 27.0),
        "aqi": ("1", 60.0),
    },
    "river": {"level_m": ("m", 3.3), "flood_level": ("1", 1.0), "level_rise_m_h": ("m/h", 0.1)},
    "rain": {"rain_mm_h": ("mm/h", 0.0), "rain_1h_mm": ("mm", 2.0), "rain_24h_mm": ("mm", 20.0)},
    "traffic": {
        "speed": ("km/h", 50.0),
        "intensity": ("/h", 900.0),
        "level_of_service": ("1", 2.0),
        "travel_time_index": ("1", 1.2),
    },
    "light": {
        "power_kw": ("kW", 4.0),
        "light_fault": ("1", 2.0),
        "lights_failed_share": ("1", 0.5),
    },
    "energy": {
        "active_power_kw": ("kW", 30.0),
        "power_outage": ("1", 0.0),
        "phase_unbalance": ("1", 0.01),
        "power_factor": ("1", 0.93),
    },
    "waste": {
        "filling_level": ("1", 0.4),
        "hours_until_full": ("h", 20.0),
        "fire_suspected": ("1", 0.0),
    },
    "noise": {"laeq": ("dB", 60.0), "noise_excess_db": ("dB", 5.0)},
    "parking": {"occupied": ("1", 20.0), "parking_occupancy": ("1", 0.5)},
    "water": {
        "water_pressure": ("kPa", 300.0),
        "flow": ("m3/h", 20.0),
        "night_flow": ("m3/h", 4.0),
        "leak_suspected": ("1", 1.0),
    },
    "weather": {"temperature": ("Cel", 26.0)},
    "platform": {"delay_ms": ("ms", 12.0)},
}
STATES = {
    "flood_level",
    "level_of_service",
    "light_fault",
    "power_outage",
    "fire_suspected",
    "leak_suspected",
    "connector_health",
    "documents_health",
    "portal_health",
    "signing_health",
}
COUNTERS = {
    "counters_open": 3.0,
    "wait_p50_min": 4.0,
    "wait_p90_min": 12.0,
    "utilisation": 0.7,
    "tickets_served": 9.0,
    "tickets_abandoned": 1.0,
}
BOOKS = {"dossiers_in_process": 40.0, "dossiers_due_soon": 5.0, "dossiers_overdue": 2.0}
# Each with the area that it is in.
SERVICES: dict[str, tuple[str, dict[str, float]]] = {
    "onestop-bac-giang": (DISTRICT, {"queue_length": 6.0, "dossiers_received": 12.0,
                                     "dossiers_returned": 9.0} | COUNTERS | BOOKS),
    "onestop-luc-nam": (OTHER_DISTRICT, {"queue_length": 14.0, "dossiers_received": 8.0,
                                         "dossiers_returned": 7.0} | COUNTERS | BOOKS),
    "portal-dvc": (DISTRICT, {"requests": 90.0, "errors": 1.0, "latency_ms": 240.0,
                              "availability": 1.0, "portal_health": 0.0, "dossiers_received": 5.0}),
    "connector-finance": (DISTRICT, {"requests": 30.0, "errors": 2.0, "latency_ms": 400.0,
                                           "queue_length": 90.0, "backlog": 40.0,
                                           "oldest_unsent_s": 30.0, "success_share": 0.93,
                                           "connector_health": 2.0}),
    "document-exchange": (DISTRICT, {"requests": 20.0, "errors": 0.1, "latency_ms": 650.0,
                                     "backlog": 12.0, "documents_arrived": 9.0, "documents_received": 5.0,
                                     "documents_assigned": 4.0, "documents_processing": 30.0,
                                     "oldest_document_s": 7200.0, "documents_health": 0.0}),
    "signature-service": (DISTRICT, {"signatures": 8.0, "signature_failures": 0.4,
                                     "latency_ms": 700.0, "signing_health": 1.0}),
}  # fmt: skip
STATIONS = {"dap-cau": DISTRICT, "luc-nam": OTHER_DISTRICT}


def a_province(conn: Connection, now: datetime) -> None:
    """Fills a migrated store up to now; commits."""
    register(conn)
    fill(conn, now)
    derive(conn, now)
    hear(conn, now)
    raise_incidents(conn, now)
    its_egovernment(conn, now)
    beat(conn, now)
    teach(conn, now)
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
    claims += [Claim(name, "service", name, area) for name, (area, _) in SERVICES.items()]
    claims += [Claim("air-commune", "air", "Trạm khí Thọ Xương", COMMUNE)]
    claims += [Claim("air-silent", "air", "Trạm khí im lặng", DISTRICT)]
    assets.claim(conn, claims)
    assets.register(conn, [("stranger", "unknown"), ("gateway", "unknown")])
    units = [
        (claim.name, metric, unit)
        for claim in claims
        if claim.kind in METRICS
        for metric, (unit, _) in METRICS[claim.kind].items()
    ]
    units += [(name, metric, "1") for name, (_, told) in SERVICES.items() for metric in told]
    units += [("stranger", "value", "1")]
    units += [("air-silent", "online", "1"), ("gateway", "online", "1")]
    streams.declare(conn, units)


def fill(conn: Connection, now: datetime) -> None:
    """A reading a minute for seven hours and one an hour before; air-silent measured yesterday."""
    dense = [now - n * MINUTE for n in range(7 * 60)]
    sparse = [now - timedelta(hours=n) for n in range(8, 72)]
    for stream_id, asset, kind, metric in conn.execute(
        "SELECT stream_id, asset, kind, metric FROM stream_list"
    ).fetchall():
        level = METRICS.get(str(kind), {}).get(str(metric), ("", 1.0))[1]
        level = SERVICES.get(str(asset), ("", {}))[1].get(str(metric), level)
        level *= 2 if asset == "air-commune" else 1
        quiet = asset == "air-silent" and metric != "online"
        times = sparse[16:] if quiet else dense + sparse
        store(conn, int(str(stream_id)), times, level, 0 if metric in STATES else 0.05)


def store(
    conn: Connection, stream_id: int, times: Sequence[datetime], level: float, sway: float
) -> None:
    """A level that sways by a share of it, the same up and down in every five minutes."""
    values = [level * (1 + sway * ((at.minute % 5) - 2)) for at in times]
    assert all(later < earlier for earlier, later in pairwise(times))
    ids, at = [stream_id] * len(times), [microseconds(each) for each in times]
    readings.append(conn, frame(ids, at, values), at[0])


AQI_INPUTS = {
    "parts": [
        {"index": 60, "averaging": "nowcast", "pollutant": "pm25", "concentration": 30.0},
        {"index": 20, "averaging": "1h", "pollutant": "no2", "concentration": 40.0},
    ],
    "dominant": "pm25",
}
FLOOD_INPUTS = {"report": "<BĐ1: 1,00", "height_m": 3.3, "state": {"level": 1}}


def derive(conn: Connection, now: datetime) -> None:
    """What the derived readings of two days were made of."""
    for metric, inputs in (("aqi", AQI_INPUTS), ("flood_level", FLOOD_INPUTS)):
        conn.execute(
            """INSERT INTO derivations (stream_id, time, inputs)
               SELECT stream_id, %s - hours * interval '1 hour', %s
               FROM stream_list CROSS JOIN generate_series(1, 48) hours
               WHERE metric = %s AND asset <> 'river-new'""",
            [now, Jsonb(inputs), metric],
        )


def hear(conn: Connection, now: datetime) -> None:
    """All are online but one, and the gateway that nobody claimed."""
    conn.execute(
        """INSERT INTO asset_connectivity (asset_id, state, with_parent, since, last_received_at,
               last_event_at, cadence_s, late_after_s, silent_after_s, skew_s, layout, record)
           SELECT id, CASE WHEN name IN ('air-silent', 'gateway') THEN 'silent' ELSE 'online' END, false, %(now)s,
                  %(now)s, %(now)s - interval '2 seconds', 60, 120, 300, 0.5, '', ''
           FROM assets""",
        {"now": now},
    )
    for state, ago in (("online", 60), ("silent", 1)):
        conn.execute(
            """INSERT INTO connectivity_moves (asset_id, at, state, with_parent)
               SELECT id, %s, %s, false FROM assets WHERE name IN ('air-213', 'traffic-218', 'onestop-luc-nam')""",
            [now - timedelta(hours=ago), state],
        )


def beat(conn: Connection, now: datetime) -> None:
    """A beat of the canary every minute of the last six hours, each half a second on its way."""
    assets.claim(conn, [Claim("platform", "platform", "Nền tảng")])
    streams.declare(conn, [("platform", "canary", "1")])
    stream_id = streams.find(conn, "platform", "canary")
    assert stream_id is not None
    for ago in range(360):
        at = microseconds(now - ago * MINUTE)
        readings.append(conn, frame([stream_id], [at], [1.0]), at + 500_000)


def teach(conn: Connection, now: datetime) -> None:
    """A live version of a model that judged all of it, and what somebody said of two alarms."""
    conn.execute(
        """INSERT INTO model_versions (name, version, parameters, layout, data_from, data_to, scores,
               state, created_by, promoted_by, promoted_at)
           VALUES ('ensemble', 1, '{}', 'v1', %(now)s - interval '30 days', %(now)s,
                   '{"recall": 0.9}', 'live', 'An', 'An', %(now)s)""",
        {"now": now},
    )
    conn.execute("UPDATE anomalies SET model_version = 1")
    conn.execute(
        """INSERT INTO incident_feedback (incident_id, at, actor, verdict)
           SELECT id, %s - interval '1 minute', 'An', CASE WHEN id %% 2 = 0 THEN 'real' ELSE 'false' END
           FROM incidents ORDER BY id LIMIT 2""",
        [now],
    )


def raise_incidents(conn: Connection, now: datetime) -> None:
    """One high, one medium and acknowledged, two low (one in a commune), one resolved."""
    wanted = [
        ("portal-dvc", "latency_ms", 10, 0.9999999, None, 2),
        ("traffic-218", "speed", 10, 0.999, Move.ACKNOWLEDGE, 2),
        ("air-commune", "pm25", 1, 0.999, None, 2),
        ("connector-finance", "success_share", 1, 0.999, None, 1),
        ("noise-218", "laeq", 1, 0.999, Move.RESOLVE, 1),
    ]
    for asset, metric, number, score, move, hours in wanted:
        stream_id = streams.find(conn, asset, metric)
        assert stream_id is not None
        moments = [now - timedelta(hours=hours) + n * 4 * MINUTE for n in range(number)]
        anomalies.append(
            conn, [Anomaly(stream_id, at, 9.0, score, "level", 1.0, 2.0) for at in moments]
        )
        intake.take_in(conn)
        if move is not None:
            row = conn.execute("SELECT max(id) FROM incidents").fetchone()
            assert row is not None
            workflow.move(conn, int(str(row[0])), move, actor="An")
    conn.execute("UPDATE incidents SET opened_at = began_at + interval '1 minute'")
    conn.execute(
        """INSERT INTO timeline (incident_id, at, actor, move, previous, hash)
           SELECT min(id), %s - n * interval '1 minute', 'system', 'recur', n::text::bytea, ''
           FROM incidents, generate_series(1, 4) n GROUP BY n""",
        [now],
    )
