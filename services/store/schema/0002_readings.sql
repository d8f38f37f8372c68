-- What was reported. One row is one number at one moment: a second delivery of it meets
-- the unique index and changes nothing. No check on quality: it is asked of every row, and
-- costs a tenth of the speed at which rows come in; models.reading.Quality is the only source.
CREATE TABLE readings (
    stream_id   integer NOT NULL,
    time        timestamptz NOT NULL,
    value       double precision NOT NULL,
    quality     smallint NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL
);
COMMENT ON COLUMN readings.quality IS '0 good, 1 uncertain, 2 bad, 3 stale';
SELECT create_hypertable('readings', by_range('time', INTERVAL '7 days'),
                         create_default_indexes => false);
CREATE UNIQUE INDEX one_reading_a_moment ON readings (stream_id, time);

-- What could not be read: kept with its reason and its bytes (the first 256 KiB of them),
-- so that people see it, mend it and send it again. items is how many readings it stands for.
CREATE TABLE rejects (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at   timestamptz NOT NULL,
    topic         text NOT NULL,
    payload       bytea NOT NULL,
    payload_bytes integer NOT NULL,
    reason        text NOT NULL,
    items         integer NOT NULL DEFAULT 1 CHECK (items > 0),
    worker        text NOT NULL
);
CREATE INDEX rejects_by_time ON rejects (received_at DESC);

-- Everything received is accounted for, per worker and minute, in readings:
-- received = stored + duplicate + rejected + held. held is what is inside and not yet
-- decided; counts are written in the transaction that decides, so it is 0 in every row.
CREATE TABLE ledger (
    worker    text NOT NULL,
    minute    timestamptz NOT NULL,
    received  bigint NOT NULL DEFAULT 0,
    stored    bigint NOT NULL DEFAULT 0,
    duplicate bigint NOT NULL DEFAULT 0,
    rejected  bigint NOT NULL DEFAULT 0,
    held      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (worker, minute)
);

-- The change feed: what one ingest transaction stored, as one packed array
-- (models/frame.py), so that a reader takes in hundreds of thousands of readings a second
-- without touching the readings. tx orders the writers: below the oldest running
-- transaction nothing can appear any more, so a reader that stays below it skips nothing.
CREATE TABLE arrivals (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    tx          xid8 NOT NULL DEFAULT pg_current_xact_id(),
    received_at timestamptz NOT NULL,
    frame       bytea NOT NULL
);
-- Arrays of numbers compress badly; out of line and plain is cheapest.
ALTER TABLE arrivals ALTER COLUMN frame SET STORAGE EXTERNAL;
SELECT create_hypertable('arrivals', by_range('received_at', INTERVAL '1 hour'),
                         create_default_indexes => false);
CREATE INDEX arrivals_in_order ON arrivals (tx, id);

-- How far each reader of the feed has come.
CREATE TABLE cursors (
    reader      text PRIMARY KEY,
    tx          xid8 NOT NULL DEFAULT '0',
    arrival_id  bigint NOT NULL DEFAULT 0,
    received_at timestamptz
);
-- Known from the beginning, so that the feed is kept for it before it first runs.
INSERT INTO cursors (reader) VALUES ('detection');
