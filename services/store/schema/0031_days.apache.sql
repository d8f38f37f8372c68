-- Days of the province, for what looks at thirty of them at once (days over a limit): a month of
-- all air stations is 144,000 hours, and 6,000 days. `hours` tells how many of a day's hours were
-- measured. Whole days are kept, the rest is computed (0027).
CREATE TABLE kept_1d (
    stream_id integer NOT NULL,
    time      timestamptz NOT NULL,
    mean      double precision NOT NULL,
    low       double precision NOT NULL,
    high      double precision NOT NULL,
    samples   bigint NOT NULL,
    hours     bigint NOT NULL
);
CREATE UNIQUE INDEX one_1d_a_moment ON kept_1d (stream_id, time);

-- Days have a mark of their own: whoever moves the other and knows of no days leaves no hole.
ALTER TABLE kept_until ADD COLUMN days_until timestamptz NOT NULL DEFAULT '-infinity';
UPDATE kept_until SET days_until = time_bucket(INTERVAL '1 day', until, 'Asia/Ho_Chi_Minh')
WHERE isfinite(until);
INSERT INTO kept_1d (stream_id, time, mean, low, high, samples, hours)
SELECT stream_id, time_bucket(INTERVAL '1 day', time, 'Asia/Ho_Chi_Minh'),
       sum(mean * samples) / sum(samples), min(low), max(high), sum(samples), count(*)
FROM kept_1h WHERE time < (SELECT days_until FROM kept_until) GROUP BY 1, 2 ORDER BY 1, 2;

-- The mark moves in the transaction that fills the tables: what is in them lies before it, and the
-- views need not ask. With a comparison to an unknown moment the planner expects one row a stream
-- where there are a month of hours, and sorts what it should hash.
CREATE OR REPLACE VIEW readings_5m AS
SELECT stream_id, time, mean, low, high, samples FROM kept_5m
UNION ALL
SELECT stream_id, time_bucket(INTERVAL '5 minutes', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings WHERE quality < 2 AND time >= (SELECT until FROM kept_until) GROUP BY 1, 2;

CREATE OR REPLACE VIEW readings_1h AS
SELECT stream_id, time, mean, low, high, samples FROM kept_1h
UNION ALL
SELECT stream_id, time_bucket(INTERVAL '1 hour', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings WHERE quality < 2 AND time >= (SELECT until FROM kept_until) GROUP BY 1, 2;

CREATE VIEW readings_1d AS
SELECT stream_id, time, mean, low, high, samples, hours FROM kept_1d
UNION ALL
SELECT stream_id, time_bucket(INTERVAL '1 day', time, 'Asia/Ho_Chi_Minh') AS time,
       sum(mean * samples) / sum(samples) AS mean, min(low) AS low, max(high) AS high,
       sum(samples)::bigint AS samples, count(*) AS hours
FROM readings_1h WHERE time >= (SELECT days_until FROM kept_until) GROUP BY 1, 2;

CREATE OR REPLACE VIEW series_5m AS
SELECT k.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       k.mean, k.low, k.high, k.samples
FROM stream_list l JOIN kept_5m k USING (stream_id)
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
UNION ALL
SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       r.mean, r.low, r.high, r.samples
FROM stream_list l
CROSS JOIN LATERAL (
    SELECT time_bucket(INTERVAL '1 hour', time) AS time,
           avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
    FROM readings WHERE readings.stream_id = l.stream_id AND quality < 2
      AND readings.time >= (SELECT until FROM kept_until) GROUP BY 1) r;

CREATE VIEW series_1d AS
SELECT k.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       k.mean, k.low, k.high, k.samples, k.hours
FROM stream_list l JOIN kept_1d k USING (stream_id)
UNION ALL
SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       r.mean, r.low, r.high, r.samples, r.hours
FROM stream_list l
CROSS JOIN LATERAL (
    SELECT time_bucket(INTERVAL '1 day', time, 'Asia/Ho_Chi_Minh') AS time,
           sum(mean * samples) / sum(samples) AS mean, min(low) AS low, max(high) AS high,
           sum(samples)::bigint AS samples, count(*) AS hours
    FROM readings_1h WHERE readings_1h.stream_id = l.stream_id
      AND readings_1h.time >= (SELECT days_until FROM kept_until) GROUP BY 1) r;

GRANT SELECT ON readings_1d TO cityops_api, cityops_engineer;
GRANT SELECT ON series_1d TO cityops_viewer, cityops_engineer;
GRANT SELECT ON kept_1d TO cityops_engineer;
