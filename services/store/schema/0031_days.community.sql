-- Days of the province, for what looks at thirty of them at once (days over a limit): a month of
-- all air stations is 144,000 hours, and 6,000 days. `hours` tells how many of a day's hours were
-- measured. Made of the hours; what there is already is computed by housekeeping (late_spans).
CREATE MATERIALIZED VIEW readings_1d
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT stream_id, time_bucket(INTERVAL '1 day', time, 'Asia/Ho_Chi_Minh') AS time,
       sum(mean * samples) / sum(samples) AS mean, min(low) AS low, max(high) AS high,
       sum(samples)::bigint AS samples, count(*) AS hours
FROM readings_1h GROUP BY 1, 2 WITH NO DATA;

SELECT add_continuous_aggregate_policy('readings_1d', start_offset => INTERVAL '90 days',
    end_offset => INTERVAL '1 day', schedule_interval => INTERVAL '1 hour');

INSERT INTO late_spans (began_at, ended_at)
SELECT min(time), max(time) FROM readings HAVING count(*) > 0;

CREATE VIEW series_1d AS
SELECT r.time, l.asset, l.title, l.kind, l.area_code, l.metric, l.unit,
       r.mean, r.low, r.high, r.samples, r.hours
FROM stream_list l
CROSS JOIN LATERAL (SELECT time, mean, low, high, samples, hours FROM readings_1d
                    WHERE readings_1d.stream_id = l.stream_id
                    GROUP BY time, mean, low, high, samples, hours) r;

GRANT SELECT ON readings_1d TO cityops_api, cityops_engineer;
GRANT SELECT ON series_1d TO cityops_viewer, cityops_engineer;
