"""The table `incident_members`: the assets an incident is about."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Member(NamedTuple):
    """An asset, and since when it shows what the incident is about."""

    asset: str
    since: datetime


def add(conn: Connection, incident_id: int, since: Mapping[int, datetime]) -> None:
    """Adds assets by their ids; those that are in it already stay as they are."""
    conn.execute(
        """INSERT INTO incident_members (incident_id, asset_id, since)
           SELECT %s, * FROM unnest(%s::bigint[], %s::timestamptz[])
           ON CONFLICT DO NOTHING""",
        [incident_id, list(since), list(since.values())],
    )


def of(conn: Connection, incident_ids: Collection[int]) -> dict[int, list[Member]]:
    """The members of these incidents, those that came first at the beginning."""
    found: dict[int, list[Member]] = {each: [] for each in incident_ids}
    rows = conn.execute(
        """SELECT m.incident_id, a.name, m.since
           FROM incident_members m JOIN assets a ON a.id = m.asset_id
           WHERE m.incident_id = ANY(%s) ORDER BY m.incident_id, m.since, a.name""",
        [list(incident_ids)],
    ).fetchall()
    for incident_id, asset, since in rows:
        if isinstance(since, datetime):
            found[int(str(incident_id))].append(Member(str(asset), since))
    return found


class Titled(NamedTuple):
    """An asset as people call it, and since when it shows what the incident is about."""

    asset: str
    title: str
    since: datetime


def titled(conn: Connection, incident_id: int) -> list[Titled]:
    """The members of one incident by their titles, those that came first at the beginning."""
    with conn.cursor(row_factory=class_row(Titled)) as cursor:
        return cursor.execute(
            """SELECT asset, coalesce(title, asset) AS title, time AS since
               FROM incident_member_list WHERE incident_id = %s ORDER BY time, asset""",
            [incident_id],
        ).fetchall()


class Folded(NamedTuple):
    """An asset that is silent with its gateway."""

    gateway_id: int
    asset_id: int
    asset: str


def folded(conn: Connection, gateway_ids: Collection[int]) -> list[Folded]:
    """Whose silence is told with that of these gateways: all behind them, eight deep at most."""
    with conn.cursor(row_factory=class_row(Folded)) as cursor:
        return cursor.execute(
            """WITH RECURSIVE behind AS (
                   SELECT g.id AS gateway_id, g.id AS asset_id, 0 AS depth
                   FROM unnest(%s::bigint[]) AS g (id)
                   UNION ALL
                   SELECT b.gateway_id, a.id, b.depth + 1
                   FROM behind b JOIN assets a ON a.parent_id = b.asset_id
                   WHERE b.depth < 8)
               SELECT DISTINCT b.gateway_id, a.id AS asset_id, a.name AS asset
               FROM behind b JOIN assets a ON a.id = b.asset_id
               JOIN asset_connectivity c ON c.asset_id = a.id
               WHERE b.depth > 0 AND c.with_parent AND c.state = 'silent'
               ORDER BY a.id""",
            [list(gateway_ids)],
        ).fetchall()
