-- The load on e-government services, reckoned by services/egov: how each dossier stands to its
-- deadline, what every unit did on every day, the index of Decision 766, readiness, coverage and
-- forecasts. Rows of a unit "of its own" are what dossiers say of it; "totals" have all below it and
-- all that it took over, by the tree of that very day. Days are the province's (UTC+7).

-- ------------------------------------------------------------------------------------------------
-- What changed

-- Dossiers that got events since the last turn: a row a batch, taken away once it is worked off.
-- Whatever the order in which writers commit, a row is there until it was seen.
CREATE TABLE dossier_changes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    codes      text[] NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION remember_changed_dossiers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO dossier_changes (codes)
    SELECT array_agg(DISTINCT dossier) FROM told HAVING count(*) > 0;
    PERFORM pg_notify('dossiers', '');
    RETURN NULL;
END $$;
CREATE TRIGGER dossiers_change AFTER INSERT ON dossier_events
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION remember_changed_dossiers();
INSERT INTO dossier_changes (codes)
SELECT array_agg(code) FROM (
    SELECT code, (row_number() OVER (ORDER BY code)) / 1000 AS part FROM dossiers) every
GROUP BY part;

-- Days whose totals, index and readiness have to be reckoned (again).
CREATE TABLE egov_due (
    day       date PRIMARY KEY,
    marked_at timestamptz NOT NULL
);

-- ------------------------------------------------------------------------------------------------
-- The clock of every dossier

-- soon_at, late_at and long_at are from when on it is due within a working day, overdue, and
-- overdue by more than five working days, in working time (models/egov/worktime): so a bucket at
-- any moment is a comparison and nothing has to tick. They are null where that moment does not
-- come by itself: while a dossier waits for its citizen its clock stands still.
CREATE TABLE dossier_clocks (
    code        text PRIMARY KEY,
    unit        text NOT NULL,
    procedure   text NOT NULL,
    channel     smallint NOT NULL,
    begun_at    timestamptz NOT NULL,
    accepted_at timestamptz,
    due_at      timestamptz,
    soon_at     timestamptz,
    late_at     timestamptz,
    long_at     timestamptz,
    ended_at    timestamptz,
    returned_at timestamptz,
    with_result boolean NOT NULL,
    stands      text CHECK (stands IN ('early', 'on-time', 'overdue', 'long-overdue')),
    in_time     boolean,
    missed_at   timestamptz
) WITH (fillfactor = 70);
COMMENT ON COLUMN dossier_clocks.stands IS 'how it ended; null while open, or without a deadline';
COMMENT ON COLUMN dossier_clocks.in_time IS
    'how sub-metric 2.1 of Decision 766 counts it once ended; null while open, or without a deadline';
COMMENT ON COLUMN dossier_clocks.missed_at IS
    'from when on that sub-metric counts it as late: overdue, or asked twice for papers';
CREATE INDEX dossier_clocks_open ON dossier_clocks (unit, late_at) WHERE ended_at IS NULL;
CREATE INDEX dossier_clocks_ended ON dossier_clocks (ended_at);
CREATE INDEX dossier_clocks_missed ON dossier_clocks (unit, ended_at) WHERE NOT in_time;

-- A dossier went from one unit to another; moved_at is when the taker first did something with
-- it, null while it has not.
CREATE TABLE hand_overs (
    dossier   text NOT NULL,
    at        timestamptz NOT NULL,
    giver     text NOT NULL,
    taker     text NOT NULL,
    moved_at  timestamptz,
    PRIMARY KEY (dossier, at)
);
CREATE INDEX hand_overs_waiting ON hand_overs (taker, at) WHERE moved_at IS NULL;
CREATE INDEX hand_overs_by_time ON hand_overs (at);

-- ------------------------------------------------------------------------------------------------
-- What every unit did of its own, day by day and hour by hour: sums of what each dossier is
-- counted for, kept from its changes alone. A late event takes a dossier out of a past day and
-- puts it where it belongs.

