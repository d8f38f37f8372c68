"""The SQL of the board of the index of Decision 766."""

from typing import Final

# The units that have an index, the province first.
UNITS: Final = """SELECT coalesce(name || CASE WHEN count(*) OVER (PARTITION BY name) > 1
                  THEN ' (' || unit || ')' ELSE '' END, @nobody) AS __text,
       coalesce(unit, '-') AS __value
FROM (SELECT 1) one LEFT JOIN (
    SELECT DISTINCT unit, name, kind FROM egov_index_list WHERE code = 'TOTAL') units ON true
ORDER BY array_position(ARRAY['province', 'department', 'district', 'commune'], kind), 1"""

NOW: Final = """SELECT max(score) AS score, max(assessed) AS assessed,
       max(score / nullif(assessed, 0)) AS of_assessed, max(lost) AS lost
FROM egov_index_list
WHERE unit = ${unit:sqlstring} AND code = 'TOTAL' AND @the_day"""

GROUPS: Final = """SELECT g.title || ': '
       || CASE WHEN score IS NULL THEN '-' ELSE round(score::numeric, 1)::text END
       || ' / ' || max AS title, score / nullif(assessed, 0) AS value
FROM egov_index_list i JOIN (VALUES @groups) g (code, title) USING (code)
WHERE unit = ${unit:sqlstring} AND @the_day
ORDER BY 2 DESC NULLS LAST, 1"""

TREND: Final = """SELECT day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS time, line.name AS metric,
       line.points AS @named
FROM egov_index_list CROSS JOIN LATERAL (VALUES ('score', score), ('assessed', assessed)) line (name, points)
WHERE unit = ${unit:sqlstring} AND code = 'TOTAL' AND line.points IS NOT NULL
  AND $__timeFilter(day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') ORDER BY 1, 2"""

SUBMETRICS: Final = """SELECT g.title AS index_group, @submetric AS submetric, numerator, denominator,
       score, max AS most, lost, resolved::text AS formula
FROM egov_index_list i JOIN (VALUES @groups) g (grouped, title) USING (grouped)
WHERE unit = ${unit:sqlstring} AND level = 'sub-metric' AND @the_day
ORDER BY lost DESC NULLS LAST, 1, 2"""

UNIT_SCORES: Final = """SELECT name, unit, score, assessed, lost, @grade AS grade
FROM egov_index_list i WHERE code = 'TOTAL' AND @the_day
ORDER BY lost / nullif(assessed, 0) DESC NULLS LAST, 1 LIMIT 60"""

# Of a unit and all below it: late in the month of the time range's last day, or late now.
LATE: Final = """late AS (
    SELECT l.* FROM late_dossier_list l
    WHERE unit IN (SELECT part FROM unit_part_list WHERE unit = ${unit:sqlstring})
      AND (ended_at IS NULL OR (
          ended_at <= $__timeTo()::timestamptz AND
          ended_at >= date_trunc('month', $__timeTo()::timestamptz, 'Asia/Ho_Chi_Minh'))))"""

PROCEDURES: Final = """WITH @late
SELECT coalesce(procedure_title, procedure) AS procedure, count(*) AS dossiers,
       count(*) FILTER (WHERE ended_at IS NULL) AS still_open,
       max(date_part('epoch', until - due_at)) / 86400 AS late_days
FROM late GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20""".replace("@late", LATE)

DOSSIERS: Final = """WITH @late
SELECT code AS dossier, name, unit, coalesce(procedure_title, procedure) AS procedure,
       due_at, CASE WHEN ended_at IS NULL THEN 'open' ELSE 'closed' END AS dossier_state,
       date_part('epoch', until - due_at) / 86400 AS late_days
FROM late ORDER BY until - due_at DESC NULLS LAST, 1 LIMIT 50""".replace("@late", LATE)

INCIDENTS: Final = """SELECT i.opened_at, i.severity, @short_incident AS title, i.asset,
       @words AS what, i.status, @to_incident AS incident
FROM incident_list i JOIN incident_words w ON w.incident_id = i.id
WHERE i.asset IN (SELECT asset FROM egov_service_list WHERE unit IN (
          SELECT part FROM unit_part_list WHERE unit = ${unit:sqlstring}))
  AND (i.status <> 'resolved'
       OR i.opened_at >= date_trunc('month', $__timeTo()::timestamptz, 'Asia/Ho_Chi_Minh'))
ORDER BY i.opened_at DESC, i.id DESC LIMIT 30"""
