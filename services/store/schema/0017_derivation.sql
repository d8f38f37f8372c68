-- Derived readings: what the city's rules make of what was reported (services/derivation).

-- Which rule gives a stream; null: a device does. A derived stream is nobody's presence and
-- no detector's business, and its readings are written over when a late input mends them.
ALTER TABLE streams ADD COLUMN derived_by text;

-- What a derived reading was made of, one row a reading: its inputs by name, and the rule's
-- memory, where it has one (a flood level depends on the one before it).
CREATE TABLE derivations (
    stream_id integer NOT NULL,
    time      timestamptz NOT NULL,
    inputs    jsonb NOT NULL
);
SELECT create_hypertable('derivations', by_range('time', INTERVAL '7 days'),
                         create_default_indexes => false);
CREATE UNIQUE INDEX one_derivation_a_moment ON derivations (stream_id, time);

-- What has to be derived (again): steps of a rule's grid from `since` until before `until`. A
-- part is a stretch of the grid of fixed length (models/city/derivation.py), so that a month of
-- history is many rows and no single one is large. news: something of it came live, so an
-- alarm is one; what comes from a buffer alone is nobody's news. It is written with the cursor:
-- what was read and is not derived yet stands here.
CREATE TABLE derivation_due (
    rule      text NOT NULL,
    asset_id  bigint NOT NULL REFERENCES assets (id),
    part      bigint NOT NULL,
    news      boolean NOT NULL,
    since     timestamptz NOT NULL,
    until     timestamptz NOT NULL CHECK (until > since),
    marked_at timestamptz NOT NULL,
    PRIMARY KEY (rule, asset_id, part, news)
) WITH (fillfactor = 70);
CREATE INDEX derivation_due_in_order ON derivation_due (news DESC, marked_at);

-- Until when (event time) a rule has judged a derived stream: an incident of it is over when it
-- was judged normal for long enough.
CREATE TABLE derived_until (
    stream_id    integer PRIMARY KEY REFERENCES streams (id),
    judged_until timestamptz NOT NULL
) WITH (fillfactor = 70);

-- A rule knows how grave what it found is; a detector knows only how improbable it is.
ALTER TABLE anomalies ADD COLUMN severity text CHECK (severity IN ('low', 'medium', 'high'));
COMMENT ON COLUMN anomalies.severity IS 'as the rule says that found it; null: by how odd it is';

-- Kept from now on; the feed of before the update is read from its beginning.
INSERT INTO cursors (reader) VALUES ('derivation');

CREATE OR REPLACE VIEW stream_list AS
SELECT s.id AS stream_id, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind,
       a.area_code, s.metric, coalesce(s.unit, m.unit) AS unit, s.derived_by
FROM streams s JOIN assets a ON a.id = s.asset_id LEFT JOIN metrics m ON m.name = s.metric;

CREATE OR REPLACE VIEW anomaly_list AS
SELECT n.id, n.time, l.asset, l.title, l.kind, l.metric, l.unit, n.value, n.expected, n.band,
       n.score, n.detector, n.incident_id, n.severity
FROM anomalies n JOIN stream_list l USING (stream_id);

CREATE VIEW derivation_list AS
SELECT d.time, l.stream_id, l.asset, l.title, l.kind, l.metric, l.unit, l.derived_by, d.inputs
FROM derivations d JOIN stream_list l USING (stream_id);

DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(7660001);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cityops_derivation') THEN
        BEGIN
            CREATE ROLE cityops_derivation NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of the cluster was faster
        END;
    END IF;
END $$;
ALTER ROLE cityops_derivation SET statement_timeout = '60s';

GRANT SELECT ON arrivals, areas, assets, streams, metrics, stream_rules, readings, limits,
    flood_stations, noise_limits, rule_parameters, asset_facts TO cityops_derivation;
GRANT SELECT, INSERT, UPDATE ON cursors, derivations, derived_until TO cityops_derivation;
GRANT SELECT, INSERT, UPDATE, DELETE ON derivation_due TO cityops_derivation;
GRANT INSERT ON streams, anomalies, late_spans TO cityops_derivation;
GRANT SELECT ON anomalies TO cityops_derivation;
-- It writes over its own readings. (A compressed hypertable takes no rights on columns.)
GRANT INSERT, UPDATE ON readings TO cityops_derivation;

GRANT SELECT ON derived_until TO cityops_incidents;
GRANT SELECT ON derivations, derivation_list, derived_until TO cityops_api, cityops_engineer;
GRANT SELECT ON derivation_due TO cityops_engineer;
GRANT SELECT ON derivation_list TO cityops_viewer;
