"""The SQL of the board of readiness and coverage."""

from typing import Final

# By the systems that speak for units: the register has those of the tree of 2019.
COVERAGE: Final = """SELECT level.title || ': ' || count(*) FILTER (WHERE state <> 'silent' AND last_received_at IS NOT NULL)
           || ' / ' || count(*) AS title,
       count(*) FILTER (WHERE state <> 'silent' AND last_received_at IS NOT NULL)::float
           / count(*) AS value
FROM egov_service_list l JOIN (VALUES @levels) level (kind, title) ON level.kind = l.unit_kind
LEFT JOIN connectivity_list c USING (asset)
WHERE l.system IN ('one-stop', 'centre') AND $__timeTo()::timestamptz IS NOT NULL
GROUP BY level.title, level.kind ORDER BY 2 DESC, 1"""

TODAY: Final = """SELECT @level_title AS level, heard, c.of AS of_all, share, at AS since_at,
       array_to_string((SELECT array_agg(name ORDER BY name) FROM unit_name_list
                        WHERE unit = ANY (c.silent[1:5])), ', ') AS silent_units
FROM egov_coverage_list c ORDER BY share, 1"""

SILENT: Final = """SELECT unit_name AS name, unit, l.asset AS service, c.since AS since_at, c.last_received_at
FROM egov_service_list l LEFT JOIN connectivity_list c USING (asset)
WHERE l.system IN ('one-stop', 'centre') AND (state = 'silent' OR last_received_at IS NULL)
ORDER BY last_received_at NULLS LAST, 1, 2 LIMIT 60"""

CHANGES: Final = """SELECT $__timeGroup(c.time,$__interval) AS time, level.title AS metric, count(*) AS @named
FROM connectivity_changes c JOIN egov_service_list l USING (asset)
JOIN (VALUES @levels) level (kind, title) ON level.kind = l.unit_kind
WHERE $__timeFilter(c.time) AND c.state = 'silent' GROUP BY 1, 2 ORDER BY 1, 2"""

SCORES: Final = """SELECT name, unit, score AS readiness, coverage
FROM egov_readiness_list
WHERE day = (SELECT max(day) FROM egov_readiness_list
             WHERE day <= ($__timeTo()::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
ORDER BY score NULLS LAST, coverage, 1 LIMIT 40"""

# Those who have been assessed come first, of them the province.
UNITS: Final = """SELECT coalesce(name || CASE WHEN count(*) OVER (PARTITION BY name) > 1
                  THEN ' (' || unit || ')' ELSE '' END, @nobody) AS __text,
       coalesce(unit, '-') AS __value
FROM (SELECT 1) one LEFT JOIN (
    SELECT unit, name, kind, bool_or(score IS NOT NULL) AS scored
    FROM egov_readiness_list GROUP BY 1, 2, 3) units ON true
ORDER BY scored DESC, array_position(ARRAY['province', 'department', 'district', 'commune'], kind), 1"""

PARTS: Final = """SELECT @input AS input, weight, value AS input_value, points
FROM egov_readiness_part_list p
WHERE unit = ${unit:sqlstring} AND day = (
    SELECT max(day) FROM egov_readiness_part_list
    WHERE unit = ${unit:sqlstring}
      AND day <= ($__timeTo()::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
ORDER BY weight DESC, 1"""

TREND: Final = """SELECT day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS time, 'readiness' AS metric,
       score AS @named
FROM egov_readiness_list
WHERE unit = ${unit:sqlstring} AND score IS NOT NULL
  AND $__timeFilter(day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') ORDER BY 1"""
