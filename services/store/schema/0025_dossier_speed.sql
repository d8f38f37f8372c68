-- Dossiers by the million: what each event costs. What a foreign key would ask for every row is
-- known before it is written: the dossier is held, the source was looked up in the same
-- transaction (services/store/dossier_intake.py is the one way in), and states are ten numbers.
ALTER TABLE dossier_events
    DROP CONSTRAINT dossier_events_dossier_fkey,
    DROP CONSTRAINT dossier_events_source_id_fkey,
    DROP CONSTRAINT dossier_events_state_fkey,
    ADD CONSTRAINT a_known_state CHECK (state BETWEEN 1 AND 10);
ALTER TABLE dossiers
    DROP CONSTRAINT dossiers_state_fkey,
    ADD CONSTRAINT a_known_state CHECK (state BETWEEN 1 AND 10);

-- One entry a dossier, with its events behind it: a third of the size, and always the same page.
DROP INDEX dossier_events_by_dossier;
CREATE INDEX dossier_events_by_dossier ON dossier_events (dossier);

-- Those that are open are in the other one.
DROP INDEX dossiers_ended;
CREATE INDEX dossiers_ended ON dossiers (ended_at, unit) WHERE ended_at IS NOT NULL;

-- When offices work, by weekday (1 is Monday), with dates: of the province's none were found in
-- print, so these are the common ones. A Saturday has none until somebody imports them.
CREATE TABLE office_hours (
    weekday    smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens      time NOT NULL,
    closes     time NOT NULL CHECK (closes > opens),
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (weekday, opens, valid_from)
);
INSERT INTO office_hours (weekday, opens, closes, valid_from, source, mark)
SELECT weekday, opens, closes, '1990-01-01', 'Giờ làm việc thường dùng', 'general'
FROM generate_series(1, 5) AS weekday,
     (VALUES ('7:30'::time, '11:30'::time), ('13:30', '17:00')) AS day (opens, closes);

-- Whoever reads the calendar reads its hours.
DO $$
BEGIN
    EXECUTE (SELECT format('GRANT SELECT ON office_hours TO %s',
                           string_agg(quote_ident(grantee), ', '))
             FROM information_schema.role_table_grants
             WHERE table_name = 'calendar_days' AND privilege_type = 'SELECT'
               AND grantee LIKE 'cityops\_%');
END $$;

-- The API and imports tell the ledger what became of what they took in, as ingest does.
GRANT SELECT, INSERT, UPDATE ON ledger TO cityops_api;

-- A cursor is a reader of the change feed, of which nothing is dropped before all have read it. Who
-- counts dossiers reads none of it, and waits for others of its kind by a lock without a row.
DELETE FROM cursors WHERE reader = 'egov';
