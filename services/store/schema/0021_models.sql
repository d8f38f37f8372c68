-- Which model judges, how loud an alarm has to be, and what people said of it.

-- One version of a model: what it is set to, what it was tried on and how well it did. layout
-- names the shape of the states it keeps. A version is never edited; it is a candidate until
-- somebody promotes it, and retired when another takes its place.
CREATE TABLE model_versions (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text NOT NULL CONSTRAINT model_name_is_a_word
                   CHECK (name ~ '^[a-z][a-z0-9-]{0,31}$'),
    version        integer NOT NULL CHECK (version > 0),
    parameters     jsonb NOT NULL CHECK (jsonb_typeof(parameters) = 'object'),
    layout         text NOT NULL,
    data_from      timestamptz,
    data_to        timestamptz,
    scores         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(scores) = 'object'),
    note           text NOT NULL DEFAULT '',
    state          text NOT NULL DEFAULT 'candidate'
                   CHECK (state IN ('candidate', 'live', 'retired')),
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    promoted_by    text,
    promoted_at    timestamptz,
    rolled_back_at timestamptz,
    CONSTRAINT one_version_a_number UNIQUE (name, version),
    CONSTRAINT data_window_in_order CHECK (data_to > data_from),
    CHECK (state = 'candidate' OR promoted_at IS NOT NULL)
);
CREATE UNIQUE INDEX one_live_version_a_name ON model_versions (name) WHERE state = 'live';
COMMENT ON COLUMN model_versions.rolled_back_at IS
    'it was taken back: a roll-back does not lead to it again';

-- What an operator said of an incident. The newest line of an incident counts, and 'withdrawn'
-- takes back what was said before: nothing is edited.
CREATE TABLE incident_feedback (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incidents (id),
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL,
    verdict     text NOT NULL CHECK (verdict IN ('real', 'false', 'withdrawn')),
    note        text NOT NULL DEFAULT ''
);
CREATE INDEX incident_feedback_by_incident ON incident_feedback (incident_id, id);

