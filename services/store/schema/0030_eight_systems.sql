-- The last of the eight systems: an application, a link by which dossiers come, alarms that dossiers
-- raise by themselves; and an incident's words, whoever of its members spoke.

INSERT INTO metrics (name, unit, low, high, title, title_en) VALUES
    ('app_sessions',      '/min', 0, 1e8, 'Phiên sử dụng ứng dụng',           'Sessions of the application'),
    ('app_crashes',       '/min', 0, 1e8, 'Phiên ứng dụng bị dừng đột ngột',  'Sessions in which the application stopped'),
    ('dossiers_unlinked', '1',    0, 1e8, 'Hồ sơ chưa liên thông về một cửa', 'Dossiers that have not come over'),
    -- given by services/egov from dossiers alone: 0 in order, then 1 to 3 as grave as what is wrong
    ('handovers_told',    '1',    0, 3,   'Hồ sơ liên thông bị ứ, theo sự kiện hồ sơ', 'Hand-overs, as dossiers tell'),
    ('overdue_told',      '1',    0, 3,   'Hồ sơ quá hạn tăng, theo sự kiện hồ sơ', 'Overdue dossiers, as dossiers tell')
ON CONFLICT (name) DO NOTHING;  -- an engineer may have been first

-- A day off since 2026, and no lunar one.
INSERT INTO calendar_days (day, works, note, source, mark)
SELECT make_date(year, 11, 24), false, 'Ngày Văn hóa Việt Nam', 'Ngày nghỉ lễ từ năm 2026', 'general'
FROM generate_series(2026, 2030) AS year
ON CONFLICT (day) DO NOTHING;

-- ------------------------------------------------------------------------------------------------
-- The asset that stands for a unit where its dossiers speak: its one-stop shop, of several one that
-- has reported; where it has none an asset called after the unit (dossiers-UNIT), which stays once
-- it is there.
CREATE VIEW unit_asset_list AS
SELECT DISTINCT ON (n.unit) n.unit, n.name AS unit_name, unit_area(n.unit) AS area_code,
       coalesce(o.asset, s.asset, 'dossiers-' || n.unit) AS asset
FROM unit_name_list n
LEFT JOIN (SELECT name AS asset FROM assets) o ON o.asset = 'dossiers-' || n.unit
LEFT JOIN (SELECT u.unit, u.asset, a.id FROM asset_units u LEFT JOIN assets a ON a.name = u.asset
           WHERE u.system = 'one-stop') s ON s.unit = n.unit
ORDER BY n.unit, s.id IS NULL, s.asset;

-- ------------------------------------------------------------------------------------------------
-- What an incident is about, in words: what a rule said last of its own stream, else of any stream
-- in it, else what its metric is called (told is false then); and whose it is, by the service that
-- spoke, else by the first of its assets that is one.
CREATE OR REPLACE VIEW incident_words AS
SELECT i.id AS incident_id, i.began_at, i.last_anomaly_at, i.status, i.severity, l.asset, l.metric,
       coalesce(m.title, l.metric) AS title, coalesce(m.title_en, l.metric) AS title_en,
       coalesce(d.inputs ->> 'vi', o.inputs ->> 'vi', m.title, l.metric) AS words,
       coalesce(d.inputs ->> 'en', o.inputs ->> 'en', m.title_en, l.metric) AS words_en,
       u.system, u.unit, n.name AS unit_name, coalesce(unit_area(u.unit), l.area_code) AS area_code,
       d.inputs ? 'vi' OR o.inputs ? 'vi' AS told
FROM incidents i JOIN stream_list l USING (stream_id)
LEFT JOIN metrics m ON m.name = l.metric
LEFT JOIN derivations d ON d.stream_id = i.stream_id AND d.time = i.last_anomaly_at
LEFT JOIN LATERAL (
    SELECT e.inputs, e.stream_id FROM anomalies a
    JOIN streams s ON s.id = a.stream_id AND s.derived_by IS NOT NULL
    JOIN derivations e ON e.stream_id = a.stream_id AND e.time = a.time
    WHERE a.incident_id = i.id AND e.inputs ? 'vi' AND NOT coalesce(d.inputs ? 'vi', false)
    ORDER BY a.stream_id <> i.stream_id, a.time DESC LIMIT 1) o ON true
LEFT JOIN LATERAL (
    SELECT coalesce(b.system, 'one-stop') AS system, coalesce(b.unit, c.code) AS unit
    FROM (SELECT asset_id, 0 AS turn FROM streams WHERE id = coalesce(o.stream_id, i.stream_id)
          UNION ALL
          SELECT asset_id, 1 FROM incident_members WHERE incident_id = i.id) AS its
    JOIN assets a ON a.id = its.asset_id LEFT JOIN asset_units b ON b.asset = a.name
    LEFT JOIN org_units c ON 'dossiers-' || c.code = a.name
    WHERE b.unit IS NOT NULL OR c.code IS NOT NULL
    ORDER BY its.turn, a.id LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT name FROM org_units WHERE code = u.unit
                   ORDER BY valid_from DESC LIMIT 1) n ON true;

