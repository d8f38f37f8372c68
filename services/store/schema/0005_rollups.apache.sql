-- Rollups of the Apache edition: plain views, computed when asked.
CREATE VIEW readings_5m AS
SELECT stream_id, time_bucket(INTERVAL '5 minutes', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings GROUP BY 1, 2;

CREATE VIEW readings_1h AS
SELECT stream_id, time_bucket(INTERVAL '1 hour', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings GROUP BY 1, 2;
