"""The view `incident_words`: what rules have said of incidents, in Vietnamese and English."""

from collections.abc import Collection
from typing import NamedTuple

from services.store.pool import Connection


class Words(NamedTuple):
    """A sentence in both languages."""

    vi: str
    en: str


def of(conn: Connection, incident_ids: Collection[int]) -> dict[int, Words]:
    """What rules said last of these incidents; those of which none spoke are left out."""
    rows = conn.execute(
        """SELECT incident_id, words, words_en FROM incident_words
           WHERE incident_id = ANY(%s) AND told""",
        [list(incident_ids)],
    )
    return {int(str(number)): Words(str(vi), str(en)) for number, vi, en in rows}
