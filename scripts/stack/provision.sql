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
-- upgrade of its package the update has to come before anything loads the library, so whether
-- there is something to update is asked with the loading off. Where there is no way from the
-- one version to the other, the complaint is in the server's log.
\connect :"database"
SET timescaledb.disable_load = 'on';
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') AS there \gset
SET timescaledb.disable_load = 'off';
\if :there
    \set ON_ERROR_STOP off
    ALTER EXTENSION timescaledb UPDATE;
    \set ON_ERROR_STOP on
\endif

-- The Apache edition brings a job it may not run, and would complain of it every few hours. It
-- may not alter a job either, so the table itself is. In one transaction, for the scheduler
-- begins with what is committed.
BEGIN;
CREATE EXTENSION IF NOT EXISTS timescaledb;
SELECT format('UPDATE %s SET scheduled = false WHERE scheduled AND proc_name = %L',
              oid::regclass, 'policy_job_stat_history_retention')
  FROM pg_class
 WHERE relname = 'bgw_job' AND relkind = 'r'
   AND relnamespace::regnamespace::text LIKE '\_timescaledb\_%'
   AND current_setting('timescaledb.license') = 'apache' \gexec
COMMIT;
