-- What the boards of alarms and of the platform look at, and the alert rules with them.

-- Of those stored: how many were uncertain, and how many bad or stale. Counted where their
-- quality is judged: asked of the readings themselves, a month would be every row of it.
ALTER TABLE ledger ADD COLUMN uncertain bigint NOT NULL DEFAULT 0,
                   ADD COLUMN bad bigint NOT NULL DEFAULT 0;
CREATE OR REPLACE VIEW ledger_balance AS
SELECT minute AS time, worker, received, stored, duplicate, rejected, held,
       received - stored - duplicate - rejected - held AS imbalance, late, uncertain, bad
FROM ledger;
-- The boards ask for a stretch of time, of every worker.
CREATE INDEX ledger_by_time ON ledger (minute);

-- Alarms by when they were raised, and those that nobody has settled.
CREATE INDEX incidents_by_opening ON incidents (opened_at);

-- Each time an alarm's condition began or came back: what chatters is many of these in a short
-- while (ISA-18.2), though it stays one incident.
CREATE INDEX timeline_by_time ON timeline (at) WHERE move IN ('open', 'recur');
CREATE VIEW alarm_returns AS
SELECT t.at AS time, t.incident_id, t.move, l.asset, l.title, l.kind, l.area_code, l.metric,
       i.severity
FROM timeline t JOIN incidents i ON i.id = t.incident_id JOIN stream_list l USING (stream_id)
WHERE t.move IN ('open', 'recur');

-- How far each reader of the change feed is behind: waiting_s is the age of the oldest arrival
-- that it has not read, 0 where there is none.
CREATE VIEW reader_list AS
SELECT c.reader, c.received_at AS read_until,
       greatest(coalesce(date_part('epoch', now() - unread.received_at), 0), 0) AS waiting_s
FROM cursors c
LEFT JOIN LATERAL (
    SELECT a.received_at FROM arrivals a WHERE (a.tx, a.id) > (c.tx, c.arrival_id)
    ORDER BY a.tx, a.id LIMIT 1) unread ON true;

-- Beats that ingest sends itself through the broker (ingest/canary.py): time is when one was
-- sent, delay_s how long it took to be written.
CREATE VIEW canary_beats AS
SELECT r.time, date_part('epoch', r.received_at - r.time) AS delay_s
FROM readings r
WHERE r.stream_id = (SELECT stream_id FROM stream_list
                     WHERE asset = 'platform' AND metric = 'canary');
INSERT INTO metrics (name, unit, low, high, title, title_en) VALUES
    ('canary', '1', 1, 1, 'Nhịp tự kiểm tra', 'Canary beat')
ON CONFLICT (name) DO NOTHING;

-- What lies on the disk, a row a chunk of a hypertable. A compressed chunk's rows lie in another
-- table; before_bytes is what it took before it was compressed, null where it never was. The
-- Apache edition compresses nothing.
CREATE VIEW chunk_list AS
SELECT c.hypertable_name AS hypertable, c.range_start, c.range_end, c.is_compressed,
       pg_total_relation_size((quote_ident(c.chunk_schema) || '.' || quote_ident(c.chunk_name))::regclass)
           + coalesce(pg_total_relation_size(
                 (quote_ident(p.schema_name) || '.' || quote_ident(p.table_name))::regclass), 0)
           AS bytes,
       s.uncompressed_heap_size + s.uncompressed_toast_size + s.uncompressed_index_size
           AS before_bytes
FROM timescaledb_information.chunks c
JOIN _timescaledb_catalog.chunk k ON k.schema_name = c.chunk_schema AND k.table_name = c.chunk_name
LEFT JOIN _timescaledb_catalog.chunk p ON p.id = k.compressed_chunk_id
LEFT JOIN _timescaledb_catalog.compression_chunk_size s ON s.chunk_id = k.id
WHERE c.hypertable_schema = 'public';