-- ------------------------------------------------------------------------------------------------
-- services/egov raises alarms by the ordinary path: a derived reading with its words, an anomaly.
GRANT SELECT ON unit_asset_list, streams, anomalies, derived_until, derivations, readings, metrics,
    limits, flood_stations, noise_limits, rule_parameters, dossier_sources TO cityops_egov;
GRANT INSERT ON assets, streams, anomalies TO cityops_egov;
GRANT UPDATE (kind, title, area_code, claimed_at) ON assets TO cityops_egov;
GRANT INSERT, UPDATE ON derivations, derived_until, readings TO cityops_egov;

GRANT SELECT ON unit_asset_list TO cityops_api, cityops_engineer;
-- Who is heard now, by the units of any day.
GRANT SELECT ON asset_connectivity TO cityops_api;

-- ------------------------------------------------------------------------------------------------
-- The parameters of rules again, with that of applications.
CREATE OR REPLACE VIEW rule_parameter_list AS
SELECT d.rule, d.name, coalesce(p.value, d.value) AS value, d.unit, p.valid_from, p.valid_to,
       p.source, p.mark
FROM (VALUES
    ('flood',         'hysteresis',         0.05,  'm'),
    ('flood',         'dwell',              30,    'min'),
    ('flood',         'fast_rise',          0.3,   'm/h'),
    ('noise',         'loud',               10,    'dB'),
    ('traffic',       'free_flow_speed',    50,    'km/h'),
    ('lighting',      'rated_power',        100,   'W'),
    ('lighting',      'day_above',          3,     'deg'),
    ('lighting',      'night_below',        -4,    'deg'),
    ('lighting',      'burning',            0.15,  '1'),
    ('lighting',      'group_share',        0.5,   '1'),
    ('lighting',      'fewest',             3,     '1'),
    ('energy',        'nominal_voltage',    220,   'V'),
    ('energy',        'least_power_factor', 0.9,   '1'),
    ('waste-fire',    'hot',                70,    'Cel'),
    ('waste-fire',    'rise',               10,    'K'),
    ('waste-filling', 'full_at',            1.0,   '1'),
    ('rain',          'heavy_24h',          50.1,  'mm'),
    ('rain',          'very_heavy_24h',     100.1, 'mm'),
    ('rain',          'cloudburst_1h',      50,    'mm'),
    ('water-leak',    'deviations',         4,     '1'),
    ('water-leak',    'least',              0.5,   'm3/h'),
    ('portal',        'available',          0.98,  '1'),
    ('portal',        'down',               0.5,   '1'),
    ('portal',        'errors',             0.1,   '1'),
    ('portal',        'latency',            5000,  'ms'),
    ('portal',        'crashes',            0.05,  '1'),
    ('signing',       'warning',            0.05,  '1'),
    ('signing',       'alarm',              0.2,   '1'),
    ('counters',      'service',            10,    'min'),
    ('counters',      'target',             15,    'min'),
    ('counters',      'long',               30,    'min'),
    ('counters',      'very_long',          60,    'min'),
    ('idle',          'minutes',            30,    'min'),
    ('documents',     'days',               1,     'd'),
    ('hand-overs',    'days',               1,     'd'),
    ('overdue',       'fewest',             10,    '1'),
    ('overdue',       'times',              1.5,   '1'),
    ('connector',     'failures_warning',   0.02,  '1'),
    ('connector',     'failures_alarm',     0.1,   '1'),
    ('connector',     'rejects_warning',    0.01,  '1'),
    ('connector',     'rejects_alarm',      0.05,  '1'),
    ('connector',     'signatures_warning', 0.005, '1'),
    ('connector',     'signatures_alarm',   0.02,  '1'),
    ('connector',     'backlog_warning',    30,    'min'),
    ('connector',     'backlog_alarm',      120,   'min'),
    ('connector',     'silence_warning',    30,    'min'),
    ('connector',     'silence_alarm',      90,    'min'),
    ('connector',     'difference_warning', 0.005, '1'),
    ('connector',     'difference_alarm',   0.02,  '1'),
    ('connector',     'certificate_warning', 30,    'd'),
    ('connector',     'certificate_alarm',  7,     'd')) AS d (rule, name, value, unit)
LEFT JOIN LATERAL (
    SELECT p.value, p.valid_from, p.valid_to, p.source, p.mark FROM rule_parameters p
    WHERE p.rule = d.rule AND p.name = d.name AND p.valid_from <= current_date
      AND (p.valid_to IS NULL OR p.valid_to > current_date)
    ORDER BY p.valid_from DESC LIMIT 1) p ON true;
