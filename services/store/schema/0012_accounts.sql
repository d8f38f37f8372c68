-- Who may sign in to the broker. The password itself is nowhere: it is made by us, told once,
-- and kept as mosquitto keeps it. Rows are never deleted: a name that has spoken stays whose it
-- was. What an account may say and hear follows from it (models/access.py); the platform's own
-- accounts (ingest, engineer, ...) are secrets of the installation and no rows.
CREATE TABLE accounts (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL CONSTRAINT one_account_a_name UNIQUE
                  CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    kind          text NOT NULL CHECK (kind IN ('device', 'gateway', 'service')),
    convention    text NOT NULL CHECK (convention IN (
                      'native', 'sparkplug', 'chirpstack', 'tts', 'zigbee2mqtt', 'tasmota',
                      'shelly', 'homie')),
    place         text CHECK (place !~ '[+#$[:cntrl:]]'),
    asset_id      bigint CONSTRAINT account_of_a_known_asset REFERENCES assets (id),
    password_hash text NOT NULL CHECK (password_hash ~ '^\$7\$[0-9]+\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+$'),
    created_at    timestamptz NOT NULL DEFAULT now(),
    rotated_at    timestamptz,
    disabled_at   timestamptz,
    -- Two accounts in one place could speak for each other's devices.
    CONSTRAINT one_account_a_place UNIQUE (convention, place)
);
CREATE INDEX accounts_by_asset ON accounts (asset_id) WHERE asset_id IS NOT NULL;

DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(7660001);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cityops_accounts') THEN
        BEGIN
            CREATE ROLE cityops_accounts NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of the cluster was faster
        END;
    END IF;
END $$;
ALTER ROLE cityops_accounts SET statement_timeout = '60s';
ALTER ROLE cityops_accounts SET default_transaction_read_only = on;
ALTER ROLE cityops_accounts SET idle_in_transaction_session_timeout = '30s';

GRANT SELECT (id, name, kind, convention, place, password_hash, disabled_at)
    ON accounts TO cityops_accounts;

-- The people's door makes and changes accounts, and can read no hash back.
GRANT SELECT (id, name, kind, convention, place, asset_id, created_at, rotated_at, disabled_at),
    INSERT (name, kind, convention, place, asset_id, password_hash),
    UPDATE (password_hash, rotated_at, disabled_at) ON accounts TO cityops_api;
GRANT SELECT (id, name, kind, convention, place, asset_id, created_at, rotated_at, disabled_at)
    ON accounts TO cityops_engineer;
