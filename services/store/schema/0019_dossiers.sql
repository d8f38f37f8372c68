-- Dossiers: codes and times of what citizens have asked for, and nothing about citizens. What a
-- door is told beside the known fields is dropped before anything is written (models/egov/told.py).

-- What can be asked for, and how long it may take, in the spans of models/egov/worktime.py.
CREATE TABLE procedures (
    code       text NOT NULL,
    title      text NOT NULL,
    field      text NOT NULL,
    amount     integer NOT NULL CHECK (amount >= 0),
    span       text NOT NULL
        CHECK (span IN ('same-day', 'hours', 'working-days', 'days', 'months')),
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (code, valid_from)
);

-- Days on which offices are closed though it is no weekend, or work (works) though it is one.
CREATE TABLE calendar_days (
    day    date PRIMARY KEY,
    works  boolean NOT NULL,
    note   text NOT NULL,
    source text NOT NULL,
    mark   text NOT NULL CHECK (mark IN ('verified', 'general', 'design'))
);

-- Days of the law in every year, and of Tet and the Hung kings' day those that were published and
-- read; the others are for an import (scripts/store units import).
INSERT INTO calendar_days (day, works, note, source, mark)
SELECT make_date(year, month, day), false, note, 'Bộ luật Lao động, Điều 112', 'general'
FROM generate_series(2019, 2030) AS year,
     (VALUES (1, 1, 'Tết Dương lịch'), (4, 30, 'Ngày Chiến thắng'),
             (5, 1, 'Ngày Quốc tế lao động'), (9, 2, 'Quốc khánh')) AS law (month, day, note)
UNION ALL
SELECT day::date, false, 'Tết Nguyên đán', 'Thông báo nghỉ Tết', 'verified'
FROM (VALUES ('2021-02-10'::date, '2021-02-16'::date), ('2026-02-14', '2026-02-22'))
         AS tet (first, last), generate_series(first, last, INTERVAL '1 day') AS day
UNION ALL
SELECT day::date, false, 'Giỗ Tổ Hùng Vương', 'Thông báo nghỉ lễ', 'verified'
FROM unnest(ARRAY['2020-04-02', '2021-04-21', '2022-04-11', '2026-04-27']::date[]) AS day
UNION ALL
SELECT '2026-09-01', false, 'Quốc khánh', 'Thông báo nghỉ lễ', 'verified';

-- The states of the national dossier record, and the groups that reports know.
CREATE TABLE dossier_states (
    state    smallint PRIMARY KEY,
    grouped  text NOT NULL 
        CHECK (grouped IN ('received-online', 'in-process', 'paused', 'processed',
                           'closed-rejected')),
    title    text NOT NULL,
    title_en text NOT NULL
);
INSERT INTO dossier_states (state, grouped, title, title_en) VALUES
    (1,  'received-online',  'Mới đăng ký',                             'Registered'),
    (2,  'in-process', 'Được tiếp nhận',                          'Received'),
    (3,  'closed-rejected',    'Không được tiếp nhận',                    'Not accepted'),
    (4,  'in-process', 'Đang xử lý',                              'In process'),
    (5,  'paused',     'Yêu cầu bổ sung giấy tờ',                 'Supplement requested'),
    (6,  'paused',     'Yêu cầu thực hiện nghĩa vụ tài chính',    'Payment requested'),
    (7,  'processed',  'Công dân yêu cầu rút hồ sơ',              'Withdrawn by the citizen'),
    (8,  'paused',     'Dừng xử lý',                              'Processing stopped'),
    (9,  'processed',  'Đã xử lý xong',                           'Processed'),
    (10, 'processed',  'Đã trả kết quả',                          'Result returned');

-- Through which door events came, and from whom: a topic's unit, a token's name, a file's.
CREATE TABLE dossier_sources (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    door text NOT NULL CHECK (door IN ('mqtt', 'http', 'file')),
    name text NOT NULL,
    UNIQUE (door, name)
);

