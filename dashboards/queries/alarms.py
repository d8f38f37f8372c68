"""The SQL of the board of incidents and alarm figures.

An alarm is an incident: raised when it is opened, standing while its condition is, over when that is.
"""

from typing import Final

NOW: Final = """SELECT count(*) FILTER (WHERE active) AS standing,
       count(*) FILTER (WHERE status = 'open') AS unacknowledged,
       count(*) FILTER (WHERE active AND opened_at < now() - interval '24 hours') AS stale
FROM incident_list WHERE status <> 'resolved' AND @of_kind AND @in_area"""

# Spans of ten minutes without an alarm count, too.
RATES: Final = """WITH spans AS (
    SELECT time_bucket(interval '10 minutes', opened_at) AS span, count(*) AS alarms
    FROM incident_list WHERE $__timeFilter(opened_at) AND @of_kind AND @in_area GROUP BY 1),
looked AS (
    SELECT date_part('epoch', $__timeTo()::timestamptz - $__timeFrom()::timestamptz) / 600
           AS spans, (@operators)::float AS operators)
SELECT coalesce(sum(alarms), 0)::bigint AS alarms,
       coalesce(sum(alarms), 0) / max(looked.operators) / max(looked.spans) * 6 AS per_hour,
       coalesce(max(alarms), 0) / max(looked.operators) AS peak_10m,
       count(*) FILTER (WHERE alarms > 10 * looked.operators) / max(looked.spans) AS flood_share
FROM looked LEFT JOIN spans ON true"""

OVER_TIME: Final = """SELECT $__timeGroup(opened_at,$__interval) AS time, @per_operator AS metric,
       count(*) * 600000.0 / $__interval_ms / max(@operators) AS @named
FROM incident_list WHERE $__timeFilter(opened_at) AND @of_kind AND @in_area
GROUP BY 1, 2 ORDER BY 1"""

# How many stood, and how many nobody had acknowledged: a step up and a step down for each alarm.
STANDING: Final = """WITH alarms AS (
    SELECT opened_at, coalesce(normal_at, resolved_at) AS over_at,
           coalesce(acknowledged_at, resolved_at) AS known_at
    FROM incident_list
    WHERE opened_at <= $__timeTo()::timestamptz
      AND (resolved_at IS NULL OR resolved_at >= $__timeFrom()::timestamptz)
      AND @of_kind AND @in_area),
steps AS (
    SELECT greatest(step.at, $__timeFrom()::timestamptz) AS at, step.metric, step.up
    FROM alarms CROSS JOIN LATERAL (VALUES
        (opened_at, 'standing', 1), (over_at, 'standing', -1),
        (opened_at, 'unacknowledged', 1), (known_at, 'unacknowledged', -1)) step (at, metric, up)
    WHERE step.at IS NOT NULL),
spans AS (
    SELECT $__timeGroup(at,$__interval) AS time, metric, sum(up) AS up
    FROM steps WHERE $__timeFilter(at) GROUP BY 1, 2)
SELECT time, metric, sum(up) OVER (PARTITION BY metric ORDER BY time)::int AS @named
FROM spans ORDER BY 1, 2"""

PRIORITIES: Final = """SELECT severity, alarms, alarms / total AS alarm_share, wanted AS wanted_share
FROM (VALUES ('high', 0.05::float, 1), ('medium', 0.15, 2), ('low', 0.8, 3)) p (severity, wanted, place)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE i.severity = p.severity) AS alarms, count(*)::float AS total
    FROM incident_list i WHERE $__timeFilter(opened_at) AND @of_kind AND @in_area) alarms
WHERE total > 0 ORDER BY place"""

TOP_TEN: Final = """SELECT @short_incident AS title, asset, metric, alarms, alarm_share FROM (
    SELECT i.title, i.asset, coalesce(@metric_title, i.metric) AS metric, count(*) AS alarms,
           count(*)::float / sum(count(*)) OVER () AS alarm_share
    FROM incident_list i LEFT JOIN metric_list m USING (metric)
    WHERE $__timeFilter(opened_at) AND @of_kind AND @in_area
    GROUP BY 1, 2, 3) i
ORDER BY alarms DESC, 1, metric LIMIT 10"""

LONGEST: Final = """SELECT @short_incident AS title, i.asset, coalesce(@metric_title, i.metric) AS metric,
       severity, status, date_part('epoch', now() - opened_at) AS standing_s,
       @to_incident AS incident
FROM incident_list i LEFT JOIN metric_list m USING (metric)
WHERE active AND status <> 'resolved' AND @of_kind AND @in_area
ORDER BY opened_at, id LIMIT 20"""

# Of the alarms raised in the range: those not acknowledged (or not over) yet are not counted in.
TIMES: Final = """SELECT severity, count(*) AS alarms,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY known_s) AS known_median_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY known_s) AS known_most_s,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY over_s) AS over_median_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY over_s) AS over_most_s
FROM (
    SELECT severity, date_part('epoch', acknowledged_at - opened_at) AS known_s,
           date_part('epoch', coalesce(normal_at, resolved_at) - opened_at) AS over_s
    FROM incident_list WHERE $__timeFilter(opened_at) AND @of_kind AND @in_area) alarms
GROUP BY severity
ORDER BY array_position(ARRAY['high', 'medium', 'low'], severity)"""

CHATTERING: Final = """SELECT @short_incident AS title, asset, metric, most AS returns_10m, times AS returns
FROM (
    SELECT title, asset, metric, max(near) AS most, count(*) AS times
    FROM (SELECT r.title, r.asset, coalesce(@metric_title, r.metric) AS metric,
                 count(*) OVER (PARTITION BY r.asset, r.metric ORDER BY r.time
                     RANGE BETWEEN interval '10 minutes' PRECEDING AND CURRENT ROW) AS near
          FROM alarm_returns r LEFT JOIN metric_list m USING (metric)
          WHERE $__timeFilter(r.time) AND @of_kind AND @in_area) returns
    GROUP BY 1, 2, 3 HAVING max(near) >= 3) i
ORDER BY most DESC, times DESC, 1 LIMIT 10"""
