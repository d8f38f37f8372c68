"""The table `assets`: what reports."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Asset(NamedTuple):
    """One thing with a name on the wire. claimed_at is None until an engineer says what it is."""

    id: int
    name: str
    kind: str
    title: str | None
    area_code: str | None
    latitude: float | None
    longitude: float | None
    created_at: datetime
    claimed_at: datetime | None


class Claim(NamedTuple):
    """What an engineer says an asset is; None leaves a field as it is."""

    name: str
    kind: str | None = None
    title: str | None = None
    area_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def register(conn: Connection, names: Iterable[tuple[str, str]]) -> None:
    """Makes an unclaimed asset of each (name, kind) that is not known yet."""
    rows = sorted(set(names))
    conn.execute(
        """INSERT INTO assets (name, kind)
           SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT (name) DO NOTHING""",
        [[name for name, _ in rows], [kind for _, kind in rows]],
    )


def ids(conn: Connection, names: Sequence[str]) -> dict[str, int]:
    """The ids of those names that are known."""
    found = conn.execute(
        "SELECT name, id FROM assets WHERE name = ANY(%s)", [list(names)]
    ).fetchall()
    return {str(name): int(str(asset_id)) for name, asset_id in found}


def claim(conn: Connection, claims: Sequence[Claim]) -> int:
    """Registers or completes assets as an engineer describes them; returns how many.

    Raises UnknownKind or UnknownArea (with all of the transaction) where one names what is
    not there.
    """
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO assets (name, kind, title, area_code, latitude, longitude, claimed_at)
               VALUES (%s, coalesce(%s, 'unknown'), %s, %s, %s, %s, now())
               ON CONFLICT (name) DO UPDATE SET
                   kind = CASE WHEN excluded.kind = 'unknown' THEN assets.kind
                               ELSE excluded.kind END,
                   title = coalesce(excluded.title, assets.title),
                   area_code = coalesce(excluded.area_code, assets.area_code),
                   latitude = coalesce(excluded.latitude, assets.latitude),
                   longitude = coalesce(excluded.longitude, assets.longitude),
                   claimed_at = coalesce(assets.claimed_at, now())""",
            claims,
        )
    return len(claims)


def update(conn: Connection, claim: Claim) -> Asset | None:
    """Completes one known asset as described; None where there is no such asset."""
    with conn.cursor(row_factory=class_row(Asset)) as cursor:
        return cursor.execute(
            """UPDATE assets SET
                   kind = coalesce(%(kind)s, kind), title = coalesce(%(title)s, title),
                   area_code = coalesce(%(area_code)s, area_code),
                   latitude = coalesce(%(latitude)s, latitude),
                   longitude = coalesce(%(longitude)s, longitude),
                   claimed_at = coalesce(claimed_at, now())
               WHERE name = %(name)s
               RETURNING id, name, kind, title, area_code, latitude, longitude,
                         created_at, claimed_at""",
            claim._asdict(),
        ).fetchone()


def find(conn: Connection, name: str) -> Asset | None:
    """One asset by name."""
    with conn.cursor(row_factory=class_row(Asset)) as cursor:
        return cursor.execute(
            """SELECT id, name, kind, title, area_code, latitude, longitude, created_at, claimed_at
               FROM assets WHERE name = %s""",
            [name],
        ).fetchone()


def page(
    conn: Connection,
    *,
    kind: str | None = None,
    claimed: bool | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[Asset]:
    """The assets after an id, in order of id."""
    with conn.cursor(row_factory=class_row(Asset)) as cursor:
        return cursor.execute(
            """SELECT id, name, kind, title, area_code, latitude, longitude, created_at, claimed_at
               FROM assets
               WHERE id > %(after)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
                 AND (%(claimed)s::boolean IS NULL OR (claimed_at IS NOT NULL) = %(claimed)s)
               ORDER BY id LIMIT %(limit)s""",
            {"after": after, "kind": kind, "claimed": claimed, "limit": limit},
        ).fetchall()


def entitle(conn: Connection, titles: Mapping[str, str]) -> None:
    """Gives assets the titles that devices name, where nobody has given one."""
    conn.execute(
        """UPDATE assets SET title = told.title
           FROM (SELECT unnest(%s::text[]) AS name, unnest(%s::text[]) AS title
                 ORDER BY 1) AS told
           WHERE assets.name = told.name AND assets.title IS NULL AND claimed_at IS NULL""",
        [list(titles), [title.replace("\0", "\u2400")[:200] for title in titles.values()]],
    )


def claimed_since(conn: Connection, moment: datetime) -> list[str]:
    """The names of the claimed assets that were changed since then."""
    rows = conn.execute(
        "SELECT name FROM assets WHERE claimed_at IS NOT NULL AND changed_at >= %s", [moment]
    ).fetchall()
    return [str(row[0]) for row in rows]


def adopt(conn: Connection, parents: Mapping[str, str]) -> None:
    """TEMPORARY"""
    register(conn, [(parent, "unknown") for parent in parents.values()])
    conn.execute(
        """UPDATE assets SET parent_id = p.id
           FROM (SELECT unnest(%s::text[]) AS name, unnest(%s::text[]) AS parent) AS told
           JOIN assets p ON p.name = told.parent
           WHERE assets.name = told.name AND assets.parent_id IS NULL AND assets.claimed_at IS NULL""",
        [list(parents), list(parents.values())],
    )
