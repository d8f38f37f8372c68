"""What cost a unit points of its index: units, procedures, dossiers and incidents of a period."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from psycopg.rows import class_row

from models.egov.index766 import Count, Index
from models.egov.losses import Loss
from models.egov.unit_index import costs
from models.egov.yearbook import Pair, Rollup
from services.store import index_tables
from services.store.index_tables import Missed
from services.store.pool import Connection
from services.store.yearbooks import Shelf

PROGRESS = "PROGRESS_ON_TIME"


class Cost(NamedTuple):
    """Who cost how many points; name is a unit's code, or a procedure's."""

    name: str
    points: float


class Costly(NamedTuple):
    """A sub-metric that costs points, and who costs them, the most first."""

    loss: Loss
    units: list[Cost]
    procedures: list[Cost]


class WordedIncident(NamedTuple):
    """An incident in words, with whose it is."""

    id: int
    asset: str
    metric: str
    title: str
    title_en: str
    words: str
    words_en: str
    system: str | None
    unit: str | None
    unit_name: str | None
    area_code: str | None
    status: str
    severity: str
    began_at: datetime
    last_anomaly_at: datetime


class Scope(NamedTuple):
    """One whole of a roll-up (see Rollup: its only one), in a period of whole days."""

    shelf: Shelf
    roll: Rollup
    since: date
    day: date

    @property
    def shares(self) -> dict[str, float]:
        """The units that count in it, with their shares."""
        row = self.roll.matrix[0].tolist()
        return {unit: each for unit, each in zip(self.shelf.book.units, row, strict=True) if each}

    def reckoned(self) -> Index:
        """Its index."""
        return self.shelf.indexes(self.roll, self.since, self.day)[self.roll.whole[0]]


def costly(conn: Connection, scope: Scope, found: Index) -> list[Costly]:
    """What costs points of an index, the most first."""
    counts = scope.shelf.counts(scope.since, scope.day)
    parts = {code: by_unit(scope, pair) for code, pair in counts.items()}
    procedures = {PROGRESS: by_procedure(conn, scope)}
    both = zip(costs(found, parts), costs(found, procedures), strict=True)
    return [Costly(loss, most(units), most(handled)) for (loss, units), (_, handled) in both]


def most(points: Mapping[str, float]) -> list[Cost]:
    """Who cost points, in order."""
    return [Cost(name, cost) for name, cost in points.items() if cost > 0]


def by_unit(scope: Scope, pair: Pair) -> dict[str, Count]:
    """What each unit's own counts are worth in the whole."""
    place = scope.shelf.book.place
    found = {}
    for unit, share in scope.shares.items():
        numerator, denominator = (float(each[place[unit]]) * share for each in pair)
        if np.isfinite(denominator):
            found[unit] = Count(numerator, denominator)
    return found


def by_procedure(conn: Connection, scope: Scope) -> dict[str, Count]:
    """What each procedure's dossiers are worth in the whole, as the index counts them on time."""
    shares = scope.shares
    found: dict[str, Count] = {}
    for row in index_tables.by_procedure(conn, sorted(shares), scope.since, scope.day):
        before = found.get(row.procedure, Count(0.0, 0.0))
        found[row.procedure] = Count(
            (before.numerator or 0.0) + shares[row.unit] * row.in_time,
            (before.denominator or 0.0) + shares[row.unit] * row.judged,
        )
    return found


def missed(conn: Connection, scope: Scope, limit: int) -> list[Missed]:
    """The dossiers that cost points, the longest overdue first."""
    return index_tables.missed(conn, sorted(scope.shares), scope.since, scope.day, limit)


def incidents(
    conn: Connection,
    units: Sequence[str],
    span: tuple[datetime, datetime],
    *,
    before: int | None = None,
    limit: int = 100,
) -> list[WordedIncident]:
    """The incidents at these units' services that were there in a span, the newest first."""
    with conn.cursor(row_factory=class_row(WordedIncident)) as cursor:
        return cursor.execute(
            """SELECT incident_id AS id, asset, metric, title, title_en, words, words_en, system, unit,
                      unit_name, area_code, status, severity, began_at, last_anomaly_at
               FROM incident_words
               WHERE unit = ANY(%(units)s) AND began_at < %(until)s
                 AND last_anomaly_at >= %(since)s
                 AND (%(before)s::bigint IS NULL OR incident_id < %(before)s)
               ORDER BY incident_id DESC LIMIT %(limit)s""",
            {
                "units": list(units),
                "since": span[0],
                "until": span[1],
                "before": before,
                "limit": limit,
            },
        ).fetchall()


def titles(conn: Connection, codes: Mapping[str, object]) -> dict[str, str]:
    """What procedures are called."""
    rows = conn.execute(
        """SELECT DISTINCT ON (code) code, title FROM procedures WHERE code = ANY(%s)
           ORDER BY code, valid_from DESC""",
        [sorted(codes)],
    )
    return {str(code): str(title) for code, title in rows}
