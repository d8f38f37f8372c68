"""The schema on the community edition: the same names, kept by continuous aggregates."""

from datetime import UTC, datetime, timedelta

import pytest

from models.city.derivation import stretch
from models.city.derived.flood import FLOOD
from models.reading import microseconds
from services.derivation import deriving
from services.store import (
    assets,
    city,
    derivations,
    late_spans,
    migrations,
    organisation,
    rollups,
    streams,
)
from services.store.pool import Connection

START = datetime(2026, 3, 2, tzinfo=UTC)
TODAY = datetime(2026, 8, 3, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def filled(community: Connection) -> Connection:
    """Three days of one stream at one minute."""
    community.execute("INSERT INTO assets (name, kind) VALUES ('air-1', 'air')")
    community.execute("INSERT INTO streams (asset_id, metric) SELECT id, 'pm25' FROM assets")
    community.execute(
        """INSERT INTO readings (stream_id, time, value, received_at)
           SELECT s.id, t, extract(minute FROM t), t FROM streams s,
                  generate_series(%s::timestamptz, %s, interval '1 minute') t""",
        [START, START + timedelta(days=3) - timedelta(minutes=1)],
    )
    community.commit()
    return community


def columns(conn: Connection, *, of: str) -> list[tuple[object, ...]]:
    return conn.execute(
        """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
           WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum""",
        [of],
    ).fetchall()


def test_it_is_migrated_as_the_community_edition(community: Connection) -> None:
    assert migrations.edition(community) == migrations.COMMUNITY
    assert migrations.migrate(community) == []
    rows = community.execute(
        "SELECT view_name FROM timescaledb_information.continuous_aggregates ORDER BY 1"
    ).fetchall()
    assert rows == [("readings_1d",), ("readings_1h",), ("readings_5m",)]


def test_every_view_has_the_same_columns_in_both_editions(
    community: Connection, conn: Connection
) -> None:
    views = conn.execute(
        """SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')
           AND relnamespace = 'public'::regnamespace ORDER BY 1"""
    ).fetchall()
    assert len(views) >= 10
    for (view,) in views:
        assert columns(community, of=str(view)) == columns(conn, of=str(view)), view


def test_a_rollup_is_right_before_and_after_it_is_materialised(filled: Connection) -> None:
    query = "SELECT mean, low, high, samples FROM readings_5m WHERE time = %s"
    wanted = [(2.0, 0.0, 4.0, 5)]
    assert filled.execute(query, [START]).fetchall() == wanted
    filled.commit()
    filled.autocommit = True
    filled.execute("CALL refresh_continuous_aggregate('readings_5m', NULL, NULL)")
    filled.autocommit = False
    assert filled.execute(query, [START]).fetchall() == wanted


def test_a_late_reading_repairs_the_rollup(filled: Connection) -> None:
    late = START + timedelta(hours=5, seconds=30)
    filled.execute(
        """INSERT INTO readings (stream_id, time, value, received_at)
           SELECT id, %s, 100, now() FROM streams""",
        [late],
    )
    filled.commit()
    filled.autocommit = True
    filled.execute("CALL refresh_continuous_aggregate('readings_5m', NULL, NULL)")
    filled.autocommit = False
    found = filled.execute(
        "SELECT high, samples FROM readings_5m WHERE time = %s", [START + timedelta(hours=5)]
    ).fetchall()
    assert found == [(100.0, 6)]


def test_compressed_readings_read_the_same(filled: Connection) -> None:
    before = filled.execute("SELECT count(*), sum(value) FROM readings").fetchone()
    filled.execute("SELECT compress_chunk(show_chunks('readings'))")
    filled.commit()
    assert filled.execute("SELECT count(*), sum(value) FROM readings").fetchone() == before
    row = filled.execute(
        """SELECT before_compression_total_bytes > after_compression_total_bytes
           FROM hypertable_compression_stats('readings')"""
    ).fetchone()
    assert row == (True,)


def test_policies_are_there_and_their_jobs_run(filled: Connection) -> None:
    jobs = filled.execute(
        """SELECT job_id, proc_name FROM timescaledb_information.jobs
           WHERE proc_name LIKE 'policy_%%' AND hypertable_name IS NOT NULL"""
    ).fetchall()
    assert {str(name) for _, name in jobs} >= {
        "policy_compression",
        "policy_refresh_continuous_aggregate",
    }
    filled.commit()
    filled.autocommit = True
    for job, _ in jobs:
        filled.execute(f"CALL run_job({job})".encode())
    filled.autocommit = False


def test_housekeeping_repairs_rollups_of_what_came_long_after_its_time(filled: Connection) -> None:
    long_ago = START - timedelta(days=400)
    bad = long_ago + timedelta(minutes=1)
    with filled.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO readings (stream_id, time, value, quality, received_at)
               VALUES (1, %s, %s, %s, now())""",
            [(long_ago, 7.0, 0), (bad, 700.0, 2)],
        )
    late_spans.append(filled, long_ago, bad)
    filled.commit()
    assert rollups.repair(filled) == 1
    assert late_spans.all_of(filled) == []
    filled.commit()
    found = filled.execute(
        "SELECT high, samples FROM readings_5m WHERE time < %s", [long_ago + timedelta(hours=1)]
    ).fetchall()
    assert found == [(7.0, 1)]  # a bad reading measures nothing


def test_derived_readings_are_written_over_also_where_they_are_compressed(
    filled: Connection,
) -> None:
    """And the rollups of what is long past are computed again."""
    long_ago = START - timedelta(days=300)
    assets.claim(filled, [assets.Claim("dap-cau", "river")])
    asset_id = assets.ids(filled, ["dap-cau"])["dap-cau"]
    streams.register(filled, [(asset_id, "level_m", True, None)])
    filled.execute(
        """INSERT INTO readings (stream_id, time, value, received_at)
           SELECT s.id, t, 4.0, t FROM streams s,
                  generate_series(%s::timestamptz, %s, interval '10 minutes') t
           WHERE s.metric = 'level_m'""",
        [long_ago, long_ago + timedelta(hours=2)],
    )
    derive(filled, asset_id, long_ago)
    filled.execute("SELECT compress_chunk(c, true) FROM show_chunks('readings') c")
    filled.execute(
        """UPDATE readings SET value = 5.5
           WHERE time > %s AND stream_id = (SELECT id FROM streams WHERE metric = 'level_m')""",
        [long_ago + timedelta(hours=1)],
    )
    filled.commit()
    derive(filled, asset_id, long_ago)
    stream = streams.ids(filled, [asset_id])[asset_id]["flood_level"]
    rows = derivations.page(filled, stream, long_ago, long_ago + timedelta(days=1), 100)
    assert [row.value for row in rows] == [0] * 7 + [2] * 6
    assert rollups.repair(filled) > 0
    filled.commit()
    rolled = filled.execute(
        "SELECT max(high) FROM readings_1h WHERE stream_id = %s", [stream]
    ).fetchone()
    assert rolled == (2.0,)


def test_what_is_retracted_leaves_all_that_is_compressed_beside_it_as_it_is(
    filled: Connection,
) -> None:
    """More is compressed here than one statement may decompress."""
    filled.execute("INSERT INTO assets (name) SELECT 'lamp-' || n FROM generate_series(1, 40) n")
    filled.execute(
        """INSERT INTO streams (asset_id, metric)
           SELECT id, 'power' FROM assets WHERE name LIKE 'lamp-%'"""
    )
    filled.execute(
        """INSERT INTO readings (stream_id, time, value, received_at)
           SELECT s.id, t, 100, t FROM streams s,
                  generate_series(%s::timestamptz, %s, interval '1 minute') t
           WHERE s.metric = 'power'""",
        [START, START + timedelta(days=2)],
    )
    filled.execute("SELECT compress_chunk(c, true) FROM show_chunks('readings') c")
    filled.commit()
    stream = streams.ids(filled, [1])[1]["pm25"]
    for since, until, gone in ((START, START + timedelta(minutes=5), 5), (TODAY, TODAY + DAY, 0)):
        derivations.retract(filled, [(stream, microseconds(since), microseconds(until))], [])
        filled.commit()
        bad = filled.execute(
            """SELECT count(*) FROM readings
               WHERE stream_id = %s AND time >= %s AND time < %s AND quality = 2""",
            [stream, since, until],
        ).fetchone()
        assert bad == (gone,)
    derivations.retract(filled, [], [])


def derive(conn: Connection, asset_id: int, since: datetime) -> None:
    """All levels of three hours."""
    begin = microseconds(since)
    dues = list(stretch(FLOOD, asset_id, begin, begin + 18 * FLOOD.step, news=True))
    deriving.derive(conn, FLOOD, dues, city.book(conn), datetime.now(UTC))
    conn.commit()


def test_dossiers_and_the_tree_of_the_day_are_the_same_here(community: Connection) -> None:
    """What egov keeps of a dossier that was early by four days."""
    community.execute(
        """INSERT INTO dossier_clocks (code, unit, procedure, channel, begun_at, accepted_at,
                                       due_at, late_at, ended_at, with_result, stands, in_time)
           SELECT 'H02.215-190102-0001', '215', 'DD.11', 1, t, t, t + INTERVAL '7 days',
                  t + INTERVAL '7 days', t + INTERVAL '3 days', true, 'early', true
           FROM (SELECT '2019-01-02T01:30:00Z'::timestamptz AS t) AS begun"""
    )
    at = datetime(2019, 1, 31, tzinfo=UTC)
    found = {each.unit: each.on_time_share for each in organisation.loads(community, at, at)}
    community.rollback()
    assert found == {"215": 1.0, "24": 1.0}
