"""The boards on the community edition: their panels read what is kept, not what was reported."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from services.store import rollups
from services.store.pool import Connection
from tests.dashboards.asking import Query, look, queries

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
KEPT_UNTIL = NOW - timedelta(hours=12)  # of the hours; of the days seven hours less
SERIES = re.compile(r"\bseries_(5m|1h|1d)\b")
CHUNK = re.compile(r"\b_hyper_(\d+)_(\d+)_chunk\b")


@pytest.fixture(scope="module")
def month(community: Connection) -> Connection:
    """A month of a station of the air, all of it kept but the last half day."""
    community.execute(
        "INSERT INTO assets (name, kind, title) VALUES ('air-213', 'air', 'Trạm khí 1')"
    )
    community.execute(
        """INSERT INTO streams (asset_id, metric)
           SELECT id, unnest(ARRAY['aqi', 'pm25', 'pm10']) FROM assets WHERE name = 'air-213'"""
    )
    community.execute(
        """INSERT INTO readings (stream_id, time, value, received_at)
           SELECT s.id, t, 60, t FROM streams s,
                  generate_series(%s::timestamptz, %s, interval '20 minutes') t""",
        [NOW - timedelta(days=32), NOW],
    )
    community.commit()
    community.autocommit = True
    for rollup in rollups.ROLLUPS:
        community.execute("CALL refresh_continuous_aggregate(%s, NULL, %s)", [rollup, KEPT_UNTIL])
    community.autocommit = False
    community.execute("ANALYZE")
    community.commit()
    return community


def scanned(conn: Connection, query: Query, days: int) -> tuple[set[str], list[datetime]]:
    """Whose chunks a query looks into over so many days; of the readings' own their ends."""
    owners: set[str] = set()
    ends: list[datetime] = []
    statement = look(NOW, days * 24, query.board).expanded(query.sql)
    plan = "\n".join(str(line) for (line,) in conn.execute(f"EXPLAIN {statement}".encode()))
    for hypertable, chunk in set(CHUNK.findall(plan)):
        row = conn.execute(
            """SELECT hypertable_name, range_end FROM timescaledb_information.chunks
               WHERE chunk_name = %s""",
            [f"_hyper_{hypertable}_{chunk}_chunk"],
        ).fetchone()
        assert row is not None
        owners.add(str(row[0]))
        if row[0] == "readings":
            ends.append(row[1])  # type: ignore[arg-type]
    return owners, ends


def test_panels_over_a_month_read_continuous_aggregates(month: Connection) -> None:
    """And of the readings only the week in which the last hours are that are not kept yet."""
    month.execute("SET ROLE cityops_viewer")
    asked = [each for each in queries() if SERIES.search(each.sql) and "-en" not in each.board]
    assert len(asked) > 40
    for query in asked:
        owners, ends = scanned(month, query, 30)
        if "reading_qualities" not in query.sql and "current_readings" not in query.sql:
            assert all(end > KEPT_UNTIL - timedelta(days=1) for end in ends), (query, owners, ends)
        assert any(each.startswith("_materialized_hypertable") for each in owners), query
    month.execute("RESET ROLE")
