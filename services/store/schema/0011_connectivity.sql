-- Who is heard, and how often: kept by services/connectivity from the change feed.

-- The gateway that an asset speaks through.
ALTER TABLE assets ADD COLUMN IF NOT EXISTS parent_id bigint REFERENCES assets (id);

-- How one asset is heard now. record is the packed record of models/hearing.py, and layout
-- names its shape; the other columns are for people. The three durations are seconds, null where
-- they are not known (yet): the usual gap, and the silence after which it is late, silent.
CREATE TABLE asset_connectivity (
    asset_id         bigint PRIMARY KEY REFERENCES assets (id),
    state            text NOT NULL CHECK (state IN ('learning', 'online', 'late', 'silent')),
    with_parent      boolean NOT NULL,
    since            timestamptz,
    last_received_at timestamptz,
    last_event_at    timestamptz,
    cadence_s        double precision,
    late_after_s     double precision,
    silent_after_s   double precision,
    skew_s           double precision,
    layout           text NOT NULL,
    record           bytea NOT NULL
) WITH (fillfactor = 70);
COMMENT ON COLUMN asset_connectivity.with_parent IS
    'silent because its gateway is (or, without one, because the platform hears nobody)';
COMMENT ON COLUMN asset_connectivity.skew_s IS
    'seconds by which the clock of the device is ahead of ours; negative: behind, or delivered late';

-- How often one stream speaks; spread is the mean deviation of the logarithm of its gaps.
CREATE TABLE stream_cadence (
    stream_id integer PRIMARY KEY REFERENCES streams (id),
    cadence_s double precision,
    spread    double precision NOT NULL,
    samples   integer NOT NULL,
    layout    text NOT NULL,
    record    bytea NOT NULL
) WITH (fillfactor = 70);

-- The listener's clock (models/feed.py), and the one process that keeps all of this.
CREATE TABLE connectivity_feed (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    layout text NOT NULL,
    record bytea NOT NULL
);

-- What became otherwise, for a band of states over time.
CREATE TABLE connectivity_moves (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asset_id    bigint NOT NULL REFERENCES assets (id),
    at          timestamptz NOT NULL,
    state       text NOT NULL,
    with_parent boolean NOT NULL
);
CREATE INDEX connectivity_moves_by_asset ON connectivity_moves (asset_id, at DESC);
CREATE INDEX connectivity_moves_by_time ON connectivity_moves (at DESC);

-- What counts as a wrong clock, in seconds; connectivity writes down what it is set to.
CREATE TABLE connectivity_bounds (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    skew_s double precision NOT NULL
);
INSERT INTO connectivity_bounds (skew_s) VALUES (60);

-- One line an asset; one that was never heard is learning, like one that just began.
CREATE VIEW connectivity_list AS
SELECT a.id AS asset_id, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind,
       a.area_code, p.name AS area, g.name AS parent,
       coalesce(c.state, 'learning') AS state,
       coalesce(array_position(ARRAY['learning', 'online', 'late', 'silent'], c.state), 1) - 1
           AS state_level,
       coalesce(c.with_parent, false) AS with_parent,
       c.since, c.last_received_at, c.last_event_at, c.cadence_s, c.late_after_s,
       c.silent_after_s, c.skew_s, coalesce(abs(c.skew_s) > b.skew_s, false) AS clock_wrong
FROM assets a
CROSS JOIN connectivity_bounds b
LEFT JOIN asset_connectivity c ON c.asset_id = a.id
LEFT JOIN areas p ON p.code = a.area_code
LEFT JOIN assets g ON g.id = a.parent_id;

CREATE VIEW connectivity_changes AS
SELECT m.at AS time, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind, a.area_code,
       m.state, array_position(ARRAY['learning', 'online', 'late', 'silent'], m.state) - 1
           AS state_level, m.with_parent
FROM connectivity_moves m JOIN assets a ON a.id = m.asset_id;

CREATE VIEW stream_cadence_list AS
SELECT l.stream_id, l.asset, l.title, l.kind, l.area_code, l.metric, c.cadence_s, c.spread,
       c.samples
FROM stream_list l JOIN stream_cadence c USING (stream_id);

DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(7660001);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cityops_connectivity') THEN
        BEGIN
            CREATE ROLE cityops_connectivity NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of the cluster was faster
        END;
    END IF;
END $$;
ALTER ROLE cityops_connectivity SET statement_timeout = '60s';

GRANT SELECT ON arrivals TO cityops_connectivity;
GRANT SELECT, INSERT ON assets, streams TO cityops_connectivity;
GRANT SELECT, INSERT, UPDATE ON cursors, asset_connectivity, stream_cadence, connectivity_feed,
    connectivity_bounds TO cityops_connectivity;
GRANT SELECT, INSERT ON anomalies, connectivity_moves TO cityops_connectivity;

-- A silence is over when its asset is heard: incidents look here.
GRANT SELECT ON asset_connectivity TO cityops_incidents;

GRANT SELECT ON connectivity_list, connectivity_changes, stream_cadence_list
    TO cityops_api, cityops_viewer, cityops_engineer;
GRANT SELECT ON asset_connectivity, stream_cadence, connectivity_moves, connectivity_feed,
    connectivity_bounds TO cityops_engineer;
