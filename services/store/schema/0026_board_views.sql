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
    ('water-leak',    'least',              0.5,   'm3/h'),
    ('portal',        'available',          0.98,  '1'),
    ('portal',        'down',               0.5,   '1'),
    ('portal',        'errors',             0.1,   '1'),
    ('portal',        'latency',            5000,  'ms'),
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

-- How good each reading was. For one asset and a few days: nothing is rolled up here.
CREATE VIEW reading_qualities AS
SELECT r.time, l.asset, l.metric, r.quality FROM stream_list l JOIN readings r USING (stream_id);

GRANT SELECT ON rule_parameter_list, reading_qualities TO cityops_viewer, cityops_engineer;

-- What each unit has of its own, without what is below it: so levels can be added up, and a unit
-- that the reform ended still shows what it is working on.
CREATE VIEW unit_work_list AS
SELECT w.unit, n.name, n.kind, w.submitted, w.running, w.due_soon, w.overdue, w.overdue_long
FROM (
    SELECT unit,
        count(*) FILTER (WHERE accepted_at IS NULL) AS submitted,
        count(*) FILTER (WHERE accepted_at IS NOT NULL AND coalesce(soon_at > now(), true)
                         AND coalesce(late_at >= now(), true)) AS running,
        count(*) FILTER (WHERE accepted_at IS NOT NULL AND soon_at <= now()
                         AND coalesce(late_at >= now(), true)) AS due_soon,
        count(*) FILTER (WHERE accepted_at IS NOT NULL AND late_at < now()) AS overdue,
        count(*) FILTER (WHERE accepted_at IS NOT NULL AND long_at < now()) AS overdue_long
    FROM dossier_clocks WHERE ended_at IS NULL GROUP BY unit) w
JOIN unit_name_list n USING (unit);

-- What each unit did of its own, day by day until today: what is written ahead is left out. `time`
-- is when the day begins in the province.
CREATE VIEW unit_day_list AS
SELECT d.day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS time, d.unit, n.name, n.kind, d.day,
       d.received, d.online, d.accepted, d.ended, d.early, d.on_time, d.late, d.returned,
       d.fell_late
FROM egov_unit_days d JOIN unit_name_list n USING (unit)
WHERE d.day <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;

-- Which units make up a unit today: itself, what stands below it, and what these took over.
CREATE VIEW unit_part_list AS
SELECT unit AS part, counted_in AS unit, share FROM org_counts_in(current_date);

-- Dossiers that cost points: ended late as the index counts it, or open and overdue.
CREATE VIEW late_dossier_list AS
SELECT c.code, c.unit, n.name, c.procedure, p.title AS procedure_title, c.due_at, c.ended_at,
       coalesce(c.ended_at, now()) AS until
FROM dossier_clocks c JOIN unit_name_list n USING (unit)
LEFT JOIN LATERAL (SELECT title FROM procedures WHERE code = c.procedure
                   ORDER BY valid_from DESC LIMIT 1) p ON true
WHERE NOT c.in_time OR (c.ended_at IS NULL AND c.late_at < now());

GRANT SELECT ON unit_work_list, unit_day_list, unit_part_list, late_dossier_list
    TO cityops_viewer, cityops_engineer;
