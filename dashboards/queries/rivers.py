"""The SQL of the board of rivers and rain."""

from typing import Final

# Every gauge that has alarm levels in force or that ever reported a level.
GAUGES: Final = """SELECT (array_agg(title ORDER BY rank))[1] AS __text, asset AS __value FROM (
    SELECT 1 AS rank, title, asset FROM stream_list WHERE kind = 'river' AND metric = 'level_m'
    UNION ALL
    SELECT 2, title, asset FROM flood_station_list) gauges
GROUP BY asset ORDER BY 1, 2"""

STATIONS: Final = """WITH told AS (
    SELECT DISTINCT ON (asset) asset, inputs ->> 'report' AS report,
           (inputs -> 'state' ->> 'level')::int AS flood_level
    FROM derivation_list
    WHERE time BETWEEN $__timeTo()::timestamptz - interval '3 hours' AND $__timeTo()::timestamptz
      AND metric = 'flood_level'
    ORDER BY asset, time DESC),
newest AS (
    SELECT DISTINCT ON (asset, metric) asset, metric, mean FROM series_5m
    WHERE time BETWEEN $__timeTo()::timestamptz - interval '3 hours' AND $__timeTo()::timestamptz
      AND metric IN ('level_m', 'level_rise_m_h') AND kind = 'river'
    ORDER BY asset, metric, time DESC)
SELECT @short_listed AS title, l.asset, level.mean AS height_m, told.report, told.flood_level,
       rise.mean AS rise_m_h, first_m, second_m, third_m, record_m
FROM stream_list l
LEFT JOIN flood_station_list f USING (asset)
LEFT JOIN told USING (asset)
LEFT JOIN newest level ON level.asset = l.asset AND level.metric = 'level_m'
LEFT JOIN newest rise ON rise.asset = l.asset AND rise.metric = 'level_rise_m_h'
WHERE l.kind = 'river' AND l.metric = 'level_m' AND @in_area
ORDER BY told.flood_level DESC NULLS LAST, level.mean - first_m DESC NULLS LAST, 1"""

GAUGE: Final = """WITH @points
SELECT time, @level AS metric, avg(value) AS @named FROM points
WHERE asset = ${gauge:sqlstring} GROUP BY 1 ORDER BY 1"""

# The alarm levels from end to end of what is on show; the record only where it is known.
GAUGE_ALARMS: Final = """SELECT at AS time, alarms.name AS metric, alarms.height AS @named
FROM flood_station_list
CROSS JOIN LATERAL (VALUES (@first, first_m), (@second, second_m), (@third, third_m),
                           (@record, record_m)) alarms (name, height)
CROSS JOIN LATERAL (
    VALUES ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) ends (at)
WHERE asset = ${gauge:sqlstring} AND alarms.height IS NOT NULL AND $__timeFilter(at)
ORDER BY 1, 2"""
