-- What detection tells beside a score: what the score is made of, which model gave it, and how
-- long a condition goes on after it was told.

ALTER TABLE anomalies
    ADD COLUMN parts jsonb,
    ADD COLUMN model_version integer;
COMMENT ON COLUMN anomalies.parts IS
    'the surprises a score is made of: nats by detector or statistic; null of a rule';
COMMENT ON COLUMN anomalies.model_version IS 'of the detectors; null of a rule';

-- An anomaly is told once; as long as what it tells of goes on, only this moves.
ALTER TABLE detector_states ADD COLUMN odd_until timestamptz;
COMMENT ON COLUMN detector_states.odd_until IS
    'the newest reading at which something that was told went on; null where nothing ever was';

-- What sort of number a metric is, for those who judge its readings: a counter only grows until
-- it begins anew, a state is one of a few values, beyond the highest angle the lowest follows.
ALTER TABLE metrics ADD COLUMN sort text NOT NULL DEFAULT 'gauge'
    CHECK (sort IN ('gauge', 'counter', 'state', 'angle'));
UPDATE metrics SET sort = 'counter' WHERE name IN ('energy', 'uptime');
UPDATE metrics SET sort = 'angle' WHERE name = 'wind_direction';
UPDATE metrics SET sort = 'state'
WHERE name IN ('online', 'flood_level', 'light_fault', 'power_outage', 'power_factor_low',
               'fire_suspected', 'leak_suspected', 'level_of_service');

CREATE OR REPLACE VIEW anomaly_list AS
SELECT n.id, n.time, l.asset, l.title, l.kind, l.metric, l.unit, n.value, n.expected, n.band,
       n.score, n.detector, n.incident_id, n.severity, n.parts, n.model_version
FROM anomalies n JOIN stream_list l USING (stream_id);
