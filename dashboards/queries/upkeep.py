"""The SQL of the board of waste, water and noise."""

from typing import Final

CONTAINERS: Final = """WITH newest AS (
    SELECT DISTINCT ON (asset, metric) asset, title, metric, mean FROM series_5m
    WHERE time BETWEEN $__timeTo()::timestamptz - interval '6 hours' AND $__timeTo()::timestamptz
      AND kind = 'waste' AND metric IN ('filling_level', 'hours_until_full', 'fire_suspected')
      AND @in_area
    ORDER BY asset, metric, time DESC)
SELECT @short_title AS title, asset,
       max(mean) FILTER (WHERE metric = 'filling_level') AS filling_level,
       max(mean) FILTER (WHERE metric = 'hours_until_full') AS hours_until_full,
       max(mean) FILTER (WHERE metric = 'fire_suspected') AS fire_suspected
FROM newest GROUP BY 1, 2 ORDER BY 5 DESC NULLS LAST, 4 NULLS LAST, 3 DESC NULLS LAST, 1 LIMIT 20"""

LIMITS: Final = """SELECT area_class, period, value AS limit_db, source FROM noise_limit_list
ORDER BY area_class, period"""
