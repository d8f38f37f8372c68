-- What the city's rules stand on: limits, alarm levels and parameters are data with dates, each
-- with its source, so that a new regulation is a line and not a release. mark says how far a
-- number may be trusted: verified (read in the source named), general (common knowledge, not
-- found in print) or design (ours, no rule of any authority). A line holds from valid_from until
-- the day before valid_to; a new one ends the one before it.

-- Limits of concentrations, by averaging time.
CREATE TABLE limits (
    metric     text NOT NULL,
    averaging  text NOT NULL CHECK (averaging IN ('1h', '8h', '24h', '1y')),
    value      double precision NOT NULL,
    unit       text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (metric, averaging, valid_from)
);

-- River stations and their alarm levels, in metres on the station's own gauge. asset is the name
-- of the asset that reports the height; it need not be there yet.
CREATE TABLE flood_stations (
    asset      text NOT NULL,
    title      text NOT NULL,
    river      text NOT NULL,
    first_m    double precision NOT NULL,
    second_m   double precision NOT NULL,
    third_m    double precision NOT NULL,
    record_m   double precision,
    record_at  timestamptz,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (asset, valid_from),
    CONSTRAINT flood_levels_in_order CHECK (first_m < second_m AND second_m < third_m)
);

-- Noise limits, dB(A), by the class of the area and the time of day: day is 6 to 21 o'clock.
CREATE TABLE noise_limits (
    area_class text NOT NULL,
    period     text NOT NULL CHECK (period IN ('day', 'night')),
    value      double precision NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (area_class, period, valid_from)
);

-- What else a rule can be told. A rule has a default for each (models/city); a line here wins.
CREATE TABLE rule_parameters (
    rule       text NOT NULL,
    name       text NOT NULL,
    value      double precision NOT NULL,
    unit       text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (rule, name, valid_from)
);

-- What is known of one asset beside its place: rated power, spaces, the class of its area
-- (models/city/facts.py names them). What is absent has the rule's default.
CREATE TABLE asset_facts (
    asset_id   bigint NOT NULL CONSTRAINT fact_of_a_known_asset REFERENCES assets (id),
    name       text NOT NULL,
    value      text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (asset_id, name)
);

