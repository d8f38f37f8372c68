"""The SQL of the board of models: what was promised, what was seen, which version judges, how."""

from typing import Final

# The shift under way, a line a desk.
BUDGET: Final = """SELECT DISTINCT ON (desk) @desk_title AS desk, time AS began_at, promised, seen,
       real_alarms, false_alarms, unjudged, factor, bound
FROM desk_budget WHERE time > now() - interval '1 day' ORDER BY desk, time DESC"""

SHIFTS: Final = """SELECT d.time, @desk_title || ': ' || part.name AS metric, part.alarms::float AS @named
FROM desk_budget d
CROSS JOIN LATERAL (VALUES (@promised, d.promised), (@seen, d.seen)) part (name, alarms)
WHERE $__timeFilter(d.time) ORDER BY 1, 2"""

KEPT: Final = """SELECT coalesce(avg(kept::int), 1)::float AS kept_share, count(*) AS shifts,
       coalesce(sum(alarms), 0)::bigint AS alarms, coalesce(sum(real_alarms), 0)::bigint AS real_alarms,
       coalesce(sum(false_alarms), 0)::bigint AS false_alarms
FROM desk_budget WHERE $__timeFilter(time)"""

VERSIONS: Final = """SELECT name AS model, version, state AS version_state, promoted_at, promoted_by,
       data_from AS data_from_at, data_to AS data_to_at, nullif(left(scores::text, 120), '{}') AS scores, note
FROM model_version_list
ORDER BY name, state = 'live' DESC, version DESC LIMIT 30"""

BY_DETECTOR: Final = """SELECT $__timeGroup(time,$__interval) AS time, coalesce(told, detector) AS metric,
       count(*) AS @named
FROM anomaly_list LEFT JOIN (VALUES @detectors) names (detector, told) USING (detector)
WHERE $__timeFilter(time) GROUP BY 1, 2 ORDER BY 1, 2"""

SHARES: Final = """SELECT coalesce(told, detector) AS title,
       count(*)::float / sum(count(*)) OVER () AS value
FROM anomaly_list LEFT JOIN (VALUES @detectors) names (detector, told) USING (detector)
WHERE time BETWEEN $__timeFrom()::timestamptz AND $__timeTo()::timestamptz
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12"""

# How improbable what was told is, in powers of ten: 5 is one in 100,000. A model that fits less
# and less tells ever less probable things. A score of 1 is no probability: it counts as 12.
DRIFT: Final = """SELECT $__timeGroup(time,$__interval) AS time, @version || ' ' || model_version AS metric,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY -log(greatest(1 - score, 1e-12)::numeric)::float)
           AS @named
FROM anomaly_list WHERE $__timeFilter(time) AND model_version IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2"""

FEEDBACK: Final = """SELECT time AS said_at, @short_incident AS title, i.asset,
       coalesce(@metric_title, i.metric) AS metric, verdict, actor, note
FROM incident_feedback_list i LEFT JOIN metric_list m USING (metric)
WHERE in_force AND $__timeFilter(time) ORDER BY said_at DESC, id DESC LIMIT 20"""
