-- Makes the platform's database with its owner; run as the bootstrap superuser, any number of
-- times. Names and passwords come by the environment, so that no command line shows them.
\set ON_ERROR_STOP on
\getenv database CITYOPS_DATABASE
\getenv owner CITYOPS_OWNER
\getenv password CITYOPS_OWNER_PASSWORD
SET log_min_error_statement = 'panic';  -- a statement that fails must not leave a password in the log

SELECT format('CREATE ROLE %I', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
-- The migration makes the services' roles, so the owner may make roles; it is no superuser.
ALTER ROLE :"owner" LOGIN CREATEROLE PASSWORD :'password';

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

-- TimescaleDB is not a trusted extension: only a superuser may create or update it. After an
-- upgrade of its package the update has to be the session's first statement; where there is
-- nothing to update, or nothing yet at all, its complaint is of no interest.
\connect :"database"
\set ON_ERROR_STOP off
ALTER EXTENSION timescaledb UPDATE;
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS timescaledb;
