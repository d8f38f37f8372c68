"""The table `console_place`: where browsers find the console, for the boards' links."""

from services.store.pool import Connection


def move(conn: Connection, url: str) -> None:
    """Writes the address down, where that is news."""
    conn.execute("UPDATE console_place SET url = %(url)s WHERE url <> %(url)s", {"url": url})