-- received: began that day, online of them; accepted: taken in; dated: of these with a deadline;
-- ended with a result, early (by a working day), on_time and late of them; returned: handed out.
-- fell_late: became overdue that day while open. closed: of the dated ones, ended in any way;
-- closed_in_time: of these as the index counts it. A day ahead holds what will fall late if
-- nothing happens.
CREATE TABLE egov_unit_days (
    unit           text NOT NULL,
    day            date NOT NULL,
    received       integer NOT NULL DEFAULT 0,
    online         integer NOT NULL DEFAULT 0,
    accepted       integer NOT NULL DEFAULT 0,
    dated          integer NOT NULL DEFAULT 0,
    ended          integer NOT NULL DEFAULT 0,
    early          integer NOT NULL DEFAULT 0,
    on_time        integer NOT NULL DEFAULT 0,
    late           integer NOT NULL DEFAULT 0,
    returned       integer NOT NULL DEFAULT 0,
    closed         integer NOT NULL DEFAULT 0,
    closed_in_time integer NOT NULL DEFAULT 0,
    fell_late      integer NOT NULL DEFAULT 0,
    PRIMARY KEY (unit, day)
) WITH (fillfactor = 70);
CREATE INDEX egov_unit_days_by_day ON egov_unit_days (day);

CREATE TABLE egov_unit_hours (
    unit     text NOT NULL,
    hour     timestamptz NOT NULL,
    received integer NOT NULL,
    PRIMARY KEY (unit, hour)
) WITH (fillfactor = 70);
CREATE INDEX egov_unit_hours_by_hour ON egov_unit_hours (hour);

-- The same with all below, by the tree of the day; shares of successions make broken numbers.
-- open and overdue are what there was as the day ended.
CREATE TABLE egov_day_totals (
    unit     text NOT NULL,
    day      date NOT NULL,
    received double precision NOT NULL,
    online   double precision NOT NULL,
    accepted double precision NOT NULL,
    ended    double precision NOT NULL,
    early    double precision NOT NULL,
    on_time  double precision NOT NULL,
    late     double precision NOT NULL,
    returned double precision NOT NULL,
    open     double precision NOT NULL,
    overdue  double precision NOT NULL,
    PRIMARY KEY (unit, day)
);
CREATE INDEX egov_day_totals_by_day ON egov_day_totals (day);

-- ------------------------------------------------------------------------------------------------
-- The index of Decision 766: configuration with dates, and what it was

-- How a sub-metric counts (models/egov/index766.Weight): its score is slope * numerator /
-- denominator, at most max; slope is max / target where it is null; of max 0 it is for
-- information. resolved is false where the formula is our reading. A line holds until the day
-- before valid_to; a new one ends the one before it.
CREATE TABLE index_weights (
    code       text NOT NULL,
    grouped    text NOT NULL CHECK (grouped IN ('TRANSPARENCY', 'PROGRESS', 'ONLINE', 'PAYMENT',
                                                'SATISFACTION', 'DIGITIZATION')),
    title      text NOT NULL,
    title_en   text NOT NULL,
    max        double precision NOT NULL CHECK (max >= 0),
    target     double precision NOT NULL CHECK (target > 0 AND target <= 1),
    slope      double precision CHECK (slope > 0),
    empty      text NOT NULL CHECK (empty IN ('zero', 'full', 'none')),
    resolved   boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (code, valid_from)
);
COMMENT ON COLUMN index_weights.empty IS
    'what it is worth with a denominator of 0: nothing, everything, or not assessed';

-- What a total from `low` points on is called.
CREATE TABLE index_grades (
    low        double precision NOT NULL CHECK (low >= 0 AND low <= 100),
    title      text NOT NULL,
    title_en   text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (low, valid_from)
);

-- Counts that other systems make: a unit's own, of a day, for a sub-metric.
CREATE TABLE index_counts (
    unit        text NOT NULL,
    code        text NOT NULL,
    day         date NOT NULL,
    numerator   double precision NOT NULL CHECK (numerator >= 0),
    denominator double precision NOT NULL CHECK (denominator >= 0),
    source      text NOT NULL,
    mark        text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (unit, code, day)
);
CREATE INDEX index_counts_by_day ON index_counts (day);

-- The index of a unit with all below it, of the month up to and with a day. code is a
-- sub-metric's, a group's, or TOTAL. score is null where it is not assessed, and never 0 for
-- that; assessed are the points that could have been had from what is known.
CREATE TABLE egov_index (
    unit         text NOT NULL,
    day          date NOT NULL,
    code         text NOT NULL,
    numerator    double precision,
    denominator  double precision,
    score        double precision,
    assessed     double precision NOT NULL,
    max          double precision NOT NULL,
    grade        text,
    grade_en     text,
    weights_from date NOT NULL,
    reckoned_at  timestamptz NOT NULL,
    PRIMARY KEY (unit, day, code)
);
COMMENT ON COLUMN egov_index.grade IS 'of TOTAL alone, and only where everything is assessed';
COMMENT ON COLUMN egov_index.weights_from IS 'the version: from when on the newest of its weights is in force';
CREATE INDEX egov_index_by_day ON egov_index (day, code);