INSERT INTO limits (metric, averaging, value, unit, valid_from, valid_to, source, mark) VALUES
    ('tsp',  '1h',  300,   'ug/m3', '2014-01-01', NULL,         'QCVN 05:2013/BTNMT', 'verified'),
    ('tsp',  '24h', 200,   'ug/m3', '2014-01-01', NULL,         'QCVN 05:2013/BTNMT', 'verified'),
    ('tsp',  '1y',  100,   'ug/m3', '2014-01-01', NULL,         'QCVN 05:2013/BTNMT', 'verified'),
    ('pm10', '24h', 150,   'ug/m3', '2014-01-01', '2023-09-12', 'QCVN 05:2013/BTNMT', 'verified'),
    ('pm10', '1y',  50,    'ug/m3', '2014-01-01', NULL,         'QCVN 05:2013/BTNMT', 'verified'),
    ('pm25', '24h', 50,    'ug/m3', '2014-01-01', '2026-01-01', 'QCVN 05:2013/BTNMT, QCVN 05:2023/BTNMT', 'verified'),
    ('pm25', '1y',  25,    'ug/m3', '2014-01-01', NULL,         'QCVN 05:2013/BTNMT, QCVN 05:2023/BTNMT', 'verified'),
    ('so2',  '1h',  350,   'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('so2',  '24h', 125,   'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('so2',  '1y',  50,    'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('no2',  '1h',  200,   'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('no2',  '24h', 100,   'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('no2',  '1y',  40,    'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('co',   '1h',  30000, 'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('co',   '8h',  10000, 'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('o3',   '1h',  200,   'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('o3',   '8h',  120,   'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('pm10', '24h', 100,   'ug/m3', '2023-09-12', NULL,         'QCVN 05:2023/BTNMT', 'verified'),
    ('pm25', '24h', 45,    'ug/m3', '2026-01-01', NULL,         'QCVN 05:2023/BTNMT', 'verified');

-- Alarm levels by Decision 05/2020/QĐ-TTg. A record of the flood of October 2025 counts from the
-- day after it: on the day itself the one before was the record.
INSERT INTO flood_stations (asset, title, river, first_m, second_m, third_m, record_m, record_at,
                            valid_from, valid_to, source, mark) VALUES
    ('phu-lang-thuong', 'Phủ Lạng Thương', 'Thương', 4.30, 5.30, 6.30, 7.53, NULL,
     '2020-03-20', '2025-10-10', '05/2020/QĐ-TTg; kỷ lục 1986', 'verified'),
    ('phu-lang-thuong', 'Phủ Lạng Thương', 'Thương', 4.30, 5.30, 6.30, 7.60, '2025-10-09T03:00+07:00',
     '2025-10-10', NULL, '05/2020/QĐ-TTg; kỷ lục 10/2025', 'verified'),
    ('dap-cau', 'Đáp Cầu', 'Cầu', 4.30, 5.30, 6.30, NULL, NULL,
     '2020-03-20', '2025-10-10', '05/2020/QĐ-TTg', 'verified'),
    ('dap-cau', 'Đáp Cầu', 'Cầu', 4.30, 5.30, 6.30, 7.52, '2025-10-09T23:00+07:00',
     '2025-10-10', NULL, '05/2020/QĐ-TTg; kỷ lục 10/2025', 'verified'),
    ('luc-nam', 'Lục Nam', 'Lục Nam', 4.30, 5.30, 6.30, NULL, NULL,
     '2020-03-20', NULL, '05/2020/QĐ-TTg (báo động I chưa đối chiếu)', 'general'),
    ('cau-son', 'Cầu Sơn', 'Thương', 14.00, 15.00, 16.00, NULL, NULL,
     '2020-03-20', '2025-10-10', '05/2020/QĐ-TTg', 'verified'),
    ('cau-son', 'Cầu Sơn', 'Thương', 14.00, 15.00, 16.00, 18.37, '2025-10-09T02:00+07:00',
     '2025-10-10', NULL, '05/2020/QĐ-TTg; kỷ lục 10/2025', 'verified'),
    ('phuc-loc-phuong', 'Phúc Lộc Phương', 'Cầu', 6.00, 7.00, 8.00, NULL, NULL,
     '2020-03-20', NULL, '05/2020/QĐ-TTg', 'verified');

-- The numbers of QCVN 26:2010 could not be read in any copy, those of its successor
-- (QCVN 26:2025/BNNMT) not be found: to be confirmed by whoever answers for noise.
INSERT INTO noise_limits (area_class, period, value, valid_from, valid_to, source, mark) VALUES
    ('special',  'day',   55, '2011-01-01', NULL, 'QCVN 26:2010/BTNMT', 'general'),
    ('special',  'night', 45, '2011-01-01', NULL, 'QCVN 26:2010/BTNMT', 'general'),
    ('ordinary', 'day',   70, '2011-01-01', NULL, 'QCVN 26:2010/BTNMT', 'general'),
    ('ordinary', 'night', 55, '2011-01-01', NULL, 'QCVN 26:2010/BTNMT', 'general');

-- The kinds of assets, by the names of FIWARE's Smart Data Models where they have one.
CREATE TABLE kinds (
    name         text PRIMARY KEY,
    title        text NOT NULL,
    title_en     text NOT NULL,
    fiware_model text
);
INSERT INTO kinds (name, title, title_en, fiware_model) VALUES
    ('unknown',  'Chưa xác định',           'Not yet known',       NULL),
    ('air',      'Chất lượng không khí',    'Air quality',         'AirQualityObserved'),
    ('river',    'Mực nước sông',           'River gauge',         'FloodMonitoring'),
    ('rain',     'Mưa',                     'Rain gauge',          'WeatherObserved'),
    ('traffic',  'Giao thông',              'Traffic',             'TrafficFlowObserved'),
    ('light',    'Chiếu sáng công cộng',    'Street light',        'Streetlight'),
    ('energy',   'Điện',                    'Electricity meter',   'ThreePhaseAcMeasurement'),
    ('waste',    'Thùng rác',               'Waste container',     'WasteContainer'),
    ('noise',    'Tiếng ồn',                'Noise',               'NoiseLevelObserved'),
    ('parking',  'Bãi đỗ xe',               'Car park',            'OffStreetParking'),
    ('water',    'Cấp nước',                'Water supply',        'WaterObserved'),
    ('weather',  'Thời tiết',               'Weather station',     'WeatherObserved'),
    ('service',  'Dịch vụ công',            'Public service',      'QueueMonitor'),
    ('platform', 'Nền tảng',                'Platform',            NULL);

ALTER TABLE metrics ADD COLUMN fiware_model text, ADD COLUMN fiware_attribute text;
COMMENT ON COLUMN metrics.fiware_attribute IS
    'the name in that model; its unit may be another one (relativeHumidity is 0..1)';

INSERT INTO metrics (name, unit, low, high, title, title_en) VALUES
    -- given by the city's rules
    ('aqi',                '1',    0,    500,  'Chỉ số chất lượng không khí giờ (VN_AQI)', 'Air quality index, hourly (VN_AQI)'),
    ('aqi_daily',          '1',    0,    500,  'Chỉ số chất lượng không khí ngày (VN_AQI)', 'Air quality index, daily (VN_AQI)'),
    ('limit_excess',       '1',    0,    1e6,  'Nồng độ so với quy chuẩn',        'Concentration over its limit'),
    ('flood_level',        '1',    0,    4,    'Cấp báo động lũ',                 'Flood alarm level'),
    ('level_rise_m_h',     'm/h',  -100, 100,  'Tốc độ nước dâng',                'Rate of rise'),
    ('noise_excess_db',    'dB',   -200, 200,  'Tiếng ồn vượt giới hạn',          'Noise over its limit'),
    ('level_of_service',   '1',    1,    6,    'Mức phục vụ đường (1 = A, 6 = F)', 'Level of service (1 = A, 6 = F)'),
    ('travel_time_index',  '1',    0,    1000, 'Chỉ số thời gian đi lại',         'Travel time index'),
    ('light_fault',        '1',    0,    9,    'Lỗi đèn',                         'Light fault'),
    ('lights_failed_share', '1',   0,    1,    'Tỷ lệ đèn hỏng',                  'Share of lights failed'),
    ('phase_unbalance',    '1',    0,    10,   'Độ lệch pha',                     'Phase unbalance'),
    ('power_outage',       '1',    0,    1,    'Mất điện',                        'Power outage'),
    ('power_factor_low',   '1',    0,    1,    'Hệ số công suất thấp',            'Low power factor'),
    ('hours_until_full',   'h',    0,    1e5,  'Số giờ đến khi đầy',              'Hours until full'),
    ('fire_suspected',     '1',    0,    1,    'Nghi cháy',                       'Fire suspected'),
    ('parking_occupancy',  '1',    0,    10,   'Tỷ lệ chỗ đã đỗ',                 'Share of spaces taken'),
    ('rain_1h_mm',         'mm',   0,    1000, 'Lượng mưa 1 giờ',                 'Rain in 1 hour'),
    ('rain_24h_mm',        'mm',   0,    5000, 'Lượng mưa 24 giờ',                'Rain in 24 hours'),
    ('night_flow',         'm3/h', -1e7, 1e7,  'Lưu lượng ban đêm',               'Night flow'),
    ('leak_suspected',     '1',    0,    1,    'Nghi rò rỉ',                      'Leak suspected'),
    -- reported
    ('illuminance_level',  '1',    0,    1,    'Mức sáng của đèn',                'Light level of a lamp'),
    ('water_pressure',     'kPa',  0,    1e4,  'Áp lực nước',                     'Water pressure'),
    ('tickets_issued',     '1',    0,    1e8,  'Số phiếu đã phát',                'Tickets issued'),
    ('tickets_served',     '1',    0,    1e8,  'Số phiếu đã phục vụ',             'Tickets served'),
    ('tickets_abandoned',  '1',    0,    1e8,  'Số phiếu bỏ lượt',                'Tickets abandoned'),
    ('wait_p50_min',       'min',  0,    1e5,  'Thời gian chờ trung vị',          'Waiting time, median'),
    ('wait_p90_min',       'min',  0,    1e5,  'Thời gian chờ (90 %)',            'Waiting time, 90 %'),
    ('counters_open',      '1',    0,    1e5,  'Số quầy đang mở',                 'Counters open'),
    ('utilisation',        '1',    0,    10,   'Mức sử dụng quầy',                'Utilisation of counters'),
    ('dossiers_in_process', '1',   0,    1e8,  'Hồ sơ đang xử lý',                'Dossiers in process'),
    ('dossiers_due_soon',  '1',    0,    1e8,  'Hồ sơ sắp đến hạn',               'Dossiers due soon'),
    ('backlog',            '1',    0,    1e9,  'Số bản tin tồn đọng',             'Backlog'),
    ('oldest_unsent_s',    's',    0,    1e9,  'Tuổi bản tin tồn lâu nhất',       'Age of the oldest unsent'),
    ('success_share',      '1',    0,    1,    'Tỷ lệ thành công',                'Share of successes'),
    ('signatures',         '/min', 0,    1e8,  'Số lượt ký số',                   'Signatures'),
    ('signature_failures', '/min', 0,    1e8,  'Số lượt ký số lỗi',               'Signature failures'),
    ('availability',       '1',    0,    1,    'Độ sẵn sàng',                     'Availability')
ON CONFLICT (name) DO NOTHING;  -- an engineer may have been first

UPDATE metrics SET fiware_model = said.model, fiware_attribute = said.attribute
FROM (VALUES
    ('pm1',              'AirQualityObserved',      'pm1'),
    ('pm25',             'AirQualityObserved',      'pm25'),
    ('pm10',             'AirQualityObserved',      'pm10'),
    ('tsp',              'AirQualityObserved',      'tsp'),
    ('no',               'AirQualityObserved',      'no'),
    ('no2',              'AirQualityObserved',      'no2'),
    ('nox',              'AirQualityObserved',      'nox'),
    ('so2',              'AirQualityObserved',      'so2'),
    ('o3',               'AirQualityObserved',      'o3'),
    ('co',               'AirQualityObserved',      'co'),
    ('co2',              'AirQualityObserved',      'co2'),
    ('voc',              'AirQualityObserved',      'volatileOrganicCompoundsTotal'),
    ('aqi',              'AirQualityObserved',      'airQualityIndex'),
    ('temperature',      'WeatherObserved',         'temperature'),
    ('humidity',         'WeatherObserved',         'relativeHumidity'),
    ('dew_point',        'WeatherObserved',         'dewPoint'),
    ('pressure',         'WeatherObserved',         'atmosphericPressure'),
    ('wind_speed',       'WeatherObserved',         'windSpeed'),
    ('wind_direction',   'WeatherObserved',         'windDirection'),
    ('solar_radiation',  'WeatherObserved',         'solarRadiation'),
    ('illuminance',      'WeatherObserved',         'illuminance'),
    ('uv_index',         'WeatherObserved',         'uVIndexMax'),
    ('rain',             'WeatherObserved',         'precipitation'),
    ('level_m',          'FloodMonitoring',         'currentLevel'),
    ('flood_level',      'FloodMonitoring',         'floodLevelStatus'),
    ('flow',             'WaterObserved',           'flow'),
    ('discharge',        'WaterObserved',           'waterDischarge'),
    ('laeq',             'NoiseLevelObserved',      'LAeq'),
    ('lamax',            'NoiseLevelObserved',      'LAmax'),
    ('intensity',        'TrafficFlowObserved',     'intensity'),
    ('speed',            'TrafficFlowObserved',     'averageVehicleSpeed'),
    ('occupancy',        'TrafficFlowObserved',     'occupancy'),
    ('occupied',         'OffStreetParking',        'occupiedSpotNumber'),
    ('available',        'OffStreetParking',        'availableSpotNumber'),
    ('parking_occupancy', 'OffStreetParking',       'occupancy'),
    ('light_fault',      'Streetlight',             'status'),
    ('illuminance_level', 'Streetlight',            'illuminanceLevel'),
    ('current',          'Streetlight',             'current'),
    ('power',            'ACMeasurement',           'totalActivePower'),
    ('active_power_kw',  'ThreePhaseAcMeasurement', 'totalActivePower'),
    ('reactive_power',   'ThreePhaseAcMeasurement', 'totalReactivePower'),
    ('apparent_power',   'ThreePhaseAcMeasurement', 'totalApparentPower'),
    ('energy',           'ThreePhaseAcMeasurement', 'totalActiveEnergyImport'),
    ('voltage_l1',       'ThreePhaseAcMeasurement', 'phaseVoltage'),
    ('voltage_l2',       'ThreePhaseAcMeasurement', 'phaseVoltage'),
    ('voltage_l3',       'ThreePhaseAcMeasurement', 'phaseVoltage'),
    ('power_factor',     'ThreePhaseAcMeasurement', 'powerFactor'),
    ('frequency',        'ThreePhaseAcMeasurement', 'frequency'),
    ('filling_level',    'WasteContainer',          'fillingLevel'),
    ('weight',           'WasteContainer',          'cargoWeight'),
    ('battery',          'Device',                  'batteryLevel'),
    ('rssi',             'Device',                  'rssi'),
    ('tickets_issued',   'QueueMonitor',            'lastTicketIssued'),
    ('tickets_served',   'QueueMonitor',            'ticketServed'),
    ('queue_length',     'QueueMonitor',            'ticketsToServe')) AS said (metric, model, attribute)
WHERE metrics.name = said.metric;

CREATE OR REPLACE VIEW metric_list AS
SELECT name AS metric, unit, low, high, max_rate, title, title_en, fiware_model, fiware_attribute
FROM metrics;
CREATE VIEW kind_list AS SELECT name AS kind, title, title_en, fiware_model FROM kinds;

-- What holds today; the whole history is in the tables.
CREATE VIEW limit_list AS
SELECT metric, averaging, value, unit, valid_from, valid_to, source, mark FROM limits
WHERE valid_from <= current_date AND (valid_to IS NULL OR valid_to > current_date);
CREATE VIEW flood_station_list AS
SELECT f.asset, f.title, f.river, f.first_m, f.second_m, f.third_m, f.record_m, f.record_at,
       f.valid_from, f.valid_to, f.source, f.mark
FROM flood_stations f
WHERE f.valid_from <= current_date AND (f.valid_to IS NULL OR f.valid_to > current_date);
CREATE VIEW noise_limit_list AS
SELECT area_class, period, value, valid_from, valid_to, source, mark FROM noise_limits
WHERE valid_from <= current_date AND (valid_to IS NULL OR valid_to > current_date);

GRANT SELECT ON kinds, kind_list, limits, flood_stations, noise_limits, rule_parameters,
    asset_facts, limit_list, flood_station_list, noise_limit_list TO cityops_api, cityops_engineer;
GRANT SELECT ON kind_list, limit_list, flood_station_list, noise_limit_list TO cityops_viewer;
