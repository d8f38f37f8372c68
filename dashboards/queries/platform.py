"""The SQL of the board of the platform itself."""

from typing import Final

HEARD: Final = """SELECT count(*) FILTER (WHERE state = 'online') AS online,
       count(*) FILTER (WHERE state = 'late') AS late,
       count(*) FILTER (WHERE state = 'silent') AS silent,
       count(*) FILTER (WHERE state = 'learning') AS learning,
       count(*) FILTER (WHERE clock_wrong) AS clock_wrong
FROM connectivity_list WHERE @measuring AND @of_kind AND @in_area"""

BALANCE: Final = """SELECT coalesce(sum(abs(imbalance)), 0) AS imbalance,
       (SELECT count(*) FROM reject_list WHERE status = 'open') AS open_rejects,
       pg_database_size(current_database()) AS database_bytes
FROM ledger_balance WHERE $__timeFilter(time)"""

# Added up before it is split: a month of two workers is 86,400 rows of the ledger.
LEDGER: Final = """WITH spans AS (
    SELECT $__timeGroup(time,$__interval) AS time, sum(received) AS received, sum(stored) AS stored,
           sum(duplicate) AS duplicate, sum(rejected) AS rejected, sum(held) AS held
    FROM ledger_balance WHERE $__timeFilter(time) GROUP BY 1)
SELECT time, part.name AS metric, part.items * 60000.0 / $__interval_ms AS @named
FROM spans
CROSS JOIN LATERAL (VALUES ('received', received), ('stored', stored), ('duplicate', duplicate),
                           ('rejected', rejected), ('held', held)) part (name, items)
ORDER BY 1, 2"""

CHANGES: Final = """SELECT $__timeGroup(time,$__interval) AS time, state AS metric, count(*) AS @named
FROM connectivity_changes
WHERE $__timeFilter(time) AND state IN ('late', 'silent') AND NOT with_parent
  AND @of_kind AND @in_area
GROUP BY 1, 2 ORDER BY 1, 2"""

DELAYS: Final = """SELECT title, asset, state,
       date_part('epoch', last_received_at - last_event_at) AS delay_s,
       date_part('epoch', now() - last_received_at) AS quiet_s, cadence_s, clock_wrong
FROM connectivity_list
WHERE last_received_at IS NOT NULL AND @of_kind AND @in_area
ORDER BY delay_s DESC NULLS LAST, 1 LIMIT 20"""

WORKERS: Final = """SELECT worker, max(time) AS newest_at, sum(received)::bigint AS received,
       sum(stored)::bigint AS stored, sum(duplicate)::bigint AS duplicate,
       sum(rejected)::bigint AS rejected, sum(imbalance)::bigint AS imbalance
FROM ledger_balance WHERE $__timeFilter(time) GROUP BY 1 ORDER BY 1"""

REASONS: Final = """SELECT coalesce(last_reason, reason) AS reason, status AS reject_status,
       count(*) AS messages, sum(items)::bigint AS items, max(time) AS newest_at
FROM reject_list WHERE $__timeFilter(time)
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 50"""

# How far each of those who read the change feed is behind.
READERS: Final = """SELECT reader, waiting_s, read_until AS read_until_at
FROM reader_list ORDER BY waiting_s DESC, 1"""

# Of what was stored: the share that is uncertain, bad, or came more than 15 minutes late.
QUALITY: Final = """WITH spans AS (
    SELECT $__timeGroup(time,$__interval) AS time, nullif(sum(stored), 0)::float AS stored,
           sum(uncertain) AS uncertain, sum(bad) AS bad, sum(late) AS late
    FROM ledger_balance WHERE $__timeFilter(time) GROUP BY 1)
SELECT time, part.name AS metric, part.items / stored AS @named
FROM spans
CROSS JOIN LATERAL (VALUES ('uncertain', uncertain), ('bad', bad), ('late_share', late)) part (name, items)
WHERE stored IS NOT NULL ORDER BY 1, 2"""

# Beats are not rolled up: no more than three days of them are read.
CANARY: Final = """SELECT $__timeGroup(time,$__interval) AS time, @canary_name AS metric,
       max(delay_s) AS @named
FROM canary_beats
WHERE $__timeFilter(time) AND time > $__timeTo()::timestamptz - interval '3 days'
GROUP BY 1, 2 ORDER BY 1"""

# A month of chunks is a handful; what is compressed says what it took before.
CHUNKS: Final = """SELECT hypertable, count(*) AS chunks, count(*) FILTER (WHERE is_compressed) AS compressed,
       min(range_start) AS since_at, sum(bytes)::bigint AS bytes,
       (sum(before_bytes) FILTER (WHERE is_compressed)
        / nullif(sum(bytes) FILTER (WHERE is_compressed), 0))::float AS times_smaller
FROM chunk_list GROUP BY 1 ORDER BY bytes DESC, 1"""