-- ------------------------------------------------------------------------------------------------
-- Readiness and coverage

CREATE TABLE readiness_weights (
    code       text NOT NULL,
    title      text NOT NULL,
    title_en   text NOT NULL,
    weight     double precision NOT NULL CHECK (weight > 0),
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (code, valid_from)
);

-- What is known of a unit beside its dossiers: shares (0 to 1) such as procedures handled through
-- the one-stop shop. "name.kind" at a unit holds for all units of that kind below it that have no
-- line of their own.
CREATE TABLE unit_facts (
    unit       text NOT NULL,
    name       text NOT NULL,
    value      double precision NOT NULL CHECK (value >= 0 AND value <= 1),
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (unit, name, valid_from)
);

-- How ready a unit is on a day: 0 to 100, null where nothing of it is assessed; coverage is the
-- share (0 to 1) of all weight that is.
CREATE TABLE egov_readiness (
    unit         text NOT NULL,
    day          date NOT NULL,
    score        double precision,
    coverage     double precision NOT NULL,
    weights_from date NOT NULL,
    reckoned_at  timestamptz NOT NULL,
    PRIMARY KEY (unit, day)
);
CREATE INDEX egov_readiness_by_day ON egov_readiness (day);
-- Its inputs (0 to 100) and what each gives; both null where it is not assessed.
CREATE TABLE egov_readiness_parts (
    unit   text NOT NULL,
    day    date NOT NULL,
    code   text NOT NULL,
    weight double precision NOT NULL,
    value  double precision,
    points double precision,
    PRIMARY KEY (unit, day, code)
);

-- How many units of a kind are heard, of how many there are: a row whenever that changes.
CREATE TABLE egov_coverage (
    kind   text NOT NULL,
    at     timestamptz NOT NULL,
    heard  integer NOT NULL,
    of     integer NOT NULL,
    silent text[] NOT NULL,
    PRIMARY KEY (kind, at)
);

-- ------------------------------------------------------------------------------------------------
-- Forecasts, kept with what came true

-- Dossiers received in an hour by a unit and all below it: the mean that is expected (expected),
-- the median (likely), the band in which four of five hours lie, the same hour a week before
-- (naive), and what it was (actual; null until the hour is over, mended when a late event comes).
CREATE TABLE egov_load_forecasts (
    unit     text NOT NULL,
    hour     timestamptz NOT NULL,
    made_at  timestamptz NOT NULL,
    expected double precision NOT NULL,
    likely   double precision NOT NULL,
    low      double precision NOT NULL,
    high     double precision NOT NULL,
    naive    double precision,
    actual   double precision,
    PRIMARY KEY (unit, hour)
);
CREATE INDEX egov_load_forecasts_by_hour ON egov_load_forecasts (hour);

-- Overdue dossiers of a unit and all below it, one to five working days after made_on.
CREATE TABLE egov_overdue_forecasts (
    unit     text NOT NULL,
    made_on  date NOT NULL,
    ahead    integer NOT NULL CHECK (ahead BETWEEN 1 AND 5),
    at       timestamptz NOT NULL,
    made_at  timestamptz NOT NULL,
    expected double precision NOT NULL,
    low      double precision NOT NULL,
    high     double precision NOT NULL,
    actual   double precision,
    PRIMARY KEY (unit, made_on, ahead)
);
CREATE INDEX egov_overdue_forecasts_by_time ON egov_overdue_forecasts (at);

-- The first day of the lunar year, around which nobody comes, and after which everybody does.
CREATE TABLE lunar_new_years (
    day    date PRIMARY KEY,
    source text NOT NULL,
    mark   text NOT NULL CHECK (mark IN ('verified', 'general', 'design'))
);
INSERT INTO lunar_new_years (day, source, mark)
SELECT unnest(ARRAY['2019-02-05', '2020-01-25', '2021-02-12', '2022-02-01', '2023-01-22', '2024-02-10',
                    '2025-01-29', '2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13',
                    '2030-02-02']::date[]), 'Âm lịch Việt Nam', 'general';

