-- What the boards may see: views only, the same names in both editions.

CREATE VIEW asset_states AS
SELECT a.id AS asset_id, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind,
       a.area_code, p.name AS area,
       coalesce(a.latitude, p.latitude) AS latitude,
       coalesce(a.longitude, p.longitude) AS longitude,
       a.claimed_at IS NOT NULL AS claimed,
       coalesce(i.open_incidents, 0) AS open_incidents,
       CASE coalesce(i.worst, 0) WHEN 3 THEN 'high' WHEN 2 THEN 'medium' WHEN 1 THEN 'low'
            ELSE 'normal' END AS state,
       coalesce(i.worst, 0) AS state_level
FROM assets a
LEFT JOIN areas p ON p.code = a.area_code
LEFT JOIN (
    SELECT s.asset_id, count(*) AS open_incidents,
           max(CASE severity WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END) AS worst
    FROM incidents JOIN streams s ON s.id = stream_id
    WHERE status <> 'resolved' GROUP BY 1) i ON i.asset_id = a.id;

CREATE VIEW stream_list AS
SELECT s.id AS stream_id, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind,
       a.area_code, s.metric, s.unit
FROM streams s JOIN assets a ON a.id = s.asset_id;

-- The newest reading of each stream, found through the index, one look a stream.
CREATE VIEW current_readings AS
SELECT l.*, r.time, r.value, r.quality
FROM stream_list l
CROSS JOIN LATERAL (SELECT time, value, quality FROM readings
                    WHERE readings.stream_id = l.stream_id
                    ORDER BY time DESC LIMIT 1) r;

-- One look a stream here too: the grouping changes nothing (a rollup has one row a moment),
-- but it lets the chosen streams and the time range reach the index below. Without it every
-- stream of the range is rolled up to show five of them.
CREATE VIEW series_5m AS
SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       r.mean, r.low, r.high, r.samples
FROM stream_list l
CROSS JOIN LATERAL (SELECT time, mean, low, high, samples FROM readings_5m
                    WHERE readings_5m.stream_id = l.stream_id
                    GROUP BY time, mean, low, high, samples) r;

CREATE VIEW series_1h AS
SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       r.mean, r.low, r.high, r.samples
FROM stream_list l
CROSS JOIN LATERAL (SELECT time, mean, low, high, samples FROM readings_1h
                    WHERE readings_1h.stream_id = l.stream_id
                    GROUP BY time, mean, low, high, samples) r;

CREATE VIEW incident_list AS
SELECT i.id, l.asset, l.title, l.kind, l.area_code, p.name AS area, l.metric, l.unit,
       i.status, i.active, i.severity, i.score, i.anomaly_count, i.began_at,
       i.last_anomaly_at, i.opened_at, i.acknowledged_at, i.normal_at, i.resolved_at, i.version
FROM incidents i JOIN stream_list l USING (stream_id)
LEFT JOIN areas p ON p.code = l.area_code;

CREATE VIEW anomaly_list AS
SELECT n.id, n.time, l.asset, l.title, l.kind, l.metric, l.unit, n.value, n.expected, n.band,
       n.score, n.detector, n.incident_id
FROM anomalies n JOIN stream_list l USING (stream_id);

CREATE VIEW ledger_balance AS
SELECT minute AS time, worker, received, stored, duplicate, rejected, held,
       received - stored - duplicate - rejected - held AS imbalance
FROM ledger;

CREATE VIEW reject_list AS
SELECT id, received_at AS time, topic, reason, items, payload_bytes FROM rejects;

CREATE VIEW area_list AS
SELECT code, name, kind, parent_code, latitude, longitude, valid_from, valid_to FROM areas;
