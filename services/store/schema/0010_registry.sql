-- What the registry knows beside names: who stands behind which gateway, who owns what, which
-- numbers a metric can show at all, and what was converted into what.

-- A gateway is the parent of what speaks through it. The owner is an organisation, by its code
-- or its name. changed_at is when a row was last changed, for whoever keeps a copy of it.
ALTER TABLE assets
    ADD COLUMN IF NOT EXISTS parent_id bigint
        CONSTRAINT asset_of_a_known_parent REFERENCES assets (id),
    ADD COLUMN IF NOT EXISTS owner_unit text,
    ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX IF NOT EXISTS assets_by_parent ON assets (parent_id);
CREATE INDEX IF NOT EXISTS assets_by_area ON assets (area_code);
CREATE INDEX IF NOT EXISTS assets_by_change ON assets (changed_at);

-- What a metric is, wherever it is measured. low and high bound what can be at all, max_rate is
-- the largest change a second that can be believed. A reading out of range is kept as bad, one
-- that changed faster as uncertain. They are given in the metric's own unit (UCUM).
CREATE TABLE metrics (
    name       text PRIMARY KEY,
    unit       text,
    low        double precision,
    high       double precision,
    max_rate   double precision,
    title      text,
    title_en   text,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT metric_range_in_order CHECK (low <= high),
    CONSTRAINT metric_rate_is_positive CHECK (max_rate > 0)
);
CREATE INDEX metrics_by_change ON metrics (changed_at);

-- A stream may differ from its metric: a gauge in another place has another range.
ALTER TABLE streams
    ADD COLUMN IF NOT EXISTS low double precision,
    ADD COLUMN IF NOT EXISTS high double precision,
    ADD COLUMN IF NOT EXISTS max_rate double precision,
    ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT stream_range_in_order CHECK (low <= high),
    ADD CONSTRAINT stream_rate_is_positive CHECK (max_rate > 0);
CREATE INDEX IF NOT EXISTS streams_by_change ON streams (changed_at);
CREATE INDEX IF NOT EXISTS streams_by_metric ON streams (metric);

-- The clock and not the transaction's beginning: a row that waited for a lock changes now.
ALTER TABLE assets ALTER COLUMN changed_at SET DEFAULT clock_timestamp();
ALTER TABLE streams ALTER COLUMN changed_at SET DEFAULT clock_timestamp();
ALTER TABLE metrics ALTER COLUMN changed_at SET DEFAULT clock_timestamp();
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER asset_change_is_noted BEFORE UPDATE ON assets
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_change();
CREATE TRIGGER stream_change_is_noted BEFORE UPDATE ON streams
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_change();
CREATE TRIGGER metric_change_is_noted BEFORE UPDATE ON metrics
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_change();

-- Nothing stands below itself, nor below more than eight others: who looks up from what has
-- changed meets the end by then. One at a time, or two gateways could be put below each other
-- by two people at once.
CREATE FUNCTION refuse_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM changed WHERE parent_id IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(7660010);
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id, 1 AS height FROM changed WHERE parent_id IS NOT NULL
            UNION ALL
            SELECT b.id, a.parent_id, b.height + 1 FROM above b JOIN assets a ON a.id = b.parent_id
            WHERE a.parent_id IS NOT NULL AND b.height <= 8 AND b.parent_id <> b.id)
        SELECT FROM above WHERE height > 8 OR parent_id = id)
    THEN
        RAISE EXCEPTION 'an asset cannot stand below itself, nor below more than eight others'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'asset_not_below_itself';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_asset_not_below_itself AFTER INSERT ON assets
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_circle();
CREATE TRIGGER asset_not_below_itself AFTER UPDATE ON assets
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_circle();

-- That readings of a stream came in another unit than they are kept in:
-- kept = came * scale + "offset". A line for each unit that ever came.
CREATE TABLE conversions (
    stream_id integer NOT NULL REFERENCES streams (id),
    from_unit text NOT NULL,
    to_unit   text NOT NULL,
    scale     double precision NOT NULL,
    "offset"  double precision NOT NULL,
    first_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream_id, from_unit, to_unit)
);

