-- One incident for one cause, whatever number of assets show it, and whether a device is wrong
-- or the world is.

ALTER TABLE incidents
    ADD COLUMN nature text NOT NULL DEFAULT 'undecided'
        CHECK (nature IN ('sensor', 'event', 'undecided')),
    ADD COLUMN nature_reasons jsonb NOT NULL DEFAULT '[]'
        CHECK (jsonb_typeof(nature_reasons) = 'array');
COMMENT ON COLUMN incidents.nature IS
    'sensor: a fault of a device or of the way its messages take; event: it really happened';
CREATE INDEX incidents_by_nature ON incidents (nature, id DESC);

-- The assets an incident is about, the one of its first anomaly among them: those that showed
-- something, and those that are silent with their gateway.
CREATE TABLE incident_members (
    incident_id bigint NOT NULL REFERENCES incidents (id),
    asset_id    bigint NOT NULL REFERENCES assets (id),
    since       timestamptz NOT NULL,
    PRIMARY KEY (incident_id, asset_id)
);
CREATE INDEX incident_members_by_asset ON incident_members (asset_id, incident_id DESC);
INSERT INTO incident_members (incident_id, asset_id, since)
SELECT i.id, s.asset_id, i.began_at FROM incidents i JOIN streams s ON s.id = i.stream_id;

CREATE VIEW incident_member_list AS
SELECT m.incident_id, m.since AS time, a.name AS asset, a.title, a.kind, a.area_code
FROM incident_members m JOIN assets a ON a.id = m.asset_id;

CREATE OR REPLACE VIEW incident_list AS
SELECT i.id, l.asset, l.title, l.kind, l.area_code, p.name AS area, l.metric, l.unit,
       i.status, i.active, i.severity, i.score, i.anomaly_count, i.began_at,
       i.last_anomaly_at, i.opened_at, i.acknowledged_at, i.normal_at, i.resolved_at, i.version,
       i.nature, i.nature_reasons,
       (SELECT count(*) FROM incident_members m WHERE m.incident_id = i.id) AS member_count
FROM incidents i JOIN stream_list l USING (stream_id)
LEFT JOIN areas p ON p.code = l.area_code;

GRANT SELECT, INSERT ON incident_members TO cityops_incidents;
GRANT SELECT ON incident_members TO cityops_api, cityops_engineer;
GRANT SELECT ON incident_member_list TO cityops_api, cityops_engineer, cityops_viewer;
