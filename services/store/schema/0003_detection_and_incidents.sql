-- What was noticed, and what people do about it.

-- What the detectors know of one stream: the packed record of models/detectors.
CREATE TABLE detector_states (
    stream_id    integer PRIMARY KEY REFERENCES streams (id),
    layout       text NOT NULL,
    judged_until timestamptz NOT NULL,
    state        bytea NOT NULL
);

-- An incident has one cause; two anomalies a second apart are one incident: the database
-- itself says so, whatever number of intake workers run.
CREATE TABLE incidents (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause            text NOT NULL,
    stream_id        integer NOT NULL REFERENCES streams (id),
    status           text NOT NULL DEFAULT 'open'
                     CHECK (status IN ('open', 'acknowledged', 'resolved')),
    active           boolean NOT NULL DEFAULT true,
    severity         text NOT NULL CHECK (severity IN ('low', 'medium', 'high')),
    score            double precision NOT NULL,
    anomaly_count    integer NOT NULL DEFAULT 1,
    began_at         timestamptz NOT NULL,
    last_anomaly_at  timestamptz NOT NULL,
    opened_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    acknowledged_at  timestamptz,
    normal_at        timestamptz,
    resolved_at      timestamptz,
    version          integer NOT NULL DEFAULT 1
);
COMMENT ON COLUMN incidents.active IS
    'the condition still stands; false with status open is ISA-18.2 "returned, unacknowledged"';
CREATE UNIQUE INDEX one_open_incident_a_cause ON incidents (cause) WHERE status <> 'resolved';
CREATE INDEX incidents_by_status ON incidents (status, opened_at DESC);

CREATE TABLE anomalies (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_id   integer NOT NULL REFERENCES streams (id),
    time        timestamptz NOT NULL,
    value       double precision NOT NULL,
    score       double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
    detector    text NOT NULL,
    expected    double precision NOT NULL,
    band        double precision NOT NULL,
    noticed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    incident_id bigint REFERENCES incidents (id),
    CONSTRAINT one_anomaly_a_moment UNIQUE (stream_id, time)
);
COMMENT ON COLUMN anomalies.band IS 'half the width of the normal band around expected, in the unit of the stream';
CREATE INDEX anomalies_waiting ON anomalies (id) WHERE incident_id IS NULL;
CREATE INDEX anomalies_by_time ON anomalies (time DESC);
CREATE INDEX anomalies_by_incident ON anomalies (incident_id);

-- Every move of an incident is one line here, appended in the transaction of the move,
-- never changed. Each line carries the hash of the one before it, so that a line cut out
-- or rewritten by hand shows.
CREATE TABLE timeline (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incidents (id),
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    move        text NOT NULL,
    note        text NOT NULL DEFAULT '',
    previous    bytea NOT NULL,
    hash        bytea NOT NULL,
    -- Two lines cannot follow the same one: the chain does not fork.
    CONSTRAINT one_line_after_a_line UNIQUE (incident_id, previous)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER timeline_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON timeline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
