"""The SQL of the panels, variables and annotations; it names views only.

`$__…` and `${…}` are Grafana's. `@name` is ours: `filled` puts a quoted value there, or one of
the fragments below.
"""

import re
from collections.abc import Mapping
from typing import Final

from dashboards.texts import NO_DATA

# The chosen area with all below it; "all" also shows what lies in no area.
IN_AREA: Final = """(${area:sqlstring} = 'all' OR area_code IN (
    WITH RECURSIVE chosen AS (
        SELECT code FROM area_list WHERE code = ${area:sqlstring}
        UNION SELECT below.code FROM area_list below JOIN chosen ON below.parent_code = chosen.code)
    SELECT code FROM chosen))"""
OF_KIND: Final = "kind IN (${kind:sqlstring})"

# A name without what the panel's title, or the metric beside it, says already, and without
# the province: all of it is the province's.
SHORT_TITLE: Final = (
    "regexp_replace(title, '^(Trạm thủy văn|Trạm khí|Trạm đo tiếng ồn|Trạm đếm xe"
    "|Bộ phận một cửa|Kết nối|Tủ điều khiển) | tỉnh [^,]+$', '', 'g')"
)

# Long ranges read the hourly rollup, short ones that of five minutes. The one that is not
# read costs nothing: its condition is a constant.
POINTS: Final = """points AS (
    SELECT $__timeGroup(time,$__interval) AS time, asset, title, metric,
           sum(mean * samples) / sum(samples) AS value
    FROM series_5m
    WHERE $__interval_ms < 3600000 AND $__timeFilter(time)
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area
    GROUP BY 1, asset, title, metric
    UNION ALL
    SELECT $__timeGroup(time,$__interval) AS time, asset, title, metric,
           sum(mean * samples) / sum(samples) AS value
    FROM series_1h
    WHERE $__interval_ms >= 3600000 AND $__timeFilter(time)
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area
    GROUP BY 1, asset, title, metric)"""
# A series is named by its metric; without any rows the column's own name is all that shows.
NAMED: Final = f'"{NO_DATA}"'

FRAGMENTS: Final = {
    "points": POINTS,
    "in_area": IN_AREA,
    "of_kind": OF_KIND,
    "short_title": SHORT_TITLE,
    "named": NAMED,
}

# One line a station, for the few that stand out most; @sign is 1 for the highest, -1 for the
# lowest.
OUTSTANDING: Final = """WITH @points, shown AS (
    SELECT asset FROM points GROUP BY asset ORDER BY max(value * @sign) DESC, asset LIMIT @keep)
SELECT time, @short_title AS metric, avg(value) AS @named
FROM points JOIN shown USING (asset) GROUP BY 1, 2 ORDER BY 1, 2"""

# One line a metric, all assets added up. The span still running is left out: not everybody
# has reported in it.
TOTALS: Final = """WITH @points
SELECT time, metric, sum(value) AS @named FROM points
WHERE time <= $__timeTo()::timestamptz - interval '$__interval'
GROUP BY 1, 2 ORDER BY 1, 2"""

# What each station says now: the newest five minutes of the last hour on show.
NEWEST: Final = """SELECT @short_title AS title, value FROM (
    SELECT DISTINCT ON (asset) asset, title, mean AS value FROM series_5m
    WHERE time BETWEEN $__timeTo()::timestamptz - interval '1 hour' AND $__timeTo()::timestamptz
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area
      AND asset IN (SELECT asset FROM stream_list WHERE metric = @having)
    ORDER BY asset, time DESC) newest
ORDER BY value DESC, title LIMIT @keep"""

# Where a station has alarm levels, its distance from the first; else the level itself, which
# says so in its name.
RIVERS: Final = """WITH @points,
alarms (asset, first) AS (SELECT unnest(ARRAY[@stations]), unnest(ARRAY[@firsts]))
SELECT time, @short_title || CASE WHEN first IS NULL THEN @level_itself ELSE '' END AS metric,
       avg(value - coalesce(first, 0)) AS @named
FROM points LEFT JOIN alarms USING (asset) GROUP BY 1, 2 ORDER BY 1, 2"""

