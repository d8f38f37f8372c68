-- A reading that is bad or stale (quality 2, 3) measures nothing: rollups leave it out.
CREATE OR REPLACE VIEW readings_5m AS
SELECT stream_id, time_bucket(INTERVAL '5 minutes', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings WHERE quality < 2 GROUP BY 1, 2;

CREATE OR REPLACE VIEW readings_1h AS
SELECT stream_id, time_bucket(INTERVAL '1 hour', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings WHERE quality < 2 GROUP BY 1, 2;
