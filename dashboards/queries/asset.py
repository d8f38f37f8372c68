"""The SQL of the board of one asset."""

from typing import Final

ASSETS: Final = """SELECT coalesce(title || ' (' || name || ')', name) AS __text, name AS __value
FROM (SELECT nullif(title, name) AS title, name, kind FROM asset_list
      UNION ALL SELECT NULL, '-', 'zzz' WHERE NOT EXISTS (SELECT FROM asset_list)) assets
ORDER BY kind = 'unknown', kind, 1"""

METRICS: Final = """SELECT coalesce(@metric_title, s.metric)
           || CASE WHEN coalesce(s.unit, '1') = '1' THEN '' ELSE ' (' || coalesce(told, s.unit) || ')' END
           || CASE WHEN count(*) OVER (PARTITION BY @metric_title, s.unit) > 1
              THEN ' ' || s.metric ELSE '' END AS __text, s.metric AS __value
FROM stream_list s LEFT JOIN metric_list m USING (metric)
 LEFT JOIN (VALUES @units) units (unit, told) ON units.unit = s.unit
WHERE s.asset = ${asset:sqlstring} AND s.metric NOT IN ('online', 'delivery_fault')
ORDER BY s.derived_by NULLS FIRST, 1"""

NOW: Final = """SELECT
    (SELECT count(*) FROM incident_list
     WHERE asset = ${asset:sqlstring} AND status <> 'resolved') AS open_incidents,
    (SELECT count(*) FROM anomaly_list
     WHERE asset = ${asset:sqlstring} AND $__timeFilter(time)) AS anomalies,
    (SELECT coalesce(avg((quality = 0)::int), 0) FROM current_readings
     WHERE asset = ${asset:sqlstring} AND metric <> 'online') AS good_share"""

HEARD: Final = """SELECT state, last_received_at, cadence_s, skew_s, parent, area
FROM connectivity_list WHERE asset = ${asset:sqlstring}"""

# How it stood when the range began, then each change.
STATES: Final = """SELECT greatest(time, $__timeFrom()::timestamptz) AS time, state
FROM connectivity_changes
WHERE asset = ${asset:sqlstring} AND ($__timeFilter(time) OR time = (
    SELECT max(time) FROM connectivity_changes
    WHERE asset = ${asset:sqlstring} AND time < $__timeFrom()::timestamptz))
ORDER BY 1"""

NEWEST: Final = """SELECT coalesce(@metric_title, r.metric) AS metric, r.value, r.unit, r.quality,
       r.time AS reading_at, s.derived_by
FROM current_readings r
JOIN stream_list s USING (stream_id)
LEFT JOIN metric_list m ON m.metric = r.metric
WHERE r.asset = ${asset:sqlstring} ORDER BY s.derived_by NULLS FIRST, 1"""

# Readings are not rolled up by quality: no more than three days of them are read.
QUALITY: Final = """SELECT $__timeGroup(q.time,$__interval) AS time, coalesce(@metric_title, q.metric) AS metric,
       max(quality)::int AS @named
FROM reading_qualities q
JOIN stream_list s USING (asset, metric) LEFT JOIN metric_list m USING (metric)
WHERE $__timeFilter(q.time) AND q.time > $__timeTo()::timestamptz - interval '3 days'
  AND asset = ${asset:sqlstring} AND metric <> 'online' AND s.derived_by IS NULL
GROUP BY 1, 2 ORDER BY 1, 2"""

INCIDENTS: Final = """SELECT opened_at, severity, coalesce(@metric_title, i.metric) AS metric, status,
       anomaly_count
FROM incident_list i LEFT JOIN metric_list m USING (metric)
WHERE asset = ${asset:sqlstring} AND (status <> 'resolved' OR $__timeFilter(opened_at))
ORDER BY opened_at DESC, id DESC LIMIT 50"""

READINGS: Final = """SELECT $__timeGroup(time,$__interval) AS time, @reading AS metric,
       sum(mean * samples) / sum(samples) AS @named
FROM series_5m
WHERE $__interval_ms < 3600000 AND $__timeFilter(time) AND asset = ${asset:sqlstring}
  AND metric = ANY (ARRAY[${metric:sqlstring}]::text[])
GROUP BY 1
UNION ALL
SELECT $__timeGroup(time,$__interval) AS time, @reading AS metric,
       sum(mean * samples) / sum(samples) AS @named
FROM series_1h
WHERE $__interval_ms >= 3600000 AND $__timeFilter(time) AND asset = ${asset:sqlstring}
  AND metric = ANY (ARRAY[${metric:sqlstring}]::text[])
GROUP BY 1
ORDER BY 1"""

# Of the anomalies of a span the farthest from what was expected.
ANOMALIES: Final = """WITH farthest AS (
    SELECT DISTINCT ON (span) span AS time, value, expected, band
    FROM (SELECT $__timeGroup(time,$__interval) AS span, value, expected, band
          FROM anomaly_list
          WHERE $__timeFilter(time) AND asset = ${asset:sqlstring}
            AND metric = ANY (ARRAY[${metric:sqlstring}]::text[])) anomalies
    ORDER BY span, abs(value - expected) DESC)
SELECT time, told.name AS metric, told.value AS @no_anomaly
FROM farthest CROSS JOIN LATERAL (VALUES (@anomaly, farthest.value), (@upper, expected + band),
                                         (@lower, expected - band)) told (name, value)
ORDER BY 1, 2"""

# One mark where anomalies of a metric begin: after three hours without any.
ANOMALY_MARKS: Final = """WITH found AS (
    SELECT time, metric,
           time - lag(time) OVER (PARTITION BY metric ORDER BY time) AS quiet
    FROM anomaly_list WHERE $__timeFilter(time) AND asset = ${asset:sqlstring})
SELECT time, @anomaly || ': ' || coalesce(@metric_title, metric) AS text, metric AS tags
FROM found LEFT JOIN metric_list m USING (metric)
WHERE quiet IS NULL OR quiet > interval '3 hours'
ORDER BY time LIMIT 200"""