OPEN_INCIDENTS: Final = """SELECT count(*) FILTER (WHERE severity = 'high') AS high,
       count(*) FILTER (WHERE severity = 'medium') AS medium,
       count(*) FILTER (WHERE severity = 'low') AS low,
       count(*) FILTER (WHERE status = 'open') AS unacknowledged
FROM incident_list WHERE status <> 'resolved' AND @of_kind AND @in_area"""

# What a last will says (`online`) is the broker's word, not the device's.
REPORTING: Final = """WITH latest AS (
    SELECT asset, max(time) AS time FROM current_readings WHERE metric <> 'online' GROUP BY asset)
SELECT count(*) FILTER (WHERE time > now() - interval '5 minutes') AS reporting,
       count(*) FILTER (WHERE time IS NULL OR time <= now() - interval '5 minutes') AS silent
FROM asset_states LEFT JOIN latest USING (asset) WHERE @of_kind AND @in_area"""

LEDGER: Final = """SELECT coalesce(sum(stored) FILTER (
           WHERE time >= date_trunc('minute', $__timeTo()::timestamptz) - interval '5 minutes'
             AND time < date_trunc('minute', $__timeTo()::timestamptz)), 0) / 5 AS per_minute,
       coalesce(sum(rejected), 0) AS rejected
FROM ledger_balance WHERE $__timeFilter(time)"""

# Districts are rows of the same frame, since one layer draws one frame; their names stand a
# little north of their centres, where the assets are. What comes last lies on top: the
# worst, then the names.
MAP: Final = """SELECT latitude, longitude, title, kind, area, state_level, open_incidents, label
FROM (
    SELECT latitude, longitude, title, kind, area, state_level, open_incidents, area_code,
           CASE WHEN state_level = 3 THEN @short_title ELSE '' END AS label, 1 AS layer
    FROM asset_states WHERE latitude IS NOT NULL AND @of_kind
    UNION ALL
    SELECT latitude + 0.035, longitude, name, 'area', name, -1, NULL, code,
           regexp_replace(name, '^(Huyện|Thành phố|Thị xã) ', ''), 2
    FROM area_list WHERE kind = 'district') dots
WHERE @in_area
ORDER BY layer, state_level, title"""

NEWEST_INCIDENTS: Final = """SELECT opened_at, severity, @short_title AS title, metric, status
FROM incident_list
WHERE (status <> 'resolved' OR $__timeFilter(opened_at)) AND @of_kind AND @in_area
ORDER BY opened_at DESC, id DESC LIMIT 50"""

INCIDENT_MARKS: Final = """SELECT began_at AS time, title || ': ' || metric AS text,
       kind || ',' || severity AS tags
FROM incident_list
WHERE $__timeFilter(began_at) AND severity IN (@severities) AND @of_kind AND @in_area
ORDER BY began_at"""

# A commune's name may occur in two districts, and Grafana tells options apart by their text.
AREAS: Final = """SELECT text AS __text, code AS __value FROM (
    SELECT 0 AS level, 'Tất cả' AS text, 'all' AS code
    UNION ALL
    SELECT CASE a.kind WHEN 'province' THEN 1 WHEN 'district' THEN 2 ELSE 3 END,
           CASE a.kind WHEN 'commune' THEN concat_ws(', ', a.name, p.name) ELSE a.name END, a.code
    FROM area_list a LEFT JOIN area_list p ON p.code = a.parent_code) options
ORDER BY level, text"""

Value = str | float | tuple[str, ...] | tuple[float, ...]


def filled(text: str, values: Mapping[str, Value] | None = None) -> str:
    """A query with its fragments and values put in. Raises KeyError where one is missing.

    >>> filled("metric IN (@metrics) LIMIT @keep", {"metrics": ("pm25", "o'3"), "keep": 5})
    "metric IN ('pm25', 'o''3') LIMIT 5"
    """
    while any(f"@{name}" in text for name in FRAGMENTS):
        for name, fragment in FRAGMENTS.items():
            text = text.replace(f"@{name}", fragment)
    told = values or {}
    return re.sub(r"@(\w+)", lambda found: literal(told[found[1]]), text)


def literal(value: Value) -> str:
    """A value as SQL writes it; several are separated by commas."""
    if isinstance(value, tuple):
        return ", ".join(literal(each) for each in value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)
