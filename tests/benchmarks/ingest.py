"""How fast messages become committed rows, beside the two limits that nothing can pass."""

import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import psycopg
import typer
from rich.console import Console

from models.frame import Frame, frame, unpacked
from services.store import readings
from simulators.address import Address
from simulators.forms import FORMS
from simulators.load import Load, Outcome, publish_load
from simulators.wire import Line
from tests.benchmarks.bench_ground import Ground, ground
from tests.conftest import conninfo
from tests.flow.platform import Process, running, wait_until

say = Console(stderr=True)

ASSETS, VALUES = 1000, 7
ROWS_A_COPY = 14_000


class Speech(NamedTuple):
    """What is spoken, and how many listen."""

    codec: str
    workers: int


class Run(NamedTuple):
    """One load through ingest: from the first message sent to the last one committed."""

    messages: int
    seconds: float
    lost: int
    p50_ms: float
    p99_ms: float

    @property
    def messages_per_s(self) -> float:
        """End to end."""
        return self.messages / self.seconds


def main(
    seconds: Annotated[float, typer.Option(help="how long each load is published")] = 20,
    codec: Annotated[str, typer.Option(help=f"the convention: {', '.join(FORMS)}")] = "native",
    workers: Annotated[int, typer.Option(min=1, help="how many share the messages")] = 1,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="end with one JSON object")] = False,
) -> None:
    """Measure ingest end to end: QoS 1, seven values a message, 1,000 assets."""
    with ground() as made:
        copy_rows_per_s = copy_limit(min(seconds, 10))
        say.print(f"limit: binary COPY alone          {copy_rows_per_s:12,.0f} rows/s")
        speech = Speech(codec, workers)
        receive_per_s = receive_limit(made, seconds, speech)
        say.print(f"limit: receive + acknowledge alone {receive_per_s:11,.0f} messages/s")
        worker = Process(
            made.folder, "ingest", "--workers", str(workers), **worker_environment(made)
        )
        with running(worker):
            publish(made, 2000, 2, speech)  # every stream is known afterwards
            flood = run(made, 0, seconds, speech)
            show("flood, from first sent to last committed", flood)
            steady = run(made, flood.messages_per_s * 0.95, seconds, speech)
            show("steady at 95 % of that", steady)
            half = run(made, steady.messages_per_s / 2, seconds, speech)
            show("half of that", half)
            memory = peak_memory_mb(worker)
        say.print(f"ingest's peak resident memory      {memory:11,.0f} MB")
        outcome = {
            "codec": codec,
            "workers": workers,
            "messages_per_s": round(steady.messages_per_s),
            "rows_per_s": round(steady.messages_per_s * VALUES),
            "lost": flood.lost + steady.lost + half.lost,
            "p50_ms": round(half.p50_ms, 1),
            "p99_ms": round(half.p99_ms, 1),
            "peak_memory_mb": round(memory),
            "copy_rows_per_s": round(copy_rows_per_s),
            "receive_messages_per_s": round(receive_per_s),
            "flood_messages_per_s": round(flood.messages_per_s),
            "of_receive_limit": round(flood.messages_per_s / receive_per_s, 3),
            "steady_p50_ms": round(steady.p50_ms, 1),
            "steady_p99_ms": round(steady.p99_ms, 1),
        }
    if as_json:
        print(json.dumps(outcome))
    if outcome["lost"]:
        sys.exit(1)


def show(what: str, run: Run) -> None:
    """One line for people."""
    say.print(
        f"{what:42} {run.messages_per_s:8,.0f} messages/s {run.messages_per_s * VALUES:10,.0f}"
        f" rows/s   p50 {run.p50_ms:7,.0f} ms   p99 {run.p99_ms:7,.0f} ms   lost {run.lost}"
    )


def worker_environment(made: Ground) -> dict[str, str]:
    """What an ingest worker gets from a supervisor."""
    return {**made.libpq("cityops_ingest"), **made.broker.connection("ingest")}


def publish(made: Ground, rate: float, seconds: float, speech: Speech) -> Outcome:
    """Publishes a load from a process of its own and waits for its end."""
    load = Load(rate=rate, seconds=seconds, assets=ASSETS, values=VALUES, codec=speech.codec)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(publish_load, (load, address(made, "simulator")))


def address(made: Ground, account: str) -> Address:
    """The broker's door for one of its accounts."""
    return Address(made.broker.host, made.broker.port, account, made.broker.accounts[account])