GRANT SELECT ON alarm_returns, reader_list, canary_beats, chunk_list
    TO cityops_api, cityops_viewer, cityops_engineer;

-- Rollups of the Apache edition (docs/decisions/0027): two tables that housekeeping fills up to a
-- mark some hours ago, and behind the mark the readings themselves, so that a month of one stream
-- is 720 rows instead of 43,200. The community edition does the same by itself.
DO $$
BEGIN
    IF coalesce(current_setting('timescaledb.license', true), '') <> 'apache' THEN
        RETURN;
    END IF;
    CREATE TABLE kept_5m (
        stream_id integer NOT NULL,
        time      timestamptz NOT NULL,
        mean      double precision NOT NULL,
        low       double precision NOT NULL,
        high      double precision NOT NULL,
        samples   bigint NOT NULL
    );
    CREATE TABLE kept_1h (LIKE kept_5m INCLUDING ALL);
    PERFORM create_hypertable('kept_5m', by_range('time', INTERVAL '7 days'),
                              create_default_indexes => false);
    PERFORM create_hypertable('kept_1h', by_range('time', INTERVAL '90 days'),
                              create_default_indexes => false);
    CREATE UNIQUE INDEX one_5m_a_moment ON kept_5m (stream_id, time);
    CREATE UNIQUE INDEX one_1h_a_moment ON kept_1h (stream_id, time);
    CREATE TABLE kept_until (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        until  timestamptz NOT NULL
    );
    INSERT INTO kept_until (until) VALUES ('-infinity');

    CREATE OR REPLACE VIEW readings_5m AS
    SELECT stream_id, time, mean, low, high, samples FROM kept_5m
    WHERE time < (SELECT until FROM kept_until)
    UNION ALL
    SELECT stream_id, time_bucket(INTERVAL '5 minutes', time) AS time,
           avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
    FROM readings WHERE quality < 2 AND time >= (SELECT until FROM kept_until) GROUP BY 1, 2;

    CREATE OR REPLACE VIEW readings_1h AS
    SELECT stream_id, time, mean, low, high, samples FROM kept_1h
    WHERE time < (SELECT until FROM kept_until)
    UNION ALL
    SELECT stream_id, time_bucket(INTERVAL '1 hour', time) AS time,
           avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
    FROM readings WHERE quality < 2 AND time >= (SELECT until FROM kept_until) GROUP BY 1, 2;

    -- What is kept is joined as it is; what is not, a look a stream (0006). A view of the view
    -- above would sort and group again what is a row a moment already.
    CREATE OR REPLACE VIEW series_5m AS
    SELECT k.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
           k.mean, k.low, k.high, k.samples
    FROM stream_list l JOIN kept_5m k USING (stream_id)
    WHERE k.time < (SELECT until FROM kept_until)
    UNION ALL
    SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
           r.mean, r.low, r.high, r.samples
    FROM stream_list l
    CROSS JOIN LATERAL (
        SELECT time_bucket(INTERVAL '5 minutes', time) AS time,
               avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
        FROM readings WHERE readings.stream_id = l.stream_id AND quality < 2
          AND readings.time >= (SELECT until FROM kept_until) GROUP BY 1) r;

    CREATE OR REPLACE VIEW series_1h AS
    SELECT k.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
           k.mean, k.low, k.high, k.samples
    FROM stream_list l JOIN kept_1h k USING (stream_id)
    WHERE k.time < (SELECT until FROM kept_until)
    UNION ALL
    SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
           r.mean, r.low, r.high, r.samples
    FROM stream_list l
    CROSS JOIN LATERAL (
        SELECT time_bucket(INTERVAL '1 hour', time) AS time,
               avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
        FROM readings WHERE readings.stream_id = l.stream_id AND quality < 2
          AND readings.time >= (SELECT until FROM kept_until) GROUP BY 1) r;

    GRANT SELECT ON kept_5m, kept_1h, kept_until TO cityops_engineer;
END $$;
