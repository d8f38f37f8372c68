"""The view `stream_rules`: what is believed of each stream's readings."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Rule(NamedTuple):
    """A stream's unit (UCUM), its plausible range in it, and its largest change per second."""

    stream_id: int
    unit: str | None
    low: float | None
    high: float | None
    max_rate: float | None


class Facts(NamedTuple):
    """What detection is told of a stream: a rule, what sort of number it is, whether it is judged.

    sort is a word of models.detectors.traits.Sort, in small letters. kind is the asset's;
    under_its_kind says whether it speaks through one of its own kind; area is its code.
    """

    stream_id: int
    unit: str | None
    low: float | None
    high: float | None
    max_rate: float | None
    sort: str
    judged: bool
    metric: str
    kind: str
    under_its_kind: bool
    area: str | None


def of(conn: Connection, stream_ids: Collection[int]) -> list[Rule]:
    """The rules of these streams."""
    with conn.cursor(row_factory=class_row(Rule)) as cursor:
        return cursor.execute(
            """SELECT stream_id, unit, low, high, max_rate
               FROM stream_rules WHERE stream_id = ANY(%s)""",
            [list(stream_ids)],
        ).fetchall()


def changed_at(conn: Connection) -> datetime | None:
    """When a rule or a claim was last changed; None where there is none yet."""
    row = conn.execute(
        """SELECT greatest((SELECT max(changed_at) FROM streams),
                           (SELECT max(changed_at) FROM metrics),
                           (SELECT max(changed_at) FROM assets))"""
    ).fetchone()
    return row[0] if row and isinstance(row[0], datetime) else None


def since(conn: Connection, moment: datetime) -> list[Rule]:
    """The rules that were changed since then."""
    with conn.cursor(row_factory=class_row(Rule)) as cursor:
        return cursor.execute(
            """SELECT stream_id, unit, low, high, max_rate FROM stream_rules
               WHERE stream_id IN (
                   SELECT id FROM streams WHERE changed_at >= %(moment)s
                   UNION
                   SELECT s.id FROM metrics m JOIN streams s ON s.metric = m.name
                   WHERE m.changed_at >= %(moment)s)""",
            {"moment": moment},
        ).fetchall()


def facts(
    conn: Connection, stream_ids: Collection[int], changed_since: datetime | None = None
) -> list[Facts]:
    """The facts of these streams; of those alone that were changed since, if that is said."""
    with conn.cursor(row_factory=class_row(Facts)) as cursor:
        return cursor.execute(
            """SELECT r.stream_id, r.unit, r.low, r.high, r.max_rate,
                      coalesce(m.sort, 'gauge') AS sort, s.judged, r.metric, a.kind,
                      coalesce(g.kind = a.kind, false) AS under_its_kind, a.area_code AS area
               FROM stream_rules r JOIN streams s ON s.id = r.stream_id
               JOIN assets a ON a.id = s.asset_id LEFT JOIN assets g ON g.id = a.parent_id
               LEFT JOIN metrics m ON m.name = r.metric
               WHERE r.stream_id = ANY(%(ids)s)
                 AND (%(since)s::timestamptz IS NULL
                      OR greatest(r.changed_at, a.changed_at) >= %(since)s)""",
            {"ids": list(stream_ids), "since": changed_since},
        ).fetchall()


def usual_units(conn: Connection, metrics: Collection[str]) -> dict[str, str]:
    """The catalogue's units of those of these metrics that have one there."""
    rows = conn.execute(
        "SELECT name, unit FROM metrics WHERE name = ANY(%s) AND unit IS NOT NULL",
        [list(metrics)],
    ).fetchall()
    return {str(name): str(unit) for name, unit in rows}


def suggest_units(conn: Connection, units: Mapping[int, str]) -> None:
    """Gives streams a unit, by id, where nobody has said one."""
    conn.execute(
        """UPDATE streams SET unit = suggested.unit
           FROM (SELECT unnest(%s::integer[]) AS id, unnest(%s::text[]) AS unit
                 ORDER BY 1) AS suggested
           WHERE streams.id = suggested.id AND streams.unit IS NULL""",
        [list(units), list(units.values())],
    )