-- ------------------------------------------------------------------------------------------------
-- Which service is whose

-- The province's systems, and the unit that answers for each. One-stop shops are in org_aliases.
CREATE TABLE egov_systems (
    asset  text PRIMARY KEY,
    system text NOT NULL CHECK (system IN ('one-stop', 'interconnection', 'connector', 'documents',
                                           'signatures', 'portal', 'centre', 'open-data')),
    unit   text NOT NULL,
    source text NOT NULL,
    mark   text NOT NULL CHECK (mark IN ('verified', 'general', 'design'))
);
INSERT INTO egov_systems (asset, system, unit, source, mark) VALUES
    ('portal-dvc',          'portal',     '24',  'Cổng dịch vụ công tỉnh', 'general'),
    ('onestop-province',    'centre',     '24',  'Trung tâm Phục vụ hành chính công', 'general'),
    ('connector-finance',   'connector',  'S05', 'Kết nối bốn bộ', 'general'),
    ('connector-transport', 'connector',  'S08', 'Kết nối bốn bộ', 'general'),
    ('connector-planning',  'connector',  'S04', 'Kết nối bốn bộ', 'general'),
    ('connector-justice',   'connector',  'S03', 'Kết nối bốn bộ', 'general'),
    ('link-planning',       'connector',  'S04', 'Liên thông phần mềm một cửa với dịch vụ công của Bộ KH&ĐT', 'general'),
    ('document-exchange',   'documents',  'S01', 'Trục liên thông văn bản tỉnh', 'general'),
    ('signature-service',   'signatures', 'S11', 'Dịch vụ chữ ký số tỉnh', 'general'),
    ('portal-open-data',    'open-data',  'S11', 'Cổng dữ liệu mở tỉnh', 'general'),
    ('app-4g',              'portal',     'S14', 'Ứng dụng App 4G plus của Sở KH&CN', 'general');

-- ------------------------------------------------------------------------------------------------
-- What to begin with

INSERT INTO index_weights (code, grouped, title, title_en, max, target, slope, empty, resolved,
                           valid_from, source, mark)
SELECT code, grouped, title, title_en, max, target, slope::double precision, empty, resolved,
       '2022-08-01'::date, source, mark
