-- Each process signs in as its own role and may do its own work, nothing else. Roles belong
-- to the whole cluster, so a second database of the same cluster finds them there already.
-- They get a login and a password from `python -m services.store logins`.
DO $$
DECLARE role text;
BEGIN
    PERFORM pg_advisory_xact_lock(7660001);
    FOREACH role IN ARRAY ARRAY['cityops_ingest', 'cityops_detection', 'cityops_incidents',
                                'cityops_api', 'cityops_viewer', 'cityops_engineer'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of the cluster was faster
            END;
        END IF;
    END LOOP;
END $$;
ALTER ROLE cityops_viewer SET statement_timeout = '10s';
ALTER ROLE cityops_ingest SET statement_timeout = '60s';
ALTER ROLE cityops_detection SET statement_timeout = '60s';
ALTER ROLE cityops_incidents SET statement_timeout = '60s';
ALTER ROLE cityops_api SET statement_timeout = '15s';
ALTER ROLE cityops_engineer SET statement_timeout = '5min';
ALTER ROLE cityops_engineer SET default_transaction_read_only = on;
-- An open transaction of anybody holds every reader of the feed back.
ALTER ROLE cityops_viewer SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE cityops_engineer SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE cityops_api SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE cityops_viewer SET default_transaction_read_only = on;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

GRANT SELECT, INSERT ON assets, streams TO cityops_ingest;
GRANT SELECT, INSERT ON readings, rejects, arrivals TO cityops_ingest;
GRANT SELECT, INSERT, UPDATE ON ledger TO cityops_ingest;

GRANT SELECT ON arrivals, streams, assets TO cityops_detection;
GRANT SELECT, INSERT, UPDATE ON cursors, detector_states TO cityops_detection;
GRANT SELECT, INSERT ON anomalies TO cityops_detection;

GRANT SELECT ON streams, assets, areas, detector_states TO cityops_incidents;
GRANT SELECT, UPDATE (incident_id) ON anomalies TO cityops_incidents;
GRANT SELECT, INSERT, UPDATE ON incidents TO cityops_incidents;
GRANT SELECT, INSERT ON timeline TO cityops_incidents;

GRANT SELECT ON areas, assets, streams, readings, readings_5m, readings_1h, rejects, ledger,
    anomalies, incidents, timeline, tokens, cursors TO cityops_api;
GRANT SELECT ON asset_states, stream_list, current_readings, incident_list, anomaly_list,
    ledger_balance, reject_list TO cityops_api;
GRANT UPDATE (kind, title, area_code, latitude, longitude, claimed_at) ON assets TO cityops_api;
GRANT UPDATE (unit, judged) ON streams TO cityops_api;
GRANT UPDATE ON incidents TO cityops_api;
GRANT INSERT ON timeline, audit TO cityops_api;

GRANT SELECT ON asset_states, stream_list, current_readings, series_5m, series_1h,
    incident_list, anomaly_list, ledger_balance, reject_list, area_list TO cityops_viewer;

-- An engineer with psql looks at everything but the tokens and changes nothing.
GRANT SELECT ON areas, assets, streams, readings, rejects, ledger, arrivals, cursors,
    detector_states, anomalies, incidents, timeline, audit, readings_5m, readings_1h,
    asset_states, stream_list, current_readings, series_5m, series_1h, incident_list,
    anomaly_list, ledger_balance, reject_list, area_list TO cityops_engineer;
