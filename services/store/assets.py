"""The table `assets`: what reports."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection
from services.store.refusals import UnknownParent

HIGHEST = 8  # how many assets may stand above one; the schema refuses more
ONE_AT_A_TIME = 7660010  # the advisory lock under which the schema looks for circles


class Asset(NamedTuple):
    """One thing with a name on the wire. claimed_at is None until an engineer says what it is.

    parent is the name of the gateway it speaks through, owner_unit the organisation it belongs to.
    """

    id: int
    name: str
    kind: str
    title: str | None
    area_code: str | None
    latitude: float | None
    longitude: float | None
    parent: str | None
    owner_unit: str | None
    created_at: datetime
    claimed_at: datetime | None


class Claim(NamedTuple):
    """What an engineer says an asset is; None leaves a field as it is.

    An empty parent takes the asset away from the one it has.
    """

    name: str
    kind: str | None = None
    title: str | None = None
    area_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    parent: str | None = None
    owner_unit: str | None = None


class Wanted(NamedTuple):
    """Which assets; None asks for nothing. area takes in what lies within it."""

    kind: str | None = None
    claimed: bool | None = None
    parent: str | None = None
    area: str | None = None
    text: str | None = None


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

    A name comes once. Raises UnknownKind, UnknownArea, UnknownParent or BelowItself (with all of
    the transaction) where one names what is not there, or stands below itself.
    """
    describe(conn, claims)
    put_below(conn, {claim.name: claim.parent for claim in claims if claim.parent is not None})
    return len(claims)


def describe(conn: Connection, claims: Sequence[Claim]) -> None:
    """Does all of `claim` but the parents, who may be described later."""
    conn.execute(
        """INSERT INTO assets
               (name, kind, title, area_code, latitude, longitude, owner_unit, claimed_at)
           SELECT name, coalesce(kind, 'unknown'), title, area, latitude, longitude, owner, now()
           FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::float8[],
                       %s::float8[], %s::text[])
               AS said (name, kind, title, area, latitude, longitude, owner)
           ON CONFLICT (name) DO UPDATE SET
               kind = CASE WHEN excluded.kind = 'unknown' THEN assets.kind
                           ELSE excluded.kind END,
               title = coalesce(excluded.title, assets.title),
               area_code = coalesce(excluded.area_code, assets.area_code),
               latitude = coalesce(excluded.latitude, assets.latitude),
               longitude = coalesce(excluded.longitude, assets.longitude),
               owner_unit = coalesce(excluded.owner_unit, assets.owner_unit),
               claimed_at = coalesce(assets.claimed_at, now())""",
        [
            [each.name for each in claims],
            [each.kind for each in claims],
            [each.title for each in claims],
            [each.area_code for each in claims],
            [each.latitude for each in claims],
            [each.longitude for each in claims],
            [each.owner_unit for each in claims],
        ],
    )


def put_below(conn: Connection, parents: Mapping[str, str]) -> None:
    """Puts known assets below their parents; an empty name takes one away from its parent.

    Raises UnknownParent or BelowItself.
    """
    named = {parent for parent in parents.values() if parent}
    if strangers := sorted(named - ids(conn, list(named)).keys()):
        raise UnknownParent(f"there is no asset {strangers[0]}, which is named as a parent")
    conn.execute(
        """UPDATE assets SET parent_id = parent.id
           FROM unnest(%s::text[], %s::text[]) AS said (child, parent)
           LEFT JOIN assets AS parent ON parent.name = said.parent
           WHERE assets.name = said.child AND assets.parent_id IS DISTINCT FROM parent.id""",
        [list(parents.keys()), list(parents.values())],
    )


def parents_above(conn: Connection, names: Iterable[str]) -> dict[str, str]:
    """The parent of each of these assets, of their parents, and so on."""
    found = conn.execute(
        """WITH RECURSIVE line AS (
               SELECT id, parent_id FROM assets WHERE name = ANY(%s) AND parent_id IS NOT NULL
               UNION
               SELECT a.id, a.parent_id FROM line JOIN assets a ON a.id = line.parent_id
               WHERE a.parent_id IS NOT NULL)
           SELECT a.name, p.name FROM line
           JOIN assets a ON a.id = line.id JOIN assets p ON p.id = line.parent_id""",
        [sorted(names)],
    ).fetchall()
    return {str(name): str(parent) for name, parent in found}


