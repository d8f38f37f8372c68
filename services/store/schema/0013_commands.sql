-- What people tell devices to do, and what the devices answer.

-- The row is the seam: the API writes it, ingest.commands carries it to the broker and writes
-- the answer back. The id travels with the command as its correlation, so a device that is told
-- twice (after a crash between sending and noting it) knows that it is the same one.
CREATE TABLE commands (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    asset_id     bigint NOT NULL REFERENCES assets (id),
    name         text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_.-]{0,63}$'),
    arguments    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(arguments) = 'object'),
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    status       text NOT NULL DEFAULT 'requested' CHECK (status IN
                 ('requested', 'sent', 'done', 'refused', 'failed', 'expired', 'cancelled')),
    attempts     integer NOT NULL DEFAULT 0,
    taken_until  timestamptz,
    sent_at      timestamptz,
    answered_at  timestamptz,
    ended_at     timestamptz,
    answer       jsonb,
    detail       text NOT NULL DEFAULT '',
    CHECK (expires_at > requested_at),
    CHECK ((ended_at IS NULL) = (status IN ('requested', 'sent')))
);
COMMENT ON COLUMN commands.taken_until IS
    'until then one sender is publishing it; after that another try may be made';
COMMENT ON COLUMN commands.answer IS 'all that the device said, also when it came too late';
CREATE INDEX commands_that_wait ON commands (asset_id, number)
    WHERE status IN ('requested', 'sent');
CREATE INDEX commands_by_asset ON commands (asset_id, number DESC);

CREATE VIEW command_list AS
SELECT c.id, c.number, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind, a.area_code,
       c.name AS command, c.arguments, c.requested_by, c.requested_at, c.expires_at, c.status,
       c.attempts, c.sent_at, c.answered_at, c.ended_at, c.answer, c.detail
FROM commands c JOIN assets a ON a.id = c.asset_id;

DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(7660001);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cityops_commands') THEN
        BEGIN
            CREATE ROLE cityops_commands NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of the cluster was faster
        END;
    END IF;
END $$;
ALTER ROLE cityops_commands SET statement_timeout = '30s';
ALTER ROLE cityops_commands SET idle_in_transaction_session_timeout = '30s';

GRANT SELECT ON assets, commands TO cityops_commands;
GRANT UPDATE (status, attempts, taken_until, sent_at, answered_at, ended_at, answer, detail)
    ON commands TO cityops_commands;

-- The API asks and cancels; what a device answered it can only read.
GRANT SELECT ON commands, command_list TO cityops_api;
GRANT INSERT (asset_id, name, arguments, requested_by, requested_at, expires_at)
    ON commands TO cityops_api;
GRANT UPDATE (status, ended_at, detail) ON commands TO cityops_api;

GRANT SELECT ON command_list TO cityops_viewer;
GRANT SELECT ON commands, command_list TO cityops_engineer;
