"""The table `derivation_due`: what has to be derived, or derived again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from models.city.derivation import Due
from models.reading import microseconds, moment
from services.store.pool import Connection


class Ripe(NamedTuple):
    """A rule that does now what has been due since then; how long its steps are."""

    rule: str
    then: datetime
    step: int


def mark(conn: Connection, dues: Sequence[Due], now: datetime) -> None:
    """Remembers that these steps are due; what is due already stays so, and grows."""
    if not dues:
        return
    rows: dict[tuple[str, int, int, bool], Due] = {}
    for due in dues:  # one statement may touch a row once
        key = due.rule, due.asset_id, due.part, due.news
        before = rows.get(key, due)
        since, until = min(before.since, due.since), max(before.until, due.until)
        rows[key] = due._replace(since=since, until=until)
    kept = [rows[key] for key in sorted(rows)]
    conn.execute(
        """INSERT INTO derivation_due (rule, asset_id, part, news, since, until, marked_at)
           SELECT said.*, %s FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::boolean[],
                                         %s::timestamptz[], %s::timestamptz[]) AS said
           ON CONFLICT (rule, asset_id, part, news) DO UPDATE SET
               since = least(derivation_due.since, excluded.since),
               until = greatest(derivation_due.until, excluded.until)""",
        [
            now,
            [each.rule for each in kept],
            [each.asset_id for each in kept],
            [each.part for each in kept],
            [each.news for each in kept],
            [moment(each.since) for each in kept],
            [moment(each.until) for each in kept],
        ],
    )


def take(
    conn: Connection, ripe: Sequence[Ripe], parts: int, steps: int, *, news_alone: bool = False
) -> list[Due]:
    """Takes away what is due of these rules, at most so many parts, and about so many steps.

    What came live before what came out of a buffer, or alone, and what waits longest first.
    """
    rows = conn.execute(
        """DELETE FROM derivation_due d USING (
               SELECT rule, asset_id, part, news, sum(steps) OVER earlier - steps AS steps_before
               FROM (SELECT rule, asset_id, part, news, marked_at,
                            extract(epoch FROM until - since) / extract(epoch FROM step) AS steps
                     FROM derivation_due
                     JOIN unnest(%s::text[], %s::timestamptz[], %s::interval[])
                          AS ripe (rule, since_then, step) USING (rule)
                     WHERE marked_at <= since_then AND (news OR NOT %s)
                     ORDER BY news DESC, marked_at, part LIMIT %s) AS first
               WINDOW earlier AS (ORDER BY news DESC, marked_at, part, rule, asset_id)) AS next
           WHERE (d.rule, d.asset_id, d.part, d.news)
               = (next.rule, next.asset_id, next.part, next.news) AND steps_before < %s
           RETURNING d.rule, d.asset_id, d.part, d.news, d.since, d.until""",
        [
            [each.rule for each in ripe],
            [each.then for each in ripe],
            [timedelta(microseconds=each.step) for each in ripe],
            news_alone,
            parts,
            steps,
        ],
    ).fetchall()
    return [due_of(*row) for row in rows]


def due_of(*row: object) -> Due:
    """A row of the query above."""
    rule, asset_id, part, news, since, until = row
    if not isinstance(since, datetime) or not isinstance(until, datetime):
        raise TypeError("a due stretch has no ends")
    return Due(
        str(rule),
        int(str(asset_id)),
        int(str(part)),
        bool(news),
        microseconds(since),
        microseconds(until),
    )


def forget_others(conn: Connection, rules: Sequence[str]) -> None:
    """Drops what is due of rules that are no more."""
    conn.execute("DELETE FROM derivation_due WHERE NOT rule = ANY(%s)", [list(rules)])


def waiting(conn: Connection) -> int:
    """How many parts are due."""
    row = conn.execute("SELECT count(*) FROM derivation_due").fetchone()
    return int(str(row[0])) if row else 0
