"""How fast a year of dossiers is loaded, and how soon the index of any day is there."""

import json
import math
import os
import random
import resource
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import psycopg
import typer
from rich.console import Console

from services.egov import reckoning
from services.egov.runner import Runner
from services.egov.settings import EgovSettings
from services.store import dossier_files
from services.store.pool import Pool, open_pool, transaction
from simulators.egov.events import events, line
from simulators.egov.units import units
from tests.benchmarks.bench_ground import ground
from tests.egov.reckoned import procedures

say = Console(stderr=True)

A_YEAR = 12_000_000  # events, of 1.5 million dossiers: what a province is asked for in a year
A_DAY = timedelta(days=1)
WINDOW = 28  # days in a file: what the simulator works out at a time
BEGINS = datetime(2019, 1, 2, tzinfo=UTC)
A_WINDOW = 330_000  # events, about, that all simulated offices tell in a file's days
SEED = 1
IMPATIENT = EgovSettings(patience_seconds=0)


class Loaded(NamedTuple):
    """What was loaded, how fast, and what this process held at most."""

    events: int
    dossiers: int
    seconds: float
    peak_mb: float


class Counted(NamedTuple):
    """How long the service took to count all dossiers, and for the index of a day."""

    seconds: float
    index_p95: float
    index_worst: float


def main(
    events: Annotated[int, typer.Option(min=1000, help="about how many are loaded")] = A_YEAR,
    days: Annotated[int, typer.Option(min=1, help="random days whose index is reckoned")] = 40,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="end with one JSON object")] = False,
) -> None:
    """Measure dossiers: the load of files, and the index of every unit on any day."""
    load_average = os.getloadavg()[0]
    with ground() as made:
        files = list(written(made.folder, events))
        loaded = load(files)
        per_s = loaded.events / loaded.seconds
        say.print(f"loaded                             {per_s:12,.0f} events/s")
        say.print(f"peak resident memory               {loaded.peak_mb:12,.0f} MB")
        counted = count(len(files) * WINDOW, days)
        say.print(f"dossiers counted anew              {counted.seconds:12.1f} s")
        say.print(f"index of a day, every unit         p95 {counted.index_p95:8.2f} s")
    outcome = {
        "events": loaded.events,
        "dossiers": loaded.dossiers,
        "load_s": round(loaded.seconds, 1),
        "events_per_s": round(per_s),
        "a_year_min": round(A_YEAR / per_s / 60, 1),
        "peak_memory_mb": round(loaded.peak_mb),
        "count_s": round(counted.seconds, 1),
        "index_p95_s": round(counted.index_p95, 3),
        "index_worst_s": round(counted.index_worst, 3),
        "load_average": round(load_average, 1),
        "cores": os.cpu_count(),
    }
    if as_json:
        print(json.dumps(outcome))
    if not loaded.dossiers:
        sys.exit(1)


def written(folder: Path, events: int) -> Iterator[Path]:
    """Writes files of about so many events, by as many processes as there are cores."""
    windows = range(max(1, round(events / A_WINDOW)))
    days = min(WINDOW, math.ceil(WINDOW * events / A_WINDOW))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(write, windows, repeat(folder), repeat(days))


def write(window: int, folder: Path, days: int) -> Path:
    """Writes what all offices tell in some days, a line an event."""
    since = (BEGINS + window * WINDOW * A_DAY).timestamp()
    until = since + days * A_DAY.total_seconds()
    every = units(SEED).values()
    told = merge(*(events(each, since, until) for each in every), key=lambda event: event.at)
    file = folder / f"{window:03}.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{line(event)}\n" for event in told)
    return file


def load(files: list[Path]) -> Loaded:
    """Imports the files as `scripts/store dossiers import` does, one after the other."""
    with psycopg.connect() as conn:
        procedures(conn)
        conn.commit()
        begun = time.perf_counter()
        tallies = [
            dossier_files.take(conn, file, lambda _: None, threading.Event(), again=False)
            for file in files
        ]
        seconds = time.perf_counter() - begun
        row = conn.execute("SELECT count(*) FROM dossiers").fetchone()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stored = sum(tally.counted.stored for tally in tallies)
    return Loaded(stored, int(str(row[0])) if row else 0, seconds, peak_mb)


def count(span: int, days: int) -> Counted:
    """Has the service count what was loaded, then reckons the index of random days."""
    ends = BEGINS + span * A_DAY
    dice = random.Random(SEED)
    with open_pool("egov", size=2) as pool:
        runner = Runner(pool, IMPATIENT, lambda: ends)
        begun = time.perf_counter()
        while runner.count(ends):
            pass
        counted = time.perf_counter() - begun
        chosen = [BEGINS.date() + dice.randrange(span) * A_DAY for _ in range(days)]
        took = [reckoned(pool, day, ends) for day in chosen]
    return Counted(counted, float(np.percentile(took, 95)), max(took))


def reckoned(pool: Pool, day: date, now: datetime) -> float:
    """Seconds for the totals and the index of every unit on a day, committed."""
    begun = time.perf_counter()
    with transaction(pool) as conn:
        reckoning.reckon(conn, [day], now)
    return time.perf_counter() - begun