-- The metrics of the city. Ranges exclude only what cannot be: a fault, a spike, a flood of a
-- hundred years and a dust storm stay inside. occupancy goes to 100 because road sensors report
-- percent where nobody has said the unit; power and current are below zero where roofs feed in.
INSERT INTO metrics (name, unit, low, high, max_rate, title, title_en) VALUES
    ('pm1',               'ug/m3',   0,     10000,  NULL, 'Bụi PM1',                     'PM1'),
    ('pm25',              'ug/m3',   0,     10000,  NULL, 'Bụi mịn PM2.5',               'PM2.5'),
    ('pm10',              'ug/m3',   0,     20000,  NULL, 'Bụi PM10',                    'PM10'),
    ('tsp',               'ug/m3',   0,     50000,  NULL, 'Tổng bụi lơ lửng',            'Total suspended particles'),
    ('no',                'ug/m3',   0,     50000,  NULL, 'NO',                          'NO'),
    ('no2',               'ug/m3',   0,     50000,  NULL, 'NO2',                         'NO2'),
    ('nox',               'ug/m3',   0,     100000, NULL, 'NOx',                         'NOx'),
    ('so2',               'ug/m3',   0,     50000,  NULL, 'SO2',                         'SO2'),
    ('o3',                'ug/m3',   0,     10000,  NULL, 'Ôzôn',                        'Ozone'),
    ('co',                'ug/m3',   0,     1e6,    NULL, 'CO',                          'CO'),
    ('co2',               '[ppm]',   0,     1e6,    NULL, 'CO2',                         'CO2'),
    ('voc',               '[ppb]',   0,     1e6,    NULL, 'Hợp chất hữu cơ bay hơi',     'Volatile organic compounds'),
    ('temperature',       'Cel',     -90,   200,    NULL, 'Nhiệt độ',                    'Temperature'),
    ('humidity',          '1',       0,     1.05,   NULL, 'Độ ẩm',                       'Humidity'),
    ('dew_point',         'Cel',     -100,  100,    NULL, 'Điểm sương',                  'Dew point'),
    ('pressure',          'hPa',     300,   1200,   NULL, 'Khí áp',                      'Air pressure'),
    ('wind_speed',        'm/s',     0,     150,    NULL, 'Tốc độ gió',                  'Wind speed'),
    ('wind_direction',    'deg',     -180,  360,    NULL, 'Hướng gió',                   'Wind direction'),
    ('solar_radiation',   'W/m2',    -50,   2000,   NULL, 'Bức xạ mặt trời',             'Solar radiation'),
    ('illuminance',       'lx',      0,     200000, NULL, 'Độ rọi',                      'Illuminance'),
    ('uv_index',          '1',       0,     30,     NULL, 'Chỉ số UV',                   'UV index'),
    ('rain',              'mm',      0,     5000,   NULL, 'Lượng mưa',                   'Rain'),
    ('rain_mm_h',         'mm/h',    0,     2000,   NULL, 'Cường độ mưa',                'Rain intensity'),
    ('level',             'm',       -500,  9000,   NULL, 'Mực nước',                    'Level'),
    ('level_m',           'm',       -50,   200,    1,    'Mực nước sông',               'River level'),
    ('water_temperature', 'Cel',     -5,    100,    NULL, 'Nhiệt độ nước',               'Water temperature'),
    ('flow',              'm3/h',    -1e7,  1e7,    NULL, 'Lưu lượng',                   'Flow'),
    ('discharge',         'm3/s',    -1e6,  1e6,    NULL, 'Lưu lượng dòng chảy',         'Discharge'),
    ('ph',                '[pH]',    0,     14,     NULL, 'Độ pH',                       'pH'),
    ('turbidity',         NULL,      0,     1e5,    NULL, 'Độ đục',                      'Turbidity'),
    ('conductivity',      'uS/cm',   0,     1e6,    NULL, 'Độ dẫn điện',                 'Conductivity'),
    ('laeq',              'dB',      0,     200,    NULL, 'Tiếng ồn LAeq',               'Noise LAeq'),
    ('lamax',             'dB',      0,     200,    NULL, 'Tiếng ồn LAmax',              'Noise LAmax'),
    ('intensity',         '/h',      0,     50000,  NULL, 'Lưu lượng xe',                'Traffic intensity'),
    ('speed',             'km/h',    0,     400,    NULL, 'Tốc độ xe',                   'Speed'),
    ('travel_time',       's',       0,     1e6,    NULL, 'Thời gian đi lại',            'Travel time'),
    ('occupancy',         '1',       0,     100,    NULL, 'Độ chiếm dụng',               'Occupancy'),
    ('occupied',          '1',       0,     1e6,    NULL, 'Chỗ đã đỗ',                   'Spaces taken'),
    ('available',         '1',       0,     1e6,    NULL, 'Chỗ còn trống',               'Spaces free'),
    ('power',             'W',       -1e10, 1e10,   NULL, 'Công suất',                   'Power'),
    ('power_kw',          'kW',      -1e7,  1e7,    NULL, 'Công suất',                   'Power'),
    ('active_power_kw',   'kW',      -1e7,  1e7,    NULL, 'Công suất tác dụng',          'Active power'),
    ('reactive_power',    'var',     -1e10, 1e10,   NULL, 'Công suất phản kháng',        'Reactive power'),
    ('apparent_power',    'V.A',     0,     1e10,   NULL, 'Công suất biểu kiến',         'Apparent power'),
    ('energy',            'kW.h',    -1e12, 1e12,   NULL, 'Điện năng',                   'Energy'),
    ('voltage',           'V',       0,     1e6,    NULL, 'Điện áp',                     'Voltage'),
    ('voltage_l1',        'V',       0,     1e6,    NULL, 'Điện áp pha 1',               'Voltage L1'),
    ('voltage_l2',        'V',       0,     1e6,    NULL, 'Điện áp pha 2',               'Voltage L2'),
    ('voltage_l3',        'V',       0,     1e6,    NULL, 'Điện áp pha 3',               'Voltage L3'),
    ('current',           'A',       -1e6,  1e6,    NULL, 'Dòng điện',                   'Current'),
    ('power_factor',      '1',       -1,    1,      NULL, 'Hệ số công suất',             'Power factor'),
    ('frequency',         'Hz',      0,     1000,   NULL, 'Tần số',                      'Frequency'),
    ('filling_level',     '1',       0,     1.2,    NULL, 'Mức đầy thùng rác',           'Filling level'),
    ('weight',            'kg',      0,     1e6,    NULL, 'Khối lượng',                  'Weight'),
    ('brightness',        NULL,      0,     65535,  NULL, 'Độ sáng',                     'Brightness'),
    ('battery',           '%',       0,     100,    NULL, 'Pin',                         'Battery'),
    ('battery_voltage',   'V',       0,     100,    NULL, 'Điện áp pin',                 'Battery voltage'),
    ('rssi',              'dB[mW]',  -200,  50,     NULL, 'Cường độ tín hiệu',           'Signal strength'),
    ('snr',               'dB',      -100,  100,    NULL, 'Tỷ số tín hiệu trên nhiễu',   'Signal to noise'),
    ('linkquality',       '1',       0,     255,    NULL, 'Chất lượng kết nối',          'Link quality'),
    ('uptime',            's',       0,     1e10,   NULL, 'Thời gian hoạt động',         'Uptime'),
    ('online',            '1',       0,     1,      NULL, 'Kết nối',                     'Online'),
    ('requests',          '/min',    0,     1e9,    NULL, 'Số yêu cầu',                  'Requests'),
    ('errors',            '/min',    0,     1e9,    NULL, 'Số lỗi',                      'Errors'),
    ('latency_ms',        'ms',      0,     1e8,    NULL, 'Thời gian đáp ứng',           'Latency'),
    ('queue_length',      '1',       0,     1e8,    NULL, 'Số lượt đang chờ',            'Queue length'),
    ('dossiers_received', '/h',      0,     1e8,    NULL, 'Hồ sơ tiếp nhận',             'Dossiers received'),
    ('dossiers_returned', '/h',      0,     1e8,    NULL, 'Hồ sơ đã trả',                'Dossiers returned'),
    ('dossiers_overdue',  '1',       0,     1e8,    NULL, 'Hồ sơ quá hạn',               'Dossiers overdue');