-- What holds now, one row a dossier: what its events say together (models/egov/dossier.py). An event
-- later than all before it is one step on from here; for any other all are folded again, so that
-- any order of arrival gives the same row. A row without a state has events that fit nowhere yet. The row is also the lock under which a
-- dossier's events are written.
CREATE TABLE dossiers (
    code         text PRIMARY KEY,
    unit         text,
    procedure    text,
    channel      smallint CHECK (channel BETWEEN 1 AND 3),
    state        smallint REFERENCES dossier_states (state),
    submitted_at timestamptz,
    accepted_at  timestamptz,
    due_at       timestamptz,
    ended_at     timestamptz,
    returned_at  timestamptz,
    moved_at     timestamptz,
    -- what the next event goes on from: the date the office stated, working time waited so far, a
    -- wait that lasts, requests for papers, and the time of the last event, whether it counts or not
    stated_due_at timestamptz,
    paused        interval NOT NULL DEFAULT '0',
    waiting_since timestamptz,
    supplements   smallint NOT NULL DEFAULT 0,
    last_at       timestamptz,
    changed_at    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);
CREATE INDEX dossiers_open ON dossiers (unit, due_at) WHERE ended_at IS NULL;
CREATE INDEX dossiers_ended ON dossiers (ended_at, unit);
COMMENT ON COLUMN dossiers.ended_at IS
    'done, or else returned, withdrawn, refused: the clock has stopped; null while it has not';