def adopt(conn: Connection, parents: Mapping[str, str]) -> int:
    """Puts children below the gateways they were heard through; returns how many it did.

    An engineer's word stands: a child that is claimed, or has a parent, stays where it is. So
    does one that would stand below itself. A gateway that is not known yet is registered.
    """
    orphans = conn.execute(
        """SELECT name FROM assets
           WHERE name = ANY(%s) AND parent_id IS NULL AND claimed_at IS NULL""",
        [list(parents)],
    ).fetchall()
    pairs = sorted((str(child), parents[str(child)]) for (child,) in orphans)
    pairs = [(child, parent) for child, parent in pairs if child != parent]
    if not pairs:
        return 0
    register(conn, [(parent, "unknown") for _, parent in pairs])
    conn.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    with conn.cursor() as cursor:
        cursor.executemany(
            """UPDATE assets SET parent_id = parent.id FROM assets AS parent
               WHERE assets.name = %(child)s AND parent.name = %(parent)s
                 AND assets.parent_id IS NULL AND assets.claimed_at IS NULL
                 AND NOT EXISTS (
                     WITH RECURSIVE above AS (
                         SELECT id, parent_id, 1 AS height FROM assets WHERE name = %(parent)s
                         UNION ALL
                         SELECT a.id, a.parent_id, above.height + 1
                         FROM above JOIN assets a ON a.id = above.parent_id
                         WHERE above.height <= %(highest)s)
                     SELECT FROM above WHERE id = assets.id OR height > %(highest)s)""",
            [{"child": child, "parent": parent, "highest": HIGHEST} for child, parent in pairs],
        )
        return cursor.rowcount


def update(conn: Connection, claim: Claim) -> Asset | None:
    """Completes one known asset as described; None where there is no such asset."""
    done = conn.execute(
        """UPDATE assets SET
               kind = coalesce(%(kind)s, kind), title = coalesce(%(title)s, title),
               area_code = coalesce(%(area_code)s, area_code),
               latitude = coalesce(%(latitude)s, latitude),
               longitude = coalesce(%(longitude)s, longitude),
               owner_unit = coalesce(%(owner_unit)s, owner_unit),
               claimed_at = coalesce(claimed_at, now())
           WHERE name = %(name)s""",
        claim._asdict(),
    )
    if done.rowcount and claim.parent is not None:
        put_below(conn, {claim.name: claim.parent})
    return find(conn, claim.name) if done.rowcount else None


def find(conn: Connection, name: str) -> Asset | None:
    """One asset by name."""
    with conn.cursor(row_factory=class_row(Asset)) as cursor:
        return cursor.execute(
            """SELECT id, name, kind, title, area_code, latitude, longitude, parent, owner_unit,
                      created_at, claimed_at
               FROM asset_list WHERE name = %s""",
            [name],
        ).fetchone()


def page(
    conn: Connection, wanted: Wanted | None = None, *, after: int = 0, limit: int = 100
) -> list[Asset]:
    """The assets after an id, in order of id."""
    with conn.cursor(row_factory=class_row(Asset)) as cursor:
        return cursor.execute(
            """SELECT id, name, kind, title, area_code, latitude, longitude, parent, owner_unit,
                      created_at, claimed_at
               FROM asset_list
               WHERE id > %(after)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
                 AND (%(claimed)s::boolean IS NULL OR (claimed_at IS NOT NULL) = %(claimed)s)
                 AND (%(parent)s::text IS NULL OR parent = %(parent)s)
                 AND (%(area)s::text IS NULL OR area_code IN (
                     WITH RECURSIVE within AS (
                         SELECT %(area)s::text AS code
                         UNION
                         SELECT a.code FROM within JOIN areas a ON a.parent_code = within.code)
                     SELECT code FROM within))
                 AND (%(text)s::text IS NULL
                      OR strpos(lower(concat_ws(' ', name, title)), lower(%(text)s)) > 0)
               ORDER BY id LIMIT %(limit)s""",
            {"after": after, "limit": limit, **(wanted or Wanted())._asdict()},
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
