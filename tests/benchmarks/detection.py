"""How fast readings are judged, how small a memory is, and how soon an incident is there."""

import json
import os
import sys
import time
from typing import Annotated, NamedTuple

import numpy as np
import psycopg
import typer
from rich.console import Console

from models.frame import Frame, unpacked
from services.detection.runner import Runner
from services.detection.settings import DetectionSettings
from services.store import arrivals, detector_states
from services.store.arrivals import Cursor
from services.store.detector_states import State
from services.store.pool import Connection, open_pool, transaction
from tests.benchmarks.bench_ground import Ground, ground
from tests.benchmarks.population import SPIKE, STEP, Population, population, states
from tests.flow.platform import Process, running, wait_until

say = Console(stderr=True)

PIECE = DetectionSettings().readings_per_turn
# A province of 2,300 streams that report once a minute, in batches as ingest makes them.
CITY, BATCH_EVERY = 2300, 0.5
SPIKES = 2  # of each batch
SLICE = 5000  # states saved at once


class Delay(NamedTuple):
    """Seconds from the commit of an odd reading to the commit of its incident."""

    incidents: int
    p50: float
    p99: float
    worst: float


def main(
    streams: Annotated[int, typer.Option(min=5000, help="how many are known")] = 100_000,
    turns: Annotated[int, typer.Option(min=1, help="readings of each that are judged")] = 5,
    seconds: Annotated[float, typer.Option(help="how long the city reports")] = 60,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="end with one JSON object")] = False,
) -> None:
    """Measure detection: the always-on detectors on one core, a restart, and a city's delay."""
    people = population(streams)
    known = list(states(people))
    sizes, load = [len(each.state) for each in known], os.getloadavg()[0]
    readings_per_s = speed(people, known, turns)
    say.print(f"judged and learned on one core     {readings_per_s:12,.0f} readings/s")
    say.print(f"state of a stream, at most         {max(sizes):12,} bytes")
    with ground() as made:
        keep(people, known)
        restart = restart_seconds(people)
        say.print(f"restart from {streams:,} states     {restart:12.1f} s")
        delay = city(made, people, seconds)
    say.print(f"row to incident                    p50 {delay.p50:.2f} s   p99 {delay.p99:.2f} s")
    outcome = {
        "streams": streams,
        "readings_per_s": round(readings_per_s),
        "state_bytes": round(sum(sizes) / len(sizes)),
        "state_bytes_most": max(sizes),
        "restart_s": round(restart, 2),
        "incidents": delay.incidents,
        "row_to_incident_p50_s": round(delay.p50, 3),
        "row_to_incident_p99_s": round(delay.p99, 3),
        "row_to_incident_worst_s": round(delay.worst, 3),
        "load_average": round(load, 1),
        "cores": os.cpu_count(),
    }
    if as_json:
        print(json.dumps(outcome))
    if not delay.incidents:
        sys.exit(1)


def speed(people: Population, known: list[State], turns: int) -> float:
    """Readings a second of processor time, in frames as a turn of detection takes them."""
    bank = people.bank(people.streams)
    bank.restore((each.stream_id, each.state) for each in known)
    spent = 0.0
    for turn in range(turns):
        frame = people.frame(people.everybody(), people.known_at + turn * STEP)
        pieces = [frame[begin : begin + PIECE] for begin in range(0, len(frame), PIECE)]
        begun = time.process_time()
        for piece in pieces:
            bank.judge(piece)
        spent += time.process_time() - begun
    return people.streams * turns / spent


def keep(people: Population, known: list[State]) -> None:
    """Registers the streams and saves what is known of them."""
    layout = people.bank(0).layout
    with psycopg.connect() as conn:
        conn.execute(
            "INSERT INTO assets (name, kind) SELECT 'asset-' || n, 'unknown'"
            " FROM generate_series(1, %s) n ORDER BY n",
            [people.streams],
        )
        conn.execute(
            """INSERT INTO streams (id, asset_id, metric) OVERRIDING SYSTEM VALUE
               SELECT row_number, id, (%s::text[])[row_number]
               FROM (SELECT id, row_number() OVER (ORDER BY id) FROM assets) AS numbered""",
            [[people.metric(each) for each in range(1, people.streams + 1)]],
        )
        for begin in range(0, len(known), SLICE):
            detector_states.save(conn, layout, known[begin : begin + SLICE])