-- Every event once, by its name. One that makes no possible move stays, with its flaw: a late
-- event may be what was missing before it.
CREATE TABLE dossier_events (
    event       text CONSTRAINT one_event_a_name PRIMARY KEY,
    dossier     text NOT NULL REFERENCES dossiers (code),
    unit        text NOT NULL,
    procedure   text NOT NULL,
    channel     smallint,
    state       smallint NOT NULL REFERENCES dossier_states (state),
    at          timestamptz NOT NULL,
    due_at      timestamptz,
    flaw        text,
    source_id   integer NOT NULL REFERENCES dossier_sources (id),
    line        integer,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX dossier_events_by_dossier ON dossier_events (dossier, at);
CREATE INDEX dossier_events_flawed ON dossier_events (received_at) WHERE flaw IS NOT NULL;

-- What could not be taken: known fields of the right form only, no payload. The same one again
-- is counted, not kept again.
CREATE TABLE dossier_rejects (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   integer NOT NULL REFERENCES dossier_sources (id),
    line        integer,
    kept        jsonb NOT NULL,
    reason      text NOT NULL,
    times       integer NOT NULL DEFAULT 1,
    received_at timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz
);
CREATE UNIQUE INDEX one_reject_a_flaw ON dossier_rejects
    (source_id, coalesce(line, 0), md5(kept::text || reason));
CREATE INDEX dossier_rejects_open ON dossier_rejects (id) WHERE settled_at IS NULL;

-- How far a file is taken in, by its content: the same command goes on after it.
CREATE TABLE dossier_files (
    sha256     text PRIMARY KEY,
    source_id  integer NOT NULL REFERENCES dossier_sources (id),
    position   bigint NOT NULL DEFAULT 0,
    line       integer NOT NULL DEFAULT 0,
    stored     bigint NOT NULL DEFAULT 0,
    duplicate  bigint NOT NULL DEFAULT 0,
    rejected   bigint NOT NULL DEFAULT 0,
    begun_at   timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz
);

-- The load of every unit at a moment, rolled up the tree of that day: what is open and how it
-- stands to its due date, what ended in the 30 days before and whether in time. `soon` is the
-- moment one working day on, by the working calendar. With a share of a succession below 1
-- counts are no whole numbers.
CREATE FUNCTION unit_load(as_of timestamptz, soon timestamptz)
RETURNS TABLE (unit text, submitted double precision, running double precision,
               due_soon double precision, overdue double precision, overdue_long double precision,
               ended double precision, early double precision, on_time double precision,
               late double precision, on_time_share double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH own AS (
        SELECT d.unit,
            count(*) FILTER (WHERE d.accepted_at IS NULL OR d.accepted_at > as_of) AS submitted,
            count(*) FILTER (WHERE d.accepted_at <= as_of
                             AND (d.due_at IS NULL OR d.due_at > soon)) AS running,
            count(*) FILTER (WHERE d.accepted_at <= as_of
                             AND d.due_at > as_of AND d.due_at <= soon) AS due_soon,
            count(*) FILTER (WHERE d.accepted_at <= as_of AND d.due_at <= as_of) AS overdue,
            count(*) FILTER (WHERE d.accepted_at <= as_of
                             AND d.due_at <= as_of - INTERVAL '7 days') AS overdue_long,
            0::bigint AS ended, 0::bigint AS early, 0::bigint AS on_time, 0::bigint AS late
        FROM dossiers d
        WHERE d.state IS NOT NULL AND coalesce(d.submitted_at, d.accepted_at) <= as_of
          AND (d.ended_at IS NULL OR d.ended_at > as_of)
        GROUP BY d.unit
        UNION ALL
        SELECT d.unit, 0, 0, 0, 0, 0, count(*),
            count(*) FILTER (WHERE d.ended_at <= d.due_at - INTERVAL '1 day'),
            count(*) FILTER (WHERE d.ended_at > d.due_at - INTERVAL '1 day'
                             AND d.ended_at <= d.due_at),
            count(*) FILTER (WHERE d.ended_at > d.due_at)
        FROM dossiers d
        WHERE d.ended_at > as_of - INTERVAL '30 days' AND d.ended_at <= as_of
          AND d.state IN (9, 10)
        GROUP BY d.unit),
    summed AS (
        SELECT c.counted_in AS unit, sum(o.submitted * c.share) AS submitted,
            sum(o.running * c.share) AS running, sum(o.due_soon * c.share) AS due_soon,
            sum(o.overdue * c.share) AS overdue, sum(o.overdue_long * c.share) AS overdue_long,
            sum(o.ended * c.share) AS ended, sum(o.early * c.share) AS early,
            sum(o.on_time * c.share) AS on_time, sum(o.late * c.share) AS late
        FROM own o JOIN org_counts_in((as_of AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) c
            ON c.unit = o.unit
        GROUP BY 1)
    SELECT s.*, (s.early + s.on_time) / nullif(s.early + s.on_time + s.late, 0) FROM summed s
$$;

-- What every unit has of its own now, by state.
CREATE VIEW unit_states AS
SELECT d.unit, d.state, s.grouped, s.title, s.title_en, count(*) AS dossiers
FROM dossiers d JOIN dossier_states s ON s.state = d.state GROUP BY 1, 2, 3, 4, 5;

CREATE VIEW dossier_list AS
SELECT code, unit, procedure, channel, state, submitted_at, accepted_at, due_at, ended_at,
       returned_at, moved_at
FROM dossiers WHERE state IS NOT NULL;

-- All that is not counted, with its reason: refused at a door, or waiting for what was before it.
CREATE VIEW dossier_quarantine AS
SELECT 'reject' AS what, r.id::text AS name, s.door, s.name AS source, r.line, r.reason, r.kept,
       r.times, r.received_at
FROM dossier_rejects r JOIN dossier_sources s ON s.id = r.source_id
WHERE r.settled_at IS NULL
UNION ALL
SELECT 'move', e.event, s.door, s.name, e.line, e.flaw,
       jsonb_build_object('event', e.event, 'dossier', e.dossier, 'unit', e.unit,
                          'state', e.state, 'at', e.at), 1, e.received_at
FROM dossier_events e JOIN dossier_sources s ON s.id = e.source_id WHERE e.flaw IS NOT NULL;

GRANT SELECT ON procedures, calendar_days, dossier_states TO cityops_ingest, cityops_api, cityops_engineer;
GRANT SELECT, INSERT, UPDATE ON dossiers, dossier_events, dossier_rejects, dossier_sources
    TO cityops_ingest, cityops_api;
GRANT SELECT ON dossiers, dossier_events, dossier_rejects, dossier_sources, dossier_files,
    unit_states, dossier_list, dossier_quarantine TO cityops_engineer;
GRANT SELECT ON unit_states, dossier_list, dossier_quarantine TO cityops_api, cityops_viewer;