CREATE VIEW asset_list AS
SELECT a.id, a.name, a.kind, a.title, a.area_code, a.latitude, a.longitude, p.name AS parent,
       a.owner_unit, a.created_at, a.claimed_at, a.changed_at
FROM assets a LEFT JOIN assets p ON p.id = a.parent_id;

-- As before, but a stream that has no unit of its own has its metric's.
CREATE OR REPLACE VIEW stream_list AS
SELECT s.id AS stream_id, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind,
       a.area_code, s.metric, coalesce(s.unit, m.unit) AS unit
FROM streams s JOIN assets a ON a.id = s.asset_id LEFT JOIN metrics m ON m.name = s.metric;

CREATE VIEW metric_list AS
SELECT name AS metric, unit, low, high, max_rate, title, title_en
FROM metrics;

-- What ingest asks of a stream's readings. The metric's bounds are in the metric's unit: where
-- a stream has another one, only the stream's own bounds count.
CREATE VIEW stream_rules AS
SELECT s.id AS stream_id, s.asset_id, s.metric, coalesce(s.unit, m.unit) AS unit,
       coalesce(s.low, CASE WHEN s.unit IS NULL OR s.unit = m.unit THEN m.low END) AS low,
       coalesce(s.high, CASE WHEN s.unit IS NULL OR s.unit = m.unit THEN m.high END) AS high,
       coalesce(s.max_rate,
                CASE WHEN s.unit IS NULL OR s.unit = m.unit THEN m.max_rate END) AS max_rate,
       greatest(s.changed_at, m.changed_at) AS changed_at
FROM streams s LEFT JOIN metrics m ON m.name = s.metric;

CREATE VIEW conversion_list AS
SELECT c.stream_id, l.asset, l.metric, c.from_unit, c.to_unit, c.scale, c."offset", c.first_at
FROM conversions c JOIN stream_list l USING (stream_id);

GRANT SELECT ON metrics, stream_rules TO cityops_ingest;
GRANT UPDATE (parent_id, title) ON assets TO cityops_ingest;
GRANT UPDATE (unit) ON streams TO cityops_ingest;
GRANT SELECT, INSERT ON conversions TO cityops_ingest;

GRANT SELECT ON metrics, metric_list, stream_rules, conversions, conversion_list, asset_list
    TO cityops_api;
GRANT INSERT, UPDATE ON metrics TO cityops_api;
GRANT UPDATE (parent_id, owner_unit) ON assets TO cityops_api;
GRANT UPDATE (low, high, max_rate) ON streams TO cityops_api;

GRANT SELECT ON metrics, stream_rules TO cityops_detection;
GRANT SELECT ON metric_list, stream_rules, conversion_list, asset_list TO cityops_viewer;
GRANT SELECT ON metrics, conversions, metric_list, stream_rules, conversion_list, asset_list
    TO cityops_engineer;
