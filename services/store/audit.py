"""The table `audit`: what people changed outside incidents."""

from collections.abc import Mapping

from psycopg.types.json import Jsonb

from services.store.pool import Connection


def append(
    conn: Connection, actor: str, action: str, target: str, detail: Mapping[str, object]
) -> None:
    """Writes down who did what to which, in the transaction in which it is done."""
    conn.execute(
        "INSERT INTO audit (actor, action, target, detail) VALUES (%s, %s, %s, %s)",
        [actor, action, target, Jsonb(dict(detail))],
    )
