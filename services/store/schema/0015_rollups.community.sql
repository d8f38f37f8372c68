-- A reading that is bad or stale (quality 2, 3) measures nothing: rollups leave it out. A
-- continuous aggregate cannot be given another query, so both are made anew, with the views
-- on them; housekeeping computes what there is already (late_spans).
DROP VIEW series_5m;
DROP VIEW series_1h;
DROP MATERIALIZED VIEW readings_5m;
DROP MATERIALIZED VIEW readings_1h;

CREATE MATERIALIZED VIEW readings_5m
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT stream_id, time_bucket(INTERVAL '5 minutes', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings WHERE quality < 2 GROUP BY 1, 2 WITH NO DATA;

CREATE MATERIALIZED VIEW readings_1h
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT stream_id, time_bucket(INTERVAL '1 hour', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings WHERE quality < 2 GROUP BY 1, 2 WITH NO DATA;

SELECT add_continuous_aggregate_policy('readings_5m', start_offset => INTERVAL '30 days',
    end_offset => INTERVAL '5 minutes', schedule_interval => INTERVAL '5 minutes');
SELECT add_continuous_aggregate_policy('readings_1h', start_offset => INTERVAL '90 days',
    end_offset => INTERVAL '1 hour', schedule_interval => INTERVAL '30 minutes');

INSERT INTO late_spans (began_at, ended_at)
SELECT min(time), max(time) FROM readings HAVING count(*) > 0;

CREATE VIEW series_5m AS
SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       r.mean, r.low, r.high, r.samples
FROM stream_list l
CROSS JOIN LATERAL (SELECT time, mean, low, high, samples FROM readings_5m
                    WHERE readings_5m.stream_id = l.stream_id
                    GROUP BY time, mean, low, high, samples) r;

CREATE VIEW series_1h AS
SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       r.mean, r.low, r.high, r.samples
FROM stream_list l
CROSS JOIN LATERAL (SELECT time, mean, low, high, samples FROM readings_1h
                    WHERE readings_1h.stream_id = l.stream_id
                    GROUP BY time, mean, low, high, samples) r;

GRANT SELECT ON readings_5m, readings_1h TO cityops_api, cityops_engineer;
GRANT SELECT ON series_5m, series_1h TO cityops_viewer, cityops_engineer;