def run(made: Ground, rate: float, seconds: float, speech: Speech) -> Run:
    """One load through a running worker, with what earlier ones left already on the disk."""
    with psycopg.connect(conninfo(made.cluster.superuser()), autocommit=True) as admin:
        admin.execute("CHECKPOINT")
    begun = time.time()
    with psycopg.connect() as conn:
        before = accounted(conn)
        outcome = publish(made, rate, seconds, speech)
        wanted = outcome.acknowledged * VALUES
        # A birth says besides that its node is online.
        settle(lambda: accounted(conn) - before >= wanted + outcome.births)
        commits = conn.execute(
            """SELECT extract(epoch FROM pg_xact_commit_timestamp(tx::xid)) * 1e6, frame
               FROM arrivals WHERE received_at >= to_timestamp(%s) ORDER BY 1""",
            [begun],
        ).fetchall()
        there = stored(conn, begun)
    delays = np.concatenate([(float(at) - unpacked([part])["time"]) / 1000 for at, part in commits])
    first_sent = min(int(unpacked([part])["time"].min()) for _, part in commits) / 1e6
    last_committed = float(commits[-1][0]) / 1e6
    return Run(
        outcome.acknowledged,
        last_committed - first_sent,
        wanted - there,
        float(np.percentile(delays, 50)),
        float(np.percentile(delays, 99)),
    )


def accounted(conn: psycopg.Connection[tuple[object, ...]]) -> int:
    """How many readings the ledger speaks of: cheap to ask."""
    row = conn.execute("SELECT sum(received) FROM ledger").fetchone()
    conn.rollback()
    return int(str(row[0] or 0)) if row else 0


def stored(conn: psycopg.Connection[tuple[object, ...]], since: float) -> int:
    """How many readings sent since this moment are committed."""
    row = conn.execute(
        """SELECT count(*) FROM readings JOIN streams ON streams.id = stream_id
           WHERE time >= to_timestamp(%s) AND metric <> 'online'""",
        [since],
    ).fetchone()
    conn.rollback()
    return int(str(row[0] or 0)) if row else 0


def settle(done: Callable[[], bool]) -> None:
    """Waits until the store holds everything, asking seldom: asking costs what is measured."""
    deadline = time.monotonic() + 120
    while not done() and time.monotonic() < deadline:
        time.sleep(1)


def receive_limit(made: Ground, seconds: float, speech: Speech) -> float:
    """Messages a second that the client receives and acknowledges when nobody writes."""
    count = 200_000 if seconds >= 10 else 50_000
    receiver = Process(
        made.folder, "tests.benchmarks.receiver", str(count), **made.broker.connection("ingest")
    )
    receiver.start()
    wait_until(receiver.ready_file.exists, "the receiver is ready", receiver.log)
    begun = time.time()
    publish(made, 0, seconds, speech)
    receiver.exit_code()
    # A session that never comes back would be kept everything that follows: clear it.
    Line.open(address(made, "ingest"), "receiver").close()
    finished = float(json.loads(receiver.said.splitlines()[-1])["finished"])
    return count / (finished - begun)


def copy_limit(seconds: float) -> float:
    """Rows a second of one connection that copies prepared rows into the table."""
    rows = copy_rows()
    done, begun = 0, time.perf_counter()
    with psycopg.connect() as conn:
        while (elapsed := time.perf_counter() - begun) < seconds:
            rows["time"] += 60_000_000
            readings.append(conn, rows, int(rows["time"][0]))
            conn.commit()
            done += len(rows)
        conn.execute("TRUNCATE readings")
        conn.commit()
    return done / elapsed


def copy_rows() -> Frame:
    """One batch as ingest makes it: two messages of 1,000 assets with seven streams each."""
    now = time.time_ns() // 1000
    streams = ASSETS * VALUES
    return frame(
        [1 + i % streams for i in range(ROWS_A_COPY)],
        [now + i // streams * 1000 for i in range(ROWS_A_COPY)],
        [20.0 + i for i in range(ROWS_A_COPY)],
    )


def peak_memory_mb(worker: Process) -> float:
    """The most memory the process ever held, in MB, and those it started."""
    assert worker.process is not None
    number = worker.process.pid
    started = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    return sum(peak_of(each) for each in [str(number), *started])


def peak_of(number: str) -> float:
    """The most memory one process ever held, in MB."""
    status = Path(f"/proc/{number}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
