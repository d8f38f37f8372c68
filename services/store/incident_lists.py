"""Incidents as an operator looks through them: what is open first, the gravest at the top."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import args_row, class_row

from services.store.pool import Connection


class Listed(NamedTuple):
    """A line of the list. place grows down the list; with the id it says where to go on.

    words are a rule's own, or the name of the metric; unit is the organisation's, if it has one.
    """

    id: int
    place: int
    asset: str
    title: str
    kind: str
    area: str | None
    organisation: str | None
    metric_vi: str
    metric_en: str
    words_vi: str
    words_en: str
    status: str
    active: bool
    severity: str
    nature: str
    began_at: datetime
    member_count: int


class Area(NamedTuple):
    """An area in which something stands, and the one it lies in."""

    code: str
    name: str
    within: str | None


def page(  # noqa: PLR0913 (the filters a person has)
    conn: Connection,
    *,
    statuses: list[str],
    severity: str | None = None,
    desk: str | None = None,
    nature: str | None = None,
    area: str | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """The incidents behind a (place, id): open ones, the gravest, the newest first.

    An area is meant with all that lies in it.
    """
    place, number = after or (None, None)
    with conn.cursor(row_factory=args_row(lambda number, place: (number, place))) as cursor:
        chosen = cursor.execute(
            """WITH RECURSIVE within AS (
                   SELECT code FROM areas WHERE code = %(area)s
                   UNION SELECT p.code FROM areas p JOIN within ON p.parent_code = within.code),
               placed AS (
                   SELECT i.id, 10 * array_position(ARRAY['open', 'acknowledged', 'resolved'], i.status)
                              + array_position(ARRAY['high', 'medium', 'low'], i.severity) AS place
                   FROM incidents i
                   JOIN streams s ON s.id = i.stream_id
                   JOIN assets a ON a.id = s.asset_id
                   WHERE i.status = ANY(%(statuses)s)
                     AND (%(severity)s::text IS NULL OR i.severity = %(severity)s)
                     AND (%(nature)s::text IS NULL OR i.nature = %(nature)s)
                     AND (%(area)s::text IS NULL OR a.area_code IN (SELECT code FROM within))
                     AND (%(desk)s::text IS NULL OR EXISTS (
                         SELECT FROM desk_assets w JOIN desks d ON d.name = w.desk
                         WHERE d.name = %(desk)s AND w.asset_id = a.id
                           AND (d.natures IS NULL OR i.nature = ANY (d.natures)))))
               SELECT id, place FROM placed
               WHERE %(place)s::integer IS NULL OR place > %(place)s
                  OR (place = %(place)s AND id < %(number)s)
               ORDER BY place, id DESC LIMIT %(limit)s""",
            {
                "statuses": statuses,
                "severity": severity,
                "nature": nature,
                "area": area,
                "desk": desk,
                "place": place,
                "number": number,
                "limit": limit,
            },
        ).fetchall()
    return listed(conn, chosen)


def find(conn: Connection, incident_id: int) -> Listed | None:
    """One incident as the list has it; its place is 0."""
    return next(iter(listed(conn, [(incident_id, 0)])), None)


def listed(conn: Connection, chosen: Sequence[tuple[int, int]]) -> list[Listed]:
    """The lines of incidents by (id, place), in the order of the list."""
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(
            """SELECT l.id, chosen.place, l.asset, l.title, l.kind, l.area,
                      w.unit_name AS organisation, w.title AS metric_vi, w.title_en AS metric_en,
                      w.words AS words_vi, w.words_en, l.status, l.active, l.severity, l.nature,
                      l.began_at, l.member_count
               FROM unnest(%s::bigint[], %s::integer[]) AS chosen (id, place)
               JOIN incident_list l USING (id)
               JOIN incident_words w ON w.incident_id = chosen.id
               ORDER BY chosen.place, chosen.id DESC""",
            [[number for number, _ in chosen], [place for _, place in chosen]],
        ).fetchall()


def areas(conn: Connection) -> list[Area]:
    """The areas in which anything stands, with those around them: the large ones first."""
    with conn.cursor(row_factory=class_row(Area)) as cursor:
        return cursor.execute(
            """WITH RECURSIVE used AS (
                   SELECT DISTINCT area_code AS code FROM assets WHERE area_code IS NOT NULL
                   UNION SELECT p.parent_code FROM areas p JOIN used USING (code)
                   WHERE p.parent_code IS NOT NULL)
               SELECT p.code, p.name, q.name AS within
               FROM used JOIN areas p USING (code) LEFT JOIN areas q ON q.code = p.parent_code
               ORDER BY array_position(ARRAY['province', 'district', 'commune'], p.kind), p.name,
                        p.code"""
        ).fetchall()
