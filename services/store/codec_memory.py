"""The table `codec_memory`: what codecs have to know again after a restart."""

from collections.abc import Mapping

from services.store.pool import Connection


def keep(conn: Connection, codec: str, memory: Mapping[str, bytes | None]) -> None:
    """Keeps what a codec wants kept, by key; None forgets a key."""
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO codec_memory (codec, key, content) VALUES (%s, %s, %s)
               ON CONFLICT (codec, key) DO UPDATE
                   SET content = excluded.content, kept_at = now()""",
            [(codec, key, content) for key, content in memory.items() if content is not None],
        )
    conn.execute(
        "DELETE FROM codec_memory WHERE codec = %s AND key = ANY(%s)",
        [codec, [key for key, content in memory.items() if content is None]],
    )


def of(conn: Connection, codec: str) -> dict[str, bytes]:
    """All that is kept for a codec."""
    rows = conn.execute(
        "SELECT key, content FROM codec_memory WHERE codec = %s", [codec]
    ).fetchall()
    return {str(key): content for key, content in rows if isinstance(content, bytes)}
