-- What became of everything that was received, to the last reading.

-- Readings put aside before they became rows: of an asset that nobody has claimed (where
-- ingest is set to wait for that), or out of a device's buffer, which may not delay what is
-- live. A lane of its own stores them when their time has come. samples is the JSON of
-- ingest/aside.py; items is how many readings it stands for.
CREATE TABLE held (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    asset       text NOT NULL,
    reason      text NOT NULL CHECK (reason IN ('unclaimed', 'history')),
    samples     bytea NOT NULL,
    items       integer NOT NULL CHECK (items > 0)
);
CREATE INDEX held_history ON held (id) WHERE reason = 'history';
CREATE INDEX held_unclaimed ON held (asset, id) WHERE reason = 'unclaimed';

-- received is counted where a message is read, stored is the database's own word: the balance
-- is a statement about our code. The lane takes from held (negative) what it stores or rejects.
-- late is how many of the stored came more than a quarter of an hour after their time.
ALTER TABLE ledger ADD COLUMN late bigint NOT NULL DEFAULT 0;
CREATE OR REPLACE VIEW ledger_balance AS
SELECT minute AS time, worker, received, stored, duplicate, rejected, held,
       received - stored - duplicate - rejected - held AS imbalance, late
FROM ledger;

-- What a part of the feed is: live; history, which was somebody's buffer and is nobody's news;
-- bad, whose quality is bad or stale: a sign of life and no measurement.
ALTER TABLE arrivals ADD COLUMN lane text NOT NULL DEFAULT 'live'
    CHECK (lane IN ('live', 'history', 'bad'));

-- What a codec has to know again after a restart: what was told once and is meant for long.
CREATE TABLE codec_memory (
    codec   text NOT NULL,
    key     text NOT NULL,
    content bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (codec, key)
);

-- The workers that have a session with the broker. A session nobody comes back to would keep
-- its share of the messages for ever: who is not needed any more is drained, and leaves.
CREATE TABLE workers (
    worker     text PRIMARY KEY,
    share      text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    left_at    timestamptz
);

-- Spans of event time that were written to long after they passed: housekeeping computes the
-- rollups of them again where their own policy does not look back so far.
CREATE TABLE late_spans (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    began_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL
);

CREATE VIEW held_list AS
SELECT asset, reason, count(*) AS messages, sum(items) AS readings,
       min(received_at) AS oldest, max(received_at) AS newest
FROM held GROUP BY 1, 2;

-- UPDATE for the row locks of a lane that shares its work.
GRANT SELECT, INSERT, UPDATE, DELETE ON held TO cityops_ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON codec_memory TO cityops_ingest;
GRANT SELECT, INSERT, UPDATE ON workers TO cityops_ingest;
GRANT INSERT ON late_spans TO cityops_ingest;
GRANT SELECT ON held_list TO cityops_api, cityops_viewer, cityops_engineer;
GRANT SELECT ON held, workers, late_spans, codec_memory TO cityops_engineer;
GRANT SELECT ON ledger, ledger_balance TO cityops_incidents;
-- An imbalance of the ledger is an anomaly of the asset `platform`.
GRANT INSERT ON anomalies, assets, streams TO cityops_incidents;
-- The unit a device names, where nobody has said another.
GRANT UPDATE (unit) ON streams TO cityops_ingest;
-- A reject that was read again in part stands for fewer readings.
GRANT UPDATE (items) ON rejects TO cityops_ingest;