-- Who watches what, and how many false alarms a shift may bring them. kinds, areas and natures
-- are null where the desk watches all; an area counts with all that lies in it. Shifts are
-- shift_hours long and begin at first_shift_hour of the local day. least_factor is how far the
-- budget may make alarms quieter than the model's own: 1 says not at all.
CREATE TABLE desks (
    name             text PRIMARY KEY CONSTRAINT desk_name_is_a_word
                     CHECK (name ~ '^[a-z][a-z0-9-]{0,31}$'),
    title            text NOT NULL,
    title_en         text NOT NULL,
    kinds            text[],
    areas            text[],
    natures          text[],
    budget           double precision NOT NULL CHECK (budget > 0 AND budget <= 10000),
    shift_hours      smallint NOT NULL CHECK (shift_hours IN (4, 6, 8, 12, 24)),
    first_shift_hour smallint NOT NULL CHECK (first_shift_hour BETWEEN 0 AND 23),
    least_factor     double precision NOT NULL DEFAULT 1
                     CHECK (least_factor BETWEEN 0.8 AND 1),
    changed_by       text NOT NULL,
    changed_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO desks (name, title, title_en, budget, shift_hours, first_shift_hour, changed_by) VALUES
    ('city', 'Trực ban toàn tỉnh', 'The whole province', 5, 8, 6, 'system');

-- What was loud enough to be looked at, whether it became an alarm or not: the past that a
-- threshold is taken from. loudness is in alarms: 1 is just loud enough where no more is asked.
CREATE TABLE alarm_candidates (
    stream_id integer NOT NULL REFERENCES streams (id),
    time      timestamptz NOT NULL,
    loudness  double precision NOT NULL CHECK (loudness > 0),
    detector  text NOT NULL,
    CONSTRAINT one_candidate_a_moment PRIMARY KEY (stream_id, time)
);
CREATE INDEX alarm_candidates_by_time ON alarm_candidates (time);

-- How loud a desk's alarms have to be, one line a change: the newest holds. What it was taken
-- from stands beside it. bound says why it is what it is: calibrated by the window, still
-- learning, or held at the floor or the ceiling.
CREATE TABLE desk_thresholds (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    desk        text NOT NULL REFERENCES desks (name),
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    factor      double precision NOT NULL CHECK (factor > 0),
    bound       text NOT NULL CHECK (bound IN ('calibrated', 'learning', 'floor', 'ceiling')),
    budget      double precision NOT NULL,
    expected    double precision NOT NULL,
    candidates  integer NOT NULL,
    called_real integer NOT NULL,
    data_from   timestamptz NOT NULL,
    data_to     timestamptz NOT NULL
);
CREATE INDEX desk_thresholds_newest ON desk_thresholds (desk, id DESC);
COMMENT ON COLUMN desk_thresholds.expected IS 'false alarms a shift, as the window promises';

-- Grows when anything changes that a running detection has to take up: it looks here once a turn.
CREATE TABLE calibration (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    version bigint NOT NULL
);
INSERT INTO calibration (version) VALUES (1);

CREATE FUNCTION calibration_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE calibration SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER feedback_is_taken_up AFTER INSERT ON incident_feedback
    FOR EACH STATEMENT EXECUTE FUNCTION calibration_changed();
CREATE TRIGGER desk_is_taken_up AFTER INSERT OR UPDATE ON desks
    FOR EACH STATEMENT EXECUTE FUNCTION calibration_changed();
CREATE TRIGGER model_is_taken_up AFTER INSERT OR UPDATE ON model_versions
    FOR EACH STATEMENT EXECUTE FUNCTION calibration_changed();

CREATE FUNCTION refuse_any_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER feedback_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON incident_feedback
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER thresholds_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk_thresholds
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();

-- Looked for when a desk's alarms are counted, and when like ones of the past are.
CREATE INDEX incidents_by_beginning ON incidents (began_at DESC);
CREATE INDEX incidents_by_stream ON incidents (stream_id, began_at DESC);

-- Which streams a desk watches: those that detectors judge. An area is at most two steps below
-- the province.
CREATE VIEW desk_streams AS
SELECT d.name AS desk, s.id AS stream_id
FROM desks d
JOIN streams s ON s.judged
JOIN assets a ON a.id = s.asset_id
LEFT JOIN areas p ON p.code = a.area_code
LEFT JOIN areas q ON q.code = p.parent_code
WHERE (d.kinds IS NULL OR a.kind = ANY (d.kinds))
  AND (d.areas IS NULL OR ARRAY[a.area_code, p.parent_code, q.parent_code] && d.areas);

-- What holds of each incident: nothing where it was withdrawn.
CREATE VIEW incident_verdicts AS
SELECT incident_id, verdict, actor, at, note
FROM (SELECT DISTINCT ON (incident_id) incident_id, verdict, actor, at, note
      FROM incident_feedback ORDER BY incident_id, id DESC) newest
WHERE verdict <> 'withdrawn';

CREATE VIEW incident_feedback_list AS
SELECT f.id, f.at AS time, f.incident_id, l.asset, l.title, l.kind, l.area_code, l.metric,
       f.actor, f.verdict, f.note,
       f.verdict <> 'withdrawn'
           AND f.id = max(f.id) OVER (PARTITION BY f.incident_id) AS in_force
FROM incident_feedback f
JOIN incidents i ON i.id = f.incident_id
JOIN stream_list l USING (stream_id);

-- Promised against seen, one line a desk and shift, from the first incident on (400 days at
-- most). seen are the alarms that nobody called real. An incident's nature is asked for by name,
-- so that this holds with and without that column.
CREATE VIEW desk_budget AS
SELECT d.name AS desk, d.title, d.title_en, s.began_at AS time,
       s.began_at + make_interval(hours => d.shift_hours) AS ended_at,
       d.budget AS promised, c.alarms - c.real_alarms AS seen, c.alarms, c.real_alarms,
       c.false_alarms, c.alarms - c.real_alarms - c.false_alarms AS unjudged,
       c.alarms - c.real_alarms <= d.budget AS kept, t.factor, t.bound
FROM desks d
CROSS JOIN LATERAL (
    SELECT greatest(min(i.began_at), now() - INTERVAL '400 days') AS since FROM incidents i) f
CROSS JOIN LATERAL (
    SELECT generate_series(
        time_bucket(make_interval(hours => d.shift_hours), f.since,
                    TIMESTAMPTZ '2000-01-01 00:00+07' + make_interval(hours => d.first_shift_hour)),
        now(), make_interval(hours => d.shift_hours)) AS began_at) s
CROSS JOIN LATERAL (
    SELECT count(*) AS alarms, count(*) FILTER (WHERE v.verdict = 'real') AS real_alarms,
           count(*) FILTER (WHERE v.verdict = 'false') AS false_alarms
    FROM incidents i
    JOIN desk_streams w ON w.stream_id = i.stream_id AND w.desk = d.name
    LEFT JOIN LATERAL (SELECT verdict FROM incident_feedback
                       WHERE incident_id = i.id ORDER BY id DESC LIMIT 1) v ON true
    WHERE i.began_at >= s.began_at
      AND i.began_at < s.began_at + make_interval(hours => d.shift_hours)
      AND (d.natures IS NULL
           OR coalesce(to_jsonb(i) ->> 'nature', 'undecided') = ANY (d.natures))) c
LEFT JOIN LATERAL (
    SELECT factor, bound FROM desk_thresholds
    WHERE desk = d.name AND at < s.began_at + make_interval(hours => d.shift_hours)
    ORDER BY id DESC LIMIT 1) t ON true;

CREATE VIEW model_version_list AS
SELECT id, name, version, state, parameters, layout, data_from, data_to, scores, note,
       created_by, created_at, promoted_by, promoted_at, rolled_back_at
FROM model_versions;

-- Detection registers what it begins with, and its commands register, promote and roll back.
GRANT SELECT, INSERT, UPDATE (state, promoted_by, promoted_at, rolled_back_at)
    ON model_versions TO cityops_detection;
GRANT SELECT, INSERT ON alarm_candidates, desk_thresholds TO cityops_detection;
GRANT SELECT ON model_version_list, calibration, desks, desk_streams, desk_budget, incident_verdicts,
    incident_feedback, incidents, readings, areas, stream_list, incident_list, anomaly_list
    TO cityops_detection;
GRANT INSERT ON audit TO cityops_detection;

GRANT SELECT ON incident_verdicts TO cityops_incidents;

GRANT SELECT ON model_version_list, desks, desk_streams, desk_thresholds, desk_budget,
    incident_feedback, incident_verdicts, incident_feedback_list, alarm_candidates TO cityops_api;
GRANT INSERT ON incident_feedback TO cityops_api;
GRANT INSERT, UPDATE ON desks TO cityops_api;

GRANT SELECT ON desk_budget, model_version_list, incident_feedback_list TO cityops_viewer;
GRANT SELECT ON model_versions, model_version_list, incident_feedback, incident_verdicts,
    incident_feedback_list, desks, desk_streams, desk_thresholds, desk_budget, alarm_candidates,
    calibration TO cityops_engineer;
