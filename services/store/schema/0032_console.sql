-- The operators' web page: who is signed in to it, and where browsers find it.

-- A browser is given 32 random bytes in the place of the token; only their SHA-256 is kept. A
-- session ends with its token, whatever it says itself.
CREATE TABLE console_sessions (
    sha256     bytea PRIMARY KEY CHECK (length(sha256) = 32),
    token_id   bigint NOT NULL REFERENCES tokens (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CHECK (expires_at > created_at)
);
CREATE INDEX console_sessions_by_end ON console_sessions (expires_at);

-- The console writes its address when it starts, the boards link to what stands here: one board
-- serves every installation, and a Grafana elsewhere too.
CREATE TABLE console_place (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    url      text NOT NULL CHECK (url ~ '^https?://[A-Za-z0-9.:_/\[\]-]+$')
);
INSERT INTO console_place (url) VALUES ('http://localhost:8010');
CREATE VIEW console_address AS SELECT url FROM console_place;

DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(7660001);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cityops_console') THEN
        BEGIN
            CREATE ROLE cityops_console NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of the cluster was faster
        END;
    END IF;
END $$;
ALTER ROLE cityops_console SET statement_timeout = '15s';
ALTER ROLE cityops_console SET idle_in_transaction_session_timeout = '30s';

GRANT SELECT ON tokens, console_place TO cityops_console;
GRANT SELECT, INSERT, DELETE ON console_sessions TO cityops_console;
GRANT UPDATE (url) ON console_place TO cityops_console;

-- What an incident is, and why: as the API sees it.
GRANT SELECT ON areas, assets, streams, metrics, readings, anomalies, incidents, timeline,
    incident_members, incident_feedback, incident_verdicts, desks, desk_assets,
    stream_list, incident_list, incident_words, incident_member_list, anomaly_list,
    incident_feedback_list TO cityops_console;
-- What people do there: they move, they say whether it was real. Both by lines that stay.
GRANT UPDATE (status, active, version, acknowledged_at, normal_at, resolved_at)
    ON incidents TO cityops_console;
GRANT INSERT ON timeline, incident_feedback, audit TO cityops_console;

GRANT SELECT ON console_address TO cityops_viewer, cityops_engineer;
