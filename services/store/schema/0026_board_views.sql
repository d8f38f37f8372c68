-- What the boards show beyond the views that came with each table.

-- Every parameter of the city's rules as it holds today: the line in force, else the rule's
-- default. The defaults are those of models/city/parameters.py; a test holds them together.
CREATE VIEW rule_parameter_list AS
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
    ('water-leak',    'least',              0.5,   'm3/h')) AS d (rule, name, value, unit)
LEFT JOIN LATERAL (
    SELECT p.value, p.valid_from, p.valid_to, p.source, p.mark FROM rule_parameters p
    WHERE p.rule = d.rule AND p.name = d.name AND p.valid_from <= current_date
      AND (p.valid_to IS NULL OR p.valid_to > current_date)
    ORDER BY p.valid_from DESC LIMIT 1) p ON true;

-- How good each reading was. For one asset and a few days: nothing is rolled up here.
CREATE VIEW reading_qualities AS
SELECT r.time, l.asset, l.metric, r.quality FROM stream_list l JOIN readings r USING (stream_id);

GRANT SELECT ON rule_parameter_list, reading_qualities TO cityops_viewer, cityops_engineer;