def restart_seconds(people: Population) -> float:
    """From a new process's first turn to the commit of what it judged."""
    with open_pool("detection", size=2) as pool:
        arrive(people.frame(people.everybody()[:PIECE], people.known_at))
        begun = time.perf_counter()
        Runner(pool, DetectionSettings()).turn()
        return time.perf_counter() - begun


def arrive(frame: Frame) -> None:
    """Puts readings into the feed, as ingest does."""
    with psycopg.connect() as conn:
        arrivals.append(conn, frame, time.time_ns() // 1000)


def city(made: Ground, people: Population, seconds: float) -> Delay:
    """A city reports; some of what it says is odd."""
    detection = Process(made.folder, "services.detection", **made.libpq("cityops_detection"))
    incidents = Process(made.folder, "services.incidents", **made.libpq("cityops_incidents"))
    with running(detection, incidents), open_pool("bench", size=1) as pool:
        arrive(people.frame(1 + np.arange(10), time.time_ns() // 1000))
        with transaction(pool) as conn:
            before = arrivals.lock_cursor(conn, "detection")
        wait_until(lambda: caught_up(before), "detection has restored", detection.log)
        begun_at = report(people, seconds)
        last = newest()
        wait_until(lambda: caught_up(last), "all is judged", detection.log)
        time.sleep(2 * BATCH_EVERY)  # for the last incidents
        with transaction(pool) as conn:
            return delays(conn, begun_at)


def report(people: Population, seconds: float) -> int:
    """Publishes the city's readings at its rate; returns when it began, in microseconds."""
    each = round(CITY * BATCH_EVERY / 60)
    ids, odd = people.everybody()[:CITY], 0
    begun, begun_at = time.monotonic(), time.time_ns() // 1000
    for batch in range(int(seconds / BATCH_EVERY)):
        time.sleep(max(0.0, begun + batch * BATCH_EVERY - time.monotonic()))
        some = ids[np.arange(batch * each, (batch + 1) * each) % CITY]
        frame = people.frame(some, time.time_ns() // 1000)
        frame["value"][:SPIKES] += SPIKE
        odd += SPIKES
        arrive(frame)
    say.print(f"a city of {CITY:,} readings a minute, {odd} of them odd in {seconds:.0f} s")
    return begun_at


def newest() -> Cursor:
    """The end of the feed."""
    with psycopg.connect() as conn:
        row = conn.execute("SELECT tx::text, id FROM arrivals ORDER BY tx DESC, id DESC LIMIT 1")
        tx, arrival_id = row.fetchone() or ("0", 0)
    return Cursor(str(tx), int(str(arrival_id)))


def caught_up(place: Cursor) -> bool:
    """Whether detection has come beyond this place."""
    with psycopg.connect() as conn:
        row = conn.execute(
            "SELECT (tx, arrival_id) >= (%s::xid8, %s) FROM cursors WHERE reader = 'detection'",
            [place.tx, place.arrival_id],
        ).fetchone()
    return bool(row and row[0])


def delays(conn: Connection, since: int) -> Delay:
    """Commit of a reading since then to commit of the incident's first line, by the database's clock."""
    arrived = {
        int(each): float(str(at))
        for at, frame in conn.execute(
            "SELECT extract(epoch FROM pg_xact_commit_timestamp(tx::xid)), frame FROM arrivals"
        )
        if isinstance(frame, bytes)
        for each in unpacked([frame])["time"].tolist()
    }
    found = conn.execute(
        """SELECT (extract(epoch FROM i.began_at) * 1e6)::bigint,
                  extract(epoch FROM pg_xact_commit_timestamp(t.xmin))
           FROM incidents i JOIN timeline t ON t.incident_id = i.id AND t.move = 'open'
           WHERE i.began_at >= to_timestamp(%s)""",
        [since / 1e6],
    ).fetchall()
    waited = np.array([float(str(at)) - arrived[int(str(time))] for time, at in found] or [np.nan])
    return Delay(
        len(found),
        float(np.percentile(waited, 50)),
        float(np.percentile(waited, 99)),
        float(waited.max()),
    )
