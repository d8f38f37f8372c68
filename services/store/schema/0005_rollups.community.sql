-- Rollups of the community edition: continuous aggregates of the same names and columns.
-- Real-time (materialized_only = false): what is not yet materialised is computed on the
-- way, so a panel never lags behind. Late readings are repaired within the policy's window.
CREATE MATERIALIZED VIEW readings_5m
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT stream_id, time_bucket(INTERVAL '5 minutes', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings GROUP BY 1, 2 WITH NO DATA;

CREATE MATERIALIZED VIEW readings_1h
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT stream_id, time_bucket(INTERVAL '1 hour', time) AS time,
       avg(value) AS mean, min(value) AS low, max(value) AS high, count(*) AS samples
FROM readings GROUP BY 1, 2 WITH NO DATA;

SELECT add_continuous_aggregate_policy('readings_5m', start_offset => INTERVAL '30 days',
    end_offset => INTERVAL '5 minutes', schedule_interval => INTERVAL '5 minutes');
SELECT add_continuous_aggregate_policy('readings_1h', start_offset => INTERVAL '90 days',
    end_offset => INTERVAL '1 hour', schedule_interval => INTERVAL '30 minutes');

-- Readings older than two weeks are kept as columns, a stream's together.
ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = 'stream_id',
                          timescaledb.compress_orderby = 'time');
SELECT add_compression_policy('readings', INTERVAL '14 days');
