"""Takes in the readings of a file: a small CSV through the polite lane, all else straight."""

import csv
import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from ingest import aside
from ingest.aside import Aside
from ingest.bulk import Import, Tally, rehearse
from ingest.series import COLUMNS, BadFile, Pieces, opened
from ingest.settings import IngestSettings
from ingest.ways import Nowhere
from models.asset import Kind
from models.reading import ASSET_NAME, LARGEST, METRIC_NAME, Sample, microseconds, moment
from models.units import ucum
from services import process
from services.store import held, ledger
from services.store.held import Held, Reason
from services.store.pool import Connection, Pool, open_pool, transaction

say = Console(stderr=True)

SMALL = 8 << 20  # bytes of a CSV that is held in memory and put aside whole
TOGETHER = 1000  # readings of one asset that wait as one row
MOST_FLAWS = 100  # that are named
WORKER = "backfill"
MOST_REASONS = 20  # that the summary names
LOOK = 0.5  # seconds between looks at what still waits


class Stopped(Exception):
    """Somebody said stop; what is stored stays, and the rest is for the next time."""


class Line(NamedTuple):
    """One reading of the file: time in microseconds since 1970, unit as UCUM or None."""

    asset: str
    metric: str
    time: int
    value: float
    unit: str | None


def put(file: Path, *, dry_run: bool, wait: bool) -> None:
    """Takes a file in. Raises BadFile, Stopped, and NoDatabase where there is none.

    A CSV of up to SMALL bytes is checked whole, put aside as history, and stored by ingest as it
    has time. Anything else is stored straight, and its bad rows are rejected one by one.
    """
    if is_small(file):
        put_politely(file, dry_run=dry_run, wait=wait)
    else:
        put_straight(file, dry_run=dry_run)


def is_small(file: Path) -> bool:
    """Whether a file is one for the polite lane. Raises BadFile where it is none at all."""
    if file.suffix == ".parquet":
        return False
    try:
        return file.stat().st_size <= SMALL
    except OSError as why:
        raise BadFile(f"{file}: cannot be read: {why.strerror}") from why


def put_straight(file: Path, *, dry_run: bool) -> None:
    """Stores a file piece by piece; says what became of its rows."""
    settings = process.read_settings(IngestSettings)
    began = time.monotonic()
    with opened(file) as found, shown(found.rows) as advance:
        if dry_run:
            tally = Tally()
            known = Nowhere()
            for piece in found.pieces:
                rehearse(piece, settings, known, tally)
                advance(len(piece.time))
        else:
            tally = stored(file, found, settings, advance)
    seconds = time.monotonic() - began
    would = f"{tally.rows - tally.rejected:,} of {tally.rows:,} rows would be taken"
    say.print(would if dry_run else f"{tally}, in {seconds:.1f} s")
    for reason, rows in tally.reasons.most_common(MOST_REASONS):
        say.print(f"  {rows:,} x {reason}", markup=False)


def stored(
    file: Path, found: Pieces, settings: IngestSettings, advance: Callable[[int], None]
) -> Tally:
    """Stores a file's pieces until there are no more. Raises Stopped on Ctrl-C or SIGTERM."""
    stop = process.on_stop_signals()
    with open_pool("ingest", size=2, checked=False) as pool:
        bulk = Import(pool, settings, file.name)
        bulk.begin()
        for piece in found.pieces:
            if stop.is_set():
                raise Stopped(f"stopped after {bulk.tally}; the same command takes in the rest")
            bulk.take(piece)
            advance(len(piece.time))
    return bulk.tally


@contextmanager
def shown(rows: int | None) -> Iterator[Callable[[int], None]]:
    """A bar that is told how many more rows are done."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=say, transient=True, disable=not say.is_terminal) as progress:
        bar = progress.add_task("rows", total=rows)
        yield lambda done: progress.update(bar, advance=done)


def put_politely(file: Path, *, dry_run: bool, wait: bool) -> None:
    """Checks the whole file, puts it aside as history, and waits until it is stored.

    Raises BadFile with every bad line, not only the first.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = list(read(lines))
    if dry_run:
        say.print(f"{len(found):,} readings would be put aside")
        return
    with open_pool("ingest", size=1) as pool:
        with transaction(pool) as conn:
            number = put_aside(conn, found)
        say.print(f"{len(found):,} readings are put aside; ingest stores them as it has time")
        if wait:
            watch(pool, number)


def read(lines: Iterable[str]) -> Iterator[Line]:
    """The readings of a CSV whose first line names the columns. Raises BadFile."""
    rows = csv.DictReader(lines)
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or [])]
    if missing:
        raise BadFile(f"line 1: no column {' and no column '.join(missing)}")
    flaws: list[str] = []
    for row in rows:
        try:
            yield read_row(row)
        except ValueError as flaw:
            flaws.append(f"line {rows.line_num}: {flaw}")
            if len(flaws) == MOST_FLAWS:
                flaws.append("and perhaps more")
                break
    if flaws:
        raise BadFile("\n".join(flaws))


def read_row(row: dict[str, str]) -> Line:
    """One line. Raises ValueError with the reason it cannot be taken."""
    asset, metric = (row["asset"] or "").strip(), (row["metric"] or "").strip()
    if not ASSET_NAME.fullmatch(asset):
        raise ValueError(f"{asset!r} is no name of an asset")
    if not METRIC_NAME.fullmatch(metric):
        raise ValueError(f"{metric!r} is no name of a metric")
    at = datetime.fromisoformat((row["time"] or "").strip())
    if at.tzinfo is None:
        raise ValueError(f"{row['time']!r} has no zone, as in 2026-01-01T00:00:00Z")
    value = float(row["value"] or "")
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"{row['value']!r} is no number that can be added up")
    spelled = (row.get("unit") or "").strip()
    unit = ucum(spelled) if spelled else None
    if spelled and unit is None:
        raise ValueError(f"{spelled!r} is no unit that is known")
    return Line(asset, metric, microseconds(at), value, unit)


def put_aside(conn: Connection, lines: list[Line]) -> int:
    """Puts lines aside as history, an asset's together; returns the last row's number."""
    ordered = sorted(lines, key=lambda line: (line.asset, line.time))
    for asset, group in groupby(ordered, key=lambda line: line.asset):
        theirs = list(group)
        pieces = [theirs[at : at + TOGETHER] for at in range(0, len(theirs), TOGETHER)]
        held.append(conn, [waiting(asset, piece) for piece in pieces])
    ledger.add(conn, WORKER, ledger.Count(received=len(lines), held=len(lines)))
    return held.newest(conn)


def waiting(asset: str, lines: list[Line]) -> Held:
    """Readings of one asset as one row that waits."""
    samples = [
        Aside(
            Sample(
                asset,
                line.time,
                {line.metric: line.value},
                {line.metric: line.unit} if line.unit else None,
                historical=True,
            ),
            Kind.UNKNOWN.value,
            None,
        )
        for line in lines
    ]
    now = moment(time.time_ns() // 1000)
    return Held(now, asset, Reason.HISTORY, aside.wrapped(samples), len(lines))


def watch(pool: Pool, number: int) -> None:
    """Shows how the lane gets on with what was put aside up to a row's number."""
    with transaction(pool) as conn:
        total = held.history_until(conn, number)
    with Progress(console=say, disable=not say.is_terminal) as progress:
        bar = progress.add_task("stored", total=total)
        left = total
        while left:
            time.sleep(LOOK)
            with transaction(pool) as conn:
                left = held.history_until(conn, number)
            progress.update(bar, completed=total - left)
    say.print("all of it is stored, or among the rejects")