FROM (VALUES
    ('PUBLISH_ON_TIME', 'TRANSPARENCY', 'Công bố TTHC đúng hạn',
     'Procedures decided on time', 6, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('PUBLIC_UPDATE_ON_TIME', 'TRANSPARENCY', 'Công khai TTHC đúng hạn',
     'Procedures published on time', 4, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('PUBLIC_CONTENT_FULL', 'TRANSPARENCY', 'Công khai đầy đủ nội dung',
     'Published in full', 2, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('DOSSIER_SYNC', 'TRANSPARENCY', 'Đồng bộ hồ sơ lên Cổng DVCQG',
     'Dossiers synchronised', 6, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('PROGRESS_ON_TIME', 'PROGRESS', 'Hồ sơ giải quyết đúng hạn',
     'Dossiers processed on time', 20, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('ONLINE_FULL_SERVICES', 'ONLINE', 'DVC toàn trình',
     'Fully online services', 4, 0.8, NULL, 'none', false, '766/QĐ-TTg; công thức chưa công bố đủ', 'design'),
    ('ONLINE_SERVICES_USED', 'ONLINE', 'DVC có phát sinh hồ sơ trực tuyến',
     'Online services in use', 2, 1, NULL, 'none', false, '766/QĐ-TTg; công thức chưa công bố đủ', 'design'),
    ('ONLINE_DOSSIERS', 'ONLINE', 'Hồ sơ trực tuyến',
     'Dossiers sent online', 6, 0.5, NULL, 'none', false, '766/QĐ-TTg; công thức chưa công bố đủ', 'design'),
    ('PAYMENT_FORMALITIES_WITH_DOSSIERS', 'PAYMENT', 'TTHC có phí, lệ phí phát sinh hồ sơ',
     'Procedures with a fee that were used', 2, 0.8, NULL, 'none', false, '766/QĐ-TTg; công thức chưa công bố đủ', 'design'),
    ('PAYMENT_FORMALITIES_PAID', 'PAYMENT', 'TTHC có giao dịch thanh toán trực tuyến',
     'Procedures that were paid online', 2, 0.8, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('PAYMENT_DOSSIERS', 'PAYMENT', 'Hồ sơ thanh toán trực tuyến',
     'Dossiers paid online', 6, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('DOSSIER_RECEIVING_SATISFACTION', 'SATISFACTION', 'Hài lòng khi tiếp nhận, giải quyết TTHC',
     'Satisfaction with dossiers', 6, 0.9, NULL, 'zero', true, '766/QĐ-TTg', 'verified'),
    ('PETITION_PROCESSING_ON_TIME', 'SATISFACTION', 'Xử lý phản ánh, kiến nghị đúng hạn',
     'Petitions handled on time', 6, 1, NULL, 'full', true, '766/QĐ-TTg', 'verified'),
    ('PETITION_HANDLING_SATISFACTION', 'SATISFACTION', 'Hài lòng về xử lý phản ánh, kiến nghị',
     'Satisfaction with petitions', 6, 1, NULL, 'full', true, '766/QĐ-TTg', 'verified'),
    ('PETITION_CLASSIFICATION_TTHC', 'SATISFACTION', 'Phản ánh về TTHC',
     'Petitions about procedures', 0, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('PETITION_CLASSIFICATION_STAFF', 'SATISFACTION', 'Phản ánh về cán bộ',
     'Petitions about staff', 0, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('ORIGINAL_RESULT_AVAILABLE', 'DIGITIZATION', 'Hồ sơ cấp kết quả điện tử',
     'Results as electronic originals', 6, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('SO_HOA_GIAY_TO_GIAI_QUYET', 'DIGITIZATION', 'Số hoá giấy tờ, kết quả',
     'Papers digitised', 4, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('ELECTRONIC_CERTIFIED_COPY', 'DIGITIZATION', 'Chứng thực bản sao điện tử',
     'Electronic certified copies', 2, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('REUSED_DIGITIZED_DATA', 'DIGITIZATION', 'Tái sử dụng dữ liệu số hoá',
     'Digitised data used again', 2, 0.8, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('SYNCED_WITH_DVCQG_PERSONAL_STORAGE', 'DIGITIZATION', 'Đồng bộ kho dữ liệu cá nhân trên Cổng DVCQG',
     'Synchronised with personal storage', 4, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('CITIZEN_DATA_CONNECTED_DOSSIER', 'DIGITIZATION', 'Hồ sơ kết nối CSDL dân cư',
     'Dossiers connected to population data', 2, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified'),
    ('CITIZEN_DATA_CONNECTED_FORMALITY', 'DIGITIZATION', 'TTHC kết nối CSDL dân cư',
     'Procedures connected to population data', 2, 1, NULL, 'none', true, '766/QĐ-TTg', 'verified')
) AS published (code, grouped, title, title_en, max, target, slope, empty, resolved, source, mark);

INSERT INTO index_grades (low, title, title_en, valid_from, source, mark) VALUES
    (90, 'Xuất sắc',   'Excellent', '2022-08-01', '766/QĐ-TTg', 'verified'),
    (80, 'Tốt',        'Good',      '2022-08-01', '766/QĐ-TTg', 'verified'),
    (70, 'Khá',        'Fair',      '2022-08-01', '766/QĐ-TTg', 'general'),
    (50, 'Trung bình', 'Average',   '2022-08-01', '766/QĐ-TTg', 'general'),
    (0,  'Yếu',        'Weak',      '2022-08-01', '766/QĐ-TTg', 'general');

INSERT INTO readiness_weights (code, title, title_en, weight, valid_from, source, mark) VALUES
    ('reachable',     'Hệ thống hoạt động 30 ngày qua', 'Reachable in the last 30 days',    2, '2019-01-01', 'Đề xuất của hệ thống', 'design'),
    ('fresh',         'Đồng bộ gần nhất còn mới',       'The last synchronisation is fresh', 1, '2019-01-01', 'Đề xuất của hệ thống', 'design'),
    ('onestop_share', 'TTHC thực hiện qua một cửa',     'Procedures handled at the one-stop shop', 1, '2019-01-01', 'Đề xuất của hệ thống', 'design'),
    ('online_share',  'Hồ sơ nộp trực tuyến',           'Dossiers sent online',             1, '2019-01-01', 'Đề xuất của hệ thống', 'design'),
    ('signed_share',  'Văn bản đi ký số',               'Outgoing documents signed digitally', 1, '2019-01-01', 'Đề xuất của hệ thống', 'design'),
    ('in_time',       'Hồ sơ giải quyết đúng hạn',      'Dossiers processed on time',       2, '2019-01-01', 'Đề xuất của hệ thống', 'design'),
    ('staff_active',  'Tài khoản cán bộ hoạt động',     'Staff accounts in use',            1, '2019-01-01', 'Đề xuất của hệ thống', 'design'),
    ('complete',      'Dữ liệu đầy đủ',                 'Data are complete',                1, '2019-01-01', 'Đề xuất của hệ thống', 'design');

-- The founding figures, which were told by level and of the province alone.
INSERT INTO unit_facts (unit, name, value, valid_from, source, mark) VALUES
    ('24', 'onestop_share.district',   0.85, '2019-01-01', 'Công bố của tỉnh năm 2019', 'verified'),
    ('24', 'onestop_share.department', 0.89, '2019-01-01', 'Công bố của tỉnh năm 2019', 'verified'),
    ('24', 'documents_linked.department', 0.8, '2019-01-01', '16/20 sở, ngành liên thông văn bản đến đơn vị trực thuộc', 'verified'),
    ('24', 'documents_linked.district',   1,   '2019-01-01', '10/10 huyện, thành phố liên thông văn bản đến cấp xã', 'verified');

-- ------------------------------------------------------------------------------------------------
-- The load by working time

-- As unit_load(as_of, soon) was, with the buckets of working time: early by a working day, due
-- within a working day, overdue by more than five.
CREATE FUNCTION unit_load(as_of timestamptz)
RETURNS TABLE (unit text, submitted double precision, running double precision,
               due_soon double precision, overdue double precision, overdue_long double precision,
               ended double precision, early double precision, on_time double precision,
               late double precision, on_time_share double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH own AS (
        SELECT d.unit,
            count(*) FILTER (WHERE d.accepted_at IS NULL OR d.accepted_at > as_of) AS submitted,
            count(*) FILTER (WHERE d.accepted_at <= as_of
                             AND (d.soon_at IS NULL OR d.soon_at > as_of)) AS running,
            count(*) FILTER (WHERE d.accepted_at <= as_of AND d.soon_at <= as_of
                             AND (d.late_at IS NULL OR d.late_at >= as_of)) AS due_soon,
            count(*) FILTER (WHERE d.accepted_at <= as_of AND d.late_at < as_of) AS overdue,
            count(*) FILTER (WHERE d.accepted_at <= as_of AND d.long_at < as_of) AS overdue_long,
            0::bigint AS ended, 0::bigint AS early, 0::bigint AS on_time, 0::bigint AS late
        FROM dossier_clocks d
        WHERE d.begun_at <= as_of AND (d.ended_at IS NULL OR d.ended_at > as_of)
        GROUP BY d.unit
        UNION ALL
        SELECT d.unit, 0, 0, 0, 0, 0, count(*),
            count(*) FILTER (WHERE d.stands = 'early'),
            count(*) FILTER (WHERE d.stands = 'on-time'),
            count(*) FILTER (WHERE d.stands IN ('overdue', 'long-overdue'))
        FROM dossier_clocks d
        WHERE d.ended_at > as_of - INTERVAL '30 days' AND d.ended_at <= as_of AND d.with_result
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

-- What calls it as before gets the same.
CREATE OR REPLACE FUNCTION unit_load(as_of timestamptz, soon timestamptz)
RETURNS TABLE (unit text, submitted double precision, running double precision,
               due_soon double precision, overdue double precision, overdue_long double precision,
               ended double precision, early double precision, on_time double precision,
               late double precision, on_time_share double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM unit_load(as_of)
$$;

-- ------------------------------------------------------------------------------------------------
-- What people see

-- The area that a unit is in: its own, or that of the nearest unit above it that is an area.
CREATE FUNCTION unit_area(unit text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE above AS (
        SELECT $1 AS code, 0 AS distance
        UNION
        SELECT e.parent, a.distance + 1 FROM above a JOIN org_edges e ON e.child = a.code
        WHERE a.distance < 10)
    SELECT p.code FROM above a JOIN areas p ON p.code = a.code ORDER BY a.distance LIMIT 1
$$;

-- What a unit was called last.
CREATE VIEW unit_name_list AS
SELECT DISTINCT ON (code) code AS unit, name, kind FROM org_units
ORDER BY code, valid_from DESC;

-- Whose each e-government service is, by the name of its asset.
CREATE VIEW asset_units AS
SELECT asset, system, unit FROM egov_systems
UNION ALL
SELECT alias, 'one-stop', unit FROM org_aliases
WHERE alias LIKE 'onestop-%' AND alias NOT IN (SELECT asset FROM egov_systems);

-- Each e-government service with the unit that answers for it and that unit's area: which area is
-- without power and which one-stop shop fell silent meet here. asset_id is null before it spoke.
CREATE VIEW egov_service_list AS
SELECT s.asset, a.id AS asset_id, coalesce(a.title, s.asset) AS title, s.system, s.unit,
       n.name AS unit_name, n.kind AS unit_kind, unit_area(s.unit) AS area_code
FROM asset_units s
JOIN unit_name_list n ON n.unit = s.unit LEFT JOIN assets a ON a.name = s.asset;

-- A day of a unit with all below it.
CREATE VIEW egov_day_list AS
SELECT d.unit, n.name, n.kind, d.day, d.received, d.online, d.accepted, d.ended, d.early,
       d.on_time, d.late, d.returned, d.open, d.overdue,
       (d.early + d.on_time) / nullif(d.early + d.on_time + d.late, 0) AS on_time_share,
       d.online / nullif(d.received, 0) AS online_share
FROM egov_day_totals d JOIN unit_name_list n ON n.unit = d.unit;

-- What every unit with all below it has to do now.
CREATE VIEW egov_load_list AS
SELECT l.*, n.name, n.kind, unit_area(l.unit) AS area_code FROM unit_load(now()) l
JOIN unit_name_list n ON n.unit = l.unit;

-- The index by unit and day: one line for TOTAL, each group, each sub-metric (level says which).
CREATE VIEW egov_index_list AS
SELECT i.unit, n.name, n.kind, i.day, i.code,
       CASE WHEN i.code = 'TOTAL' THEN 'total' WHEN w.code IS NULL THEN 'group'
            ELSE 'sub-metric' END AS level,
       coalesce(w.grouped, i.code) AS grouped,
       coalesce(w.title, g.title) AS title, coalesce(w.title_en, g.title_en) AS title_en,
       i.numerator, i.denominator, i.score, i.assessed, i.max,
       i.assessed - i.score AS lost, i.grade, i.grade_en, i.weights_from, w.resolved,
       i.reckoned_at
FROM egov_index i JOIN unit_name_list n ON n.unit = i.unit
LEFT JOIN index_weights w ON w.code = i.code AND w.valid_from <= i.day
    AND (w.valid_to IS NULL OR w.valid_to > i.day)
LEFT JOIN (VALUES ('TOTAL', 'Tổng điểm', 'Total'),
                  ('TRANSPARENCY', 'Công khai, minh bạch', 'Transparency'),
                  ('PROGRESS', 'Tiến độ giải quyết', 'Progress'),
                  ('ONLINE', 'Dịch vụ công trực tuyến', 'Online services'),
                  ('PAYMENT', 'Thanh toán trực tuyến', 'Online payment'),
                  ('SATISFACTION', 'Mức độ hài lòng', 'Satisfaction'),
                  ('DIGITIZATION', 'Số hoá hồ sơ', 'Digitisation')) AS g (code, title, title_en)
    ON g.code = i.code;

CREATE VIEW egov_readiness_list AS
SELECT r.unit, n.name, n.kind, r.day, r.score, r.coverage, r.weights_from, r.reckoned_at
FROM egov_readiness r JOIN unit_name_list n ON n.unit = r.unit;
CREATE VIEW egov_readiness_part_list AS
SELECT p.unit, n.name, n.kind, p.day, p.code, w.title, w.title_en, p.weight, p.value, p.points
FROM egov_readiness_parts p JOIN unit_name_list n ON n.unit = p.unit
LEFT JOIN readiness_weights w ON w.code = p.code AND w.valid_from <= p.day
    AND (w.valid_to IS NULL OR w.valid_to > p.day);

-- Coverage now, and whenever it changed (egov_coverage_changes). silent are unit codes.
CREATE VIEW egov_coverage_changes AS
SELECT c.kind, k.title, k.title_en, c.at, c.heard, c.of, c.silent,
       c.heard::double precision / nullif(c.of, 0) AS share
FROM egov_coverage c
JOIN (VALUES ('province', 'Cấp tỉnh', 'Province'), ('department', 'Sở, ngành', 'Departments'),
             ('district', 'Huyện, thành phố', 'Districts'), ('commune', 'Xã, phường, thị trấn', 'Communes'))
     AS k (kind, title, title_en) ON k.kind = c.kind;
CREATE VIEW egov_coverage_list AS
SELECT DISTINCT ON (kind) * FROM egov_coverage_changes ORDER BY kind, at DESC;

CREATE VIEW egov_load_forecast_list AS
SELECT f.unit, n.name, n.kind, f.hour AS time, f.made_at, f.expected, f.likely, f.low, f.high,
       f.naive, f.actual
FROM egov_load_forecasts f JOIN unit_name_list n ON n.unit = f.unit;
CREATE VIEW egov_overdue_forecast_list AS
SELECT f.unit, n.name, n.kind, f.made_on, f.ahead, f.at AS time, f.made_at, f.expected, f.low,
       f.high, f.actual
FROM egov_overdue_forecasts f JOIN unit_name_list n ON n.unit = f.unit;

-- How good forecasts of the load were, by unit and day: mean absolute errors (dossiers an hour)
-- of ours and of the naive one, and the share of hours within the band, of all and of busy ones.
CREATE VIEW egov_forecast_quality AS
SELECT f.unit, n.name, n.kind, (f.hour AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day,
       count(*) AS hours, avg(abs(f.actual - f.likely)) AS error,
       avg(abs(f.actual - f.naive)) AS naive_error,
       avg((f.actual BETWEEN f.low AND f.high)::integer) AS inside,
       avg((f.actual BETWEEN f.low AND f.high)::integer) FILTER (WHERE f.expected >= 1) AS busy
FROM egov_load_forecasts f JOIN unit_name_list n ON n.unit = f.unit
WHERE f.actual IS NOT NULL GROUP BY 1, 2, 3, 4;

CREATE VIEW hand_over_list AS
SELECT h.at AS time, h.dossier, h.giver, g.name AS giver_name, g.kind AS giver_kind, h.taker,
       t.name AS taker_name, t.kind AS taker_kind, h.moved_at
FROM hand_overs h LEFT JOIN unit_name_list g ON g.unit = h.giver
LEFT JOIN unit_name_list t ON t.unit = h.taker;

-- ------------------------------------------------------------------------------------------------
DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(7660001);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cityops_egov') THEN
        BEGIN
            CREATE ROLE cityops_egov NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of the cluster was faster
        END;
    END IF;
END $$;
ALTER ROLE cityops_egov SET statement_timeout = '60s';

INSERT INTO cursors (reader) VALUES ('egov');
GRANT SELECT ON cursors, dossiers, dossier_events, dossier_states, procedures, calendar_days,
    org_units, org_edges, org_successions, org_aliases, areas, assets,
    asset_connectivity, connectivity_moves,
    index_weights, index_grades, index_counts, readiness_weights, unit_facts, egov_systems,
    lunar_new_years, egov_service_list, egov_coverage_changes, unit_name_list TO cityops_egov;
GRANT UPDATE ON cursors TO cityops_egov;
GRANT SELECT, INSERT, UPDATE, DELETE ON dossier_changes, egov_due, dossier_clocks, hand_overs,
    egov_unit_days, egov_unit_hours, egov_day_totals, egov_index, egov_readiness,
    egov_readiness_parts, egov_coverage, egov_load_forecasts, egov_overdue_forecasts TO cityops_egov;

GRANT SELECT ON dossier_clocks, hand_overs, egov_unit_days, egov_unit_hours, egov_day_totals,
    index_weights, index_grades, index_counts, readiness_weights, unit_facts, egov_systems,
    egov_index, egov_readiness, egov_readiness_parts, egov_coverage, egov_load_forecasts,
    egov_overdue_forecasts, dossier_changes, egov_due, lunar_new_years
    TO cityops_api, cityops_engineer;
GRANT SELECT ON unit_name_list, asset_units, egov_service_list, egov_day_list, egov_load_list, egov_index_list,
    egov_readiness_list, egov_readiness_part_list, egov_coverage_list, egov_coverage_changes,
    egov_load_forecast_list, egov_overdue_forecast_list, egov_forecast_quality, hand_over_list
    TO cityops_api, cityops_viewer, cityops_engineer;
