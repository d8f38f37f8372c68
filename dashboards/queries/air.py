"""The SQL of the board of the air."""

from typing import Final

# The stations to choose from; the one whose index is the worst now comes first.
STATIONS: Final = """SELECT coalesce(l.title, @no_station) AS __text, coalesce(l.asset, '-') AS __value
FROM (SELECT 1) one LEFT JOIN (
    SELECT DISTINCT ON (title) title, asset FROM stream_list
    WHERE kind = 'air' AND metric = 'aqi' ORDER BY title, asset) l ON true
LEFT JOIN current_readings r ON r.asset = l.asset AND r.metric = 'aqi'
ORDER BY r.value DESC NULLS LAST, l.title"""

NOW: Final = """SELECT @short_title || ': ' || (ARRAY[@classes])[
           width_bucket(round(value), ARRAY[@beginnings]) + 1] AS title, round(value) AS value
FROM (
    SELECT DISTINCT ON (asset) asset, title, mean AS value FROM series_5m
    WHERE time BETWEEN $__timeTo()::timestamptz - interval '3 hours' AND $__timeTo()::timestamptz
      AND kind = 'air' AND metric = 'aqi' AND @in_area
    ORDER BY asset, time DESC) newest
ORDER BY value DESC, title LIMIT @keep"""

# What the index of an hour was made of (services/derivation keeps it beside the reading).
PARTS: Final = """SELECT $__timeGroup(d.time,$__interval) AS time, part.pollutant AS metric,
       max(part.index) AS @named
FROM derivation_list d
CROSS JOIN LATERAL jsonb_to_recordset(d.inputs -> 'parts') AS part (pollutant text, index float)
WHERE $__timeFilter(d.time) AND d.metric = 'aqi' AND d.asset = ${station:sqlstring}
GROUP BY 1, 2 ORDER BY 1, 2"""

DOMINANT: Final = """SELECT time, inputs ->> 'dominant' AS dominant FROM derivation_list
WHERE $__timeFilter(time) AND metric = 'aqi' AND asset = ${station:sqlstring} ORDER BY time"""

DAYS_OVER: Final = """WITH days AS (
    SELECT asset, title, metric, time AS day, mean FROM series_1d
    WHERE time BETWEEN $__timeTo()::timestamptz - interval '30 days' AND $__timeTo()::timestamptz
      AND kind = 'air' AND metric IN ('pm25', 'pm10', 'no2', 'so2') AND hours >= 18 AND @in_area)
SELECT @short_title AS title, asset,
       count(*) FILTER (WHERE days.metric = 'pm25' AND mean > value) AS days_pm25,
       count(*) FILTER (WHERE days.metric = 'pm10' AND mean > value) AS days_pm10,
       count(*) FILTER (WHERE days.metric = 'no2' AND mean > value) AS days_no2,
       count(*) FILTER (WHERE days.metric = 'so2' AND mean > value) AS days_so2,
       count(DISTINCT day) AS days_measured
FROM days JOIN limit_list ON limit_list.metric = days.metric AND averaging = '24h'
GROUP BY asset, days.title ORDER BY 3 DESC, 4 DESC, 1"""
