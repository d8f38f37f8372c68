"""The SQL of the board of the load on e-government services."""

from typing import Final

# The units that are known, the province first. A commune's name may occur twice, and Grafana tells
# options apart by their text.
UNITS: Final = """SELECT text AS __text, unit AS __value FROM (
    SELECT 0 AS rank, @all AS text, 'all' AS unit
    UNION ALL
    SELECT array_position(ARRAY['province', 'department', 'district', 'commune'], kind),
           name || CASE WHEN count(*) OVER (PARTITION BY name) > 1
                   THEN ' (' || unit || ')' ELSE '' END, unit
    FROM unit_name_list WHERE kind IN (${level:sqlstring})) options
ORDER BY rank, text"""

NOW: Final = """SELECT coalesce(sum(submitted), 0)::bigint AS submitted,
       coalesce(sum(running), 0)::bigint AS running, coalesce(sum(due_soon), 0)::bigint AS due_soon
FROM unit_work_list WHERE @of_unit"""

LATE: Final = """SELECT coalesce(sum(overdue), 0)::bigint AS overdue,
       coalesce(sum(overdue_long), 0)::bigint AS overdue_long,
       (SELECT sum(early + on_time)::float / nullif(sum(early + on_time + late), 0)
        FROM unit_day_list WHERE time > now() - interval '30 days' AND @of_unit) AS on_time_share
FROM unit_work_list WHERE @of_unit"""

FLOW: Final = """SELECT time, part.name AS metric, sum(part.dossiers) AS @named
FROM unit_day_list
CROSS JOIN LATERAL (VALUES ('received', received), ('ended', ended), ('returned', returned))
    part (name, dossiers)
WHERE $__timeFilter(time) AND @of_unit GROUP BY 1, 2 ORDER BY 1, 2"""

CHANNELS: Final = FLOW.replace(
    "('received', received), ('ended', ended), ('returned', returned)",
    "('online_dossiers', online), ('other_dossiers', received - online)",
)

ON_TIME: Final = """SELECT time, level.title AS metric,
       sum(early + on_time)::float / sum(early + on_time + late) AS @named
FROM unit_day_list d JOIN (VALUES @levels) level (kind, title) USING (kind)
WHERE $__timeFilter(time) AND @of_unit
GROUP BY 1, 2 HAVING sum(early + on_time + late) > 0 ORDER BY 1, 2"""

# What the units' own software says; the span still running is left out, and there is none ahead.
BACKLOG: Final = """WITH @shop_points
SELECT time, CASE metric WHEN 'dossiers_in_process' THEN 'in_process'
             WHEN 'dossiers_due_soon' THEN 'due_soon' ELSE 'overdue' END AS metric,
       sum(value) AS @named
FROM points WHERE time <= least($__timeTo()::timestamptz, now()) - interval '$__interval'
GROUP BY 1, 2 ORDER BY 1, 2"""

# A month's work beside what lies open.
DONE: Final = """done AS (
    SELECT unit, sum(early + on_time)::float / nullif(sum(early + on_time + late), 0) AS share,
           sum(ended)::bigint AS ended, sum(early + on_time)::bigint AS good,
           sum(early + on_time + late)::bigint AS dated
    FROM unit_day_list WHERE time > now() - interval '30 days' AND @of_unit GROUP BY 1)"""

BY_LEVEL: Final = """WITH @done
SELECT level.title AS level, sum(submitted)::bigint AS submitted, sum(running)::bigint AS running,
       sum(due_soon)::bigint AS due_soon, sum(overdue)::bigint AS overdue,
       sum(overdue_long)::bigint AS overdue_long, sum(done.ended)::bigint AS ended,
       sum(good)::float / nullif(sum(dated), 0) AS on_time_share
FROM unit_work_list w JOIN (VALUES @levels) level (kind, title) USING (kind)
LEFT JOIN done USING (unit) WHERE @of_unit GROUP BY 1 ORDER BY 5 DESC, 1""".replace("@done", DONE)

BY_UNIT: Final = """WITH @done
SELECT w.name, w.unit, running, due_soon, overdue, overdue_long, done.ended,
       done.share AS on_time_share
FROM unit_work_list w LEFT JOIN done USING (unit) WHERE @of_unit
ORDER BY overdue DESC, due_soon DESC, 1 LIMIT 30""".replace("@done", DONE)

# Of what is foretold nothing is added up: a unit has all below it in it.
FORECAST: Final = """SELECT time, line.name AS metric, line.value AS @named
FROM egov_load_forecast_list
CROSS JOIN LATERAL (VALUES (@low, low), (@band, high), (@expected, expected), (@actual, actual))
    line (name, value)
WHERE $__timeFilter(time) AND @the_unit AND line.value IS NOT NULL ORDER BY 1, 2"""

OVERDUE_AHEAD: Final = """SELECT time AS foretold_at, expected, low AS low_end, high AS high_end
FROM egov_overdue_forecast_list
WHERE @the_unit AND made_on = (SELECT max(made_on) FROM egov_overdue_forecast_list WHERE @the_unit)
ORDER BY time"""

QUALITY: Final = """SELECT sum(error * hours) / sum(hours) AS load_error,
       sum(naive_error * hours) / sum(hours) AS naive_error,
       (sum(inside * hours) / sum(hours))::float AS inside
FROM egov_forecast_quality
WHERE day BETWEEN $__timeFrom()::timestamptz::date AND $__timeTo()::timestamptz::date AND @the_unit"""

WAITS: Final = """WITH @counter_points,
shown AS (SELECT asset FROM points GROUP BY asset ORDER BY max(value) DESC, asset LIMIT 8)
SELECT time, @short_title AS metric, asset, avg(value) AS @named
FROM points JOIN shown USING (asset) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

COUNTERS: Final = """SELECT @short_title AS title, asset,
       max(value) FILTER (WHERE metric = 'queue_length') AS queue_length,
       max(value) FILTER (WHERE metric = 'wait_p50_min') AS wait_p50_min,
       max(value) FILTER (WHERE metric = 'wait_p90_min') AS wait_p90_min,
       max(value) FILTER (WHERE metric = 'counters_open') AS counters_open,
       max(value) FILTER (WHERE metric = 'utilisation') AS utilisation,
       max(value) FILTER (WHERE metric = 'tickets_served') AS tickets_served,
       max(value) FILTER (WHERE metric = 'tickets_abandoned') AS tickets_abandoned
FROM current_readings
WHERE @of_counters AND time > now() - interval '1 hour'
  AND metric IN ('queue_length', 'wait_p50_min', 'wait_p90_min', 'counters_open', 'utilisation',
                 'tickets_served', 'tickets_abandoned')
GROUP BY 1, 2 HAVING bool_or(metric = 'counters_open')
ORDER BY 5 DESC NULLS LAST, 3 DESC NULLS LAST, 1 LIMIT 15"""

HAND_OVERS: Final = """SELECT giver_name AS giver, taker_name AS taker, count(*) AS dossiers,
       min(time) AS oldest_at
FROM hand_over_list
WHERE moved_at IS NULL AND (${unit:sqlstring} = 'all' OR ${unit:sqlstring} IN (giver, taker))
  AND (giver_kind IN (${level:sqlstring}) OR taker_kind IN (${level:sqlstring}))
GROUP BY 1, 2 ORDER BY 4, 1, 2 LIMIT 30"""

QUARANTINE: Final = """SELECT reason, door, sum(times)::bigint AS times, max(received_at) AS newest_at
FROM dossier_quarantine GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 30"""
