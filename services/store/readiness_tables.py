"""The tables of readiness and coverage: weights, facts of units, who was heard, and what came of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import args_row, class_row

from models.egov.coverage import Coverage
from models.egov.readiness import Readiness, Weight
from models.egov.standing import Turn
from services.store.dossiers import columns
from services.store.pool import Connection


class Score(NamedTuple):
    """The readiness of a unit on a day."""

    unit: str
    name: str
    kind: str
    day: date
    score: float | None
    coverage: float
    weights_from: date


class Part(NamedTuple):
    """An input of a unit's readiness."""

    code: str
    title: str | None
    title_en: str | None
    weight: float
    value: float | None
    points: float | None


class Covered(NamedTuple):
    """How many units of a kind are heard, of how many."""

    kind: str
    title: str
    title_en: str
    at: datetime
    heard: int
    of: int
    silent: list[str]


def weights(conn: Connection) -> list[Weight]:
    """All weights there ever were."""
    with conn.cursor(row_factory=args_row(Weight)) as cursor:
        return cursor.execute(
            """SELECT code, title, title_en, weight, valid_from, valid_to FROM readiness_weights
               ORDER BY code, valid_from"""
        ).fetchall()


def facts(conn: Connection, day: date) -> dict[tuple[str, str], float]:
    """What is known of units on a day, by unit and name."""
    rows = conn.execute(
        """SELECT unit, name, value FROM unit_facts
           WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)""",
        {"day": day},
    )
    return {(str(unit), str(name)): float(str(value)) for unit, name, value in rows}


def heard(conn: Connection) -> dict[str, datetime]:
    """When each unit was heard last, whatever service spoke for it."""
    rows = conn.execute(
        """SELECT s.unit, max(c.last_received_at) FROM egov_service_list s
           JOIN asset_connectivity c ON c.asset_id = s.asset_id
           WHERE c.last_received_at IS NOT NULL AND s.system IN ('one-stop', 'centre')
           GROUP BY s.unit"""
    )
    return {str(unit): at for unit, at in rows if isinstance(at, datetime)}


def turns(conn: Connection, since: datetime) -> dict[str, list[Turn]]:
    """How each unit's one-stop shop was heard since a moment, and as it began; in order."""
    rows = conn.execute(
        """SELECT s.unit, m.at, m.state FROM egov_service_list s
           JOIN connectivity_moves m ON m.asset_id = s.asset_id
           WHERE s.system IN ('one-stop', 'centre') AND m.at >= coalesce(
               (SELECT max(b.at) FROM connectivity_moves b
                WHERE b.asset_id = s.asset_id AND b.at <= %s), '-infinity')
           ORDER BY s.unit, m.at, m.id""",
        [since],
    )
    found: dict[str, list[Turn]] = {}
    for unit, at, state in rows:
        if isinstance(at, datetime):
            found.setdefault(str(unit), []).append(Turn(at, str(state)))
    return found


def put(
    conn: Connection, day: date, found: dict[str, Readiness], since: date, now: datetime
) -> None:
    """Writes the readiness of units on a day, over what it was."""
    conn.execute("DELETE FROM egov_readiness WHERE day = %s", [day])
    conn.execute("DELETE FROM egov_readiness_parts WHERE day = %s", [day])
    rows = [(unit, its.score, its.coverage) for unit, its in sorted(found.items())]
    conn.execute(
        """INSERT INTO egov_readiness (unit, day, score, coverage, weights_from, reckoned_at)
           SELECT unit, %s, score, coverage, %s, %s
           FROM unnest(%s::text[], %s::double precision[], %s::double precision[])
                AS n (unit, score, coverage)""",
        [day, since, now, *columns(rows, 3)],
    )
    parts = [
        (unit, part.weight.code, part.weight.weight, part.value, part.points)
        for unit, its in sorted(found.items())
        for part in its.parts
    ]
    conn.execute(
        """INSERT INTO egov_readiness_parts (unit, day, code, weight, value, points)
           SELECT unit, %s, code, weight, value, points
           FROM unnest(%s::text[], %s::text[], %s::double precision[], %s::double precision[],
                       %s::double precision[]) AS n (unit, code, weight, value, points)""",
        [day, *columns(parts, 5)],
    )


def page(conn: Connection, day: date, unit: str | None = None) -> list[Score]:
    """The readiness of every unit on the newest reckoned day up to a day, or of one."""
    with conn.cursor(row_factory=class_row(Score)) as cursor:
        return cursor.execute(
            """SELECT unit, name, kind, day, score, coverage, weights_from FROM egov_readiness_list
               WHERE day = (SELECT max(day) FROM egov_readiness WHERE day <= %(day)s)
                 AND (%(unit)s::text IS NULL OR unit = %(unit)s)
               ORDER BY unit""",
            {"day": day, "unit": unit},
        ).fetchall()


def parts(conn: Connection, unit: str, day: date) -> list[Part]:
    """The inputs of a unit's readiness on a day."""
    with conn.cursor(row_factory=class_row(Part)) as cursor:
        return cursor.execute(
            """SELECT code, title, title_en, weight, value, points FROM egov_readiness_part_list
               WHERE unit = %s AND day = %s ORDER BY code""",
            [unit, day],
        ).fetchall()


def cover(conn: Connection, found: Sequence[Coverage], now: datetime) -> None:
    """Writes down which units are heard, where that is other than before."""
    before = {each.kind: each for each in covered(conn)}
    for each in found:
        old = before.get(each.kind)
        if old is None or (old.heard, old.of, old.silent) != (
            each.heard,
            each.of,
            list(each.silent),
        ):
            conn.execute(
                """INSERT INTO egov_coverage (kind, at, heard, of, silent)
                   VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
                [each.kind, now, each.heard, each.of, list(each.silent)],
            )


def covered(conn: Connection, at: datetime | None = None) -> list[Covered]:
    """How many units of each kind are heard, now or at a moment."""
    with conn.cursor(row_factory=class_row(Covered)) as cursor:
        return cursor.execute(
            """SELECT DISTINCT ON (kind) kind, title, title_en, at, heard, of, silent
               FROM egov_coverage_changes
               WHERE %(at)s::timestamptz IS NULL OR at <= %(at)s
               ORDER BY kind, at DESC""",
            {"at": at},
        ).fetchall()
