"""The SQL of the boards of e-government systems, told apart by what they are (`@systems`)."""

from typing import Final

CONNECTORS: Final = """SELECT @short_listed AS title, l.asset,
       max(value) FILTER (WHERE r.metric IN ('connector_health', 'documents_health')) AS health,
       max(value) FILTER (WHERE r.metric = 'success_share') AS success_share,
       max(value) FILTER (WHERE r.metric = 'latency_ms') AS latency_ms,
       max(value) FILTER (WHERE r.metric = 'backlog') AS backlog,
       max(value) FILTER (WHERE r.metric = 'oldest_unsent_s') AS oldest_unsent_s,
       max(value) FILTER (WHERE r.metric = 'schema_rejects') AS schema_rejects,
       max(value) FILTER (WHERE r.metric = 'unverified_signatures') AS unverified_signatures,
       abs(max(value) FILTER (WHERE r.metric = 'records_ours')
           - max(value) FILTER (WHERE r.metric = 'records_theirs')) AS record_difference,
       max(value) FILTER (WHERE r.metric = 'certificate_days') AS certificate_days
FROM egov_service_list l
LEFT JOIN current_readings r ON r.asset = l.asset AND r.time > now() - interval '1 hour'
WHERE l.system IN (@systems) AND l.asset_id IS NOT NULL
GROUP BY 1, 2 ORDER BY 3 DESC NULLS LAST, 4 NULLS LAST, 1"""

PORTALS: Final = """SELECT @short_listed AS title, l.asset,
       max(value) FILTER (WHERE r.metric IN ('portal_health', 'signing_health')) AS health,
       max(value) FILTER (WHERE r.metric = 'availability') AS availability,
       max(value) FILTER (WHERE r.metric = 'requests') AS requests,
       max(value) FILTER (WHERE r.metric = 'errors')
           / nullif(max(value) FILTER (WHERE r.metric = 'requests'), 0) AS error_share,
       max(value) FILTER (WHERE r.metric = 'latency_ms') AS latency_ms,
       max(value) FILTER (WHERE r.metric = 'signatures') AS signatures,
       max(value) FILTER (WHERE r.metric = 'signature_failures')
           / nullif(max(value) FILTER (WHERE r.metric = 'signatures'), 0) AS failure_share
FROM egov_service_list l
LEFT JOIN current_readings r ON r.asset = l.asset AND r.time > now() - interval '1 hour'
WHERE l.system IN (@systems) AND l.asset_id IS NOT NULL
GROUP BY 1, 2 ORDER BY 3 DESC NULLS LAST, 4 NULLS LAST, 1"""

# A line a system, all of them: there are few.
LINES: Final = """WITH @system_points
SELECT time, @short_title AS metric, asset, avg(value) AS @named
FROM points GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

# The worst of a span, a row a system.
HEALTH: Final = """WITH @worst_system_points
SELECT time, @short_title AS metric, max(value) AS @named
FROM points GROUP BY 1, 2 ORDER BY 1, 2"""

TOTALS: Final = """WITH @system_points
SELECT time, metric, sum(value) AS @named FROM points
WHERE time <= $__timeTo()::timestamptz - interval '$__interval'
GROUP BY 1, 2 ORDER BY 1, 2"""

# One metric as a share of another.
SHARES: Final = """WITH @system_points
SELECT time, @short_title AS metric, asset,
       sum(value) FILTER (WHERE points.metric = @part)
           / sum(value) FILTER (WHERE points.metric = @whole) AS @named
FROM points GROUP BY 1, 2, 3
HAVING sum(value) FILTER (WHERE points.metric = @whole) > 0
   AND count(*) FILTER (WHERE points.metric = @part) > 0 ORDER BY 1, 2, 3"""

INCIDENTS: Final = """SELECT i.opened_at, i.severity, @short_incident AS title, i.asset,
       @words AS what, i.status, @to_incident AS incident
FROM incident_list i JOIN incident_words w ON w.incident_id = i.id
WHERE i.asset IN (SELECT asset FROM egov_service_list WHERE system IN (@systems))
  AND (i.status <> 'resolved' OR $__timeFilter(i.opened_at))
ORDER BY i.opened_at DESC, i.id DESC LIMIT 30"""
